/*
 * A session that moves to another host, since the hosts of its group share the visitors anew. What
 * it leaves behind is told to the gateway, which gives it to the session's new host. The stream
 * goes on there under the same epoch, so nobody notices; what was being calculated begins anew.
 */
import type { SumView } from '../protocol/sum'
import { close, tell, type Left, type Stream } from './stream'
import type { Granted } from './wish'

/** Said to a session: it is another host's from now on. */
export interface HandOver {
  readonly type: 'hand_over'
}

/** All that a session must know to go on. */
export interface LeftSession {
  readonly list: Left<SumView>
  readonly granted: readonly string[]
}

/** Gives what another host's session has left, the first time; a restarted session has nothing. */
export type Legacy = () => LeftSession | undefined

export const noLegacy: Legacy = () => undefined

/** Tells the gateway all that the session knows, and ends its stream here. */
export function handOver(list: Stream<SumView, never>, granted: Granted): void {
  const { name, epoch, seq, view } = list
  const state: LeftSession = { list: { epoch, seq, view }, granted: [...granted] }
  tell({ type: 'handed_over', stream: name, state })
  close(list)
}

/** What was left, to be taken once. */
export function legacyOf(left: LeftSession): Legacy {
  let rest: LeftSession | undefined = left
  return () => {
    const taken = rest
    rest = undefined
    return taken
  }
}
