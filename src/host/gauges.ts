/*
 * What each OS process costs, as the kernel sees it: two readings of its processor time, and the
 * time between them. So a host that hangs shows as busy, and one that was replaced begins anew.
 */
import type { HostGauge } from '../protocol/gauges'

/** Processor time so far, in milliseconds: of the main thread, and of all threads. */
export interface Costs {
  readonly mainMs: number
  readonly allMs: number
}

/** An OS process at one moment; what is not known is undefined. */
export interface Reading {
  readonly host: string
  readonly pid: number | undefined
  readonly costs: Costs | undefined
  readonly rssMb: number | undefined
  readonly processes: number | undefined
}

interface Earlier extends Costs {
  readonly pid: number
  readonly atMs: number
}

export class Gauges {
  private readonly earlier = new Map<string, Earlier>()

  /** The gauges between the last readings and these, which were made at `nowMs`. */
  take(readings: readonly Reading[], nowMs: number): HostGauge[] {
    const gauges = readings.flatMap((reading) => this.gaugeOf(reading, nowMs) ?? [])
    const hosts = new Set(readings.map(({ host }) => host))
    for (const host of this.earlier.keys()) if (!hosts.has(host)) this.earlier.delete(host)
    return gauges
  }

  private gaugeOf(reading: Reading, nowMs: number): HostGauge | undefined {
    const { host, pid, costs, rssMb, processes } = reading
    if (pid === undefined || !costs) {
      this.earlier.delete(host)
      return undefined
    }
    const before = this.earlier.get(host)
    this.earlier.set(host, { ...costs, pid, atMs: nowMs })
    if (before?.pid !== pid || nowMs <= before.atMs) return undefined
    const share = (ms: number): number => rounded(ms / (nowMs - before.atMs))
    return {
      host,
      // The kernel counts in steps, and a step may fall into the wrong sample.
      busy: Math.min(1, share(costs.mainMs - before.mainMs)),
      cores: share(costs.allMs - before.allMs),
      rssMb: Math.round(rssMb ?? 0),
      ...(processes !== undefined && { processes }),
    }
  }
}

const rounded = (share: number): number => Math.round(Math.max(0, share) * 100) / 100
