/*
 * The line on which `load` brings its jobs to `play`: all jobs of a turn go as one batch. While
 * `play` lives, a line that breaks is dialled again; where `play` is, the root says.
 */
import type { Socket } from 'node:net'
import type { JobAnswers, JobBatch } from '../src/protocol/jobs'
import { Dialling } from './dialling'
import type { OpenJobs } from './open-jobs'
import { openPipe } from './pipe'

/** A line for these jobs: they are open while it stands. */
export const dialJobs = (jobs: OpenJobs): Dialling =>
  new Dialling({ onStand: (socket) => stand(socket, jobs), onDrop: () => jobs.close() })

function stand(socket: Socket, jobs: OpenJobs): void {
  const pipe = openPipe<JobBatch, JobAnswers>(socket, (answers) => {
    // What a line before has still to tell is of jobs that are counted as lost.
    if (!socket.destroyed) jobs.settle(answers, performance.now())
  })
  // Read when the frame is made, at the end of the turn: so all that the turn starts is in it.
  const batch: JobBatch = {
    get jobs() {
      return jobs.take()
    },
  }
  jobs.open(() => pipe.send(batch))
}
