/* How long the audience waits: from the wish to its result, small sums alone. */
import { beforeEach, expect, test } from 'vitest'
import { SumGauge } from '../../src/gateway/sum-gauge'
import { sessionStream } from '../../src/protocol/envelope'

let gauge: SumGauge
let nowMs: number

beforeEach(() => {
  nowMs = 1_000
  gauge = new SumGauge(() => nowMs)
})

const anna = sessionStream('anna')
const wish = (text: string, id: string, stream = anna) =>
  gauge.see({ stream, id, command: { type: 'start_sum', text } })
const ends = (id: string, stream = anna) =>
  gauge.hear(stream, [
    { type: 'sum_started', id },
    { type: 'sum_finished', id, result: '15' },
  ])

test('nothing is told before anything has ended', () => {
  wish('5', 'a')
  expect(gauge.read()).toBeUndefined()
})

test('a sum took as long as from its wish to its end, whichever way it ends', () => {
  wish('5', 'a')
  nowMs += 4
  wish('0013', 'b')
  ends('a')
  nowMs += 16
  gauge.hear(anna, [{ type: 'sum_failed', id: 'b', reason: 'bad luck' }])
  expect(gauge.read()).toMatchObject({ count: 2, p50: expect.closeTo(4, 1), max: 16 })
})

test('a wish that is sent again counts from the first time, and once', () => {
  wish('5', 'a')
  nowMs += 10
  wish('5', 'a')
  ends('a')
  ends('a')
  expect(gauge.read()).toMatchObject({ count: 1, max: 10 })
})

test('the same id of two visitors is two sums', () => {
  const ben = sessionStream('ben')
  wish('5', 'a')
  wish('5', 'a', ben)
  ends('a', ben)
  expect(gauge.read()?.count).toBe(1)
})

test.each(['-5', '0', '99999', 'abc', '', '1.5', ' '])('%j is no small sum', (text) => {
  wish(text, 'a')
  ends('a')
  expect(gauge.read()).toBeUndefined()
})

test.each([undefined, null, 5, {}, { text: 5 }])('a command like %j is none', (command) => {
  gauge.see({ stream: anna, id: 'a', command })
  gauge.hear(anna, [undefined, null, 7, { type: 'sum_finished' }])
  expect(gauge.read()).toBeUndefined()
})

test('what is no session is left alone', () => {
  gauge.see({ stream: 'boards/board/x', id: 'a', command: { type: 'start_sum', text: '5' } })
  ends('a', 'boards/board/x')
  expect(gauge.read()).toBeUndefined()
})

test('after ten seconds a sum counts no more', () => {
  wish('5', 'a')
  ends('a')
  nowMs += 6_000
  wish('5', 'b')
  ends('b')
  expect(gauge.read()?.count).toBe(2)
  nowMs += 5_000
  expect(gauge.read()?.count).toBe(1)
  nowMs += 6_000
  expect(gauge.read()).toBeUndefined()
})

test('what is never heard of again takes no room for ever', () => {
  for (let at = 0; at < 5_001; at++) wish('5', `a${at}`)
  ends('a0')
  expect(gauge.read()).toBeUndefined()
  ends('a1')
  expect(gauge.read()?.count).toBe(1)
  for (let at = 0; at < 2_100; at++) {
    wish('5', `b${at}`)
    ends(`b${at}`)
  }
  expect(gauge.read()?.count).toBe(2_000)
})
