import { beforeEach, expect, test } from 'vitest'
import { Sampler } from '../../src/host/sampler'
import type { HostRecord } from '../../src/protocol/log-record'

let passed: HostRecord[]
let ends: (() => void)[]
let sampler: Sampler

beforeEach(() => {
  passed = []
  ends = []
  sampler = new Sampler({
    pass: (record) => passed.push(record),
    after(ms, act) {
      expect(ms).toBe(1_000)
      ends.push(act)
    },
  })
})

/** A second passes. */
const tick = () => ends.splice(0).forEach((end) => end())
const crash = (message: string, initialCall = 'sum'): HostRecord => {
  return { level: 'error', event: 'process_crashed', initialCall, reason: new Error(message) }
}
const storm = (count: number, message: (at: number) => string = () => 'a storm') => {
  for (let at = 0; at < count; at++) sampler.take(crash(message(at)))
}
const leftOut = () => passed.filter(({ event }) => event === 'left_out')

test('of records that tell the same, twenty a second pass, and the rest is counted', () => {
  storm(100_000)
  sampler.take(crash('another'))
  sampler.take(crash('a storm', 'session'))
  expect(passed).toHaveLength(22)
  tick()
  expect(passed.slice(22)).toEqual([
    {
      event: 'left_out',
      level: 'error',
      of: 'process_crashed',
      initialCall: 'sum',
      reason: 'a storm',
      count: 99_980,
    },
  ])
})

test('while a storm goes on two a second pass, and once it is over twenty again', () => {
  storm(100)
  tick()
  storm(100)
  tick()
  expect(leftOut().map(({ count }) => count)).toEqual([80, 98])
  tick()
  tick()
  expect(ends).toEqual([])
  passed.length = 0
  storm(100)
  expect(passed).toHaveLength(20)
})

test('of all kinds two hundred pass, of fifty the first always, and the rest is counted', () => {
  storm(400, (at) => `kind ${at % 20}`)
  expect(passed).toHaveLength(200)
  sampler.take(crash('a new kind'))
  expect(passed).toHaveLength(201)
  storm(10_000, (at) => `one of many ${at}`)
  expect(passed.length).toBeLessThanOrEqual(250)
  const before = passed.length
  tick()
  const counts = leftOut().map(({ count }) => Number(count))
  expect(counts.reduce((sum, count) => sum + count) + before).toBe(10_401)
  // Of those that are not told apart nothing is said but how many they were.
  expect(leftOut().at(-1)).toMatchObject({ event: 'left_out', level: 'warn' })
  expect(leftOut().at(-1)).not.toHaveProperty('of')
})

test('what tells of many counts as many when it is left out itself', () => {
  for (let at = 0; at < 30; at++) {
    sampler.take({ level: 'error', event: 'left_out', of: 'process_crashed', count: 1_000 })
  }
  tick()
  expect(passed.at(-1)).toMatchObject({ event: 'left_out', of: 'process_crashed', count: 10_000 })
})

test('a long reason tells records apart by its beginning only', () => {
  storm(100, (at) => `${'x'.repeat(100)} ${at}`)
  expect(passed).toHaveLength(20)
})
