import { expect, test } from 'vitest'
import { readHostRecord } from '../../src/host/host-record'
import { publicEntry } from '../../src/host/public-record'
import type { LogRecord } from '../../src/protocol/log-record'

const entryOf = (details: object) =>
  publicEntry(
    { level: 'error', event: 'process_crashed', host: 'play-2', ...details } as LogRecord,
    7,
    1_000,
  )

test('what is known to be harmless goes on, by name and shape', () => {
  expect(
    entryOf({
      pid: '<3.12.0>',
      initialCall: 'sum.sum',
      reason: {
        name: 'Error',
        message: '13 brings bad luck',
        stack: ['sum (src/system/sum.ts:8:25)'],
      },
      ancestors: [{ pid: '<3.5.0>', name: 'sums', initialCall: 'serve' }, { pid: 'none' }, null],
      message: 'a note of somebody',
      variables: { text: 'typed' },
      waitMs: 5,
      rssMb: Infinity,
      module: 'two words',
    }),
  ).toEqual({
    number: 7,
    atMs: 1_000,
    level: 'error',
    event: 'process_crashed',
    host: 'play-2',
    pid: '<3.12.0>',
    call: 'sum.sum',
    reason: 'Error: 13 brings bad luck',
    stack: ['sum (src/system/sum.ts:8:25)'],
    ancestors: [{ pid: '<3.5.0>', call: 'sums' }],
    details: { waitMs: 5 },
  })
})

test.each([
  ['call to play/session/7f3a91c2d4e5 failed: noproc', 'call to play/session/… failed: noproc'],
  ['no board boards/board/x/own/7f3a91c2d4e5', 'no board boards/board/x/own/…'],
  ['visitor 7f3a91c2d4e5', 'visitor …'],
  ['connect ECONNREFUSED 192.168.1.7:4000', 'connect ECONNREFUSED …'],
  ['from fe80:0:0:1::7 or ::1', 'from … or …'],
  ['at https://talk.example/x?token=y', 'at …'],
  ['open /home/me/talk/data/log.db', 'open log.db'],
  ['in add (src/system/sum.ts:17:3) of <0.12.0>', 'in add (src/system/sum.ts:17:3) of <0.12.0>'],
  ['a\u0000b\u202Ec\u001b[31m', 'a b c [31m'],
  ['x'.repeat(5_000), `${'x'.repeat(300)}…`],
])('%j is told as %j', (message, told) => {
  expect(entryOf({ reason: message }).reason).toBe(told)
})

test.each([
  [{ name: 'SyntaxError', message: 'Cannot convert my secret to a BigInt' }, 'SyntaxError'],
  [
    { name: 'TypeError', message: "Cannot create property 'a' on string 'my secret'" },
    "TypeError: Cannot create property 'a' on string …",
  ],
  [
    { name: 'unyielding', message: 'unyielding in add (src/system/sum.ts:17:3)' },
    'unyielding in add (src/system/sum.ts:17:3)',
  ],
  [
    ['shutdown', ['failed_to_start_child', 'my secret', { message: 'why' }]],
    '[shutdown, [failed_to_start_child, …, Error: why]]',
  ],
  [{ text: 'my secret' }, '{…}'],
  [null, 'null'],
])('the reason %j tells nothing that was typed', (reason, told) => {
  expect(entryOf({ reason }).reason).toBe(told)
})

test.each([
  ['    at add (file:///home/me/src/system/sum.ts:17:3)', 'at add (src/system/sum.ts:17:3)'],
  ['TypeError: my secret', 'TypeError …'],
  ['my secret', undefined],
])('of the output %j, %j is told', (line, text) => {
  const entry = entryOf({ event: 'host_output', stream: 'stderr', line })
  expect([entry.text, entry.details]).toEqual([text, { stream: 'stderr', length: line.length }])
})

test('of hostile shapes nothing is told, and nothing falls', () => {
  const odd: unknown[] = [[], {}, 1, 'x', null, [[[]]], { message: {} }, [{ pid: {} }]]
  for (const value of odd) {
    const names = [
      'pid',
      'name',
      'initialCall',
      'supervisor',
      'child',
      'reason',
      'stack',
      'ancestors',
    ]
    const record = Object.fromEntries(
      [...names, 'count', 'of', 'line'].map((name) => [name, value]),
    )
    expect(() => entryOf({ ...record, event: 'left_out' })).not.toThrow()
    expect(() => entryOf({ ...record, event: 'host_output' })).not.toThrow()
  }
})

const crash = { level: 'error', event: 'process_crashed', pid: '<0.12.0>', parent: '<0.5.0>' }

test('pids are told as the system knows them, and the host is not the line’s to say', () => {
  const line = JSON.stringify({ ...crash, host: 'boards', time: 'now', reason: 'call to <2.7.0>' })
  expect(readHostRecord(line, 'play-3')).toEqual({
    ...crash,
    pid: '<4.12.0>',
    parent: '<4.5.0>',
    reason: 'call to <2.7.0>',
  })
})

test.each([
  ...['', 'null', '[]', '7', '{}', '{"level":"error"', '{"level":"fatal","event":"x_y"}'],
  ...['{"level":"info","event":"host_lost"}', '{"level":"info","event":"An event"}'],
  ...[
    '{"level":"info","event":["x"]}',
    `{"level":"info","event":"long","x":"${'y'.repeat(8_000)}"}`,
  ],
])('what has not the shape of a record is none (%#)', (line) => {
  expect(readHostRecord(line, 'play-1')).toBeUndefined()
})
