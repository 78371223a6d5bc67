import { expect, test } from 'vitest'
import { plainRecord } from '../../src/host/log-value'
import { Pid } from '../../src/runtime'

const plain = (details: object) => plainRecord({ level: 'info', event: 'told', ...details })
const cycle: Record<string, unknown> = { name: 'cycle' }
cycle.self = cycle

test('what JSON does not know is told all the same', () => {
  const told = plain({
    pid: new Pid(0, 12),
    big: 2n ** 70n,
    map: new Map([['a', 1]]),
    bytes: new Uint8Array(3),
    act: () => 1,
    nothing: undefined,
    cycle,
  })
  expect(JSON.parse(JSON.stringify(told))).toMatchObject({
    level: 'info',
    event: 'told',
    pid: '<0.12.0>',
    big: '1180591620717411303424',
    map: [['a', 1]],
    bytes: '[3 bytes]',
    act: '[function]',
    cycle: { name: 'cycle', self: { name: 'cycle' } },
  })
})

test('an error keeps its name, its message, its place in the source and its cause', () => {
  const cause = new RangeError('below')
  const { reason } = plain({ reason: new TypeError('above', { cause }) }) as {
    reason?: { stack: string[] }
  }
  expect(reason).toMatchObject({ name: 'TypeError', message: 'above', cause: { message: 'below' } })
  expect(reason?.stack[0]).toMatch(/\(test\/host\/log-value\.test\.ts:\d+:\d+\)$/)
})

test.each<[string, () => object]>([
  ['a key that throws', () => Object.defineProperty({}, 'x', { enumerable: true, get: fail })],
  ['a toJSON that throws', () => ({ x: { toJSON: fail } })],
  [
    'an error whose message throws',
    () => Object.defineProperty(new Error(), 'message', { get: fail }),
  ],
  ['a proxy that throws', () => ({ x: new Proxy({}, { ownKeys: fail, get: fail }) })],
])('%s is no reason to fall', (_what, make) => {
  const record = plain({ reason: make() })
  expect(() => JSON.stringify(record)).not.toThrow()
  expect(record.event).toMatch(/^(told|log_unreadable)$/)
})

function fail(): never {
  throw new Error('a trap')
}

test('a line is never longer than 8,000 characters, whatever is in the record', () => {
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`key ${at}`, '\u0000'.repeat(5_000)]),
  )
  const nested = (depth: number): unknown =>
    depth === 0 ? many : { ...many, deeper: nested(depth - 1) }
  for (const details of [
    many,
    { nested: nested(5) },
    { list: Array(9_999).fill('"'.repeat(99)) },
  ]) {
    expect(JSON.stringify(plain(details)).length).toBeLessThan(8_000)
  }
})
