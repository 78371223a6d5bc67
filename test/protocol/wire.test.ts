/*
 * What a browser may send: everything else is read as nothing, and no input gets further than that.
 */
import { describe, expect, test } from 'vitest'
import { isShallow, readFollow, readUnfollow, readWish } from '../../src/protocol/wire'

const stream = 'play/session/7f3'
const id = 'wish-0001'

/** Arrays in each other, built without a stack. */
function nested(depth: number): unknown {
  let value: unknown = 'core'
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

const noWords = [
  undefined,
  null,
  true,
  7,
  NaN,
  'follow',
  [],
  [stream],
  {},
  () => undefined,
  JSON.parse('{"__proto__":{"stream":"play/session/7f3"}}'),
]

const noStreams = [
  ...['', 'PLAY/session', 'play session', 'play/séance', 'play.session', 'play\n', '\ud800'],
  ...['x'.repeat(161), 7, null, [stream], { toString: () => stream }, new String(stream)],
]

describe('depth', () => {
  test('eight levels are shallow, and nine are not', () => {
    expect(isShallow(nested(8))).toBe(true)
    expect(isShallow(nested(9))).toBe(false)
  })

  test('a hundred thousand levels are refused, and overflow nothing', () => {
    const deep = nested(100_000)
    expect(isShallow(deep)).toBe(false)
    expect(isShallow({ deep })).toBe(false)
    expect(readFollow({ stream, after: deep })).toBe(undefined)
    expect(readUnfollow({ stream: deep })).toBe(undefined)
    expect(readWish({ id, stream, command: deep })).toBe(undefined)
    expect(readWish(deep)).toBe(undefined)
  })

  test('64 parts are few, and 65 are not, however they lie', () => {
    const parts = (count: number) => Array.from({ length: count }, (_, at) => at)
    expect(isShallow(parts(64))).toBe(true)
    expect(isShallow(parts(65))).toBe(false)
    expect(isShallow([parts(31), parts(31)])).toBe(true)
    expect(isShallow([parts(31), parts(32)])).toBe(false)
    expect(isShallow(Object.fromEntries(parts(65).map((at) => [`key${at}`, at])))).toBe(false)
  })

  test('a cycle is no shallow value', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(isShallow(cycle)).toBe(false)
  })

  test.each([undefined, null, 0, '', NaN, 10n, Symbol('x'), 'x'.repeat(100_000)])(
    'what has no parts is shallow: %o',
    (value) => {
      expect(isShallow(value)).toBe(true)
    },
  )
})

describe('a follow', () => {
  test.each([
    { stream },
    { stream, epoch: 'a1.7', after: 0 },
    { stream, epoch: '', after: Number.MAX_SAFE_INTEGER },
    { stream, epoch: 'e'.repeat(40) },
    { stream, after: 3 },
    { stream: 'x'.repeat(80) },
  ])('is read as it was sent, into an object of its own: %j', (follow) => {
    const read = readFollow(follow)
    expect(read).toEqual(follow)
    expect(read).not.toBe(follow)
  })

  test.each([
    ...noWords,
    ...noStreams.map((name) => ({ stream: name })),
    ...[NaN, Infinity, -1, 0.5, 2 ** 53, '3', null, [], 3n].map((after) => ({ stream, after })),
    ...[7, null, 'e'.repeat(41), ['e']].map((epoch) => ({ stream, epoch })),
    { stream, more: 1 },
    JSON.parse('{"stream":"play/session/7f3","after":1e309}'),
    JSON.parse('{"stream":"play/session/7f3","__proto__":{"after":1}}'),
  ])('of another shape is none: %o', (raw) => {
    expect(readFollow(raw)).toBe(undefined)
  })

  test('what arrives as null, as infinity does in JSON, is no number', () => {
    const raw: unknown = JSON.parse(JSON.stringify({ stream, after: 1e309 }))
    expect(raw).toEqual({ stream, after: null })
    expect(readFollow(raw)).toBe(undefined)
  })

  test('minus zero is the beginning', () => {
    expect(readFollow({ stream, after: -0 })?.after).toBeCloseTo(0)
  })
})

describe('an unfollow', () => {
  test('names a stream and nothing more', () => {
    expect(readUnfollow({ stream })).toEqual({ stream })
  })

  test.each([
    ...noWords,
    ...noStreams.map((name) => ({ stream: name })),
    { stream, after: 1 },
    { stream, epoch: 'a' },
  ])('of another shape is none: %o', (raw) => {
    expect(readUnfollow(raw)).toBe(undefined)
  })
})

describe('a wish', () => {
  test.each([
    { type: 'start_sum', text: '5' },
    'anything',
    7,
    null,
    [[[['deep']]]],
    { text: '\ud800' },
    { number: -0 },
    { number: NaN },
  ])('carries any shallow command as it is: %o', (command) => {
    const read = readWish({ id, stream, command })
    expect(read).toEqual({ id, stream, command })
    expect(Object.keys(read ?? {})).toEqual(['id', 'stream', 'command'])
  })

  test.each(['x'.repeat(8), 'x'.repeat(40), 'aZ09_-aZ'])('has an id such as %s', (good) => {
    expect(readWish({ id: good, stream, command: 1 })?.id).toBe(good)
  })

  test.each([
    ...noWords,
    ...noStreams.map((name) => ({ id, stream: name, command: 1 })),
    ...[
      '',
      'x'.repeat(7),
      'x'.repeat(41),
      'wish 0001',
      'wish-0001\n',
      'wish-000é',
      12345678,
      null,
    ].map((bad) => ({ id: bad, stream, command: 1 })),
    { id, stream, command: 1, more: 1 },
    { stream, command: 1 },
    { id, command: 1 },
    JSON.parse(`{"id":"${id}","stream":"${stream}","command":1,"__proto__":{}}`),
  ])('of another shape is none: %o', (raw) => {
    expect(readWish(raw)).toBe(undefined)
  })

  test('without a command is none', () => {
    expect(readWish({ id, stream })).toBe(undefined)
  })

  test('whose command names __proto__ changes nobody’s prototype', () => {
    const raw: unknown = JSON.parse(
      `{"id":"${id}","stream":"${stream}","command":{"__proto__":{"polluted":true}}}`,
    )
    const read = readWish(raw)
    expect(Object.hasOwn(read?.command as object, '__proto__')).toBe(true)
    expect((read?.command as { polluted?: boolean }).polluted).toBe(undefined)
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined)
  })
})
