/*
 * Words to many sockets. A word is encoded once for a slice of its followers, not once for each
 * (Socket.IO builds its frame once when it tells several sockets at a time); between two slices the
 * loop turns, so that ten thousand followers hold nobody up. All words wait in one queue: a socket
 * hears them in the order in which they were told.
 */
import { soon } from '../host/turn'
import type { Events, Snapshot } from '../protocol/envelope'

/** A browser's end of the line: the id of its socket. */
export type Follower = string

/** What is told of a stream. */
export type Telling =
  ({ readonly type: 'snapshot' } & Snapshot) | ({ readonly type: 'events' } & Events)

/** Writes one word to some sockets at once; to those that are gone, nothing. */
export type Emit = (
  followers: readonly Follower[],
  word: Telling['type'],
  body: Snapshot | Events,
) => void

/** To write to that many sockets takes a few milliseconds. */
export const socketsPerTurn = 200

export class FanOut {
  private emit: Emit = () => {}
  private readonly queue: { readonly followers: Follower[]; readonly word: Telling }[] = []
  private left = socketsPerTurn
  private isTurning = false

  /** From now on words go out by `emit`. Nobody follows anything before. */
  open(emit: Emit): void {
    this.emit = emit
  }

  /** Tells a word: at once, but for what this turn of the loop has no room for. */
  tell(followers: Iterable<Follower>, word: Telling): void {
    const all = [...followers]
    if (all.length === 0) return
    this.queue.push({ followers: all, word })
    this.write()
  }

  private write(): void {
    for (let next = this.queue[0]; next && this.left > 0; next = this.queue[0]) {
      const { followers, word } = next
      const slice = followers.splice(0, this.left)
      if (followers.length === 0) this.queue.shift()
      this.left -= slice.length
      const { type, ...body } = word
      this.emit(slice, type, body)
    }
    if (this.isTurning) return
    this.isTurning = true
    soon(() => {
      this.isTurning = false
      this.left = socketsPerTurn
      if (this.queue.length > 0) this.write()
    })
  }
}
