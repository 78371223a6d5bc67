import { expect, test } from 'vitest'
import { nextRestart, noRestarts, type RestartHistory } from '../../src/host/restarts'

/** The waits of restarts that are asked for at these times. */
function waitsAt(timesMs: readonly number[]): number[] {
  let history: RestartHistory = noRestarts
  return timesMs.map((nowMs) => {
    const next = nextRestart(history, nowMs)
    history = next.history
    return next.waitMs
  })
}

const everyMs = (stepMs: number, count: number) =>
  Array.from({ length: count }, (_, index) => index * stepMs)

test('a host that is killed each second restarts at once, for ever', () => {
  expect(waitsAt(everyMs(1_000, 600)).every((waitMs) => waitMs === 0)).toBe(true)
})

test('thirty restarts within 10 seconds are at once, the next one waits', () => {
  const waits = waitsAt(everyMs(10, 31))
  expect(waits.slice(0, 30).every((waitMs) => waitMs === 0)).toBe(true)
  expect(waits[30]).toBe(1_000)
})

test('the waits grow to 5 seconds at most', () => {
  const burst = Array.from({ length: 37 }, () => 0)
  expect(waitsAt(burst).slice(30)).toEqual([1_000, 2_000, 3_000, 4_000, 5_000, 5_000, 5_000])
})

test('a host that has lived through the window restarts at once again', () => {
  expect(waitsAt([...everyMs(10, 31), 30_000]).at(-1)).toBe(0)
})

test('and when that host is lost too often again, the waits begin anew', () => {
  const burst = Array.from({ length: 33 }, () => 0)
  const later = Array.from({ length: 31 }, () => 60_000)
  expect(waitsAt([...burst, ...later]).at(-1)).toBe(1_000)
})
