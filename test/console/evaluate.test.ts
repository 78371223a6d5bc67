/* What the console does for a line, with hands that note what they were asked for. */
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { evaluate, type Printed } from '../../src/console/evaluate'
import type { Hands } from '../../src/console/hands'
import type { Variables } from '../../src/console/variables'
import type { ProcessSeen, TraceSeen } from '../../src/protocol/observe'

const yes = <T>(value: T) => Promise.resolve({ ok: true, value } as const)

const frame = {
  function: 'add',
  file: 'src/system/sum.ts',
  line: 17,
  variables: { n: '-5', i: '12345678' },
}
const process: ProcessSeen = {
  kind: 'process',
  serial: 302790,
  initialCall: 'sum.sum',
  status: 'runnable',
  mailboxLength: 0,
  reductions: 1234567,
  ageMs: 65_432,
  trapsExits: false,
  links: ['<0.4.0>'],
  monitors: [],
  monitoredBy: ['<0.302789.0>'],
  ancestors: ['<0.4.0>', '<0.1.0>'],
  stack: [frame, { ...frame, function: 'sum', line: 9, variables: { number: '-5' } }],
}
const trace: TraceSeen = {
  kind: 'trace',
  events: [{ ...frame, event: 'turn' }],
  limit: 'time',
  ms: 1000.4,
}
const top = [
  { pid: '<0.302790.0>', initialCall: 'sum.sum', reductions: 48_000_000, share: 0.991 },
  { pid: '<1.7.0>', name: 'reception', initialCall: 'reception', reductions: 120, share: 0.5 },
].map((line) => ({ ...line, mailboxLength: 0 }))

let asked: unknown[][]
let hands: Hands
let variables: Variables

beforeEach(() => {
  asked = []
  variables = new Map()
  const noting =
    <T>(name: string, value: T) =>
    (...args: unknown[]) => {
      asked.push([name, ...args])
      return yes(value)
    }
  hands = {
    top: noting('top', top),
    look: noting('look', process),
    trace: noting('trace', trace),
    kill: noting('kill', undefined),
    killMath: noting('killMath', 3),
    setLoad: noting('setLoad', undefined),
    resetBoard: noting('resetBoard', undefined),
    upgrade: noting('upgrade', { ...turn, type: 'upgraded', browsers: { before: 9, still: 8 } }),
    rollback: noting('rollback', { ...turn, type: 'rolled_back' }),
    purge: noting('purge', { type: 'purged', count: 2, atMs: 0 }),
  }
})

const turn = { from: 1, to: 2, tookMs: 1_200, atMs: 0 }

const type = (line: string): Promise<Printed> =>
  evaluate(line, { hands, variables, typed: ['help', 'Runtime.top()'] })
const lines = async (line: string) => (await type(line)).lines

describe('what is typed in the talk', () => {
  test('finds the busiest', async () => {
    expect(await lines('Runtime.top()')).toEqual([
      'pid           reductions  of host  msgs  process',
      '<0.302790.0>  48_000_000     99 %     0  sum.sum',
      '<1.7.0>              120     50 %     0  reception',
    ])
  })

  test('keeps a pid, and looks at its process', async () => {
    expect(await lines('pid = pid(0, 302790, 0)')).toEqual(['<0.302790.0>'])
    expect(await lines('pid')).toEqual(['<0.302790.0>'])
    expect(await lines('Runtime.stacktrace(pid)')).toEqual([
      'sum.sum, runnable',
      'function  line                  variables',
      'add       src/system/sum.ts:17  n: -5, i: 12345678',
      'sum       src/system/sum.ts:9   number: -5',
    ])
    expect(await lines('Runtime.trace(pid)')).toEqual([
      'turn add(n: -5, i: 12345678)  src/system/sum.ts:17',
      '1 step in 1000 ms: the time was over.',
    ])
    expect(await lines('Runtime.info(<0.302790.0>)')).toContain('ancestors     <0.4.0> <0.1.0>')
    expect(await lines('Runtime.kill(pid(0, 302790, 0))')).toEqual(['<0.302790.0> was killed.'])
    const pid = { host: 0, serial: 302790 }
    expect(asked).toEqual(['look', 'trace', 'look', 'kill'].map((name) => [name, pid]))
  })

  test.each([
    ['Runtime.kill_math()', ['killMath'], '3 processes were killed.'],
    ['Runtime.killMath();', ['killMath'], '3 processes were killed.'],
    ['Load.set(100_000)', ['setLoad', 100_000], '100_000 virtual clients are wanted.'],
    ["Boards.reset('tools')", ['resetBoard', 'tools'], 'All notes are off that board.'],
    [
      ...(['upgrade()', ['upgrade']] as const),
      'The new version is loaded: release 1 → 2 in 1200 ms; 8 of 9 browsers stayed.',
    ],
    [
      ...(['rollback', ['rollback']] as const),
      'The version before runs again: release 1 → 2 in 1200 ms.',
    ],
    ['purge ( )', ['purge'], '2 processes that ran old code ended.'],
  ])('%s', async (line, hand, printed) => {
    expect(await type(line)).toEqual({ lines: [printed] })
    expect(asked).toEqual([hand])
  })

  test('help, history and clear', async () => {
    const help = await lines('help')
    expect(help).toHaveLength(15)
    expect(help[1]).toMatch(/^Runtime\.trace\(pid\) +What a process does/)
    expect(await lines('history')).toEqual(['help', 'Runtime.top()'])
    expect(await type('clear')).toEqual({ lines: [], clears: true })
    expect(await type('  ')).toEqual({ lines: [] })
  })
})

