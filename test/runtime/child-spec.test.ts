/*
 * Child specs: which are refused, and the whole table of who is restarted after which end.
 */
import { describe, expect, it } from 'vitest'
import type { ChildSpec, Restart } from '../../src/runtime'
import { checkSpec, wantsRestart } from '../../src/runtime/child'

const good: ChildSpec = { id: 'sum', start: [function* () {}] }

it('a spec of id and start alone is good', () => {
  expect(() => checkSpec(good)).not.toThrow()
})

it.each([0, 1, 5_000, Infinity, 'brutal_kill', 'infinity'] as const)(
  'shutdown %s is good',
  (shutdown) => {
    expect(() => checkSpec({ ...good, shutdown })).not.toThrow()
  },
)

it.each([
  ['id', ''],
  ['id', 7],
  ['start', []],
  ['start', ['sum']],
  ['restart', 'always'],
  ['shutdown', -1],
  ['shutdown', Number.NaN],
  ['shutdown', 'soon'],
  ['shutdown', '5000'],
  ['type', 'server'],
])('%s %j is refused by name', (field, value) => {
  const wrong = { ...good, [field]: value }
  expect(() => checkSpec(wrong)).toThrow(new RegExp(`${field} must not be`))
  expect(() => checkSpec(wrong)).toThrow(TypeError)
})

describe('who is restarted', () => {
  const ends: [unknown, Record<Restart, boolean>][] = [
    ['normal', { permanent: true, transient: false, temporary: false }],
    ['shutdown', { permanent: true, transient: false, temporary: false }],
    [['shutdown', 'x'], { permanent: true, transient: false, temporary: false }],
    [new Error('boom'), { permanent: true, transient: true, temporary: false }],
    ['killed', { permanent: true, transient: true, temporary: false }],
    ['kill', { permanent: true, transient: true, temporary: false }],
    [['shutdown'], { permanent: true, transient: true, temporary: false }],
  ]
  for (const [reason, restarts] of ends) {
    for (const [restart, expected] of Object.entries(restarts) as [Restart, boolean][]) {
      it(`a ${restart} child that ended with ${String(reason)}: ${expected ? 'yes' : 'no'}`, () => {
        expect(wantsRestart({ ...good, restart }, reason)).toBe(expected)
      })
    }
  }

  it('a spec that does not say is permanent', () => {
    expect(wantsRestart(good, 'normal')).toBe(true)
  })
})
