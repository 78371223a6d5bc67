import { expect, test } from 'vitest'
import { momentText, readMoment } from '../../src/pages/replay/moments'

test.each([
  ['12:30', 750],
  ['1:02:03', 3723],
  ['1h2m3s', 3723],
  ['2m', 120],
  ['750', 750],
  ['7.5s', 7.5],
  ['', 0],
  ['soon', 0],
  ['-5', 0],
  ['1:2:3:4', 0],
])('the moment “%s” is at %d seconds', (text, seconds) => {
  expect(readMoment(text)).toBe(seconds * 1000)
})

test('a moment is written as people read it', () => {
  expect([0, 59_999, 750_000, 3_723_000].map(momentText)).toEqual([
    ...['0:00', '0:59', '12:30', '1:02:03'],
  ])
})
