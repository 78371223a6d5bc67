/*
 * Where a page's events come from, and where its wishes go: the one door between a page and the
 * world, time included. Live it is a socket; in a replay a recording; in the lab a Web Worker.
 */
import type { Answer, Welcome } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'

/** Ends what the call that gave it began. Calling it again does nothing. */
export type Stop = () => void

/**
 * `connecting`: not yet once connected. `lost`: was connected, and tries again by itself.
 * `recorded`: what is told happened once, and is shown again.
 */
export type Connection = 'connecting' | 'live' | 'lost' | 'recorded'

/** What is known of a followed stream. */
export interface Followed<View> {
  readonly view: View
  /** The writer's life that the view belongs to; undefined until the first word of it arrived. */
  readonly epoch: string | undefined
}

export interface Source {
  /** Tells the connection's state now and at each change. */
  onConnection(tell: (connection: Connection) => void): Stop
  /** Tells who the visitor is, once known and again after each reconnect. */
  onWelcome(tell: (welcome: Welcome) => void): Stop
  /** Follows a stream: tells its view now and at each change, resuming by itself after any loss. */
  follow<View, Event>(
    stream: string,
    fold: Fold<View, Event>,
    tell: (followed: Followed<View>) => void,
  ): Stop
  /**
   * Sends a wish and resolves with its answer. Sent again with the same id until answered, over
   * lost networks and restarted hosts, so a wish is granted once however often it travels. A page
   * that keeps a wish over a reload gives it the same `id` (newWishId) again.
   */
  wish(stream: string, command: unknown, id?: string): Promise<Answer>
  /** Now, in milliseconds since the epoch of the clock that the source shows. */
  now(): number
  /** Calls `act` once, `afterMs` from now on the source's clock. */
  after(afterMs: number, act: () => void): Stop
  /**
   * Tells that the source's clock was put back, as in a replay: what a page remembers beside its
   * views is of a time that is still to come, so it had better begin anew.
   */
  onRewind(tell: () => void): Stop
}
