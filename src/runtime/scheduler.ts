/*
 * Who runs next, and for how long: a feedback queue of two levels. Newcomers and processes that
 * give way soon run before long-runners, so that a small sum beside a thousand endless ones waits
 * for one slice and not for a round of all. Long-runners get every fifth step at least, so that
 * nothing starves. High priority goes before all of these and low behind them, by shares as well
 * (`process_flag(priority)`). Steps are counted (reductions.ts), never clocked: the same order of
 * events gives the same run.
 */
import type { Process } from './process'

/** Steps before the next process runs: some microseconds of a plain loop. */
export const sliceLength = 2_000
/** Steps without waiting after which a process counts as a long-runner. */
const longBurst = 2 * sliceLength
/** Short ones may take this many steps for each step of a long-runner that wants to run. */
const shortShare = 4
/** The same of normal ones before one of low priority, and of high ones before any other. */
const normalShare = 8
const highShare = 16
/**
 * Those who wait are owed no more than this: plain code in debt must not keep the short ones out
 * for as long.
 */
const mostOwed = 8 * sliceLength

/** The order of the runnable. The simulated host brings another one, which chooses by its seed. */
export interface RunQueue {
  readonly length: number
  add(process: Process): void
  /** Takes the process that runs next; undefined when none is runnable. Never gives a dead one. */
  next(): Process | undefined
  /** How many steps it may take. */
  slice(process: Process): number
  /** Tells how many it took. */
  ran(process: Process, steps: number): void
}

/** A first-in-first-out line of processes; each is in one line at a time, and in it once. */
class Line {
  length = 0
  private first: Process | undefined = undefined
  private last: Process | undefined = undefined

  push(process: Process): void {
    if (this.last) this.last.behind = process
    else this.first = process
    this.last = process
    this.length++
  }

  shift(): Process | undefined {
    const process = this.first
    if (!process) return undefined
    this.first = process.behind
    process.behind = undefined
    if (!this.first) this.last = undefined
    this.length--
    return process
  }
}

export class FairQueue implements RunQueue {
  private readonly high = new Line()
  private readonly short = new Line()
  private readonly long = new Line()
  private readonly low = new Line()
  /** Steps that long-runners are owed, those of low priority, and all that are not of high. */
  private owedLong = 0
  private owedLow = 0
  private owedOthers = 0

  get length(): number {
    return this.high.length + this.short.length + this.long.length + this.low.length
  }

  add(process: Process): void {
    if (process.priority === 'normal') {
      if (process.level === 'short') this.short.push(process)
      else this.long.push(process)
    } else if (process.priority === 'high') this.high.push(process)
    else this.low.push(process)
  }

  next(): Process | undefined {
    for (;;) {
      const process = this.pick()
      if (!process || process.status !== 'exited') return process
    }
  }

  private pick(): Process | undefined {
    if (this.high.length > 0 && this.owedOthers < sliceLength) return this.high.shift()
    if (this.low.length > 0 && this.owedLow >= sliceLength) return this.low.shift()
    if (this.owedLong < sliceLength || this.long.length === 0) {
      const process = this.short.shift()
      if (process) return process
    }
    return this.long.shift() ?? this.short.shift() ?? this.low.shift() ?? this.high.shift()
  }

  slice(): number {
    return sliceLength
  }

  ran(process: Process, steps: number): void {
    this.account(process, steps)
    if (process.status === 'waiting') {
      process.burst = 0
      process.level = 'short'
    } else {
      process.burst += steps
      if (process.burst >= longBurst) process.level = 'long'
    }
  }

  /** Who ran pays what it was owed, or owes to those that it went before. */
  private account({ priority, level }: Process, steps: number): void {
    const { high, short, long, low } = this
    const least = Math.max(steps, 1)
    if (priority === 'high') {
      const others = short.length + long.length + low.length
      this.owedOthers = others > 0 ? owe(this.owedOthers, least / highShare) : 0
      return
    }
    this.owedOthers = high.length > 0 ? Math.max(0, this.owedOthers - least) : 0
    if (priority === 'low') {
      this.owedLow = Math.max(0, this.owedLow - steps)
      return
    }
    this.owedLow = low.length > 0 ? owe(this.owedLow, least / normalShare) : 0
    if (level === 'long') this.owedLong = Math.max(0, this.owedLong - steps)
    else this.owedLong = long.length > 0 ? owe(this.owedLong, least / shortShare) : 0
  }
}

const owe = (owed: number, steps: number): number => Math.min(owed + steps, mostOwed)
