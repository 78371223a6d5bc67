/* When the whole rate was back after a kill, by the samples alone. */
import { describe, expect, test } from 'vitest'
import type { LoadSample } from '../../src/protocol/load'
import { recoveries } from './load'

const sample = (atMs: number, done: number): LoadSample => ({
  ...{ atMs, target: 100, clients: 100, due: 10, done, failed: {} },
  backsOff: false,
})
/** A sample each tenth of a second, in which `done` jobs were done by its time. */
const samples = (untilMs: number, done: (atMs: number) => number) =>
  Array.from({ length: untilMs / 100 }, (_, at) => sample((at + 1) * 100, done((at + 1) * 100)))

describe('after a kill', () => {
  test('the rate is back when the first second begins that has it', () => {
    const dip = samples(10_000, (atMs) => (atMs > 4_000 && atMs <= 5_500 ? 2 : 10))
    expect(recoveries(dip, [4_000], 100)).toEqual({ tookMs: [1_500], never: 0 })
  })

  test('that nobody noticed, it was never away', () => {
    const steady = samples(10_000, () => 10)
    expect(recoveries(steady, [4_000], 100)).toEqual({ tookMs: [0], never: 0 })
  })

  test('a few jobs fewer are still the whole rate, and more than a few are not', () => {
    expect(
      recoveries(
        samples(5_000, () => 9.6),
        [1_000],
        100,
      ).never,
    ).toBe(0)
    expect(
      recoveries(
        samples(5_000, () => 9.4),
        [1_000],
        100,
      ).never,
    ).toBe(1)
  })

  test('the second before it says nothing', () => {
    const gone = samples(10_000, (atMs) => (atMs <= 4_000 ? 10 : 0))
    expect(recoveries(gone, [4_000], 100)).toEqual({ tookMs: [], never: 1 })
  })

  test('samples that are missing are no jobs', () => {
    const hole = samples(10_000, () => 10).filter(({ atMs }) => atMs <= 4_000 || atMs > 6_000)
    expect(recoveries(hole, [4_000], 100)).toEqual({ tookMs: [2_000], never: 0 })
  })

  test('a rate that is back only after the next kill is not back in time', () => {
    const dips = samples(10_000, (atMs) => (atMs > 2_000 && atMs <= 5_000 ? 0 : 10))
    expect(recoveries(dips, [2_000, 4_000], 100)).toEqual({ tookMs: [1_000], never: 1 })
  })
})
