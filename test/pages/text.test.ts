import { describe, expect, test } from 'vitest'
import { groupDigits } from '../../src/pages/parts/digits'
import { duration } from '../../src/pages/parts/time-of-day'
import { whyFailed } from '../../src/pages/sum/failure'
import { withPlainMinus, withSignChanged } from '../../src/pages/sum/typed-number'

describe('a long number', () => {
  test.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1\u2009000'],
    ['-1250025000', '\u22121\u2009250\u2009025\u2009000'],
  ])('%s is shown in groups of three', (digits, shown) => {
    expect(groupDigits(digits)).toBe(shown)
  })

  test.each(['', 'five', '1e21', '12.5', '--5'])(
    'that is none, "%s", is shown as it is',
    (text) => {
      expect(groupDigits(text)).toBe(text)
    },
  )
})

describe('a duration', () => {
  test.each([
    [0, '0.1 s'],
    [640, '0.6 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [99_000, '99 s'],
    [179_000, '3 min'],
  ])('of %i ms is as exact as anybody wants to know it', (ms, shown) => {
    expect(duration(ms)).toBe(shown)
  })
})

describe('what thumbs do to a number', () => {
  test('a minus from elsewhere is the plain one', () => {
    expect(withPlainMinus('\u22125 \u20135 -5')).toBe('-5 -5 -5')
  })

  test('the ± key changes the sign there and back', () => {
    expect(withSignChanged('')).toBe('-')
    expect(withSignChanged(withSignChanged('13'))).toBe('13')
  })
})

describe('why a sum failed', () => {
  test.each([
    ['Error: bad luck', 'its process crashed (bad luck).'],
    ['RangeError: too big', 'its process crashed (RangeError: too big).'],
    ['killed', 'its process was killed.'],
    [
      'unyielding in sum (sum.ts:3:1)',
      'its process would not pause (unyielding in sum (sum.ts:3:1)).',
    ],
    ['noproc', 'its process is gone.'],
    [undefined, 'nobody knows why.'],
  ])('%s is said in plain words', (reason, words) => {
    expect(whyFailed(reason)).toBe(words)
  })
})
