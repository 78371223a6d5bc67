/* What an OS process costs between two readings, whoever it is by then. */
import { expect, test } from 'vitest'
import { Gauges, type Reading } from '../../src/host/gauges'

const reading = (mainMs: number, allMs: number, more: Partial<Reading> = {}): Reading => ({
  host: 'play-1',
  pid: 7,
  costs: { mainMs, allMs },
  rssMb: 99.6,
  processes: 12,
  ...more,
})

test('a share is what was used of the time that has passed', () => {
  const gauges = new Gauges()
  expect(gauges.take([reading(1_000, 1_500)], 500)).toEqual([])
  expect(gauges.take([reading(1_050, 1_620)], 600)).toEqual([
    { host: 'play-1', busy: 0.5, cores: 1.2, rssMb: 100, processes: 12 },
  ])
  expect(gauges.take([reading(1_050, 1_620)], 900)).toMatchObject([{ busy: 0, cores: 0 }])
})

test('nobody is busier than always', () => {
  const gauges = new Gauges()
  gauges.take([reading(0, 0)], 0)
  expect(gauges.take([reading(110, 110)], 100)).toMatchObject([{ busy: 1, cores: 1.1 }])
})

test('a new life, and one that was not to be seen for a while, begin anew', () => {
  const gauges = new Gauges()
  gauges.take([reading(1_000, 1_000)], 0)
  expect(gauges.take([reading(20, 20, { pid: 8 })], 100)).toEqual([])
  expect(gauges.take([reading(30, 30, { pid: 8 })], 200)).toMatchObject([{ busy: 0.1 }])
  expect(gauges.take([reading(0, 0, { pid: undefined, costs: undefined })], 300)).toEqual([])
  expect(gauges.take([reading(60, 60, { pid: 8 })], 400)).toEqual([])
  gauges.take([], 500)
  expect(gauges.take([reading(90, 90, { pid: 8 })], 600)).toEqual([])
})

test('each host has its own, in the order of the readings; one without a runtime has no processes', () => {
  const gauges = new Gauges()
  const both = (ms: number) => [
    reading(ms, ms, { host: 'root', pid: 1, processes: undefined }),
    reading(2 * ms, 2 * ms),
  ]
  gauges.take(both(0), 0)
  expect(gauges.take(both(10), 100)).toEqual([
    { host: 'root', busy: 0.1, cores: 0.1, rssMb: 100 },
    { host: 'play-1', busy: 0.2, cores: 0.2, rssMb: 100, processes: 12 },
  ])
})
