/*
 * The order of the runnable, by choice. Free: any process next. By priorities: the most urgent one,
 * with a few changes of priority at random moments, which finds rare orders sooner (probabilistic
 * concurrency testing). Fair: the order that hosts use, so that it is proven too. A slice is 1 to
 * 4,000 steps long, and short ones are common.
 *
 * The witness is told of each new process, each slice and its end. Its own process, which watches
 * all others, runs before everybody else, so that each death is known before the next slice.
 */
import type { Process, RunQueue } from '../../src/runtime'
import { FairQueue } from '../../src/runtime/scheduler'
import type { Choices } from './choices'

export type Order = 'free' | 'priorities' | 'fair'

/** What the witness wants to hear of. */
export interface Listener {
  /** A process that became runnable; the first time, a new one. True: it is the witness's own. */
  added(process: Process): boolean
  begins(process: Process): void
  ran(process: Process, steps: number): void
}

const longestSlice = 4_000
/** Who wins more often than this in a row falls behind all others: a priority may starve nobody. */
const mostInRow = 20

export class Schedule implements RunQueue {
  private readonly choices: Choices
  private readonly order: Order
  private readonly listener: Listener
  private readonly fair = new FairQueue()
  private readonly runnable: Process[] = []
  private readonly own: Process[] = []
  private readonly priorities = new WeakMap<Process, number>()
  private allowance = 0
  private inRow = 0
  private last: Process | undefined = undefined
  /** The witness's own process runs. */
  private isOwn = false

  constructor(choices: Choices, order: Order, listener: Listener) {
    this.choices = choices
    this.order = order
    this.listener = listener
  }

  get length(): number {
    return this.own.length + (this.order === 'fair' ? this.fair.length : this.runnable.length)
  }

  add(process: Process): void {
    if (this.listener.added(process)) this.own.push(process)
    else if (this.order === 'fair') this.fair.add(process)
    else this.runnable.push(process)
  }

  next(): Process | undefined {
    const own = this.own.shift()
    this.isOwn = own !== undefined
    if (own) return own
    if (this.allowance-- <= 0) {
      this.allowance = 16 - this.choices.below(16)
      return undefined
    }
    if (this.order === 'fair') return this.fair.next()
    while (this.runnable.length > 0) {
      const [process] = this.runnable.splice(this.pick(), 1) as [Process]
      if (process.status !== 'exited') return process
    }
    return undefined
  }

  slice(process: Process): number {
    this.listener.begins(process)
    if (this.isOwn) return longestSlice
    if (this.order === 'fair') return this.fair.slice()
    const { choices } = this
    return choices.chance(0.5) ? this.shortSlice() : longestSlice >> choices.below(12)
  }

  ran(process: Process, steps: number): void {
    if (!this.isOwn) {
      if (this.order === 'fair') this.fair.ran(process, steps)
      this.inRow = process === this.last ? this.inRow + 1 : 0
      this.last = process
    }
    this.listener.ran(process, steps)
  }

  private shortSlice(): number {
    return 1 + this.choices.below(8)
  }

  private pick(): number {
    if (this.order === 'free') return this.choices.below(this.runnable.length)
    return this.choices.take(this.runnable.length, (random) => {
      if (this.last && (this.inRow > mostInRow || random.chance(0.05))) {
        this.priorities.set(this.last, -random.next())
      }
      let best = 0
      let highest = -Infinity
      this.runnable.forEach((process, at) => {
        const priority = this.priorities.get(process) ?? random.next()
        this.priorities.set(process, priority)
        if (priority > highest) [best, highest] = [at, priority]
      })
      return best
    })
  }
}
