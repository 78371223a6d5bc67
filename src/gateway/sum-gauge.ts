/*
 * How long the audience waits for small sums: from the gateway's door, where the wish comes in, and
 * back to it, where the result goes out. Long sums take as long as they are, and are left out.
 */
import type { Wish } from '../protocol/envelope'
import { sessionStream } from '../protocol/envelope'
import type { GaugesSample } from '../protocol/gauges'
import { Latencies } from '../protocol/latencies'
import type { StartSum } from '../protocol/sum'

const windowMs = 10_000
/** Of a hall that sends more than that in a window, the last ones stand for all. */
const mostKept = 2_000
/** Wishes that were refused, or whose session died, are never heard of again. */
const mostAwaited = 5_000

/** A whole number from 1, of up to four digits. */
const isSmall = (text: string): boolean => /^\s*\+?0*[1-9]\d{0,3}\s*$/.test(text)

export class SumGauge {
  private readonly nowMs: () => number
  private readonly awaited = new Map<string, number>()
  private readonly ended: { readonly atMs: number; readonly tookMs: number }[] = []

  /** @param nowMs any clock that never goes back */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  /** A wish that has come in. */
  see({ stream, id, command }: Wish): void {
    if (!stream.startsWith(sessionStream(''))) return
    const { text } = (command ?? {}) as Partial<StartSum>
    const key = `${stream} ${id}`
    if (typeof text !== 'string' || !isSmall(text) || this.awaited.has(key)) return
    this.awaited.set(key, this.nowMs())
    const [oldest] = this.awaited.keys()
    if (this.awaited.size > mostAwaited && oldest !== undefined) this.awaited.delete(oldest)
  }

  /** Events that go out. */
  hear(stream: string, events: readonly unknown[]): void {
    if (this.awaited.size === 0 || !stream.startsWith(sessionStream(''))) return
    for (const event of events) {
      const { type, id } = (event ?? {}) as { type?: unknown; id?: unknown }
      if (type === 'sum_finished' || type === 'sum_failed') this.end(`${stream} ${String(id)}`)
    }
  }

  /** How long those took that ended lately; undefined when none did. */
  read(): GaugesSample['sums'] {
    const fromMs = this.nowMs() - windowMs
    const firstKept = this.ended.findIndex(({ atMs }) => atMs >= fromMs)
    this.ended.splice(0, firstKept < 0 ? this.ended.length : firstKept)
    const latencies = new Latencies()
    for (const { tookMs } of this.ended) latencies.add(tookMs)
    const taken = latencies.take()
    return taken && { ...taken, count: this.ended.length }
  }

  private end(key: string): void {
    const cameMs = this.awaited.get(key)
    if (cameMs === undefined) return
    this.awaited.delete(key)
    const atMs = this.nowMs()
    this.ended.push({ atMs, tookMs: atMs - cameMs })
    if (this.ended.length > mostKept) this.ended.shift()
  }
}
