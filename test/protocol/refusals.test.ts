/*
 * The catalogue of refusals, as people and pages read it.
 */
import { expect, test } from 'vitest'
import { isPassing, refusalCodes, refuse, sentenceOf } from '../../src/protocol/refusals'

test.each(refusalCodes)('%s has a plain sentence of its own', (code) => {
  const sentence = sentenceOf(refuse(code))
  expect(sentence).toMatch(/^[A-Z].*\.$/)
  const others = refusalCodes.filter((other) => other !== code)
  expect(others.map((other) => sentenceOf(refuse(other)))).not.toContain(sentence)
})

test.each(['no_such_code', '', 'toString', 'constructor', '__proto__', 'hasOwnProperty'])(
  'a code that this version does not know reads as malformed: %j',
  (code) => {
    expect(sentenceOf({ code } as never)).toBe(sentenceOf(refuse('malformed')))
  },
)

test('only a wish to a host that is down, that cannot keep it or has too many is sent again by itself', () => {
  expect(refusalCodes.filter((code) => isPassing(refuse(code)))).toEqual([
    'too_fast',
    'not_kept',
    'host_down',
  ])
})
