/*
 * The last minute of the load, as the page reckons with it. Samples of several lives of the host
 * are joined, so that a chart shows the dip of a killed host and what comes after. Figures are
 * means over ten samples, which is a second, as the charts are.
 */
import type { GaugesSample } from '../../protocol/gauges'
import {
  jobFailures,
  sampleEveryMs,
  type JobFailure,
  type LatencyMs,
  type LoadSample,
} from '../../protocol/load'
import { averaged, movingMeans, shownSeconds, type Curve } from './curve'
import { busiestPlayHost } from './gauges-history'

/** Puts the samples of the writer's life now behind those of lives before: the last minute. */
export function joinLives<Sample extends { readonly atMs: number }>(
  before: readonly Sample[],
  samples: readonly Sample[],
): readonly Sample[] {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return before
  const shownFromMs = last.atMs - shownSeconds * 1000
  const joined = [...before.filter(({ atMs }) => atMs < first.atMs), ...samples]
  return joined.filter(({ atMs }) => atMs >= shownFromMs)
}

const timesOf = (samples: readonly LoadSample[]) => samples.map(({ atMs }) => atMs)

/** Jobs done per second. By the time that has passed: where samples are missing, the rate falls. */
export function rateCurve(samples: readonly LoadSample[]): Curve {
  let done = 0
  const values = samples.map((sample, at) => {
    done += sample.done
    const from = samples[at - averaged]
    if (from) done -= from.done
    const sinceMs = from?.atMs ?? samples[0]!.atMs - sampleEveryMs
    return (done * 1000) / Math.max(sample.atMs - sinceMs, sampleEveryMs)
  })
  return { atMs: timesOf(samples), values }
}

/** A latency in milliseconds; nothing where no job was done. */
export const latencyCurve = (samples: readonly LoadSample[], of: keyof LatencyMs): Curve =>
  movingMeans({
    atMs: timesOf(samples),
    values: samples.map(({ latencyMs }) => latencyMs?.[of] ?? null),
  })

/** The wanted jobs per second: each virtual client wants one. */
export const targetCurve = (samples: readonly LoadSample[]): Curve => ({
  atMs: timesOf(samples),
  values: samples.map(({ target }) => target),
})

/** How many jobs failed for each reason, without the reasons that none has. */
export function failuresIn(samples: readonly LoadSample[]): [why: JobFailure, count: number][] {
  return jobFailures
    .map((why): [JobFailure, number] => [
      why,
      samples.reduce((count, { failed }) => count + (failed[why] ?? 0), 0),
    ])
    .filter(([, count]) => count > 0)
}

/** Whether jobs were held back within the last second. */
export const isBackingOff = (samples: readonly LoadSample[]): boolean =>
  samples.slice(-averaged).some(({ backsOff }) => backsOff)

/** What happened in one second of the clock. */
export interface Second {
  readonly atMs: number
  readonly clients: number
  readonly due: number
  readonly done: number
  readonly failed: number
  /** The worst of its tenths. */
  readonly p99Ms: number | undefined
  /** Utilisation of the play host that had the most to do. */
  readonly busiest: number | undefined
}

/** The last full seconds, newest first. */
export function secondsIn(
  samples: readonly LoadSample[],
  gauges: readonly GaugesSample[],
  count: number,
): Second[] {
  const gaugesOf = bySecond(gauges)
  const full = [...bySecond(samples)].slice(0, -1).slice(-count).reverse()
  return full.map(([second, those]) => ({
    atMs: second * 1000,
    clients: those.at(-1)!.clients,
    due: total(those, ({ due }) => due),
    done: total(those, ({ done }) => done),
    failed: total(failuresIn(those), ([, failed]) => failed),
    p99Ms: those.reduce<number | undefined>(
      (worst, { latencyMs }) => (latencyMs ? Math.max(worst ?? 0, latencyMs.p99) : worst),
      undefined,
    ),
    busiest: busiestPlayHost(gaugesOf.get(second) ?? []),
  }))
}

function bySecond<Sample extends { readonly atMs: number }>(
  samples: readonly Sample[],
): Map<number, Sample[]> {
  const seconds = new Map<number, Sample[]>()
  for (const sample of samples) {
    const second = Math.floor(sample.atMs / 1000)
    const those = seconds.get(second)
    if (those) those.push(sample)
    else seconds.set(second, [sample])
  }
  return seconds
}

const total = <Part>(parts: readonly Part[], of: (part: Part) => number): number =>
  parts.reduce((sum, part) => sum + of(part), 0)
