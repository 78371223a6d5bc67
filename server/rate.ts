/*
 * How much one visitor may ask. A bucket of tokens for each: it holds a burst, fills at a steady
 * rate, and counts what came while it was empty. First such a wish is refused, then the line is
 * cut. Counted by visitor and not by address, since a whole hall is one address.
 */

export interface Rate {
  readonly perSecond: number
  readonly burst: number
  /** So many too many in a row, and the line is cut. */
  readonly cutAfter: number
}

export type Verdict = 'pass' | 'refuse' | 'cut'

interface Bucket {
  tokens: number
  filledMs: number
  tooMany: number
}

/** More buckets than a hall has people: then the full ones, which say nothing, are thrown away. */
const firstSweepAt = 10_000

export class RateLimit {
  private readonly rate: Rate
  private readonly now: () => number
  private readonly buckets = new Map<string, Bucket>()
  private sweepAt = firstSweepAt

  /** @param now monotonic milliseconds */
  constructor(rate: Rate, now: () => number) {
    this.rate = rate
    this.now = now
  }

  /** Takes one token of `key`. */
  take(key: string): Verdict {
    const bucket = this.bucket(key)
    if (bucket.tokens >= 1) {
      bucket.tokens--
      bucket.tooMany = 0
      return 'pass'
    }
    bucket.tooMany++
    return bucket.tooMany > this.rate.cutAfter ? 'cut' : 'refuse'
  }

  private bucket(key: string): Bucket {
    const known = this.buckets.get(key)
    if (known) return this.fill(known)
    if (this.buckets.size >= this.sweepAt) this.sweep()
    const bucket = { tokens: this.rate.burst, filledMs: this.now(), tooMany: 0 }
    this.buckets.set(key, bucket)
    return bucket
  }

  private fill(bucket: Bucket): Bucket {
    const nowMs = this.now()
    const added = ((nowMs - bucket.filledMs) / 1000) * this.rate.perSecond
    bucket.tokens = Math.min(this.rate.burst, bucket.tokens + added)
    bucket.filledMs = nowMs
    return bucket
  }

  private sweep(): void {
    for (const [key, bucket] of this.buckets) {
      if (this.fill(bucket).tokens >= this.rate.burst) this.buckets.delete(key)
    }
    // A crowd whose buckets are all in use is not looked through again for each who comes.
    this.sweepAt = Math.max(firstSweepAt, 2 * this.buckets.size)
  }
}
