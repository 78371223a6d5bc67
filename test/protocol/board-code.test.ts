/* The short codes of boards. */
import { expect, test } from 'vitest'
import { boardCode, readBoardCode } from '../../src/protocol/board-code'

test('a code has four characters that are not mistaken, and stays the same', () => {
  const codes = Array.from({ length: 500 }, (_, at) => boardCode(`board-${at}`))
  for (const code of codes) expect(code).toMatch(/^[3479ACDEFHJKMNPRTWXY]{4}$/)
  expect(new Set(codes).size).toBeGreaterThan(490)
  expect(boardCode('observability')).toBe(boardCode('observability'))
})

test('a code is read as people type it', () => {
  const code = boardCode('observability')
  expect(readBoardCode(` ${code.toLowerCase().slice(0, 2)} ${code.slice(2)}`)).toBe(code)
  for (const none of ['', 'abc', 'abcde', 'OOOO', '/sum', '1111']) {
    expect(readBoardCode(none)).toBeUndefined()
  }
})