describe('what goes wrong', () => {
  test.each([
    ['Runtime.tpo()', 1, 'There is no word Runtime.tpo. Did you mean Runtime.top()?'],
    ['top()', 1, 'There is no word top. Did you mean Runtime.top()?'],
    [
      'Runtime.stack(1)',
      1,
      'There is no word Runtime.stack. Did you mean Runtime.stacktrace(pid)?',
    ],
    ['hlep', 1, 'There is no variable hlep. Did you mean help()?'],
    ['Runtime.trace(pdi)', 15, 'There is no variable pdi. Did you mean pid(host, serial, 0)?'],
    ['topp()', 1, 'There is no word topp. Try: help'],
    ['process.exit(1)', 1, 'There is no word process.exit. Try: help'],
    ['__proto__ ', 1, 'There is no variable __proto__. Try: help'],
    ['constructor()', 1, 'There is no word constructor. Try: help'],
    ['Runtime.trace()', 1, 'Something is missing in the parentheses: Runtime.trace(pid)'],
    ['Runtime.trace', 1, 'Something is missing in the parentheses: Runtime.trace(pid)'],
    ['Runtime.top(1)', 13, 'That is more than it takes: Runtime.top()'],
    ['Runtime.kill(5)', 14, 'Here it needs a pid, such as pid(0, 302790, 0).'],
    ["Load.set('5')", 10, 'Here it needs a whole number.'],
    ['Runtime.kill(upgrade)', 14, 'upgrade() gives nothing that could stand here.'],
    ['Runtime.kill(Runtime.kill_math())', 14, /gives nothing that could stand here/],
    ['x = Runtime.kill_math()', 5, /gives nothing to keep/],
    ['help = 5', 1, 'help() is a word of the console: choose another name.'],
    ['pid(0, 1, 1)', 11, 'The last number of a pid is 0.'],
    ['pid(-1, 1, 0)', 5, 'No process has a number below 0.'],
  ])('%s is told with its column, and does nothing', async (line, column, sentence) => {
    const { lines, isError } = await type(line)
    expect(isError).toBe(true)
    expect(lines[0]).toBe(line)
    expect(lines[1]).toBe(`${' '.repeat(column - 1)}^`)
    const [, told, why] = /^Column (\d+): (.*)$/.exec(lines[2]!) ?? []
    expect(Number(told)).toBe(column)
    expect(why).toMatch(sentence)
    expect(asked).toEqual([])
    expect([...variables]).toEqual([])
  })

  test('what a hand cannot do is told in its sentence', async () => {
    hands = { ...hands, kill: () => Promise.resolve({ ok: false, sentence: 'No such process.' }) }
    const printed = await type('Runtime.kill(<0.1.0>)')
    expect(printed).toEqual({ lines: ['No such process.'], isError: true })
  })

  test('a hundred variables are enough', async () => {
    for (let at = 0; at < 100; at++) await type(`v${at} = ${at}`)
    expect((await type('one_more = 1')).isError).toBe(true)
    expect(await lines('v99 = 7')).toEqual(['7'])
    expect(await lines('v99')).toEqual(['7'])
  })
})

test('whatever is typed and told, what is printed is narrow, and nothing that a terminal obeys', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('\u001b[2J\u001b]0;x\u0007', '\u009b31m', '\r\n', '\u202e', '\ud800'),
  )
  const line = fc.oneof(
    anyText,
    fc.constantFrom(...['Runtime.top()', 'Runtime.trace(p)', 'Runtime.stacktrace(p)']),
    fc.constantFrom(...['Runtime.info(p)', 'Runtime.kill(p)', 'history', 'help', "'\u001b[2J'"]),
  )
  await fc.assert(
    fc.asyncProperty(line, anyText, anyText, async (line, name, shown) => {
      const strange = { function: name, file: name, line: 1, variables: { [name]: shown } }
      const seen = { ...process, name, initialCall: shown, stack: [strange], links: [shown, name] }
      hands = {
        ...hands,
        top: () => yes([{ ...top[0]!, name, pid: shown }]),
        look: () => yes(seen),
        trace: () => yes({ ...trace, events: [{ ...strange, event: 'call' }] }),
        kill: () => Promise.resolve({ ok: false, sentence: shown }),
      }
      const p = { host: 0, serial: 1 }
      const { lines } = await evaluate(line, {
        hands,
        variables: new Map([['p', p]]),
        typed: [name, shown],
      })
      for (const printed of lines) {
        expect([...printed].length).toBeLessThanOrEqual(100)
        expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }
    }),
    { numRuns: 1_000 },
  )
})
