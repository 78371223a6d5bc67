/*
 * Maximum restart intensity: the edges of the window, and a model that counts.
 */
import { expect, it } from 'vitest'
import { addRestart } from '../../src/runtime/intensity'
import { Random } from '../support/random'

const limit = { intensity: 3, periodSeconds: 5 }

it('exactly as many restarts as the intensity are granted, one more is not', () => {
  let restarts: readonly number[] | undefined = []
  for (const at of [0, 1, 2]) restarts = addRestart(restarts!, at, limit)
  expect(restarts).toEqual([0, 1, 2])
  expect(addRestart(restarts!, 3, limit)).toBe(undefined)
})

it('a restart counts until its period has passed, the last millisecond included', () => {
  expect(addRestart([0, 1, 2], 5_000, limit)).toBe(undefined)
  expect(addRestart([0, 1, 2], 5_001, limit)).toEqual([1, 2, 5_001])
})

it('an intensity of 0 grants none', () => {
  expect(addRestart([], 0, { intensity: 0, periodSeconds: 5 })).toBe(undefined)
})

it('equals counting under random histories, and never remembers more than the intensity', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed)
    const limit = { intensity: random.below(6), periodSeconds: random.between(1, 10) }
    const granted: number[] = []
    let restarts: readonly number[] = []
    let now = 0
    for (let turn = 0; turn < 100; turn++) {
      now += random.chance(0.3) ? 0 : random.below(3_000)
      const inWindow = granted.filter((at) => at >= now - limit.periodSeconds * 1000).length
      const after = addRestart(restarts, now, limit)
      expect(after !== undefined, `seed ${seed}, turn ${turn}`).toBe(
        inWindow + 1 <= limit.intensity,
      )
      if (!after) continue
      granted.push(now)
      restarts = after
      expect(restarts.length).toBeLessThanOrEqual(limit.intensity)
    }
  }
})
