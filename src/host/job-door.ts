/*
 * The end of the line on which `play` takes jobs from `load`. One line counts at a time, the last
 * one: what is answered for a line before is dropped, since whoever asked is gone. When nobody in
 * `play` knows any more which jobs are open, the line is cut, which tells `load` just that.
 */
import type { Batch, FromJobs, JobAnswers, JobBatch } from '../protocol/jobs'
import type { Line, Lines } from './lines'

export interface JobDoor {
  readonly address: string
  /** Takes a word of the jobs' processes. */
  hear(word: FromJobs): void
  /** Resolves as soon as no line stands: `load` hangs up when it has no job open here. */
  atRest(): Promise<void>
}

/** Listens; each batch that comes is given to `take`. */
export async function openJobDoor(take: (batch: Batch) => void, lines: Lines): Promise<JobDoor> {
  let open: Line<JobAnswers> | undefined
  let last = 0
  let stands: Promise<void> | undefined
  const address = await lines.listen<JobAnswers>('load', (line) => {
    const mine = ++last
    let close = () => {}
    stands = new Promise((resolve) => (close = resolve))
    open?.close()
    open = line
    return {
      hear: (word) => take({ type: 'batch', line: mine, jobs: (word as JobBatch).jobs }),
      onClose: close,
    }
  })
  return {
    address,
    atRest: async () => await stands,
    hear(word) {
      if (word.type === 'none_open') return open?.close()
      const { ended, crashed } = word
      if (word.line === last) open?.send({ ended, crashed })
    },
  }
}
