/* What a line may go on with, and what is kept under which name. */
import { describe, expect, test } from 'vitest'
import { complete, keptNames } from '../../src/console/complete'

describe('a line is completed', () => {
  test.each([
    ['Runtime.t', 'Runtime.t', ['Runtime.top()', 'Runtime.trace(']],
    ['runtime.tr', 'Runtime.trace(', ['Runtime.trace(']],
    ['Runtime.kill_', 'Runtime.kill_math()', ['Runtime.kill_math()']],
    ['he', 'help()', ['help()']],
    ['Runtime.trace(p', 'p', ['pid(', 'pid', 'pep']],
    ['Runtime.trace(pe', 'pep', ['pep']],
    ['x = Lo', 'Load.set(', ['Load.set(']],
    ['nothing', 'nothing', []],
  ])('%s', (before, common, candidates) => {
    expect(complete(before, ['pid', 'pep'])).toMatchObject({ common, candidates })
  })

  test('from where its last name begins', () => {
    expect(complete('pid = pi', []).from).toBe(6)
    expect(complete('', []).candidates).toHaveLength(15)
  })
})

test('names are known from the lines that keep something, the last one first', () => {
  expect(keptNames(['pid = <0.1.0>', 'x=1', 'help', '= 3', 'pid = <0.2.0>'])).toEqual(['pid', 'x'])
})
