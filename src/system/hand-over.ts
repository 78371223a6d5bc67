/*
 * A session that moves to another host, since the hosts of its group share the visitors anew. What
 * it leaves behind is told to the gateway, which gives it to the session's new host. The stream
 * goes on there under the same epoch, so nobody notices; what was being calculated begins anew.
 */
import { hostLifeOf } from '../protocol/envelope'
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

/** What a session begins with. */
export interface Beginning {
  /** Which life of a host the list began in, where that was another host. */
  readonly life?: string
  /** What another host's session has left. */
  readonly left?: LeftSession | undefined
}

/** Gives what there is to begin with: what was left, the first time, and after a crash no more. */
export type Legacy = () => Beginning

export const noLegacy: Legacy = () => ({})

/** Tells the gateway all that the session knows, and ends its stream here. */
export function handOver(list: Stream<SumView, never>, granted: Granted): void {
  const { name, epoch, seq, view } = list
  const state: LeftSession = { list: { epoch, seq, view }, granted: [...granted] }
  tell({ type: 'handed_over', stream: name, state })
  close(list)
}

/**
 * What was left, to be taken once. A session that is restarted after that says by its epoch that
 * its list did not end with a host.
 * @param life which life of its host this is
 */
export function legacyOf(left: LeftSession, life: string): Legacy {
  const beginning = { life: `${hostLifeOf(left.list.epoch)}.${life}` }
  let rest: LeftSession | undefined = left
  return () => {
    const taken = rest
    rest = undefined
    return { ...beginning, left: taken }
  }
}
