/*
 * The log of the whole system, through real hosts: what crashes, what is killed and what hangs is
 * read by whoever follows `gateway/logs`, with its place; a storm harms nobody; and no host can say
 * what another one did.
 */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logText } from '../../src/protocol/log-text'
import { logsFold, logsStream, type LogEntry, type LogsView } from '../../src/protocol/logs'
import { sessionStream, type Welcome } from '../../src/protocol/envelope'
import { sumFold, type SumView } from '../../src/protocol/sum'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { projector, startBrowser } from '../support/browser'
import { openPhone } from '../support/sum-page'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let source: LiveSource
let logs: LogsView = logsFold.empty
let sums: SumView = sumFold.empty
let session: string

beforeAll(async () => {
  system = await startSystem()
  source = createLiveSource({ url: system.url, wakes: () => () => {} })
  const { visitor } = await new Promise<Welcome>((resolve) => source.onWelcome(resolve))
  session = sessionStream(visitor)
  source.follow(logsStream, logsFold, ({ view }) => (logs = view))
  source.follow(session, sumFold, ({ view }) => (sums = view))
})
afterAll(async () => {
  source?.close()
  await system?.stop()
})

const find = (fits: (entry: LogEntry) => boolean) =>
  until(() => {
    const entry = logs.records.findLast(fits)
    if (!entry) throw new Error(JSON.stringify(logs.records.slice(-20)))
    return entry
  })
const add = (text: string) => source.wish(session, { type: 'start_sum', text })
const answers = async (text: string) => {
  await add(text)
  await until(() => expect(sums.lines.at(-1)).toMatchObject({ number: text, state: 'finished' }))
}

test('a crash is told with its line in the source and who had started it', async () => {
  expect(await add('13')).toEqual({ ok: true })
  const crash = await find(({ event }) => event === 'process_crashed')
  expect(crash).toMatchObject({
    level: 'error',
    host: 'play-1',
    call: 'sum.sum',
    reason: 'Error: 13 brings bad luck',
  })
  expect(crash.stack?.[0]).toMatch(/^sum \(src\/system\/sum\.ts:\d+:\d+\)$/)
  expect(crash.ancestors?.map(({ call }) => call)).toEqual(['sums', expect.anything(), 'top'])
  // Nothing of it says whose sum it was.
  expect(JSON.stringify(logs)).not.toContain(session.split('/').at(-1))
})

test('a storm of crashes is sampled and counted, and harms nobody', async () => {
  const crashes = 100_000
  const before = logs.leftOut
  await system.sabotage({ do: 'storm', crashes })
  await answers('5')
  await answers('6')
  const told = () => logs.records.filter(({ reason }) => reason === 'RangeError: a storm').length
  await until(() => expect(told() + logs.leftOut - before).toBe(crashes))
  expect(told()).toBeLessThan(400)
  const { hosts, ready } = await system.health()
  expect([ready, hosts.map(({ restarts }) => restarts)]).toEqual([true, [0, 0, 0, 0]])
  expect(system.log.filter((line) => line.includes('a storm')).length).toBeLessThan(400)
}, 60_000)

test('whatever a host writes, it is told as text of that host', async () => {
  const forged = { level: 'error', event: 'process_crashed', host: 'boards', pid: '<0.7.0>' }
  await system.sabotage({
    do: 'write',
    lines: [
      JSON.stringify({ ...forged, name: 'forged' }),
      JSON.stringify({ level: 'error', event: 'host_lost', host: 'boards', reason: 'forged' }),
      '{"level":"error","event":"with_proto","__proto__":{"host":"boards"},"constructor":1}',
      '{"level":"error","event":"half',
      `${'['.repeat(5_000)}`,
      `{"level":"error","event":"too_long","reason":"${'x'.repeat(10_000_000)}"}`,
      '\u0000\u0007\u001b[31mred \u202Eturned\ud800',
      '{"level":"warn","event":"the_last","reason":"http://10.1.2.3:99/x \u202E\\u0000 /home/me/a"}',
    ],
  })
  const last = await find(({ event }) => event === 'the_last')
  expect(last).toMatchObject({ host: 'play-1', reason: '…    a' })
  expect(await find(({ name }) => name === 'forged')).toMatchObject({ host: 'play-1' })
  expect(await find(({ event }) => event === 'with_proto')).toMatchObject({ host: 'play-1' })
  const text = JSON.stringify(logs)
  expect(text).not.toMatch(/"event":"host_lost"|too_long|half|red|turned/)
  await answers('7')
})

test('a host that is killed or wedged is told with its reason', async () => {
  process.kill(await system.pidOf('play-1'), 'SIGKILL')
  await find(({ event, reason }) => event === 'host_lost' && reason === 'killed (SIGKILL)')
  await system.ready()
  await system.sabotage({ do: 'block', how: 'regex' })
  const lost = await find(({ reason }) => reason?.startsWith('wedged: silent for ') ?? false)
  expect(lost).toMatchObject({ event: 'host_lost', host: 'play-1', level: 'warn' })
  const wedged = await find(({ event }) => event === 'host_wedged')
  // On a busy machine the inspector may not answer in time: then there is none.
  expect(wedged.stack?.[0] ?? 'backtrack').toContain('backtrack')
  await system.ready()
})

test('the page shows a phone’s crash and a killed host, in a real browser', async () => {
  const browser = await startBrowser()
  try {
    const page = await (await browser.newContext(projector)).newPage()
    await page.goto(`${system.url}/dashboard/logs?kind=crash`)
    const phone = await openPhone(browser, system.url)
    await phone.sum('13')
    const crash = page.getByRole('log').locator('summary').last()
    await until(async () =>
      expect(await crash.innerText()).toMatch(
        /play-1\s+sum\.sum <0\.\d+\.0> crashed: Error: 13 brings bad luck in sum \(src\/system\/sum\.ts:8/,
      ),
    )
    await page.getByLabel('Kind').selectOption('host')
    process.kill(await system.pidOf('load'), 'SIGKILL')
    await page.getByText('is lost: killed (SIGKILL)').last().waitFor()
    await system.ready()
  } finally {
    await browser.close()
  }
})

test('a terminal follows it too, over the loss of a gateway', async () => {
  const tool = resolve(import.meta.dirname, '../../server/logs.mjs')
  const terminal = spawn(process.execPath, [tool, '--to', system.url])
  try {
    const lines: string[] = []
    createInterface(terminal.stdout).on('line', (line) => lines.push(line))
    const last = await find(({ event }) => event === 'host_ready')
    await until(() => expect(lines.at(-1)).toContain(logText(last)))
    process.kill(await system.pidOf('gateway'), 'SIGKILL')
    await until(() =>
      expect(lines.at(-1)).toMatch(
        /^\d\d:\d\d:\d\d info {2}gateway {4}is ready as OS process \d+$/,
      ),
    )
    // What was told before the loss is not told again.
    expect(lines.filter((line) => /boards +is ready/.test(line))).toHaveLength(1)
  } finally {
    terminal.kill()
  }
})

test('a gateway that was restarted tells what the last one knew', async () => {
  const known = logs.records.map(({ number }) => number)
  expect(known.length).toBeGreaterThan(20)
  process.kill(await system.pidOf('gateway'), 'SIGKILL')
  await find(({ event, host }) => event === 'host_ready' && host === 'gateway')
  await until(() => expect(logs.records.at(-1)?.number).toBeGreaterThan(known.at(-1)!))
  const numbers = logs.records.map(({ number }) => number)
  expect(numbers).toEqual(expect.arrayContaining(known.slice(-300)))
  expect(new Set(numbers).size).toBe(numbers.length)
})
