/*
 * The console through the front door: typed into the running system by a presenter, and by `npm run
 * console` in a process of its own.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ConsoleClient, type Streams } from '../../server/console-terminal'
import { NoEntry, readTarget } from '../../server/presenter-line'
import type { Hands, Told } from '../../src/console/hands'
import { Console } from '../../src/gateway/console'
import { consoleFold, consoleStream, type ConsoleView } from '../../src/protocol/console'
import { accepted, sessionStream } from '../../src/protocol/envelope'
import { sumFold, type SumView } from '../../src/protocol/sum'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { newWishId } from '../../src/source/wish-id'
import { takeCookies } from '../chaos/presenter'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

const wakes = () => () => {}

let system: System
let presenter: LiveSource
let other: LiveSource
let visitor: LiveSource
let name: string
let view: ConsoleView

beforeAll(async () => {
  system = await startSystem()
  const { url } = system
  presenter = createLiveSource({ url, wakes, cookie: await takeCookies(url) })
  other = createLiveSource({ url, wakes, cookie: await takeCookies(url) })
  visitor = createLiveSource({ url, wakes })
  visitor.follow(consoleStream, consoleFold, (followed) => (view = followed.view))
  name = await new Promise((resolve) => visitor.onWelcome((welcome) => resolve(welcome.visitor)))
})
afterAll(async () => {
  for (const source of [presenter, other, visitor]) source?.close()
  await system?.stop()
})
beforeEach(async () => {
  await type('clear')
})

const line = (text: string, by = presenter) =>
  by.wish(consoleStream, { type: 'line', text }, newWishId())

/** Types a line and gives what was printed, as somebody reads who looks on. */
async function type(text: string): Promise<string[]> {
  const { typedCount } = view
  expect(await line(text)).toEqual(accepted)
  await until(() => expect([view.typedCount, view.isBusy]).toEqual([typedCount + 1, false]))
  const at = view.lines.findLastIndex(({ kind }) => kind === 'typed')
  return view.lines.slice(at + 1).map(({ text }) => text)
}

async function startSum(number: string): Promise<void> {
  await visitor.wish(sessionStream(name), { type: 'start_sum', text: number }, newWishId())
}
function sums(): () => SumView {
  let view = sumFold.empty
  visitor.follow(sessionStream(name), sumFold, (followed) => (view = followed.view))
  return () => view
}

describe('what is typed in the talk', () => {
  test('finds who burns, looks at it, traces and kills it', async () => {
    const list = sums()
    await startSum('-5')
    const top = await until(async () => {
      const lines = await type('Runtime.top()')
      expect(lines[1]).toMatch(/^<0\.\d+\.0> +[\d_]+ +\d+ % +0 {2}sum\.sum$/)
      return lines
    })
    const pid = /<0\.(\d+)\.0>/.exec(top[1]!)!
    expect(await type(`pid = pid(0, ${pid[1]}, 0)`)).toEqual([pid[0]])
    const stack = await type('Runtime.stacktrace(pid)')
    expect(stack.slice(0, 3).join('\n')).toMatch(/^sum\.sum, .*\n.*\nadd +src\/system\/sum\.ts:\d+/)
    const trace = await type('Runtime.trace(pid)')
    expect(trace).toHaveLength(51)
    expect(trace[0]).toMatch(/^turn add\(.*\) {2}src\/system\/sum\.ts:\d+$/)
    expect((await type('Runtime.info(pid)'))[0]).toBe(`pid           ${pid[0]}`)
    expect(await type('Runtime.kill(pid)')).toEqual([`${pid[0]} was killed.`])
    await until(() => expect(list().lines.at(-1)).toMatchObject({ outcome: 'killed' }))
    expect(await type('Runtime.stacktrace(pid)')).toEqual([
      'No such process lives, not here and not any more.',
    ])
    expect(view.lines.at(-1)!.kind).toBe('error')
  })

  test('kills all that add up', async () => {
    await startSum('-1')
    await startSum('-2')
    await until(async () => expect((await type('Runtime.top()')).join()).toMatch(/sum.*sum\.sum/))
    expect(await type('Runtime.killMath();')).toEqual(['2 processes were killed.'])
    expect(await type('Runtime.kill_math()')).toEqual(['0 processes were killed.'])
  })

  test('turns the load, and resets boards', async () => {
    expect(await type('Load.set(1_00)')).toEqual(['100 virtual clients are wanted.'])
    expect(await type('Load.set(0)')).toEqual(['0 virtual clients are wanted.'])
    expect(await type('Load.set(-1)')).toEqual(['That must be a whole number from 0 to 1,000,000.'])
    expect(await type("Boards.reset('observability')")).toEqual(['All notes are off that board.'])
    for (const id of ['none', '../load/control', '']) {
      expect(await type(`Boards.reset('${id}')`)).toEqual(['There is nothing of that name here.'])
    }
  })
})

