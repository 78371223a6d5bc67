/* Percentiles of many latencies, against the latencies themselves. */
import { expect, test } from 'vitest'
import { Latencies } from '../../src/protocol/latencies'
import { Random } from '../support/random'

function told(all: readonly number[]) {
  const latencies = new Latencies()
  for (const ms of all) latencies.add(ms)
  return latencies.take()
}

test('of nothing there are none', () => {
  expect(new Latencies().take()).toBeUndefined()
})

test.each([0, 0.017, 0.5, 3.2, 31.9, 1234.56, 1e6])('of one, %d ms, all are that one', (ms) => {
  const { p50, p99, p999, max } = told([ms])!
  expect(max).toBeCloseTo(ms, 2)
  for (const each of [p50, p99, p999]) {
    expect(each).toBeLessThanOrEqual(max)
    expect(each).toBeGreaterThanOrEqual(max * 0.97 - 0.01)
  }
})

test('are the true ones to within 3 %, whatever they are', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = new Random(seed)
    const all = Array.from(
      { length: random.between(1, 3_000) },
      () => 10 ** (5 * random.next() - 1),
    )
    const sorted = all.toSorted((a, b) => a - b)
    const { p50, p90, p99, p999, max } = told(all)!
    const isNear = (got: number, share: number) => {
      const real = sorted[Math.ceil(share * sorted.length) - 1]!
      expect(Math.abs(got - real)).toBeLessThanOrEqual(real * 0.032 + 0.01)
    }
    isNear(p50, 0.5)
    isNear(p90, 0.9)
    isNear(p99, 0.99)
    isNear(p999, 0.999)
    isNear(max, 1)
  }
})

test('begin anew each time they are taken', () => {
  const latencies = new Latencies()
  latencies.add(500)
  latencies.take()
  latencies.add(1)
  expect(latencies.take()!.max).toBe(1)
  expect(latencies.take()).toBeUndefined()
})

test('of a moment before its due time count as nothing, and no latency is too long', () => {
  expect(told([-3])).toMatchObject({ p50: 0, max: 0 })
  expect(told([1e9])!.max).toBe(1e9)
})
