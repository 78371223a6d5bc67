/*
 * The last minute of the load, as the page reckons with it. Samples of several lives of the host
 * are joined, so that a chart shows the dip of a killed host and what comes after. Figures are
 * means over ten samples, which is a second, as the charts are.
 */
import {
  jobFailures,
  maxSamples,
  sampleEveryMs,
  type JobFailure,
  type LatencyMs,
  type LoadSample,
} from '../../protocol/load'

/** What the charts show: the seconds from now, and a value or nothing for each. */
export interface Curve {
  readonly seconds: readonly number[]
  readonly values: readonly (number | null)[]
}

export const shownSeconds = (maxSamples * sampleEveryMs) / 1000

/** So many samples are averaged. */
const averaged = 10

/** Puts the samples of the host's life now behind those of lives before: the last minute. */
export function joinLives(
  before: readonly LoadSample[],
  samples: readonly LoadSample[],
): readonly LoadSample[] {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return before
  const shownFromMs = last.atMs - shownSeconds * 1000
  const joined = [...before.filter(({ atMs }) => atMs < first.atMs), ...samples]
  return joined.filter(({ atMs }) => atMs >= shownFromMs)
}

const secondsOf = (samples: readonly LoadSample[]): readonly number[] => {
  const nowMs = samples.at(-1)?.atMs ?? 0
  return samples.map(({ atMs }) => (atMs - nowMs) / 1000)
}

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
  return { seconds: secondsOf(samples), values }
}

/** A latency in milliseconds; nothing where no job was done. */
export function latencyCurve(samples: readonly LoadSample[], of: keyof LatencyMs): Curve {
  let total = 0
  let counted = 0
  const values = samples.map(({ latencyMs }, at) => {
    const old = samples[at - averaged]?.latencyMs
    if (latencyMs) {
      total += latencyMs[of]
      counted++
    }
    if (old) {
      total -= old[of]
      counted--
    }
    return counted > 0 ? Math.max(0, total / counted) : null
  })
  return { seconds: secondsOf(samples), values }
}

/** The wanted jobs per second: each virtual client wants one. */
export const targetCurve = (samples: readonly LoadSample[]): Curve => ({
  seconds: secondsOf(samples),
  values: samples.map(({ target }) => target),
})

/** The last value of a curve. */
export const lastOf = ({ values }: Curve): number | null => values.at(-1) ?? null

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
}

/** The last full seconds, newest first. */
export function secondsIn(samples: readonly LoadSample[], count: number): Second[] {
  const bySecond = new Map<number, LoadSample[]>()
  for (const sample of samples) {
    const second = Math.floor(sample.atMs / 1000)
    const those = bySecond.get(second)
    if (those) those.push(sample)
    else bySecond.set(second, [sample])
  }
  const full = [...bySecond].slice(0, -1).slice(-count).reverse()
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
  }))
}

const total = <Part>(parts: readonly Part[], of: (part: Part) => number): number =>
  parts.reduce((sum, part) => sum + of(part), 0)
