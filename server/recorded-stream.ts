/*
 * One followed stream on its way into a recording. It keeps no view, but its place among what was
 * told, so that it can ask for what it misses, as every follower does; and the place that the
 * recording has reached, which counts only what was written.
 */
import type { Answer, Cursor, Events, Follow, Snapshot } from '../src/protocol/envelope'
import { newAt, type Place } from '../src/source/cursor'
import { growingDelayMs } from '../src/source/growing-delay'
import { thinningOf, type Thinning } from './thinning'

/** What is written of a stream. */
export type Told =
  ({ readonly type: 'snapshot' } & Snapshot) | ({ readonly type: 'events' } & Events)

export interface RecordedDoors {
  /** Sends a follow. `answered` is told undefined when no answer came in time. */
  ask(follow: Follow, answered: (answer: Answer | undefined) => void): void
  write(told: Told): void
}

export class RecordedStream {
  private readonly followed: string
  private readonly written: string
  private readonly doors: RecordedDoors
  private readonly thinning: Thinning
  private heard: Place = { epoch: undefined, seq: 0 }
  private writtenSeq = 0
  private asked = 0
  private isAsking = false
  private tries = 0

  /** @param written the name under which it is recorded, where that is another one */
  constructor(followed: string, doors: RecordedDoors, written = followed) {
    this.followed = followed
    this.written = written
    this.doors = doors
    this.thinning = thinningOf(written)
  }

  /** Asks for all after its place: at the start, after a gap, and when the line is back. */
  resume(): void {
    const { epoch, seq } = this.heard
    this.ask(epoch === undefined ? undefined : { epoch, after: seq })
  }

  /** The recording has lost what was written: all of it is needed anew. */
  beginAnew(): void {
    this.heard = { epoch: undefined, seq: 0 }
    this.ask(undefined)
  }

  hearSnapshot({ epoch, seq, view }: Snapshot): void {
    this.heard = { epoch, seq }
    this.writtenSeq = seq
    const told = { stream: this.written, epoch, seq, view: this.thinning.view(view) }
    this.doors.write({ type: 'snapshot', ...told })
  }

  hearEvents(heard: Events): void {
    const { epoch, seq } = heard
    const fresh = newAt(this.heard, heard)
    if (fresh === 'gap') {
      // While a question is under way, its answer brings what is missing, or the next gap shows it.
      if (!this.isAsking) this.resume()
      return
    }
    this.heard = { epoch, seq }
    const events = this.thinning.events(fresh)
    if (events.length === 0) return
    this.writtenSeq += events.length
    const told = { stream: this.written, epoch, seq: this.writtenSeq, events }
    this.doors.write({ type: 'events', ...told })
  }

  private ask(cursor: Cursor | undefined): void {
    this.isAsking = true
    const mine = ++this.asked
    this.doors.ask({ stream: this.followed, ...cursor }, (answer) => {
      if (mine !== this.asked) return
      this.isAsking = false
      if (answer?.ok) this.tries = 0
      else setTimeout(() => mine === this.asked && this.resume(), growingDelayMs(this.tries++))
    })
  }
}
