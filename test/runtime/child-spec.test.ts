/*
 * Child specs: which are refused, and the whole table of who is restarted after which end.
 */
import { describe, expect, it } from 'vitest'
import { describeReason, type ChildSpec, type Restart } from '../../src/runtime'
import { findChildFault, wantsRestart } from '../../src/runtime/child-spec'

const good: ChildSpec = { id: 'sum', start: [function* () {}] }

it('a spec of id and start alone is good', () => {
  expect(findChildFault(good)).toBe(undefined)
})

it.each([0, 1, 5_000, Infinity, 'brutal_kill', 'infinity'] as const)(
  'shutdown %s is good',
  (shutdown) => {
    expect(findChildFault({ ...good, shutdown })).toBe(undefined)
  },
)

it.each([
  ['id', ''],
  ['id', 7],
  ['start', []],
  ['start', ['sum']],
  ['name', ''],
  ['restart', 'always'],
  ['restart', null],
  ['shutdown', -1],
  ['shutdown', 0.5],
  ['shutdown', Number.NaN],
  ['shutdown', 'soon'],
  ['shutdown', '5000'],
  ['type', 'server'],
  ['significant', 'yes'],
])('%s %j is refused by name and value', (field, value) => {
  const wrong = { ...good, [field]: value }
  const fault = findChildFault(wrong)
  expect(fault).toBeInstanceOf(TypeError)
  expect(fault?.message).toContain(`${field} must not be ${describeReason(value)}`)
})

it('a field that nobody knows is refused, with its value', () => {
  const wrong = { ...good, restrat: 'permanent' } as ChildSpec
  expect(findChildFault(wrong)?.message).toBe("child 'sum': there is no field restrat (permanent)")
})

it.each([undefined, null, 'sum', 7])('%j is no child spec', (wrong) => {
  const fault = findChildFault(wrong as unknown as ChildSpec)
  expect(fault?.message).toBe(`a child spec must not be ${describeReason(wrong)}`)
})

describe('a significant child', () => {
  const significant: ChildSpec = { ...good, restart: 'transient', significant: true }

  it('is good under a supervisor that may shut down by itself', () => {
    expect(findChildFault(significant, 'any_significant')).toBe(undefined)
    expect(findChildFault({ ...significant, restart: 'temporary' }, 'all_significant')).toBe(
      undefined,
    )
  })

  it('may be neither permanent nor under a supervisor that never does', () => {
    const permanent: ChildSpec = { ...significant, restart: 'permanent' }
    expect(findChildFault(permanent, 'any_significant')?.message).toContain('significant')
    expect(findChildFault(significant, 'never')?.message).toContain('significant')
    expect(findChildFault({ ...permanent, significant: false }, 'never')).toBe(undefined)
  })
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
