/*
 * What a line of a chart is made of: values, and when each was measured. Curves are means over ten
 * samples, which is a second. All of a chart's curves are laid on one grid of tenths of a second,
 * so that streams with clocks of their own share it; where samples are missing there is a gap, for
 * nobody knows what went on in it.
 */
import { maxSamples, sampleEveryMs } from '../../protocol/load'

export interface Curve {
  readonly atMs: readonly number[]
  /** Nothing where there was nothing to measure. */
  readonly values: readonly (number | null)[]
}

/** So many samples are averaged. */
export const averaged = 10

/** What the charts show, and the seconds from now of each place on their grid. */
export const shownSeconds = (maxSamples * sampleEveryMs) / 1000
export const gridSeconds: readonly number[] = Array.from(
  { length: maxSamples + 1 },
  (_, at) => ((at - maxSamples) * sampleEveryMs) / 1000,
)

/** Samples that lie further apart have others missing between them; a timer may be a bit late. */
const longestStepMs = 2.5 * sampleEveryMs

/** The last value of a curve. */
export const lastOf = ({ values }: Curve): number | null => values.at(-1) ?? null

/** The mean of the values that there are. */
export const meanOf = (values: readonly (number | null)[]): number | null =>
  lastOf(movingMeans({ atMs: [], values }, values.length))

/**
 * Moving means of a curve, over so many values. They begin anew after a gap; where nothing was
 * measured they go on with what there is, or, with `ending`, end there too: what was measured is
 * gone.
 */
export function movingMeans({ atMs, values }: Curve, over = averaged, ending?: 'ending'): Curve {
  const means: (number | null)[] = []
  // Sums that grow and shrink at their ends, since this is done for each line ten times a second.
  let from = 0
  let total = 0
  let count = 0
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if ((ending && value === null) || atMs[at]! - atMs[at - 1]! > longestStepMs) {
      from = at
      total = count = 0
    }
    if (value !== null) {
      total += value
      count++
    }
    if (at - from === over) {
      const old = values[from++]!
      if (old !== null) {
        total -= old
        count--
      }
    }
    means.push(count > 0 ? Math.max(0, total / count) : null)
  }
  return { atMs, values: means }
}

/** Undefined: the line goes straight on from the value before to the one behind. */
export type GridValue = number | null | undefined

/** A curve on the grid that ends at `nowMs`. */
export function onGrid({ atMs, values }: Curve, nowMs: number): GridValue[] {
  const grid: GridValue[] = Array(gridSeconds.length).fill(null)
  // Places of the clock, not of `nowMs`: a sample moves to the left and never to and fro.
  const first = placeOf(nowMs) - maxSamples
  let before = -1
  for (let at = 0; at < atMs.length; at++) {
    const place = placeOf(atMs[at]!) - first
    if (place < 0 || place > maxSamples) continue
    grid[place] = values[at]
    const isJoined = before >= 0 && atMs[at]! - atMs[at - 1]! <= longestStepMs
    if (isJoined && values[at] !== null && values[at - 1] !== null)
      for (let between = before + 1; between < place; between++) grid[between] = undefined
    before = place
  }
  return grid
}

const placeOf = (ms: number): number => Math.round(ms / sampleEveryMs)

/** Whether the last sample is of the last second. */
export const isFresh = (samples: readonly { readonly atMs: number }[], nowMs: number): boolean =>
  nowMs - (samples.at(-1)?.atMs ?? -Infinity) <= averaged * sampleEveryMs
