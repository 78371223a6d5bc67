/*
 * The jobs that are open between the virtual clients and the play hosts: one book for each line to
 * a host (job-book.ts), and one count of all. A job that is due goes to the book with the fewest
 * open ones, so a host that is slower gets less. When all books are full, it is not sent, but
 * counted as held back: so the host backs off, and says so, instead of burying the others.
 */
import { Latencies } from '../protocol/latencies'
import type { JobFailure, JobCount } from '../protocol/load'
import { JobBook, mostOpen, type Tally } from './job-book'

export interface OpenJobs {
  /** What the virtual clients are given. */
  readonly door: {
    /** Has a job done that should have started at `dueMs` on the host's monotonic clock. */
    start(dueMs: number): void
    /** So many jobs should have started, and their client was too late to start them. */
    miss(count: number): void
  }
  /** A line stands: it is given jobs from now on, and `wanted` is called when there are some. */
  open(wanted: () => void): OpenLine
  /** Takes what was counted since the last time. */
  count(): JobCount
}

/** What a line does with its jobs. */
export interface OpenLine {
  readonly book: JobBook
  /** No more jobs for this one; those that are open are still awaited. */
  rest(): void
  /** The line is gone. */
  close(): void
}

interface Line {
  readonly book: JobBook
  readonly wanted: () => void
}

/** A plain object of closures, so that it can be handed to processes. */
export function createOpenJobs(): OpenJobs {
  const latencies = new Latencies()
  let due = 0
  let done = 0
  let failed: Partial<Record<JobFailure, number>> = {}
  const tally: Tally = {
    done(latencyMs) {
      done++
      latencies.add(latencyMs)
    },
    failed(why, count) {
      if (count > 0) failed[why] = (failed[why] ?? 0) + count
    },
  }
  /** Those that take jobs. */
  let lines: readonly Line[] = []
  let first = 0

  /** The line with the fewest open jobs; of equals, each in its turn. */
  const choose = (): Line | undefined => {
    first = first + 1 < lines.length ? first + 1 : 0
    let best = lines[first]
    for (let step = 1; step < lines.length; step++) {
      const line = lines[(first + step) % lines.length]!
      if (line.book.size < best!.book.size) best = line
    }
    return best
  }

  return {
    door: {
      start(dueMs) {
        due++
        const line = choose()
        if (!line) return tally.failed('host_away', 1)
        const { book, wanted } = line
        if (book.size === mostOpen) return tally.failed('held_back', 1)
        book.start(dueMs)
        if (book.unsent === 1) wanted()
      },
      miss(count) {
        due += count
        tally.failed('held_back', count)
      },
    },
    open(wanted) {
      const line = { book: new JobBook(tally), wanted }
      lines = [...lines, line]
      const rest = () => {
        lines = lines.filter((other) => other !== line)
      }
      return {
        book: line.book,
        rest,
        close() {
          rest()
          line.book.clear()
        },
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
