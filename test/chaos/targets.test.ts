import { describe, expect, test } from 'vitest'
import { spread } from './spread'
import { cellOf, namedTarget, targets } from './targets'

describe('a figure with a target', () => {
  test('is marked when it is beyond it, where the target holds', () => {
    expect(cellOf('load', targets.ack, spread([100, 250]))).toBe('100 / 250 / 250')
    expect(cellOf('load', targets.ack, spread([100, 251]))).toBe('100 / 251 / 251 !')
    expect(cellOf('kill-both', targets.ack, spread([100, 251]))).toBe('100 / 251 / 251')
  })

  test('is judged by the number that the target is of', () => {
    const readings = spread([...Array.from({ length: 199 }, () => 100), 5_000])
    expect(cellOf('moderate', targets.wall, readings)).toBe('100 / 100 / 5000')
    expect(cellOf('moderate', targets.hidden, readings)).toBe('100 / 100 / 5000 !')
    expect(namedTarget(targets.hidden)).toBe('(max ≤ 1000)')
  })

  test('is marked when it was to be measured and nobody did', () => {
    expect(cellOf('sleep', targets.woken, spread([]))).toBe('- !')
    expect(cellOf('sleep', targets.woken, undefined)).toBe('- !')
    expect(cellOf('load', targets.woken, undefined)).toBe('-')
  })
})
