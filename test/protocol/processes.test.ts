import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostNumber, hostOfNumber } from '../../src/protocol/hosts'
import { pidText, sortKeys } from '../../src/protocol/observe'
import {
  checkProcessCommand,
  maxSearchBytes,
  processFold,
  processStream,
  readPid,
  readProcessStream,
  readTableStream,
  refreshSeconds,
  rowLimits,
  tableStream,
  type ProcessEvent,
} from '../../src/protocol/processes'
import { readFollow } from '../../src/protocol/wire'

const params = fc.record({
  sortBy: fc.constantFrom(...sortKeys),
  descending: fc.boolean(),
  limit: fc.constantFrom(...rowLimits),
  refreshS: fc.constantFrom(...refreshSeconds),
  search: fc.string({ unit: 'binary', maxLength: maxSearchBytes / 4 }),
})

describe('the stream of a table', () => {
  test('has in its name what is asked for, whatever that is, and may be followed', () => {
    fc.assert(
      fc.property(params, (asked) => {
        const stream = tableStream(asked)
        expect(readTableStream(stream)).toEqual(asked)
        expect(readFollow({ stream })).toBeDefined()
      }),
    )
  })

  test('searches for the beginning of what is too long', () => {
    const asked = { sortBy: 'pid', descending: false, limit: 50, refreshS: 1 } as const
    const read = readTableStream(tableStream({ ...asked, search: 'a'.repeat(1_000) }))
    expect(read?.search).toBe('a'.repeat(maxSearchBytes))
  })

  test.each([
    'gateway/processes',
    'gateway/processes/reductions_diff/desc/50/1',
    'gateway/processes/reductions_diff/desc/51/1/-',
    'gateway/processes/reductions_diff/down/50/1/-',
    'gateway/processes/reductions_diff/desc/50/3/-',
    'gateway/processes/constructor/desc/50/1/-',
    'gateway/processes/pid/desc/50/1/abc',
    'gateway/processes/pid/desc/50/1/-/more',
    `gateway/processes/pid/desc/50/1/${'61'.repeat(maxSearchBytes + 1)}`,
    'gateway/hosts',
  ])('is not %s', (name) => {
    expect(readTableStream(name)).toBeUndefined()
  })
})

describe('a pid', () => {
  test('names a host and a process there, in what is shown and in a stream', () => {
    const hosts = fc.constantFrom('play-1', 'boards', 'load', 'play-2', 'play-12')
    fc.assert(
      fc.property(hosts, fc.nat(), (host, serial) => {
        const named = readPid(pidText(host, serial))!
        expect([hostOfNumber(named.host), named.serial]).toEqual([host, serial])
        expect(readProcessStream(processStream(named))).toEqual(named)
      }),
    )
  })

  test('of different hosts begins with different numbers, the one of the audience with 0', () => {
    const numbers = ['play-1', 'boards', 'load', 'play-2', 'play-3'].map(hostNumber)
    expect(numbers).toEqual([0, 1, 2, 3, 4])
  })

  test.each(['', '0', '<0.1>', '<0.1.1>', '<-1.2.0>', '<0.x.0>', '<0.1.0>2', '<00000.1.0>'])(
    'is not %j',
    (text) => expect(readPid(text)).toBeUndefined(),
  )
})

test('the view of a process keeps what was seen last when it is gone', () => {
  const seen = { serial: 5 } as Extract<ProcessEvent, { type: 'process_seen' }>['seen']
  const events = [
    { type: 'process_seen', seen, atMs: 1 },
    { type: 'process_gone', atMs: 2 },
    { type: 'of another version' },
    null,
  ] as ProcessEvent[]
  const view = events.reduce((view, event) => processFold.fold(view, event), processFold.empty)
  expect(view).toEqual({ state: 'gone', seen, atMs: 1 })
})

const odd = [
  null,
  [],
  'kill_process',
  { type: 'kill_process' },
  { type: 'spawn', host: 0, serial: 1 },
]

test.each(odd)('a command is not %j', (command) => {
  expect(checkProcessCommand(command)).toEqual({ code: 'malformed' })
})
