/*
 * The line on which `load` brings its jobs to one play host: all jobs of a turn go as one batch.
 * While that host lives, a line that breaks is dialled again; where it is, the root says. A host
 * that is to go is drained first: it is given no more jobs, those that it has are awaited for a
 * while, and then the line is hung up.
 */
import { isJobAnswers, type JobBatch } from '../protocol/jobs'
import type { Call, Line, Lines } from './lines'
import type { OpenJobs, OpenLine } from './open-jobs'

/** A play host in good health answers within milliseconds. */
export const drainWithinMs = 2_000

export class JobLine {
  private readonly jobs: OpenJobs
  private readonly call: Call
  /** While the line stands. */
  private open: OpenLine | undefined
  private draining: ReturnType<typeof setTimeout> | undefined

  /** Brings these jobs to the host at that address, whenever the line stands. */
  constructor(jobs: OpenJobs, address: string, lines: Lines) {
    this.jobs = jobs
    this.call = lines.createCall<JobBatch>({
      onStand: (line) => this.stand(line),
      // What a line before has still to tell is of jobs that are counted as lost, and is not told.
      hear: (answers) => this.hear(answers),
      onDrop: () => this.drop(),
    })
    this.call.connect(address)
  }

  /**
   * The host is to go, or is gone already, which the line will soon know. Ends with this.
   * @param withinMs after which what is still open is lost
   */
  drain(withinMs = drainWithinMs): void {
    this.open?.rest()
    if (!this.open || this.open.book.size === 0) this.hangUp()
    else this.draining ??= setTimeout(() => this.hangUp(), withinMs)
  }

  /** Ends; what is open is lost. */
  hangUp(): void {
    clearTimeout(this.draining)
    this.draining = undefined
    this.call.hangUp()
  }

  private stand(line: Line<JobBatch>): void {
    // Read when the frame is made, at the end of the turn: so all that the turn starts is in it.
    const batch: JobBatch = {
      get jobs() {
        return book.take()
      },
    }
    this.open = this.jobs.open(() => line.send(batch))
    const { book } = this.open
  }

  private hear(answers: unknown): void {
    const book = this.open?.book
    if (!book || !isJobAnswers(answers)) return
    book.settle(answers, performance.now())
    if (this.draining && book.size === 0) this.hangUp()
  }

  private drop(): void {
    this.open?.close()
    this.open = undefined
    // Who is to go, and has gone, is not called again.
    if (this.draining) this.hangUp()
  }
}
