/*
 * The stream `gateway/hall_sums`: what the presenter's own browsers calculate, as the hall sees it
 * on the live slide. Everybody may follow it, and a recording does, so it has an example of its
 * class in place of each number, and ids of its own.
 */
import { sessionStream, type Events } from '../protocol/envelope'
import { classResult, hallSumsStream, numberClass } from '../protocol/hall-sums'
import { sumFold } from '../protocol/sum'
import type { SumEvent, SumView } from '../protocol/sum'
import { LocalStream } from './local-stream'

/** Windows of one who presents; more are not looked at. */
const mostVisitors = 20

interface Line {
  readonly id: string
  readonly number: string
}

export class HallSums {
  readonly stream: LocalStream<SumView, SumEvent>
  private readonly publish: (events: Events) => void
  /** The presenter's visitors, with the epochs of their sessions. */
  private readonly epochs = new Map<string, string | undefined>()
  /** The lines that are calculated, by stream and wish. */
  private readonly running = new Map<string, Line>()
  private lastId = 0

  /** @param epoch which life of the gateway this is */
  constructor(epoch: string, publish: (events: Events) => void) {
    this.stream = new LocalStream(hallSumsStream, epoch, sumFold)
    this.publish = publish
  }

  /** A browser of the presenter's has come. */
  add(visitor: string): void {
    const stream = sessionStream(visitor)
    if (this.epochs.has(stream) || this.epochs.size >= mostVisitors) return
    this.epochs.set(stream, undefined)
  }

  /** What a session tells; its shape is known. Of anybody else's it is not looked at. */
  hear({ stream, epoch, events }: Pick<Events, 'stream' | 'epoch' | 'events'>): void {
    if (!this.epochs.has(stream)) return
    const before = this.epochs.get(stream)
    this.epochs.set(stream, epoch)
    if (before !== undefined && before !== epoch) this.lose(stream)
    for (const event of events) this.take(stream, event as SumEvent)
  }

  private take(stream: string, event: SumEvent): void {
    const key = `${stream} ${event.id}`
    if (event.type === 'sum_started') {
      const line = { id: `s${++this.lastId}`, number: numberClass(event.number) }
      this.running.set(key, line)
      return this.say({ type: 'sum_started', ...line })
    }
    const line = this.running.get(key)
    if (!line || !this.running.delete(key)) return
    const { id, number } = line
    if (event.type === 'sum_failed') this.say({ type: 'sum_failed', id, reason: event.reason })
    else this.say({ type: 'sum_finished', id, result: classResult(number) })
  }

  /** The session began another life: what it calculated is gone, and its page has an empty list. */
  private lose(stream: string): void {
    for (const [key, { id }] of this.running) {
      if (!key.startsWith(`${stream} `)) continue
      this.running.delete(key)
      this.say({ type: 'sum_failed', id, reason: 'gone with its session' })
    }
  }

  private say(event: SumEvent): void {
    this.publish(this.stream.say(event))
  }
}
