/*
 * Two runtimes in two OS processes, joined by a real socket: what crosses, what a `kill -9` of one
 * does to whoever waited for it, and that the next life is another one.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hostLine } from '../../server/host-line'
import {
  call,
  drive,
  monitor,
  receive,
  Runtime,
  send,
  type Body,
  type CallFailed,
  type Down,
  type LogRecord,
} from '../../src/runtime'
import { kill, startFixture } from '../support/log-process'
import { until } from '../support/until'

const folder = mkdtempSync(join(tmpdir(), 'host-line-'))
const address =
  process.platform === 'win32' ? `\\\\.\\pipe\\host-line-${process.pid}` : join(folder, 'socket')
afterAll(() => rmSync(folder, { recursive: true }))

/** Only so that a test that hangs fails. */

async function startTalker(incarnation: string): Promise<ChildProcess> {
  rmSync(address, { force: true })
  const child = startFixture('talker', [address, incarnation])
  await once(child.stdout!, 'data')
  return child
}

/** A runtime of this OS process; `told` is what its processes tell the test. */
function startHere() {
  const told: unknown[] = []
  const records: LogRecord[] = []
  const runtime = new Runtime({
    host: 1,
    incarnation: 'here',
    now: () => performance.now(),
    random: Math.random,
    log: (record) => records.push(record),
  })
  runtime.openPort('test', (message) => told.push(message))
  drive(runtime, {
    soon: setImmediate,
    after(ms, act) {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
  })
  const dial = async () => {
    runtime.hosts.connect(hostLine(connect(address)))
    await until(() => expect(runtime.hosts.list()).toEqual([2]))
  }
  return { runtime, told, records, dial }
}

const echo = { name: 'echo', host: 2 }

function* asks(request: unknown): Body {
  try {
    send('test', yield* call(echo, request, 60_000))
  } catch (error) {
    send('test', (error as { reason: CallFailed }).reason.reason)
  }
}

test('calls cross with all that they carry, and megabytes of them in order', async () => {
  await startTalker('one')
  const { runtime, told, dial } = startHere()
  await dial()
  const value = {
    map: new Map([[1n, new Set(['a'])]]),
    bytes: new Uint8Array([1, 2]),
    date: new Date(5),
  }
  runtime.spawn(asks, value)
  await until(() => expect(told).toEqual([value]))
  const texts = Array.from({ length: 10 }, (_, n) => `${n} ${'é'.repeat(200_000)}`)
  runtime.spawn(function* () {
    for (const text of texts) send('test', yield* call<string>(echo, text, 60_000))
  })
  for (const text of texts) runtime.spawn(asks, text)
  await until(() => expect(told.length).toBe(21))
  expect(new Set(told.slice(1))).toEqual(new Set(texts))
})

test('kill -9 fails each open call once with noconnection; the next life is another', async () => {
  const first = await startTalker('one')
  const { runtime, told, records, dial } = startHere()
  await dial()
  for (let n = 0; n < 100; n++) runtime.spawn(asks, 'never')
  runtime.spawn(function* () {
    monitor(echo)
    send('test', ((yield* receive()) as Down).reason)
    send('test', yield* receive())
  })
  runtime.spawn(asks, 'asked')
  await until(() => expect(told).toEqual(['asked']))
  await kill(first)
  await until(() => expect(told).toHaveLength(102))
  expect(told.slice(1)).toEqual(Array.from({ length: 101 }, () => 'noconnection'))
  expect(runtime.hosts.list()).toEqual([])
  await startTalker('two')
  await dial()
  runtime.spawn(asks, 'incarnation')
  await until(() => expect(told.slice(102)).toEqual(['two']))
  const lives = records.filter(({ event }) => /^(dis)?connected$/.test(event))
  expect(lives.map(({ event, incarnation }) => [event, incarnation])).toEqual([
    ['connected', 'one'],
    ['disconnected', 'one'],
    ['connected', 'two'],
  ])
})
