import { describe, expect, test } from 'vitest'
import { newAt } from '../../src/source/cursor'

const heard = (seq: number, ...events: string[]) => ({ stream: 's', epoch: 'a.1', seq, events })
const place = { epoch: 'a.1', seq: 3 }

describe('of the events that a follower hears', () => {
  test('those that follow its place are new', () => {
    expect(newAt(place, heard(5, 'four', 'five'))).toEqual(['four', 'five'])
  })

  test('those that it has are cut off', () => {
    expect(newAt(place, heard(5, 'two', 'three', 'four', 'five'))).toEqual(['four', 'five'])
    expect(newAt(place, heard(3, 'two', 'three'))).toEqual([])
    expect(newAt(place, heard(1, 'one'))).toEqual([])
  })

  test('missing ones between are a gap', () => {
    expect(newAt(place, heard(5, 'five'))).toBe('gap')
    expect(newAt(place, heard(4))).toBe('gap')
  })

  test('none at all are nothing new', () => {
    expect(newAt(place, heard(3))).toEqual([])
    expect(newAt({ epoch: 'a.1', seq: 0 }, heard(0))).toEqual([])
  })

  test('those of another epoch are a gap, whatever their number', () => {
    expect(newAt(place, { ...heard(4, 'four'), epoch: 'a.2' })).toBe('gap')
    expect(newAt({ epoch: undefined, seq: 0 }, heard(1, 'one'))).toBe('gap')
  })
})
