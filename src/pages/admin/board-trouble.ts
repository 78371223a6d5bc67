/* What the list of hosts means to a board: of interest is the one that keeps it. */
import { groupOf } from '../../protocol/envelope'
import { boardStream } from '../../protocol/board'
import type { HostsView } from '../../protocol/hosts'
import { isDown } from '../sum/host-trouble'

const host = groupOf(boardStream(''))

/** One short line while that host is down, or undefined. */
export function troubleOf({ hosts }: HostsView): string | undefined {
  const line = hosts.find((line) => line.host === host)
  if (!line || !isDown(line)) return undefined
  const how = line.state === 'quarantined' ? 'in quarantine' : 'being restarted'
  return `Connected, but host ${host} is ${how}`
}
