/*
 * The jobs that are open between the virtual clients and `play`: each is given a number, sent with
 * the others of its turn, and counted once, as done or as failed. The book is bounded. When it is
 * full, a job that is due is not sent, but counted as held back: so the host backs off, and says
 * so, instead of burying `play`.
 *
 * A host for `play` stands at one end of a line. With the line goes what was open on it, and the
 * next line begins with an empty book, so no answer can ever be for a job of a line before.
 */
import type { JobAnswers } from '../src/protocol/jobs'
import type { JobFailure, JobCount } from '../src/protocol/load'
import { Latencies } from './latencies'

/** More than `play` does in 50 ms when it has nothing else to do. */
export const mostOpen = 16_384

export interface OpenJobs {
  /** What the virtual clients are given. */
  readonly door: {
    /** Has a job done that should have started at `dueMs` on the host's monotonic clock. */
    start(dueMs: number): void
    /** So many jobs should have started, and their client was too late to start them. */
    miss(count: number): void
  }
  /** A line stands: jobs are wanted by it from now on. `wanted` is called when there are some. */
  open(wanted: () => void): void
  /** The line is gone. */
  close(): void
  /** Takes the numbers of the jobs that were started since the last time. */
  take(): Uint32Array
  /** Counts what came of jobs, at `nowMs` on the clock of their due times. */
  settle(answers: JobAnswers, nowMs: number): void
  /** Takes what was counted since the last time. */
  count(): JobCount
}

/** In the place of a due time: nobody has this number. */
const nobody = -1

/** A plain object of closures, so that it can be handed to processes. */
export function createOpenJobs(): OpenJobs {
  const dueMs = new Float64Array(mostOpen).fill(nobody)
  /** Numbers that nobody has: a stack. */
  const free = Uint32Array.from(dueMs, (_, number) => number)
  let frees = mostOpen
  /** Numbers of the jobs that are to be sent. */
  const started = new Uint32Array(mostOpen)
  let starts = 0
  let wanted: (() => void) | undefined
  const latencies = new Latencies()
  let due = 0
  let done = 0
  let failed: Partial<Record<JobFailure, number>> = {}

  const fail = (why: JobFailure, count: number) => {
    if (count > 0) failed[why] = (failed[why] ?? 0) + count
  }
  /** Frees a number; gives when its job was due. */
  const release = (job: number): number => {
    const wasDueMs = dueMs[job] ?? nobody
    if (wasDueMs !== nobody) {
      dueMs[job] = nobody
      free[frees++] = job
    }
    return wasDueMs
  }

  return {
    door: {
      start(jobDueMs) {
        due++
        if (!wanted) return fail('host_away', 1)
        if (frees === 0) return fail('held_back', 1)
        const job = free[--frees]!
        dueMs[job] = jobDueMs
        started[starts++] = job
        if (starts === 1) wanted()
      },
      miss(count) {
        due += count
        fail('held_back', count)
      },
    },
    open(wants) {
      wanted = wants
    },
    close() {
      wanted = undefined
      starts = 0
      fail('host_lost', mostOpen - frees)
      dueMs.forEach((_, job) => void release(job))
    },
    take() {
      const jobs = started.slice(0, starts)
      starts = 0
      return jobs
    },
    settle({ ended, crashed }, nowMs) {
      // Taken out first: what is left has ended well.
      for (const job of crashed) if (release(job) !== nobody) fail('crashed', 1)
      for (const job of ended) {
        const wasDueMs = release(job)
        if (wasDueMs === nobody) continue
        done++
        latencies.add(nowMs - wasDueMs)
      }
    },
    count() {
      const latencyMs = latencies.take()
      const counted = { due, done, failed, backsOff: (failed.held_back ?? 0) > 0 }
      due = done = 0
      failed = {}
      return latencyMs ? { ...counted, latencyMs } : counted
    },
  }
}
