/*
 * What the store in memory still has: the tail of each stream's present epoch, whole or not at all.
 */
import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/protocol/store'
import { createMemoryStore } from '../../src/system/memory-store'
import { Random } from '../support/random'

const kept = 200

function appended(count: number, epoch = 'e1', store: Store = createMemoryStore()): Store {
  for (let seq = 1; seq <= count; seq++) store.append('a', epoch, seq, `${epoch} ${seq}`)
  return store
}

describe('a stream', () => {
  test('is read from any place of its tail on, in order', () => {
    const store = appended(3)
    expect(store.read('a', 'e1', 0)).toEqual(['e1 1', 'e1 2', 'e1 3'])
    expect(store.read('a', 'e1', 2)).toEqual(['e1 3'])
    expect(store.read('a', 'e1', 3)).toEqual([])
  })

  test('keeps its last 200 events, and says so when more are asked for', () => {
    const full = appended(kept)
    expect(full.read('a', 'e1', 0)).toHaveLength(kept)
    const over = appended(kept + 1)
    expect(over.read('a', 'e1', 0)).toBe(undefined)
    expect(over.read('a', 'e1', 1)).toHaveLength(kept)
    expect(over.read('a', 'e1', kept)).toEqual([`e1 ${kept + 1}`])
  })

  test('that nobody wrote may have been written elsewhere: it has nothing to give', () => {
    const store = createMemoryStore()
    expect(store.read('a', 'e1', 0)).toBe(undefined)
    expect(store.read('a', 'e1', 1)).toBe(undefined)
  })

  test('forgets the epoch before when a new one begins', () => {
    const store = appended(1, 'e2', appended(5))
    expect(store.read('a', 'e2', 0)).toEqual(['e2 1'])
    expect(store.read('a', 'e1', 4)).toBe(undefined)
  })

  test('that was forgotten is as one that nobody wrote', () => {
    const store = appended(5)
    store.forget('a')
    store.forget('b')
    expect(store.read('a', 'e1', 3)).toBe(undefined)
    expect(store.read('a', 'e1', 0)).toBe(undefined)
  })

  test('hands out lists of its own: what is read stays as it was', () => {
    const store = appended(2)
    const read = store.read('a', 'e1', 0)
    store.append('a', 'e1', 3, 'e1 3')
    expect(read).toEqual(['e1 1', 'e1 2'])
  })
})

test('of many streams each keeps its own tail', () => {
  const random = new Random(1)
  const store = createMemoryStore()
  const said = new Map(['a', 'b', 'c'].map((stream) => [stream, [] as number[]]))
  for (let step = 0; step < 2_000; step++) {
    const stream = random.pick(['a', 'b', 'c'])
    const events = said.get(stream)!
    store.append(stream, 'e1', events.length + 1, step)
    events.push(step)
    const after = random.between(0, events.length)
    const isKept = after >= events.length - kept
    expect(store.read(stream, 'e1', after)).toEqual(isKept ? events.slice(after) : undefined)
  }
})
