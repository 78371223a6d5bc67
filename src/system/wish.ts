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

export const accept = ({ ref }: Wish): void =>
  send(gatewayPort, { type: 'answer', ref, answer: accepted })

export const decline = ({ ref }: Wish | Follow, code: RefusalCode): void =>
  send(gatewayPort, { type: 'answer', ref, answer: refused(refuse(code)) })
