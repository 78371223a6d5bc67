/*
 * The words of the load: a number of virtual clients, each of which has one job a second done in
 * `play`. The presenter wishes how many there shall be; everybody may see what comes of it, as a
 * sample each tenth of a second. The view keeps the samples of the last minute.
 */
import type { Fold } from './fold'
import { refuse, type Refusal } from './refusals'

export const loadStream = 'load/control'

/** The most that can be wanted. */
export const maxTarget = 1_000_000

/** How many samples the view keeps, and how far they lie apart. */
export const maxSamples = 600
export const sampleEveryMs = 100

export interface SetTarget {
  readonly type: 'set_target'
  /** How many virtual clients there shall be. */
  readonly target: number
}

/**
 * Why a job was not done. `held_back`: so many were open that it was not sent; `host_away`: there
 * was no host to send it to; `host_lost`: its host died with it; `crashed`: its process did.
 */
export const jobFailures = ['held_back', 'host_away', 'host_lost', 'crashed'] as const
export type JobFailure = (typeof jobFailures)[number]

/**
 * How long jobs took, in milliseconds from the moment when each should have started. So a job that
 * had to wait for its turn shows that wait, and nothing is left out because somebody was late.
 */
export interface LatencyMs {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** What became of jobs within a tenth of a second. */
export interface JobCount {
  /** Jobs that should have started, those that were done, and those that never will be. */
  readonly due: number
  readonly done: number
  readonly failed: Readonly<Partial<Record<JobFailure, number>>>
  /** Of the jobs that were done; missing when none was. */
  readonly latencyMs?: LatencyMs
  /** Jobs were held back, since `play` has as many open as it is given at a time. */
  readonly backsOff: boolean
}

export interface LoadSample extends JobCount {
  /** When it was taken, in milliseconds since the epoch: samples may be missing. */
  readonly atMs: number
  /** How many virtual clients are wanted, and how many live. */
  readonly target: number
  readonly clients: number
}

export type LoadEvent =
  | { readonly type: 'target_set'; readonly target: number }
  | { readonly type: 'load_sampled'; readonly sample: LoadSample }

export interface LoadView {
  readonly target: number
  /** Oldest first. */
  readonly samples: readonly LoadSample[]
}

/** Whether so many virtual clients may be wanted. */
export const isTarget = (target: unknown): target is number =>
  Number.isInteger(target) && (target as number) >= 0 && (target as number) <= maxTarget

/** Shape check of the command; the gateway asks it before the host sees anything. */
export function checkLoadCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, target } = command as Record<string, unknown>
  if (type !== 'set_target' || Object.keys(command).length !== 2) return refuse('malformed')
  return isTarget(target) ? undefined : refuse('not_a_target')
}

export const loadFold: Fold<LoadView, LoadEvent> = {
  empty: { target: 0, samples: [] },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'target_set':
        return { ...view, target: event.target }
      case 'load_sampled':
        return { ...view, samples: [...view.samples, event.sample].slice(-maxSamples) }
      default:
        return view
    }
  },
}
