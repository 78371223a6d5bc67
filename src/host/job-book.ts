/*
 * The jobs that are open on one line to a play host: each is given a number, sent with the others
 * of its turn, and tallied once, as done or as failed. The book is bounded. With the line goes what
 * was open on it, and the next line begins with an empty book, so no answer can ever be for a job
 * of a line before.
 */
import type { JobAnswers } from '../protocol/jobs'
import type { JobFailure } from '../protocol/load'

/** More than a play host does in 50 ms when it has nothing else to do. */
export const mostOpen = 16_384

/** Where it is told what became of jobs. */
export interface Tally {
  done(latencyMs: number): void
  failed(why: JobFailure, count: number): void
}

/** In the place of a due time: nobody has this number. */
const nobody = -1

export class JobBook {
  private readonly tally: Tally
  private readonly dueMs = new Float64Array(mostOpen).fill(nobody)
  /** Numbers that nobody has: a stack. */
  private readonly free = Uint32Array.from(this.dueMs, (_, number) => number)
  private frees = mostOpen
  /** Numbers of the jobs that are to be sent. */
  private readonly started = new Uint32Array(mostOpen)
  private starts = 0

  constructor(tally: Tally) {
    this.tally = tally
  }

  /** How many jobs are open. */
  get size(): number {
    return mostOpen - this.frees
  }

  /** How many are to be sent. */
  get unsent(): number {
    return this.starts
  }

  /** Opens a job that should have started at `jobDueMs`. There must be room. */
  start(jobDueMs: number): void {
    const job = this.free[--this.frees]!
    this.dueMs[job] = jobDueMs
    this.started[this.starts++] = job
  }

  /** Takes the numbers of the jobs that were started since the last time. */
  take(): Uint32Array {
    const jobs = this.started.slice(0, this.starts)
    this.starts = 0
    return jobs
  }

  /** Tallies what came of jobs, at `nowMs` on the clock of their due times. */
  settle({ ended, crashed }: JobAnswers, nowMs: number): void {
    // Taken out first: what is left has ended well.
    for (const job of crashed) if (this.release(job) !== nobody) this.tally.failed('crashed', 1)
    for (const job of ended) {
      const wasDueMs = this.release(job)
      if (wasDueMs !== nobody) this.tally.done(nowMs - wasDueMs)
    }
  }

  /** The line is gone, and all that is open with it. */
  clear(): void {
    this.starts = 0
    this.tally.failed('host_lost', this.size)
    for (let job = 0; job < mostOpen; job++) this.release(job)
  }

  /** Frees a number; gives when its job was due. */
  private release(job: number): number {
    const wasDueMs = this.dueMs[job] ?? nobody
    if (wasDueMs !== nobody) {
      this.dueMs[job] = nobody
      this.free[this.frees++] = job
    }
    return wasDueMs
  }
}
