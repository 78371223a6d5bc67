/*
 * What is shown of a value: enough to know it by, never a way to change it, never its own code.
 */
import { expect, test } from 'vitest'
import { Pid, qualified } from '../../src/runtime'
import { glimpse } from '../../src/runtime/glimpse'

test.each([
  ['plain values', [1, 2n, 'x', null, undefined, true], [1, 2n, 'x', null, undefined, true]],
  ['nesting', { a: [{ b: new Map([['k', { c: 1 }]]) }] }, { a: [{ b: new Map([['k', '…']]) }] }],
  ['a long text', 'x'.repeat(300), 'x'.repeat(200) + '…'],
  ['a long list', Array(30).fill(0), [...Array<number>(20).fill(0), '…']],
  ['a long set', new Set(Array(30).keys()), new Set([...Array(20).keys(), '…'])],
  ['functions', [function sum() {}, class Sum {}], ['[function sum]', '[function Sum]']],
  ['a qualified view', qualified('sum'), '[function get]'],
  ['errors', new RangeError('too big'), '[RangeError: too big]'],
  ['bytes', [new Uint8Array(3), new ArrayBuffer(2)], ['[view of 3 bytes]', '[buffer of 2 bytes]']],
  ['dates', new Date(5), new Date(5)],
])('%s', (_what, value, expected) => {
  const shown = glimpse(value)
  if (typeof value === 'function') expect(shown).toMatch(/^\[function/)
  else expect(shown).toEqual(expected)
})

test('pids are shown as they are', () => {
  const pid = new Pid(0, 1)
  expect(glimpse({ pid })).toEqual({ pid })
})

test('a cycle and a flood end', () => {
  const cycle: unknown[] = []
  cycle.push(cycle, { cycle })
  expect(glimpse(cycle)).toEqual([
    [[['…', '…'], { cycle: '…' }], { cycle: ['…', '…'] }],
    expect.anything(),
  ])
  const wide = (depth: number): unknown => (depth ? Array(20).fill(wide(depth - 1)) : 0)
  expect(JSON.stringify(glimpse(wide(6))).length).toBeLessThan(5_000)
})

test('no code of the value runs', () => {
  const never = () => {
    throw new Error('it ran')
  }
  class Hostile extends Error {
    override get message(): string {
      return never()
    }
  }
  const value = {
    get lazy() {
      return never()
    },
    toJSON: never,
    toString: never,
    error: new Hostile(),
  }
  expect(glimpse(value)).toMatchObject({ lazy: '[accessor]', toJSON: '[function never]' })
})

test('a key cannot change what is shown otherwise', () => {
  const shown = glimpse(JSON.parse('{"__proto__":{"x":1}}')) as object
  expect(Object.keys(shown)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(shown)).toBe(Object.prototype)
})

test('what cannot be looked at is said to be so, and the rest is shown', () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {})
  revoke()
  const never = () => {
    throw new Error('it ran')
  }
  const odd: unknown[] = [
    revoked,
    new Proxy({}, { ownKeys: never }),
    new Proxy(never, { getOwnPropertyDescriptor: never }),
    Object.create(Date.prototype),
    Object.create(Map.prototype),
  ]
  expect(glimpse([1, { odd }])).toEqual([1, { odd: odd.map(() => '[unreadable]') }])
})

test('a map or set of a class of its own is shown without its code', () => {
  class OwnMap extends Map<number, number> {
    override keys(): never {
      throw new Error('it ran')
    }
    override get size(): never {
      throw new Error('it ran')
    }
  }
  expect([...(glimpse(new OwnMap([[1, 2]])) as OwnMap)]).toEqual([[1, 2]])
})
