/*
 * Who runs next, and for how long: a feedback queue of two levels. Newcomers and processes that
 * give way soon run before long-runners, so that a small sum beside a thousand endless ones waits
 * for one slice and not for a round of all. Long-runners get every fifth step at least, so that
 * nothing starves. Steps are counted (reductions.ts), never clocked: the same order of events gives
 * the same run.
 */
import type { Process } from './process'

/** Steps before the next process runs: some microseconds of a plain loop. */
export const sliceLength = 2_000
/** Steps without waiting after which a process counts as a long-runner. */
const longBurst = 2 * sliceLength
/** Short ones may take this many steps for each step of a long-runner that wants to run. */
const shortShare = 4
/**
 * Long-runners are owed no more than this: plain code in debt must not keep the short ones out for
 * as long.
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

/** A first-in-first-out list of processes, without the cost of shifting an array. */
class Line {
  private cells: (Process | undefined)[] = []
  private head = 0

  get length(): number {
    return this.cells.length - this.head
  }

  push(process: Process): void {
    this.cells.push(process)
  }

  shift(): Process | undefined {
    if (this.head === this.cells.length) return undefined
    const process = this.cells[this.head]
    this.cells[this.head++] = undefined
    if (this.head === this.cells.length) {
      this.cells.length = 0
      this.head = 0
    } else if (this.head === 4096) {
      this.cells.splice(0, this.head)
      this.head = 0
    }
    return process
  }
}

export class FairQueue implements RunQueue {
  private readonly short = new Line()
  private readonly long = new Line()
  /** Steps that long-runners are owed. */
  private owed = 0

  get length(): number {
    return this.short.length + this.long.length
  }

  add(process: Process): void {
    if (process.level === 'short') this.short.push(process)
    else this.long.push(process)
  }

  next(): Process | undefined {
    for (;;) {
      const process = this.pick()
      if (!process || process.status !== 'exited') return process
    }
  }

  private pick(): Process | undefined {
    if (this.owed < sliceLength || this.long.length === 0) {
      const process = this.short.shift()
      if (process) return process
    }
    return this.long.shift() ?? this.short.shift()
  }

  slice(): number {
    return sliceLength
  }

  ran(process: Process, steps: number): void {
    if (process.level === 'long') this.owed = Math.max(0, this.owed - steps)
    else if (this.long.length > 0) this.owe(Math.max(steps, 1) / shortShare)
    else this.owed = 0
    if (process.status === 'waiting') {
      process.burst = 0
      process.level = 'short'
    } else {
      process.burst += steps
      if (process.burst >= longBurst) process.level = 'long'
    }
  }

  private owe(steps: number): void {
    this.owed = Math.min(this.owed + steps, mostOwed)
  }
}
