/*
 * The line on which `load` brings its jobs to one play host: all jobs of a turn go as one batch.
 * While that host lives, a line that breaks is dialled again; where it is, the root says. A host
 * that is to go is drained first: it is given no more jobs, those that it has are awaited for a
 * while, and then the line is hung up.
 */
import type { Socket } from 'node:net'
import { isJobAnswers, type JobBatch } from '../protocol/jobs'
import { Dialling } from '../../server/dialling'
import type { OpenJobs, OpenLine } from './open-jobs'
import { openPipe } from '../../server/pipe'

/** A play host in good health answers within milliseconds. */
export const drainWithinMs = 2_000

export class JobLine {
  private readonly jobs: OpenJobs
  private readonly dialling: Dialling
  /** While the line stands. */
  private open: OpenLine | undefined
  private draining: NodeJS.Timeout | undefined

  /** Brings these jobs to the host at that local socket, whenever the line stands. */
  constructor(jobs: OpenJobs, address: string) {
    this.jobs = jobs
    this.dialling = new Dialling({
      onStand: (socket) => this.stand(socket),
      onDrop: () => this.drop(),
    })
    this.dialling.connect(address)
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
    this.dialling.hangUp()
  }

  private stand(socket: Socket): void {
    const pipe = openPipe<JobBatch, unknown>(socket, (answers) => {
      // What a line before has still to tell is of jobs that are counted as lost.
      if (socket.destroyed || !isJobAnswers(answers)) return
      book.settle(answers, performance.now())
      if (this.draining && book.size === 0) this.hangUp()
    })
    // Read when the frame is made, at the end of the turn: so all that the turn starts is in it.
    const batch: JobBatch = {
      get jobs() {
        return book.take()
      },
    }
    this.open = this.jobs.open(() => pipe.send(batch))
    const { book } = this.open
  }

  private drop(): void {
    this.open?.close()
    this.open = undefined
    // Who is to go, and has gone, is not called again.
    if (this.draining) this.hangUp()
  }
}
