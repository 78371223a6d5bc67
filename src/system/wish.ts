/*
 * A wish on its way through the system, and its two answers. The answer says accepted or refused,
 * never what came of it: that is an event of the stream.
 */
import { send } from '../runtime'
import { accepted, refused, type ToHost } from '../protocol/envelope'
import { refuse, type RefusalCode } from '../protocol/refusals'
import { gatewayPort } from './stream'

/** Somebody wants a stream. */
export type Follow = Extract<ToHost, { type: 'follow' }>

/** Somebody wishes something of a stream's writer. The gateway has checked the command's shape. */
export type Wish<Command = unknown> = Extract<ToHost, { type: 'wish' }> & {
  readonly command: Command
}

/** The ids of the wishes that a writer has granted lately, so that none is granted twice. */
export type Granted = Set<string>

/** More than a page can have under way, and all that its visitor's other tabs can. */
const remembered = 1_000

export const noneGranted = (): Granted => new Set()

/** Grants a wish; again, when it was granted before and its answer was lost. */
export function accept(wish: Wish, granted: Granted): void {
  granted.add(wish.id)
  const [oldest] = granted
  if (granted.size > remembered && oldest !== undefined) granted.delete(oldest)
  acknowledge(wish)
}

/** Answers that what was asked has been done, for a writer whose log knows which wishes were. */
export const acknowledge = ({ ref }: Pick<ToHost, 'ref'>): void =>
  send(gatewayPort, { type: 'answer', ref, answer: accepted })

export const decline = ({ ref }: Wish | Follow, code: RefusalCode): void =>
  send(gatewayPort, { type: 'answer', ref, answer: refused(refuse(code)) })
