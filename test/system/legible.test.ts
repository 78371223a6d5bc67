/* Variables as people see them: short, without texts, and cheap however large they are. */
import { expect, test } from 'vitest'
import { legible } from '../../src/system/legible'

test.each([
  ['a note', 'text of 6'],
  [-5n, '-5'],
  [[1, 'b', null], '[1, text of 1, null]'],
  [new Map([['anna', { text: 'hi' }]]), 'Map {text of 4 => {text: text of 2}}'],
  [{ 'a key that somebody typed': new Set([1]) }, '{…: Set {1}}'],
  [{ a: { b: { c: { d: 1 } } } }, '{a: {b: {c: …}}}'],
])('%o is told as %s', (value, told) => expect(legible(value)).toBe(told))

test('of many parts the first eight are told, and no other is looked at', () => {
  const unseen = {
    get part(): never {
      throw new Error('looked at')
    },
  }
  const parts = [1, 2, 3, 4, 5, 6, 7, 8, unseen]
  const told = '1, 2, 3, 4, 5, 6, 7, 8, …'
  expect(legible(parts)).toBe(`[${told}]`)
  expect(legible(new Set(parts))).toBe(`Set {${told}}`)
  expect(legible(new Map(parts.map((part) => [part, part])))).toMatch(/8 => 8, …}$/)
})
