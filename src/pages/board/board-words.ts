/*
 * How a board stands, in plain words: one short sentence, or none where there is nothing to know.
 */
import type { HostsView } from '../../protocol/hosts'
import type { WallFace } from '../../protocol/wall'
import { isDown } from '../sum/host-trouble'

/** What somebody who wants to answer should know of the board, or undefined. */
export function howItStands(face: WallFace): string | undefined {
  const { open, wasOpened, blank, approveFirst, slowSeconds } = face
  if (!open && !wasOpened) return 'The board opens when its question is on the screen.'
  if (!open) return 'This board is closed. You can read it.'
  if (blank) return 'The wall is blank for a moment. You can still write.'
  const slow = slowSeconds === 1 ? 'one note a second' : `one note every ${slowSeconds} seconds`
  if (approveFirst && slowSeconds > 0) return `Notes are approved before they are shown, ${slow}.`
  if (approveFirst) return 'Notes are approved before they are shown.'
  return slowSeconds > 0 ? `Slow mode: ${slow}.` : undefined
}

/** Said when the system lives and has no word of the board. */
export const noSuchBoard =
  'There is no board at this address. Scan the code on the screen once more.'

/** One short line while the host of the boards is down, or undefined. */
export function troubleOf({ hosts }: HostsView): string | undefined {
  const down = hosts.find((line) => line.host === 'boards' && isDown(line))
  if (!down) return undefined
  return down.state === 'quarantined'
    ? 'Connected, but the boards are in quarantine'
    : 'Connected, but the boards are being restarted'
}
