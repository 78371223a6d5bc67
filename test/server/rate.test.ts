/*
 * How much one visitor may ask, under a clock that a hand moves.
 */
import { beforeEach, expect, test } from 'vitest'
import { RateLimit, type Verdict } from '../../server/rate'

let nowMs: number
let limit: RateLimit
beforeEach(() => {
  nowMs = 1_000
  limit = new RateLimit({ perSecond: 2, burst: 3, cutAfter: 2 }, () => nowMs)
})

const takes = (count: number, key = 'anna'): Verdict[] =>
  Array.from({ length: count }, () => limit.take(key))

test('a burst passes, then wishes are refused, then the line is cut', () => {
  expect(takes(7)).toEqual(['pass', 'pass', 'pass', 'refuse', 'refuse', 'cut', 'cut'])
})

test('the bucket fills at its rate, and a wish that passes forgives those before', () => {
  takes(5)
  nowMs += 499
  expect(takes(1)).toEqual(['cut'])
  nowMs += 1
  expect(takes(4)).toEqual(['pass', 'refuse', 'refuse', 'cut'])
})

test('the bucket never holds more than a burst', () => {
  takes(3)
  nowMs += 3_600_000
  expect(takes(4)).toEqual(['pass', 'pass', 'pass', 'refuse'])
})

test('nobody pays for another, whatever their names', () => {
  takes(9)
  for (const key of ['ben', '', '__proto__', 'constructor']) {
    expect(takes(1, key)).toEqual(['pass'])
  }
})

test('who asked too much is remembered even when ten thousand others come', () => {
  takes(5)
  for (let other = 0; other < 10_001; other++) limit.take(`other${other}`)
  expect(takes(1)).toEqual(['cut'])
})

test('a crowd whose buckets are all in use is not looked through for each who comes', () => {
  let looked = 0
  const counting = new RateLimit({ perSecond: 2, burst: 3, cutAfter: 2 }, () => {
    looked++
    return nowMs
  })
  for (let visitor = 0; visitor < 20_000; visitor++) counting.take(`visitor${visitor}`)
  expect(looked).toBeLessThan(50_000)
})
