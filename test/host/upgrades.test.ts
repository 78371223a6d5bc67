/*
 * Live upgrades of a whole running system, from sources in a folder of the test's own: what visitors
 * see of them, what is refused and where, and what becomes of hosts that die.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { consoleFold, consoleStream } from '../../src/protocol/console'
import type { Answer } from '../../src/protocol/envelope'
import { sessionStream } from '../../src/protocol/envelope'
import { huntFold, huntStream, type HuntView } from '../../src/protocol/hunt'
import {
  processesFold,
  processesStream,
  readPid,
  tableStream,
  type ShownRow,
} from '../../src/protocol/processes'
import { sumFold, type SumView } from '../../src/protocol/sum'
import {
  totalOf,
  upgradeFold,
  upgradeStream,
  type UpgradeCommand,
  type UpgradeView,
} from '../../src/protocol/upgrades'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { takeCookies } from '../chaos/presenter'
import { hotSources, type HotSources } from '../support/hot-sources'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

const upgradeEntry = resolve(import.meta.dirname, '../../server/upgrade.mjs')

let system: System
let sources: HotSources
let presenter: LiveSource
let view: UpgradeView
let hunt: HuntView
let anna: Visitor

const data = mkdtempSync(join(tmpdir(), 'lic-data-'))
const env = () => ({ HOT_SOURCES: sources.folder, PLAY_HOSTS: '2', DATA_DIR: data })

beforeAll(async () => {
  sources = hotSources()
  system = await startSystem(env)
  const { url } = system
  presenter = createLiveSource({ url, wakes: () => () => {}, cookie: await takeCookies(url) })
  presenter.follow(upgradeStream, upgradeFold, (now) => (view = now.view))
  presenter.follow(huntStream, huntFold, (now) => (hunt = now.view))
  anna = await visit()
})
afterAll(async () => {
  presenter?.close()
  anna?.close()
  await system?.stop()
  sources?.remove()
  rmSync(data, { recursive: true })
})

interface Visitor {
  wish(text: string): Promise<Answer>
  /** The list: `5 finished 15`. */
  list(): string[]
  /** Waits until the last line reads so. */
  reads(line: string | RegExp): Promise<void>
  readonly epochs: Set<string>
  close(): void
}

async function visit(): Promise<Visitor> {
  const page = await fetch(system.url)
  await page.arrayBuffer()
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const source = createLiveSource({ url: system.url, wakes: () => () => {}, cookie })
  const { visitor } = await new Promise<{ visitor: string }>((resolve) => source.onWelcome(resolve))
  let list: SumView = sumFold.empty
  const epochs = new Set<string>()
  source.follow(sessionStream(visitor), sumFold, (now) => {
    list = now.view
    if (now.epoch !== undefined) epochs.add(now.epoch)
  })
  const lines = () =>
    list.lines.map(({ number, state, outcome }) => `${number} ${state} ${outcome}`)
  return {
    epochs,
    list: lines,
    wish: (text) => source.wish(sessionStream(visitor), { type: 'start_sum', text }),
    reads: (line) => until(() => expect(lines().at(-1)).toMatch(line)),
    close: () => source.close(),
  }
}

/** Wishes, and waits for what comes of it. */
async function wish(command: UpgradeCommand): Promise<void> {
  const before = view.history.at(-1)
  expect(await presenter.wish(upgradeStream, command)).toEqual({ ok: true })
  await until(() => expect(view.history.at(-1)).not.toEqual(before))
}

async function upgrade(): Promise<void> {
  const { version } = view
  await wish({ type: 'upgrade' })
  expect(view.problem).toBeUndefined()
  expect(view.version).toBeGreaterThan(version)
}

const refusalOf = async (command: UpgradeCommand) => {
  const answer = await presenter.wish(upgradeStream, command)
  return answer.ok ? undefined : answer.refusal.code
}

