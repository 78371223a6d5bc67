import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { SystemLog } from '../../server/system-log'
import type { LogEntry } from '../../src/protocol/logs'

/** Its stdout takes lines while `takes()`; timers go off when the test says so. */
function logTo(write: (line: string, done: (error?: Error) => void) => void) {
  const told: (readonly LogEntry[])[] = []
  const acts: (() => void)[] = []
  const stdout = new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) => write(line, done),
  })
  const log = new SystemLog({
    stdout,
    nowMs: () => 1_000,
    after: (_ms, act) => acts.push(act),
    tell: (entries) => told.push(entries),
  })
  return { log, told, pass: () => acts.splice(0).forEach((act) => act()) }
}
const record = (more: object = {}) =>
  ({ level: 'warn', event: 'host_lost', host: 'play-1', reason: 'killed', ...more }) as const

test('each record is a line of JSON with its level, time, event and host', () => {
  const lines: string[] = []
  const { log } = logTo((line, done) => {
    lines.push(line)
    done()
  })
  log.write(record({ big: 2n ** 70n, cause: new Error('why', { cause: 7n }) }))
  expect(lines).toHaveLength(1)
  const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, string>
  expect(Number.isNaN(Date.parse(time!))).toBe(false)
  expect(rest).toMatchObject({
    ...record(),
    big: '1180591620717411303424',
    cause: { message: 'why', cause: '7' },
  })
})

test('the gateway is told what came within a tenth of a second, and all of it when it is new', () => {
  const { log, told, pass } = logTo((_line, done) => done())
  log.write(record())
  log.write(record({ event: 'host_starting' }))
  expect(told).toEqual([])
  pass()
  expect(told.map((entries) => entries.map(({ number }) => number))).toEqual([[1, 2]])
  for (let at = 0; at < 600; at++) {
    log.write(record({ host: `play-${at}` }))
    if (at % 40 === 0) pass()
  }
  log.tellAll()
  expect(told.at(-1)!.length).toBe(500)
  const count = told.length
  pass()
  // What it was told just now it is not told again; what was left out comes after.
  expect(
    told
      .slice(count)
      .flat()
      .every(({ event }) => event === 'left_out'),
  ).toBe(true)
})

test('a stdout that nobody reads costs no more than a megabyte, and what it missed is counted', () => {
  let taken: () => void = () => {}
  const lines: string[] = []
  const { log } = logTo((line, done) => {
    lines.push(line)
    taken = done
  })
  for (let at = 0; at < 20_000; at++) log.write(record({ detail: 'x'.repeat(500) }))
  expect(lines).toHaveLength(1)
  while (lines.length < 10_000) {
    const before = lines.length
    taken()
    if (lines.length === before) break
  }
  expect(lines.length).toBeLessThan(2_500)
  log.write(record())
  taken()
  taken()
  expect(lines.at(-1)).toContain(
    `"event":"lines_left_out","host":"root","count":${20_000 - (lines.length - 2)}`,
  )
})

test('a stdout that is closed ends nothing', () => {
  const { log, told, pass } = logTo((_line, done) => done(new Error('EPIPE')))
  log.write(record())
  log.write(record())
  pass()
  expect(told.flat()).toHaveLength(2)
})
