/*
 * The last minute of the OS processes, as the page reckons with it: how busy each was, what they
 * cost just now, and how long the audience waited.
 */
import type { GaugesSample, HostGauge } from '../../protocol/gauges'
import { groupOfHost, numberOfHost, type HostLine } from '../../protocol/hosts'
import { averaged, meanOf, movingMeans, type Curve } from './curve'

/** Hosts as the page names them, one below the other: always in the same places. */
const groups = ['root', 'gateway', 'boards', 'load', 'play', 'play-spare', 'recorder']

export const isPlayHost = (host: string): boolean => groupOfHost(host) === 'play'

const compareHosts = (one: string, other: string): number =>
  groups.indexOf(groupOfHost(one)) - groups.indexOf(groupOfHost(other)) ||
  numberOfHost(one) - numberOfHost(other)

/** A process that is kept ready does nothing, and is no line of a chart. */
export const isSpare = (host: string): boolean => host.endsWith('-spare')

/** All hosts that lived at some time in these samples. */
export function hostsIn(gauges: readonly GaugesSample[]): string[] {
  const found = new Set<string>()
  for (const { hosts } of gauges) for (const { host } of hosts) found.add(host)
  return [...found].sort(compareHosts)
}

function gaugeIn({ hosts }: GaugesSample, wanted: string): HostGauge | undefined {
  for (const gauge of hosts) if (gauge.host === wanted) return gauge
  return undefined
}

/** How busy a host was, in percent of a core; nothing where it did not live. */
export const busyCurve = (gauges: readonly GaugesSample[], host: string): Curve =>
  movingMeans(
    {
      atMs: gauges.map(({ atMs }) => atMs),
      values: gauges.map((sample) => percent(gaugeIn(sample, host)?.busy)),
    },
    averaged,
    'ending',
  )

// The kernel counts in hundredths of a second, so that a tenth may seem to have had eleven of them.
const percent = (busy: number | undefined): number | null =>
  busy === undefined ? null : Math.min(100, 100 * busy)

/** The audience's wait for small sums. Each sample has ten seconds in it, so no mean is needed. */
export const sumsCurve = (gauges: readonly GaugesSample[]): Curve => ({
  atMs: gauges.map(({ atMs }) => atMs),
  values: gauges.map(({ sums }) => sums?.p99 ?? null),
})

/** The mean utilisation of that play host which had the highest; 1 is always. */
export function busiestPlayHost(gauges: readonly GaugesSample[]): number | undefined {
  const means = hostsIn(gauges)
    .filter(isPlayHost)
    .map((host) => meanOf(gauges.map((sample) => gaugeIn(sample, host)?.busy ?? null)) ?? 0)
  return means.length > 0 ? Math.min(1, Math.max(...means)) : undefined
}

/** An OS process as it is now. What is not known of it is missing. */
export interface HostRow {
  readonly host: string
  readonly line: HostLine | undefined
  readonly gauge: HostGauge | undefined
  /** Mean of the last second. */
  readonly cores: number | undefined
}

/**
 * One row for each OS process, in places that stay. A play host that is no longer wanted has none
 * once it has ended.
 */
export function hostRows(
  gauges: readonly GaugesSample[],
  lines: readonly HostLine[],
  playHosts: number,
): HostRow[] {
  const second = gauges.slice(-averaged)
  const now = gauges.at(-1)
  const named = new Set([...lines.map(({ host }) => host), ...hostsIn(second)])
  return [...named].sort(compareHosts).flatMap((host) => {
    const gauge = now && gaugeIn(now, host)
    if (!gauge && isPlayHost(host) && numberOfHost(host) > playHosts) return []
    const cores = meanOf(second.map((sample) => gaugeIn(sample, host)?.cores ?? null))
    return {
      host,
      line: lines.find((line) => line.host === host),
      gauge,
      cores: gauge ? (cores ?? undefined) : undefined,
    }
  })
}
