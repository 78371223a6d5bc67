import { afterEach, expect, test } from 'vitest'
import { startPulse, type Pulse } from '../../server/pulse'

let pulse: Pulse | undefined
afterEach(() => pulse?.stop())

/** Keeps this thread from getting any turn, as a stopped process or a closed laptop would. */
const sleepDeeply = (forMs: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs)

test('the root notices that it overslept, and its clock leaves that time out', async () => {
  const sleptMs = 600
  const woken = await new Promise<{ lagMs: number; awakeMs: number }>((resolve) => {
    pulse = startPulse((lagMs) => resolve({ lagMs, awakeMs: pulse!.awakeMs() - beforeMs }))
    const beforeMs = pulse.awakeMs()
    sleepDeeply(sleptMs)
  })
  expect(woken.lagMs).toBeGreaterThan(sleptMs / 2)
  expect(woken.awakeMs).toBeLessThan(sleptMs / 2)
})

test('the clock of the root never goes back', async () => {
  const readings: number[] = []
  await new Promise<void>((resolve) => {
    pulse = startPulse(() => {
      readings.push(pulse!.awakeMs())
      if (readings.length >= 20) resolve()
      else {
        sleepDeeply(readings.length % 3 === 0 ? 160 : 0)
        readings.push(pulse!.awakeMs())
      }
    })
  })
  expect(readings).toEqual(readings.toSorted((a, b) => a - b))
})
