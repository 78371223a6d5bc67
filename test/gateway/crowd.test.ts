/*
 * A crowd: how long its windows are, and its place in its stream. What sockets are told is in
 * streams.test.ts.
 */
import { expect, test } from 'vitest'
import { Crowd, crowdWindowMs } from '../../src/gateway/crowd'
import { FanOut, type Telling } from '../../src/gateway/fan-out'

test.each([
  [0, 0],
  [20, 0],
  [21, 4.2],
  [1_000, 200],
  [5_000, 1_000],
  [10_000, 1_000],
])('a word to %i followers is followed by the next after %f ms', (followers, ms) => {
  expect(crowdWindowMs(followers)).toBe(ms)
})

const events = (seq: number, count = 1, epoch = 'e'): Telling => {
  const numbers = Array.from({ length: count }, (_, at) => seq - count + 1 + at)
  return { type: 'events', stream: 's', epoch, seq, events: numbers }
}
const snapshot = (seq: number, epoch = 'e'): Telling => {
  return { type: 'snapshot', stream: 's', epoch, seq, view: seq }
}

/** A crowd of one at number 3, and what it is told. */
function crowdOfOne(windowMs?: () => number) {
  const told: unknown[] = []
  const fanOut = new FanOut()
  fanOut.open((_, type, body) => told.push({ type, ...body }))
  const crowd = new Crowd(snapshot(3), fanOut, windowMs)
  crowd.add('anna')
  return { crowd, told }
}

test('goes on from its first word, and cuts off what it has', () => {
  const { crowd, told } = crowdOfOne()
  expect(crowd.cursor).toEqual({ epoch: 'e', after: 3 })
  expect([events(4), events(6, 4), events(5, 3)].map((word) => crowd.hear(word))).toEqual([
    true,
    true,
    true,
  ])
  expect(told).toEqual([events(4), events(6, 2)])
  expect(crowd.cursor).toEqual({ epoch: 'e', after: 6 })
})

test.each([
  ['a gap', events(5)],
  ['another epoch', events(4, 1, 'f')],
  ['a place ahead, without events', events(4, 0)],
])('is not told of %s, and stays where it is', (_, word) => {
  const { crowd, told } = crowdOfOne()
  expect(crowd.hear(word)).toBe(false)
  expect(told).toEqual([])
  expect(crowd.hear(events(4))).toBe(true)
})

test('is told nothing of a place where it is', () => {
  const { crowd, told } = crowdOfOne()
  expect(crowd.hear(events(3, 0))).toBe(true)
  expect(told).toEqual([])
})

test('goes wherever a snapshot is', () => {
  const { crowd, told } = crowdOfOne()
  crowd.hear(snapshot(1, 'f'))
  crowd.hear(events(2, 1, 'f'))
  expect(told).toEqual([snapshot(1, 'f'), events(2, 1, 'f')])
})

test('that is left by all is told nothing of what waits', () => {
  const { crowd, told } = crowdOfOne(() => 1_000)
  crowd.hear(events(4))
  crowd.hear(events(5))
  crowd.remove('anna')
  crowd.hear(snapshot(5))
  expect(told).toEqual([events(4)])
})

test('is told at once of what is urgent, with all that waited', () => {
  const { crowd, told } = crowdOfOne(() => 60_000)
  crowd.hear(events(4))
  crowd.hear(events(5))
  expect(told).toEqual([events(4)])
  crowd.hear({ ...events(6), urgent: true } as Telling)
  expect(told).toEqual([events(4), events(6, 2)])
})
