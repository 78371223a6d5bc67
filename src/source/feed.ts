/*
 * One followed stream, as the page has it: the view, and the place that it has reached. It asks for
 * what it misses and nothing else, by its cursor: after a loss, and when the numbers show a gap.
 * Granted once, it is told whatever comes, over restarts of the stream's host too: the gateway asks
 * on for all its followers.
 *
 * A stream has one fold, that of its noun; all followers of one page share its feed.
 */
import type { Answer, Cursor, Events, Follow, Snapshot } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import { newAt, type Place } from './cursor'
import { growingDelayMs } from './growing-delay'
import type { Followed, Stop } from './source'

export interface FeedDoors {
  /** Sends a follow. `answered` is told undefined when no answer came in time. */
  ask(follow: Follow, answered: (answer: Answer | undefined) => void): void
  after(afterMs: number, act: () => void): Stop
}

export class Feed<View, Event> {
  private readonly stream: string
  private readonly fold: Fold<View, Event>
  private readonly doors: FeedDoors
  private readonly tells = new Set<(followed: Followed<View>) => void>()
  private view: View
  private place: Place = { epoch: undefined, seq: 0 }
  /** Which question is the last one: answers to the others are of no interest. */
  private asked = 0
  private isAsking = false
  private tries = 0
  private ignored = 0
  private isRefused = false
  private stopRetry: Stop = () => {}

  constructor(stream: string, fold: Fold<View, Event>, doors: FeedDoors) {
    this.stream = stream
    this.fold = fold
    this.doors = doors
    this.view = fold.empty
  }

  /** Asks for all after its place: at the start, after a gap, and when the line is back. */
  resume(): void {
    const { epoch, seq } = this.place
    this.ask(epoch === undefined ? undefined : { epoch, after: seq })
  }

  /** Its host is back: asks at once if it was refused and would ask again later. */
  retry(): void {
    if (this.isRefused) this.resume()
  }

  hearSnapshot({ epoch, seq, view }: Snapshot): void {
    this.view = view as View
    this.place = { epoch, seq }
    this.tellAll()
  }

  hearEvents(heard: Events): void {
    const fresh = newAt(this.place, heard)
    if (fresh === 'gap') {
      // While a question is under way, its answer brings what is missing, or the next gap shows it.
      if (!this.isAsking) this.resume()
      return
    }
    if (fresh.length === 0) return
    for (const event of fresh) this.step(event)
    this.place = { epoch: heard.epoch, seq: heard.seq }
    this.tellAll()
  }

  /** Tells what is known now and at each change. */
  listen(tell: (followed: Followed<View>) => void): Stop {
    this.tells.add(tell)
    tell({ view: this.view, epoch: this.place.epoch })
    return () => void this.tells.delete(tell)
  }

  /** True when nobody listens. */
  isIdle(): boolean {
    return this.tells.size === 0
  }

  /** Asks no more. */
  close(): void {
    this.asked++
    this.stopRetry()
  }

  private ask(cursor: Cursor | undefined): void {
    this.stopRetry()
    this.isAsking = true
    this.isRefused = false
    const mine = ++this.asked
    this.doors.ask({ stream: this.stream, ...cursor }, (answer) => {
      if (mine !== this.asked) return
      this.isAsking = false
      this.isRefused = !answer?.ok
      if (answer?.ok) this.tries = 0
      else this.stopRetry = this.doors.after(growingDelayMs(this.tries++), () => this.resume())
    })
  }

  /** Folds are total; one that throws all the same costs its event and not the page. */
  private step(event: unknown): void {
    try {
      this.view = this.fold.fold(this.view, event as Event)
    } catch (error) {
      // eslint-disable-next-line no-console -- A page has no other log.
      console.warn(`${this.stream}: ${++this.ignored} events ignored, the last one for`, error)
    }
  }

  private tellAll(): void {
    for (const tell of this.tells) tell({ view: this.view, epoch: this.place.epoch })
  }
}
