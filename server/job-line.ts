/*
 * The line on which `load` brings its jobs to `play`: all jobs of a turn go as one batch. While
 * `play` lives, a line that breaks is dialled again; where `play` is, the root says.
 */
import { connect, type Socket } from 'node:net'
import type { JobAnswers, JobBatch } from '../src/protocol/jobs'
import type { OpenJobs } from './open-jobs'
import { openPipe } from './pipe'

const redialAfterMs = 100

export class JobLine {
  private readonly jobs: OpenJobs
  private address: string | undefined
  /** The call under way or the one that stands; what an older one still tells is not heard. */
  private socket: Socket | undefined

  constructor(jobs: OpenJobs) {
    this.jobs = jobs
  }

  /** Calls `play` at that socket; a line to another one is given up. */
  connect(address: string): void {
    if (address === this.address) return
    this.hangUp()
    this.address = address
    this.dial(address)
  }

  /** `play` is gone. */
  hangUp(): void {
    this.address = undefined
    this.drop()
  }

  private dial(address: string): void {
    if (this.address !== address) return
    const socket = connect(address)
    this.socket = socket
    socket.once('connect', () => this.stand(socket))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (this.socket !== socket) return
      this.drop()
      setTimeout(() => this.dial(address), redialAfterMs)
    })
  }

  private stand(socket: Socket): void {
    if (this.socket !== socket) return void socket.destroy()
    const { jobs } = this
    const pipe = openPipe<JobBatch, JobAnswers>(socket, (answers) => {
      if (this.socket === socket) jobs.settle(answers, performance.now())
    })
    // Read when the frame is made, at the end of the turn: so all that the turn starts is in it.
    const batch: JobBatch = {
      get jobs() {
        return jobs.take()
      },
    }
    jobs.open(() => pipe.send(batch))
  }

  private drop(): void {
    this.socket?.destroy()
    this.socket = undefined
    this.jobs.close()
  }
}
