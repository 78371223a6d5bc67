/*
 * The stream `gateway/gauges`: what each OS process of the system costs, and how long the audience
 * waits for its sums, as a sample each tenth of a second. Processor time and memory come from the
 * kernel, so a host that no longer answers is measured too. The view keeps the last minute.
 */
import type { Fold } from './fold'
import type { LatencyMs } from './load'

export const gaugesStream = 'gateway/gauges'

/** How many samples the view keeps, and how far they lie apart. */
export const maxGauges = 600
export const gaugesEveryMs = 100

/** One OS process within a sample. */
export interface HostGauge {
  readonly host: string
  /**
   * Utilisation: the share of the time since the last sample in which its main thread, and so its
   * scheduler, was at work. 1 is always. The kernel counts in hundredths of a second.
   */
  readonly busy: number
  /** Processor time of all its threads, in cores: garbage collectors work beside the main one. */
  readonly cores: number
  readonly rssMb: number
  /** How many processes its runtime has; missing for an OS process without a runtime. */
  readonly processes?: number
}

export interface GaugesSample {
  /** When it was taken, in milliseconds since the epoch: samples may be missing. */
  readonly atMs: number
  /** In the order of their start. One that does not live at this moment is missing. */
  readonly hosts: readonly HostGauge[]
  /**
   * How long the audience waited for small sums (up to four digits), from the gateway's door and
   * back to it, of those that ended in the last ten seconds; missing when none did.
   */
  readonly sums?: LatencyMs & { readonly count: number }
}

export interface GaugesEvent {
  readonly type: 'gauges_sampled'
  readonly sample: GaugesSample
}

export interface GaugesView {
  /** Oldest first. */
  readonly samples: readonly GaugesSample[]
}

export const gaugesFold: Fold<GaugesView, GaugesEvent> = {
  empty: { samples: [] },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    if (event?.type !== 'gauges_sampled') return view
    return { samples: [...view.samples, event.sample].slice(-maxGauges) }
  },
}
