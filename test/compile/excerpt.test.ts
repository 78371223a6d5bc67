import { expect, test } from 'vitest'
import { excerptOf } from '../../src/compile/excerpt'

const source = ['one', 'two', '  three(', 'four', 'five', 'six'].join('\n')

test('shows the lines around a place, with a caret below it', () => {
  expect(excerptOf(source, 3, 8)).toBe(
    ['  1 | one', '  2 | two', '> 3 |   three(', '    |        ^', '  4 | four', '  5 | five'].join(
      '\n',
    ),
  )
})

test('ends where the source does, and at a width that can be read', () => {
  expect(excerptOf('one', 1, 1)).toBe('> 1 | one\n    | ^')
  const lines = excerptOf(`${'x'.repeat(1000)}`, 1, 900).split('\n')
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(110)
})

test('nothing in it is more than text', () => {
  expect(excerptOf('a\u001b[2J\u202eb\r\nc', 1, 1)).toBe('> 1 | a·[2J·b\n    | ^\n  2 | c')
})
