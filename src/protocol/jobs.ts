/*
 * The words between `load` and `play`: jobs go out in batches, all that a turn has started, and are
 * answered in batches. A job is a number that `load` has given it; what it is to do, `play` knows.
 * They cross a local pipe of their own, as plain typed arrays.
 */

/** load → play: jobs that are to be done. */
export interface JobBatch {
  readonly jobs: Uint32Array
}

/** play → load: jobs that have ended, and those among them that crashed. */
export interface JobAnswers {
  readonly ended: Uint32Array
  readonly crashed: Uint32Array
}

/** Whether a play host may have said that: the audience may have broken it. */
export function isJobAnswers(raw: unknown): raw is JobAnswers {
  const { ended, crashed } = (raw ?? {}) as Partial<JobAnswers>
  return ended instanceof Uint32Array && crashed instanceof Uint32Array
}

/** A batch within `play`, with the number of the line that it came over. */
export interface Batch extends JobBatch {
  readonly type: 'batch'
  readonly line: number
}

/** What the jobs' processes say to whoever holds the line. */
export type FromJobs =
  | ({ readonly type: 'batch_ended'; readonly line: number } & JobAnswers)
  // Nobody knows any more which jobs are open: said by each new life of who does.
  | { readonly type: 'none_open' }
