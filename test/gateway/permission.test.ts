/*
 * Who may follow which stream and wish what of it: every kind of stream for every kind of visitor,
 * and every name that is almost one.
 */
import { describe, expect, test } from 'vitest'
import { checkWish, mayFollow, type Admitted } from '../../src/gateway/permission'

const anna: Admitted = { visitor: 'anna', role: 'audience' }
const speaker: Admitted = { visitor: 'eva', role: 'presenter' }

const code = (refusal: { code: string } | undefined) => refusal?.code ?? 'granted'

/** For each kind of stream: what anna and the presenter are told who follow it, and who wish. */
const table: [stream: string, follows: [string, string], wishes: [string, string]][] = [
  ['play/session/anna', ['granted', 'not_yours'], ['malformed', 'not_yours']],
  ['play/session/eva', ['not_yours', 'granted'], ['not_yours', 'malformed']],
  ['play/session/ben', ['not_yours', 'not_yours'], ['not_yours', 'not_yours']],
  ['boards/board/tools', ['granted', 'granted'], ['malformed', 'malformed']],
  ['boards/board/tools/admin', ['presenter_only', 'granted'], ['presenter_only', 'malformed']],
  [
    'boards/board/tools/export',
    ['presenter_only', 'granted'],
    ['unknown_stream', 'unknown_stream'],
  ],
  ['boards/board/tools/own/anna', ['granted', 'not_yours'], ['unknown_stream', 'unknown_stream']],
  ['boards/board/tools/own/eva', ['not_yours', 'granted'], ['unknown_stream', 'unknown_stream']],
  ['boards/deck', ['granted', 'granted'], ['presenter_only', 'malformed']],
  ['load/control', ['granted', 'granted'], ['presenter_only', 'malformed']],
  ['boards/log', ['presenter_only', 'granted'], ['unknown_stream', 'unknown_stream']],
  ['gateway/hosts', ['granted', 'granted'], ['presenter_only', 'malformed']],
  ['gateway/tree', ['granted', 'granted'], ['unknown_stream', 'unknown_stream']],
]

describe.each(table)('of %s', (stream, follows, wishes) => {
  test('only whom it concerns may follow', () => {
    expect([anna, speaker].map((who) => code(mayFollow(who, stream)))).toEqual(follows)
  })

  test('only what its writer knows may be wished', () => {
    const wish = { stream, command: { type: 'no_such_command' } }
    expect([anna, speaker].map((who) => code(checkWish(who, wish)))).toEqual(wishes)
  })
})

test.each<[stream: string, command: unknown, anna: string, presenter: string]>([
  ['play/session/anna', { type: 'start_sum', text: '5' }, 'granted', 'not_yours'],
  ['play/session/anna', { type: 'start_sum', text: '5'.repeat(41) }, 'too_long', 'not_yours'],
  ['play/session/anna', { type: 'post_note', text: 'x' }, 'malformed', 'not_yours'],
  ['boards/board/tools', { type: 'post_note', text: 'x' }, 'granted', 'granted'],
  ['boards/board/tools', { type: 'post_note', text: 5 }, 'malformed', 'malformed'],
  ['boards/board/tools', { type: 'blank_wall', blank: true }, 'presenter_only', 'granted'],
  ['boards/board/tools', { type: 'start_sum', text: '5' }, 'malformed', 'malformed'],
  ['boards/board/tools', { type: 'constructor' }, 'malformed', 'malformed'],
  ['boards/deck', { type: 'show_slide', slide: 'a', fragment: 0 }, 'presenter_only', 'granted'],
  ['boards/deck', { type: 'show_slide', slide: '', fragment: 0 }, 'presenter_only', 'malformed'],
  ['boards/deck', null, 'presenter_only', 'malformed'],
  ['gateway/hosts', { type: 'start_host', host: 'boards' }, 'presenter_only', 'granted'],
  ['load/control', { type: 'set_target', target: 5 }, 'presenter_only', 'granted'],
  ['load/control', { type: 'set_target', target: -1 }, 'presenter_only', 'not_a_target'],
])('of %s, %j may be wished by whom it is for', (stream, command, ...told) => {
  expect([anna, speaker].map((who) => code(checkWish(who, { stream, command })))).toEqual(told)
})

const almost = table.flatMap(([stream]) => [
  `${stream}/`,
  `/${stream}`,
  `${stream}/x`,
  `${stream}\n`,
  ` ${stream}`,
  stream.slice(0, stream.lastIndexOf('/') + 1),
  stream.slice(0, stream.lastIndexOf('/')),
  stream.replace('/', '//'),
  stream.replace('/', '.'),
  stream.toUpperCase(),
])
/** Names that are one all the same. */
const real = new Set([
  ...table.map(([stream]) => stream),
  ...['boards/board/tools/', 'boards/board/tools/own/'].map((stream) => stream.slice(0, -1)),
])
const names = ['', '/', 'constructor', '__proto__', 'toString', 'play', 'boards', 'boards/boards']
const inner = ['constructor', '__proto__', 'hasOwnProperty', 'toString', 'valueOf']

test.each([
  ...almost.filter((stream) => !real.has(stream) && stream !== 'boards/board/tools/x'),
  ...names,
  ...inner.flatMap((name) => [`play/${name}/anna`, `boards/${name}`, `gateway/${name}`]),
  ...inner.map((name) => `boards/board/tools/${name}`),
  'boards/board/tools/own',
  'boards/board/tools/own/anna/x',
  'boards/board/a/b/admin',
  'play/sessions/anna',
])('nobody knows the stream %j', (stream) => {
  for (const who of [anna, speaker]) {
    expect(code(mayFollow(who, stream))).toBe('unknown_stream')
    expect(code(checkWish(who, { stream, command: {} }))).toBe('unknown_stream')
  }
})

test.each(inner)('a visitor or a board may be named %s, and is no other', (name) => {
  const who: Admitted = { visitor: name, role: 'audience' }
  expect(code(mayFollow(who, `play/session/${name}`))).toBe('granted')
  expect(code(mayFollow(anna, `play/session/${name}`))).toBe('not_yours')
  expect(code(mayFollow(who, 'play/session/anna'))).toBe('not_yours')
  expect(code(mayFollow(anna, `boards/board/${name}`))).toBe('granted')
  expect(code(mayFollow(anna, `boards/board/${name}/admin`))).toBe('presenter_only')
  expect(code(mayFollow(who, `boards/board/x/own/${name}`))).toBe('granted')
  expect(code(mayFollow(anna, `boards/board/x/own/${name}`))).toBe('not_yours')
})

test('a visitor’s name is compared, never read as a pattern', () => {
  const who: Admitted = { visitor: '.*', role: 'audience' }
  expect(code(mayFollow(who, 'play/session/anna'))).toBe('not_yours')
  expect(code(mayFollow({ ...who, visitor: '' }, 'play/session/'))).toBe('unknown_stream')
})
