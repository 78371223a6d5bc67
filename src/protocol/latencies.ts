/*
 * How long many jobs took: counts in buckets that grow with what they hold, so that a million
 * latencies take no more room than one, and every percentile is told to within 3 %. Up to 64 µs
 * each microsecond has a bucket; from there on each doubling is divided into 32.
 */
import type { LatencyMs } from './load'

const divisionBits = 5
const divisions = 1 << divisionBits
/** Longer than half an hour counts as that. */
const longestUs = 2 ** 31 - 1

const doublingsOf = (us: number): number => Math.max(0, 31 - Math.clz32(us) - divisionBits)

function bucketOf(us: number): number {
  const doublings = doublingsOf(us)
  return doublings * divisions + (us >>> doublings)
}

/** The longest that falls into a bucket. */
function longestOf(bucket: number): number {
  const doublings = Math.max(0, Math.floor(bucket / divisions) - 1)
  return (bucket - doublings * divisions + 1) * 2 ** doublings - 1
}

export class Latencies {
  private readonly buckets = new Uint32Array(bucketOf(longestUs) + 1)
  private count = 0
  private maxMs = 0

  add(ms: number): void {
    const us = Math.min(Math.max(0, Math.floor(ms * 1000)), longestUs)
    this.buckets[bucketOf(us)]!++
    this.count++
    if (ms > this.maxMs) this.maxMs = ms
  }

  /** What was added since the last time, in hundredths of a millisecond; undefined for nothing. */
  take(): LatencyMs | undefined {
    if (this.count === 0) return undefined
    const [p50, p90, p99, p999] = this.percentiles([0.5, 0.9, 0.99, 0.999])
    const max = rounded(this.maxMs)
    this.buckets.fill(0)
    this.count = 0
    this.maxMs = 0
    return { p50: p50!, p90: p90!, p99: p99!, p999: p999!, max }
  }

  /** @param shares in rising order */
  private percentiles(shares: readonly number[]): number[] {
    const found: number[] = []
    let passed = 0
    for (let bucket = 0; found.length < shares.length; bucket++) {
      passed += this.buckets[bucket]!
      while (found.length < shares.length && passed >= shares[found.length]! * this.count) {
        found.push(rounded(Math.min(longestOf(bucket) / 1000, this.maxMs)))
      }
    }
    return found
  }
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100