test('two who type share it, and their lines are done one after the other', async () => {
  const before = view.typedCount
  await Promise.all([line('Runtime.top()'), line('a = 1', other), line('b = 2')])
  await until(() => expect([view.typedCount, view.isBusy]).toEqual([before + 3, false]))
  const kinds = view.lines.map(({ kind, text }) => (kind === 'printed' ? kind : text))
  const order = kinds.filter((kind) => kind !== 'printed')
  // Over two lines: which of them comes first is open.
  expect(order.toSorted()).toEqual(['Runtime.top()', 'a = 1', 'b = 2'])
  const afterTop = kinds.slice(kinds.indexOf('Runtime.top()') + 1)
  expect(afterTop[0]).toBe('printed')
})

test('only a presenter may type', async () => {
  const refusal = { code: 'presenter_only' }
  expect(await line('Runtime.kill_math()', visitor)).toEqual({ ok: false, refusal })
  expect(view.lines).toEqual([])
})

test.each([
  ['malformed', { type: 'line' }],
  ['malformed', { type: 'line', text: 5 }],
  ['malformed', { type: 'line', text: 'help', more: 1 }],
  ['line_too_long', { type: 'line', text: 'x'.repeat(501) }],
])('%s is refused', async (code, command) => {
  const answer = await presenter.wish(consoleStream, command)
  expect(answer).toEqual({ ok: false, refusal: { code } })
})

test('more lines than anybody types ahead are refused', async () => {
  let finish = (_: Told<number>) => {}
  const killMath = () => new Promise<Told<number>>((resolve) => (finish = resolve))
  const room: Console = new Console('g1.1', {
    hands: { killMath } as Hands,
    log: ({ reason }) => {
      throw reason
    },
    publish: () => {},
    now: () => 0,
    withoutSecrets: (line) => line,
  })
  const by = { visitor: 'anna', role: 'presenter' } as const
  const wish = (text: string) =>
    room.grant({ id: text, stream: consoleStream, command: { type: 'line', text } }, by)
  const answers = ['Runtime.kill_math()', ...Array(21).fill('1')].map(wish)
  expect(answers.slice(0, -1)).toEqual(Array(21).fill(accepted))
  expect(answers.at(-1)).toEqual({ ok: false, refusal: { code: 'too_busy' } })
  const seen = () => room.stream.snapshot().view as ConsoleView
  expect(seen()).toMatchObject({ typed: ['Runtime.kill_math()'], isBusy: true })
  finish({ ok: true, value: 0 })
  await until(() => expect(seen()).toMatchObject({ typedCount: 21, isBusy: false }))
  expect(wish('2')).toEqual(accepted)
})

/** `npm run console`, built, with lines piped in. */
async function runClient(input: string, env: Record<string, string>, args: string[] = []) {
  const client = spawn(
    process.execPath,
    [resolve(import.meta.dirname, '../../dist/server/console-client.js'), ...args],
    { env: { ...process.env, PORT: String(system.port), ...env }, stdio: 'pipe' },
  )
  let [out, error] = ['', '']
  client.stdout.on('data', (chunk) => (out += String(chunk)))
  client.stderr.on('data', (chunk) => (error += String(chunk)))
  client.stdin.end(input)
  const [code] = (await once(client, 'close')) as [number]
  return { code, out: out.split('\n').slice(0, -1), error }
}

