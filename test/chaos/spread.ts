/*
 * Many readings in four numbers. Of none at all they are 0, and `n` says so: a figure that nobody
 * measured must not look like a good one.
 */

/** From many readings: how many, the middle one, the last but one in a hundred, the worst. */
export interface Spread {
  readonly n: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export function spread(readings: readonly number[]): Spread {
  const sorted = [...readings].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}