/** Runs `npm run upgrade`. */
async function runUpgrade(...words: string[]) {
  const child = spawn(process.execPath, [upgradeEntry, ...words], {
    env: {
      ...process.env,
      PORT: String(system.port),
      PRESENTER_TOKEN: token,
      HOT_SOURCES: sources.folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ])
  return { output, errors, code }
}

test('what was not edited is nothing to load, and what began the system nothing to leave', async () => {
  expect(await refusalOf({ type: 'upgrade' })).toBe('nothing_changed')
  expect(await refusalOf({ type: 'roll_back' })).toBe('nothing_to_roll_back')
})

test('repaired while everybody looks: exact answers, kept lists, and what counts goes on', async () => {
  for (const text of ['5', '13', '-5']) await anna.wish(text)
  await anna.reads('-5 calculating')
  expect(anna.list()).toContain('13 failed Error: 13 brings bad luck')
  sources.repair('all')
  await upgrade()
  expect(view.last).toMatchObject({ from: 1, to: 2 })
  expect(view.repairs).toEqual({ repaired: ['13', 'negative', 'large'], hasMore: false })
  expect(view.browsers).toEqual({ before: 2, still: 2 })
  expect(await anna.wish('-7')).toEqual({ ok: false, refusal: { code: 'not_positive' } })
  await anna.wish('13')
  await anna.reads('13 finished 91')
  await anna.wish('9999999999')
  await anna.reads('9999999999 finished 49999999995000000000')
  expect(anna.list()).toHaveLength(5)
  expect(anna.epochs.size).toBe(1)
  await until(() => expect(totalOf(view)).toEqual({ lingering: 1, running: 1, lost: 0 }))
})

test('a purge ends what runs old code, and its session writes it down', async () => {
  await wish({ type: 'purge' })
  expect(view.history.at(-1)).toMatchObject({ type: 'purged', count: 1 })
  await until(() => expect(anna.list()).toContain('-5 failed killed'))
  await until(() => expect(totalOf(view)).toEqual({ lingering: 0, running: 0, lost: 0 }))
})

test('a host that was killed, and the spare in its place, come up upgraded', async () => {
  for (const host of ['play-1', 'play-2', 'play-1']) {
    const pid = await system.pidOf(host)
    process.kill(pid, 'SIGKILL')
    await until(async () => expect(await system.pidOf(host)).not.toBe(pid))
    await system.ready()
  }
  const two = [anna, await visit(), await visit(), await visit()]
  for (const visitor of two) {
    await visitor.wish('13')
    await visitor.reads('13 finished 91')
  }
  for (const visitor of two.slice(1)) visitor.close()
})

test('a killed gateway knows where the upgrades are', async () => {
  const pid = await system.pidOf('gateway')
  process.kill(pid, 'SIGKILL')
  await until(async () => expect(await system.pidOf('gateway')).not.toBe(pid))
  await until(() => expect(view.history.map(({ type }) => type)).toEqual(['upgraded', 'purged']))
  expect(view.version).toBe(2)
})

test('rolled back, the bugs are there again, and nobody who counts is killed for it', async () => {
  await wish({ type: 'roll_back' })
  expect(view.last).toMatchObject({ from: 2, to: 1 })
  expect(view.repairs).toEqual({ repaired: [], hasMore: false })
  await anna.wish('13')
  await anna.reads('13 failed Error: 13 brings bad luck')
  // Of those who typed 13 into repaired code none has found the bug.
  const late = await visit()
  await late.wish('13')
  await until(() => expect(hunt.found.thirteen.count).toBe(2))
  late.close()
  expect(hunt.found.huge.count).toBe(0)
  await anna.wish('-5')
  await anna.reads('-5 calculating')
  await upgrade()
  expect(view.version).toBe(3)
  await wish({ type: 'roll_back' })
  expect(await refusalOf({ type: 'roll_back' })).toBe('nothing_to_roll_back')
  expect(anna.list().at(-1)).toMatch('-5 calculating')
  await upgrade()
})

/** True in a play host, and in no canary. */
const isPlay = String.raw`/play\.js$/.test(process.argv[1])`

const crashing14 =
  "  const no = () => new Error('not 14')\n  if (to === 14n) throw no()\n  return (to"
const later = (): never => {
  throw new Error('not yet')
}

test('one version before the last has a moment to end, and is killed then', async () => {
  sources.edit('sum', (text) => text.replace('  return (to', crashing14))
  await upgrade()
  await until(() => expect(anna.list().at(-1)).toBe('-5 failed killed'))
  await anna.wish('14')
  await anna.reads('14 failed Error: not 14')
  const crash = await until(
    () => system.log.find((line) => line.includes('"message":"not 14"')) ?? later(),
  )
  expect(crash).toContain('sum (src/system/sum.ts:9:25)')
  await anna.wish('13')
  await anna.reads('13 finished 91')
})

describe('what is refused changes nothing, and says where', () => {
  beforeEach(() => {
    sources.reset()
    sources.repair('all')
  })

  type Change = (text: string) => string
  const swap =
    (one: string, other: string): Change =>
    (text) =>
      text.replace(one, other)
  const append =
    (line: string): Change =>
    (text) =>
      `${text}\n${line}\n`

  test.each<[string, 'sum' | 'session', Change, number | undefined, RegExp]>([
    ['no syntax', 'sum', swap('from += 1n', 'from += += 1n'), 17, /Unexpected token/],
    ['a lacking export', 'sum', swap('export function* sum', 'function* sum'), 1, /no 'sum'/],
    [
      'a throw at load, without folders and addresses',
      'sum',
      append("throw new Error('not today: /home/anna/a.ts of 10.0.0.7')"),
      22,
      /not today: a\.ts of …$/,
    ],
    [
      'what fails later',
      'sum',
      append("Promise.reject(new Error('too late for /home/me/it'))"),
      22,
      /while it was loaded: Error: too late for it$/,
    ],
    [
      'an end of hosts',
      'sum',
      append(`if (${isPlay}) process.exit()`),
      undefined,
      /No host outlived/,
    ],
    ['native code', 'sum', append("/^(a+)+$/.test('a'.repeat(60) + '!')"), 22, /never ends/],
    ['a wrong sum', 'sum', swap('/ 2n', '/ 2n + 1n'), undefined, /came out as 16/],
    ['a sum for ever', 'sum', swap('return (to', 'for (;;); return (to'), 8, /never said/],
    [
      'another list',
      'session',
      swap('show(state.list', "show({ ...state.list, epoch: '' }"),
      undefined,
      /list/,
    ],
  ])('%s', async (_, module, change, line, sentence) => {
    const { version } = view
    sources.edit(module, change)
    await wish({ type: 'upgrade' })
    expect(view.problem?.sentence).toMatch(sentence)
    if (line !== undefined) {
      expect(view.problem).toMatchObject({ module, line })
      expect(view.problem?.excerpt).toMatch(new RegExp(`^> *${line} \\|.*\\n.*\\^$`, 'm'))
    }
    expect(view.version).toBe(version)
    await anna.wish('13')
    await anna.reads('13 finished 91')
  })
})

test('a terminal edits and upgrades, and ends with 1 and the place when that is refused', async () => {
  sources.reset()
  const fixed = await runUpgrade('--fix', 'all')
  expect(fixed).toMatchObject({ code: 0, errors: '' })
  expect(fixed.output).toMatch(/sum\.ts is repaired\.\n/)
  expect(fixed.output).toMatch(/Release \d+ → \d+ in \d+ ms; \d of \d browsers stayed; 0 sums lost/)
  const same = await runUpgrade()
  expect(same).toMatchObject({ code: 0 })
  expect(same.output).toMatch(/^Nothing has changed/)
  sources.edit('session', (text) => text.replace('function* serve(', 'function* serve(('))
  const broken = await runUpgrade('--to', system.url)
  expect(broken).toMatchObject({ code: 1 })
  expect(broken.errors).toMatch(
    /Nothing was changed.*\n {2}at src\/system\/session\.ts:\d+:\d+\n\n/,
  )
  expect(broken.errors).toMatch(/^ +\| +\^$/m)
})

test('the console says what came of it when it is over, and where the code is wrong', async () => {
  let shown = consoleFold.empty
  presenter.follow(consoleStream, consoleFold, (now) => (shown = now.view))
  const type = async (text: string) => {
    const { typedCount } = shown
    await presenter.wish(consoleStream, { type: 'line', text })
    await until(() => expect([shown.typedCount, shown.isBusy]).toEqual([typedCount + 1, false]))
    const at = shown.lines.findLastIndex(({ kind }) => kind === 'typed')
    return shown.lines.slice(at + 1).map(({ kind, text }) => `${kind} ${text}`)
  }
  sources.reset()
  sources.edit('sum', (text) => text.replace('(to === 13n)', '(to === 13n'))
  const { version } = view
  const broken = await type('upgrade()')
  const place = expect.stringMatching(/^error at src\/system\/sum\.ts:\d+:\d+$/) as string
  expect(broken.slice(0, 3)).toEqual(['error Nothing was changed.', expect.any(String), place])
  expect(broken.join('\n')).toMatch(/> +\d+ \| +if \(to === 13n throw .*\n.* \^/)
  expect(view.version).toBe(version)
  sources.reset()
  sources.repair('13')
  expect(await type('upgrade()')).toEqual([
    expect.stringMatching(/^printed The new version is loaded: release \d+ → \d+ in \d+ ms; /),
  ])
  expect(view.version).toBeGreaterThan(version)
  expect(await type('rollback()')).toEqual([
    expect.stringMatching(/^printed The version before runs again: release \d+ → \d+ in \d+ ms; /),
  ])
  expect(view.version).toBe(version)
  expect(await type('purge()')).toEqual([
    expect.stringMatching(/^printed \d+ process(es)? that ran old code ended\.$/),
  ])
})

test('one upgrade at a time, and the next as soon as that is over', async () => {
  sources.reset()
  sources.edit('sum', (text) => `${text}\nlet let = 1`)
  const first = presenter.wish(upgradeStream, { type: 'upgrade' })
  expect(await refusalOf({ type: 'roll_back' })).toBe('upgrade_under_way')
  expect(await first).toEqual({ ok: true })
  const next = new Promise((resolve) => {
    const stop = presenter.follow(upgradeStream, upgradeFold, (now) => {
      if (now.epoch === undefined || now.view.underWay) return
      queueMicrotask(() => stop())
      resolve(presenter.wish(upgradeStream, { type: 'purge' }))
    })
  })
  expect(await next).toEqual({ ok: true })
  await until(() => expect(view.history.at(-1)?.type).toBe('purged'))
})

test('to roll back is stronger than a host that takes nothing any more', async () => {
  sources.reset()
  const answer = "{ type: 'code_refused', ref: word.ref, sentence: '\\u001b[2Jno' }"
  const refuser = `process.on('message', ({ word }) => {
    if (word?.type === 'code') process.send({ type: 'word', word: ${answer} })
  })`
  sources.edit('sum', (text) => `${text}\nif (${isPlay}) ${refuser}\n`)
  await upgrade()
  const { version } = view
  sources.repair('all')
  await wish({ type: 'upgrade' })
  expect(view.problem?.sentence).toMatch(/^play-\d did not take it: +\[2Jno$/)
  await wish({ type: 'roll_back' })
  expect(view.history.at(-1)).toMatchObject({ type: 'rolled_back', from: version })
  // The spare, too, has run it: it takes the place of the first who is killed.
  for (const host of ['play-1', 'play-2', 'play-1']) {
    const pid = await system.pidOf(host)
    process.kill(pid, 'SIGKILL')
    await until(async () => expect(await system.pidOf(host)).not.toBe(pid))
    await system.ready()
  }
})

test('whoever loads it may be killed, and the next upgrade goes as all do', async () => {
  let rows: readonly ShownRow[] = []
  const all = { sortBy: 'pid', descending: false, limit: 200, refreshS: 1, search: '' } as const
  const stop = presenter.follow(tableStream(all), processesFold, (now) => {
    rows = now.view.table?.rows ?? []
  })
  sources.reset()
  sources.edit('sum', (text) => `${text}\nexport const nth = 1\n`)
  await upgrade()
  const keepers = () => rows.filter(({ initialCall }) => initialCall === 'codeKeeper')
  await until(() => expect(keepers()).toHaveLength(2))
  // Those that were started with them, too.
  for (const { pid, initialCall } of rows.filter(({ serial }) => serial > keepers()[0]!.serial)) {
    if (initialCall !== 'session.session') await kill(pid)
  }
  for (const { pid } of keepers()) await kill(pid)
  stop()
  sources.edit('sum', (text) => `${text}\nexport const other = 2\n`)
  await upgrade()
})

const kill = (pid: string) =>
  presenter.wish(processesStream, { type: 'kill_process', ...readPid(pid)! })

test('a play host killed in the middle comes up with what all others have', async () => {
  const { version } = view
  sources.repair('all')
  const pid = await system.pidOf('play-1')
  expect(await presenter.wish(upgradeStream, { type: 'upgrade' })).toEqual({ ok: true })
  process.kill(pid, 'SIGKILL')
  await until(() => expect(view.version).toBeGreaterThan(version))
  await system.ready()
  await anna.wish('13')
  await anna.reads('13 finished 91')
})

test('the audience may not, and hears so', async () => {
  const source = createLiveSource({ url: system.url, wakes: () => () => {} })
  expect(await source.wish(upgradeStream, { type: 'roll_back' })).toEqual({
    ok: false,
    refusal: { code: 'presenter_only' },
  })
  source.close()
})

test('a root that comes back goes on with what was current', async () => {
  sources.reset()
  sources.repair('all')
  sources.edit('sum', (text) => `${text}// sent from elsewhere\n`)
  await upgrade()
  await system.stop()
  system = await startSystem(env, system.port)
  await until(() => expect(view).toMatchObject({ version: 2, history: [{ type: 'upgraded' }] }))
  await anna.wish('13')
  await anna.reads('13 finished 91')
})