describe('npm run console', () => {
  const env = { PRESENTER_TOKEN: token }

  test('does the lines that are piped in, one after the other, and fails when one does', async () => {
    const [good, bad] = await Promise.all([
      runClient("b = 5\nRuntime.top()\nb; \n\n'c'", env),
      runClient(`hlep\n${'x'.repeat(501)}\nexit\n1`, env),
    ])
    const others = [
      '> hlep',
      'hlep',
      '^',
      'Column 1: There is no variable hlep. Did you mean help()?',
    ]
    const own = good.out.filter((line) => !others.includes(line))
    expect(own[0]).toBe('5')
    expect(own[1]).toMatch(/^pid +reductions/)
    expect(own.slice(-2)).toEqual(['5', "'c'"])
    expect(good.code).toBe(0)
    expect(bad.out).toEqual(expect.arrayContaining(others.slice(1)))
    expect(bad.out).toContain('That is too long: a line has 500 characters at most.')
    expect(bad.code).toBe(1)
  })

  test('sends no token, and goes on with the next line', async () => {
    const { out, code } = await runClient(`'${token}'\n2`, env)
    expect([out, code]).toEqual([["'…'", '2'], 0])
  })

  test('a terminal obeys nothing that another presenter has typed', async () => {
    await type("\u001b]0;evil\u0007'x'")
    const terminal = () => Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} })
    const [stdin, stdout] = [terminal(), terminal()]
    let shown = ''
    stdout.on('data', (chunk) => (shown += String(chunk)))
    const streams = { stdin, stdout } as unknown as Streams
    const client = new ConsoleClient(other, streams, (text) => text)
    await until(() => expect(shown).toContain('help lists the words'))
    stdin.write('\u001b[A')
    await until(() => expect(shown).toContain("·]0;evil·'x'"))
    expect(shown).not.toContain('\u001b]0;')
    stdin.end()
    await client.ended
  })

  test('says in one sentence why it cannot', async () => {
    const ended = await Promise.all([
      runClient('', { PRESENTER_TOKEN: '' }),
      runClient('', { PRESENTER_TOKEN: 'not-the-right-one' }),
      runClient('', env, ['--to', 'http://talk.test:4000']),
      runClient('', env, ['--token', token]),
    ])
    expect(ended.map(({ error }) => error)).toEqual([
      'The presenter’s token is missing: put it into PRESENTER_TOKEN.\n',
      `${system.url} does not know that token.\n`,
      expect.stringMatching(/^The token would go to talk\.test:4000 in the open\./),
      'npm run console [-- --to https://talk.example]\n',
    ])
    for (const { code, out } of ended) expect([code, out]).toEqual([1, []])
  })
})

describe('a token', () => {
  test.each([
    ...['https://talk.example', 'http://localhost:4000', 'http://127.0.0.1', 'http://[::1]:80/'],
  ])('may go to %s', (to) => expect(readTarget(to).origin).toBe(new URL(to).origin))

  test.each([
    ...['http://talk.example', 'http://127.0.0.1.talk.example', 'http://localhost.talk.example'],
    ...['http://192.168.1.5:4000', 'http://user:pass@localhost', 'https://talk.example/enter'],
    ...['https://talk.example/?to=1', 'ftp://localhost', 'localhost:4000', 'talk', ''],
  ])('may not go to %s', (to) => expect(() => readTarget(to)).toThrow(NoEntry))
})

test('a token that somebody puts into it is told to nobody', async () => {
  await type(`'${token}'`)
  expect(view.typed.at(-1)).toBe("'…'")
  expect(JSON.stringify(view)).not.toContain(token)
})

test('the next gateway has a console too, and nothing is kept in it', async () => {
  const pid = await system.pidOf('gateway')
  process.kill(pid, 'SIGKILL')
  await until(async () => expect(await system.pidOf('gateway')).not.toBe(pid))
  await until(() => expect(view.typedCount).toBe(0))
  expect(await type('a')).toContain('Column 1: There is no variable a. Try: help')
})
