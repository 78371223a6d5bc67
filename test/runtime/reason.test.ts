/*
 * Exit reasons: which ends are in order, and how a reason reads in one line.
 */
import { describe, expect, it } from 'vitest'
import { CallFailed, describeReason, isOrderly, Unyielding } from '../../src/runtime'
import { Exit } from '../../src/runtime/reason'

describe('an orderly end', () => {
  it.each([['normal'], ['shutdown'], [['shutdown', 'why']], [['shutdown', undefined]]])(
    'is %j',
    (reason) => expect(isOrderly(reason)).toBe(true),
  )

  it.each([
    ['kill'],
    ['killed'],
    ['noproc'],
    [undefined],
    [null],
    [['shutdown']],
    [['shutdown', 1, 2]],
    [['normal', 1]],
    [{ 0: 'shutdown', 1: 'why', length: 2 }],
    [new Error('normal')],
  ])('is not %j', (reason) => expect(isOrderly(reason)).toBe(false))
})

describe('a reason in one line', () => {
  const place = {
    kind: 'call' as const,
    file: 'sum.ts',
    function: 'sum',
    line: 3,
    column: 5,
    names: [],
  }

  it.each([
    ['normal', 'normal'],
    ['RangeError: too big', new RangeError('too big')],
    ['unyielding in sum (sum.ts:3:5)', new Unyielding(place)],
    ['call to sum failed: noproc', new CallFailed('noproc', 'sum')],
    ['["shutdown","why"]', ['shutdown', 'why']],
    ['undefined', undefined],
    ['null', null],
    ['5n', 5n],
    ['Symbol(s)', Symbol('s')],
  ])('%s', (line, reason) => expect(describeReason(reason)).toBe(line))

  it('never throws, however hostile the reason', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    const hostile = [
      cycle,
      {
        toJSON: () => {
          throw new Error('no')
        },
      },
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('no')
        },
      }),
      Object.assign(new Error('x'), { name: Symbol('s') }),
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no')
          },
          ownKeys: () => {
            throw new Error('no')
          },
        },
      ),
      Object.create(null),
    ]
    for (const reason of hostile) {
      expect(typeof describeReason(reason)).toBe('string')
      expect(new Exit(reason).reason).toBe(reason)
    }
  })
})
