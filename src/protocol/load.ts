/*
 * The words of the load: a number of virtual clients, each of which has one job a second done in
 * `play`, and a number of play hosts among which jobs and visitors are spread. The presenter wishes
 * how many of both there shall be; everybody may see what comes of it, as a sample each tenth of a
 * second. The view keeps the samples of the last minute.
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

export interface SetPlayHosts {
  readonly type: 'set_play_hosts'
  /** How many play hosts there shall be, each with a scheduler of its own. */
  readonly count: number
}

export type LoadCommand = SetTarget | SetPlayHosts

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
  | { readonly type: 'play_hosts_set'; readonly count: number; readonly most: number }
  | { readonly type: 'load_sampled'; readonly sample: LoadSample }

/** What is wanted of the load. */
export interface Wanted {
  /** How many virtual clients. */
  readonly target: number
  /** How many play hosts. */
  readonly playHosts: number
}

export interface LoadView extends Wanted {
  /** How many play hosts there may be: one for each core. */
  readonly mostPlayHosts: number
  /** Oldest first. */
  readonly samples: readonly LoadSample[]
}

/** Whether so many virtual clients may be wanted. */
export const isTarget = (target: unknown): target is number =>
  Number.isInteger(target) && (target as number) >= 0 && (target as number) <= maxTarget

/** Whether so many play hosts may be wanted where there may be `most`. */
export const isHostCount = (count: unknown, most: number): count is number =>
  Number.isInteger(count) && (count as number) >= 1 && (count as number) <= most

/**
 * Shape check of a command; the gateway asks it before the host sees anything. How many play hosts
 * there may be, only the host knows.
 */
export function checkLoadCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, target, count } = command as Record<string, unknown>
  if (Object.keys(command).length !== 2) return refuse('malformed')
  switch (type) {
    case 'set_target':
      return isTarget(target) ? undefined : refuse('not_a_target')
    case 'set_play_hosts':
      return isHostCount(count, Infinity) ? undefined : refuse('not_a_host_count')
    default:
      return refuse('malformed')
  }
}

export const loadFold: Fold<LoadView, LoadEvent> = {
  empty: { target: 0, playHosts: 1, mostPlayHosts: 1, samples: [] },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'target_set':
        return { ...view, target: event.target }
      case 'play_hosts_set':
        return { ...view, playHosts: event.count, mostPlayHosts: event.most }
      case 'load_sampled':
        return { ...view, samples: [...view.samples, event.sample].slice(-maxSamples) }
      default:
        return view
    }
  },
}
