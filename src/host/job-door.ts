/*
 * The end of the line on which `play` takes jobs from `load`. One line counts at a time, the last
 * one: what is answered for a line before is dropped, since whoever asked is gone. When nobody in
 * `play` knows any more which jobs are open, the line is cut, which tells `load` just that.
 */
import type { Batch, FromJobs, JobAnswers, JobBatch } from '../protocol/jobs'
import { listenLocally } from '../../server/local-socket'
import { openPipe, type Pipe } from '../../server/pipe'

export interface JobDoor {
  readonly address: string
  /** Takes a word of the jobs' processes. */
  hear(word: FromJobs): void
  /** Resolves as soon as no line stands: `load` hangs up when it has no job open here. */
  atRest(): Promise<void>
}

/** Listens; each batch that comes is given to `take`. */
export async function openJobDoor(take: (batch: Batch) => void): Promise<JobDoor> {
  let pipe: Pipe<JobAnswers> | undefined
  let line = 0
  let stands: Promise<void> | undefined
  const address = await listenLocally('load', (socket) => {
    const mine = ++line
    stands = new Promise((resolve) => void socket.once('close', () => resolve()))
    pipe?.close()
    pipe = openPipe<JobAnswers, JobBatch>(socket, ({ jobs }) => {
      take({ type: 'batch', line: mine, jobs })
    })
  })
  return {
    address,
    atRest: async () => await stands,
    hear(word) {
      if (word.type === 'none_open') return pipe?.close()
      const { ended, crashed } = word
      if (word.line === line) pipe?.send({ ended, crashed })
    },
  }
}
