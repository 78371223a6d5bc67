/*
 * What a recording keeps of samples, which are what fills one. Those of a fifth of a second become
 * one, so that no chart has a gap, nothing that was counted is lost, and the worst is kept; and
 * numbers are rounded to what can be seen. What is kept are events of the same words: a view made
 * of them could have been seen live.
 */
import { is, type InferOutput } from 'valibot'
import { gaugesStream, type GaugesSample, type HostGauge } from '../src/protocol/gauges'
import {
  jobFailures,
  loadStream,
  type JobFailure,
  type LatencyMs,
  type LoadSample,
} from '../src/protocol/load'
import { readTableStream, type ProcessesEvent } from '../src/protocol/processes'
import { gaugesSampled, loadSampled } from '../src/protocol/recorded-streams'
import { treeStream, type TreeEvent } from '../src/protocol/tree'

/** Charts take what lies further apart than a quarter of a second for a gap. */
const cellMs = 200

/** What one followed stream tells, as it is recorded. */
export interface Thinning {
  /** The events that are to be written now; what is left waits for more. */
  events(events: readonly unknown[]): unknown[]
  /** A view, after which nothing waits. */
  view(view: unknown): unknown
}

export function thinningOf(stream: string): Thinning {
  if (stream === loadStream) return new Samples('load_sampled', isLoad, mergeLoad)
  if (stream === gaugesStream) return new Samples('gauges_sampled', isGauges, mergeGauges)
  if (stream === treeStream) return eachBy(thinTree)
  return readTableStream(stream) ? eachBy(thinTable) : eachBy((event) => event)
}

const eachBy = (thin: (event: unknown) => unknown): Thinning => ({
  events: (events) => events.map(thin).filter((event) => event !== undefined),
  view: (view) => view,
})

const isLoad = (event: unknown): event is InferOutput<typeof loadSampled> => is(loadSampled, event)
const isGauges = (event: unknown): event is InferOutput<typeof gaugesSampled> =>
  is(gaugesSampled, event)

class Samples<Sample extends { readonly atMs: number }> implements Thinning {
  private readonly type: string
  private readonly isSampled: (event: unknown) => boolean
  private readonly merge: (samples: readonly Sample[], atMs: number) => Sample
  private waiting: Sample[] = []

  constructor(
    type: string,
    isSampled: (event: unknown) => boolean,
    merge: (samples: readonly Sample[], atMs: number) => Sample,
  ) {
    this.type = type
    this.isSampled = isSampled
    this.merge = merge
  }

  events(events: readonly unknown[]): unknown[] {
    return events.flatMap((event) => {
      if (!this.isSampled(event)) return [...this.end(), event]
      const { sample } = event as { sample: Sample }
      const isNext = this.waiting.some((before) => cellOf(before) !== cellOf(sample))
      const ended = isNext ? this.end() : []
      this.waiting.push(sample)
      return ended
    })
  }

  view(view: unknown): unknown {
    this.waiting = []
    const { samples } = (view ?? {}) as { samples?: unknown }
    if (!Array.isArray(samples)) return view
    const told = samples.map((sample: unknown) => ({ type: this.type, sample }))
    const kept = [...this.events(told), ...this.end()] as { sample: Sample }[]
    return { ...(view as object), samples: kept.map(({ sample }) => sample) }
  }

  private end(): unknown[] {
    const [first] = this.waiting
    if (!first) return []
    const sample = this.merge(this.waiting, (cellOf(first) + 1) * cellMs)
    this.waiting = []
    return [{ type: this.type, sample }]
  }
}

const cellOf = ({ atMs }: { readonly atMs: number }): number => Math.ceil(atMs / cellMs) - 1

const total = <Part>(parts: readonly Part[], of: (part: Part) => number): number =>
  parts.reduce((sum, part) => sum + of(part), 0)
const rounded = (value: number, step: number): number =>
  Number((Math.round(value / step) * step).toFixed(2))
/** To two digits. */
const short = (value: number): number => Number(value.toPrecision(2))

function mergeLoad(samples: readonly LoadSample[], atMs: number): LoadSample {
  const last = samples.at(-1)!
  const failed: Partial<Record<JobFailure, number>> = {}
  for (const why of jobFailures) {
    const count = total(samples, (sample) => sample.failed[why] ?? 0)
    if (count > 0) failed[why] = count
  }
  const latencyMs = worst(samples.flatMap(({ latencyMs }) => latencyMs ?? []))
  return {
    atMs,
    target: last.target,
    clients: last.clients,
    due: total(samples, ({ due }) => due),
    done: total(samples, ({ done }) => done),
    failed,
    ...(latencyMs && { latencyMs }),
    backsOff: samples.some(({ backsOff }) => backsOff),
  }
}

/** Nobody shall have waited longer than is told. */
function worst(latencies: readonly LatencyMs[]): LatencyMs | undefined {
  if (latencies.length === 0) return undefined
  const most = (of: keyof LatencyMs) => short(Math.max(...latencies.map((each) => each[of])))
  const [p50, p90, p99, p999, max] = [
    ...[most('p50'), most('p90'), most('p99'), most('p999'), most('max')],
  ] as [number, number, number, number, number]
  return { p50, p90, p99, p999, max }
}

function mergeGauges(samples: readonly GaugesSample[], atMs: number): GaugesSample {
  const { hosts, sums } = samples.at(-1)!
  const mean = (host: string, of: (gauge: HostGauge) => number) => {
    const those = samples.flatMap((sample) => sample.hosts.filter((each) => each.host === host))
    return rounded(total(those, of) / those.length, 0.05)
  }
  return {
    atMs,
    hosts: hosts.map((gauge) => ({
      ...gauge,
      busy: mean(gauge.host, ({ busy }) => busy),
      cores: mean(gauge.host, ({ cores }) => cores),
      rssMb: rounded(gauge.rssMb, 2),
    })),
    ...(sums && { sums: { ...worst([sums])!, count: sums.count } }),
  }
}

function thinTree(raw: unknown): unknown {
  const event = raw as TreeEvent | null
  if (event?.type !== 'costs_taken' || !Array.isArray(event.costs)) return raw
  const costs = event.costs.map((cost) => ({
    ...cost,
    busy: rounded(cost.busy, 0.05),
    cores: rounded(cost.cores, 0.05),
    rssMb: rounded(cost.rssMb, 2),
  }))
  return { ...event, costs }
}

function thinTable(raw: unknown): unknown {
  const { type, table } = (raw ?? {}) as Partial<ProcessesEvent>
  if (type !== 'table_taken' || !Array.isArray(table?.rows)) return raw
  const rows = table.rows.map((row) => ({ ...row, ageMs: rounded(row.ageMs, 1_000) }))
  return { type, table: { ...table, rows } }
}
