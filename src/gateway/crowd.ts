/*
 * The followers of one stream, and what they are told. Events that come close together are told to
 * a crowd as one word: the first at once, then at most one word in a window that grows with the
 * crowd, so that the cost grows with the crowd and not with crowd times events. Whoever joins
 * meanwhile has some of those events in its own first word, and cuts them off (cursor.ts). What is
 * urgent, such as a note that somebody hides, waits for nobody.
 *
 * A crowd has one place: how far it was told, or will be with the word that waits. Events that do
 * not follow on it are not told: the gateway asks for what is missing, once for all (streams.ts).
 */
import type { Cursor, Events } from '../protocol/envelope'
import { newAt } from '../source/cursor'
import type { FanOut, Follower, Telling } from './fan-out'

/** So few are told each word at once. */
const smallCrowd = 20
/** A thousand followers are told five words a second. */
const followersPerMs = 5
const longestWindowMs = 1_000

/** Milliseconds between two words of events to so many followers. */
export const crowdWindowMs = (followers: number): number =>
  followers <= smallCrowd ? 0 : Math.min(followers / followersPerMs, longestWindowMs)

type Place = Pick<Events, 'epoch' | 'seq'>

export class Crowd {
  private readonly fanOut: FanOut
  private readonly windowMs: (followers: number) => number
  private readonly followers = new Set<Follower>()
  private readonly stream: string
  private place: Place
  /** The last events up to the place, which are told with the next word. */
  private waiting: unknown[] = []
  private timer: NodeJS.Timeout | undefined
  private toldMs = -Infinity

  /** @param first what the first followers are told: there the crowd's place is */
  constructor(first: Telling, fanOut: FanOut, windowMs = crowdWindowMs) {
    this.stream = first.stream
    this.place = placeOf(first)
    this.fanOut = fanOut
    this.windowMs = windowMs
  }

  get size(): number {
    return this.followers.size
  }

  get cursor(): Cursor {
    return { epoch: this.place.epoch, after: this.place.seq }
  }

  add(follower: Follower): void {
    this.followers.add(follower)
  }

  remove(follower: Follower): void {
    this.followers.delete(follower)
  }

  /** Takes a word to all. False when it does not follow on what they have: then it is not told. */
  hear(word: Telling): boolean {
    if (word.type === 'events') return this.hearEvents(word)
    this.flush()
    this.place = placeOf(word)
    this.fanOut.tell(this.followers, word)
    return true
  }

  private hearEvents(heard: Events): boolean {
    const fresh = newAt(this.place, heard)
    if (fresh === 'gap') return false
    if (fresh.length === 0) return true
    this.place = placeOf(heard)
    this.waiting = this.waiting.concat(fresh)
    if (heard.urgent) this.flush()
    else this.flushInTime()
    return true
  }

  private flushInTime(): void {
    if (this.timer !== undefined) return
    const waitMs = this.toldMs + this.windowMs(this.size) - performance.now()
    if (waitMs <= 0) this.flush()
    else this.timer = setTimeout(() => this.flush(), waitMs)
  }

  private flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const events = this.waiting
    if (events.length === 0) return
    this.waiting = []
    this.toldMs = performance.now()
    this.fanOut.tell(this.followers, { type: 'events', stream: this.stream, ...this.place, events })
  }
}

const placeOf = ({ epoch, seq }: Place): Place => ({ epoch, seq })
