/*
 * The grading of the lab's guided path: views as the lab's streams fold them go in, and the
 * checkpoints that are reached come out. What nobody did is not reached.
 */
import { expect, test } from 'vitest'
import { checkpointIds } from '../../src/pages/lab/guide/checkpoints'
import { beginAnew, grade, nothingSeen, type Sight } from '../../src/pages/lab/guide/grading'
import { fragmentOf, readFragment } from '../../src/pages/lab/guide/progress'
import { consoleFold } from '../../src/protocol/console'
import { hostsFold, type HostsEvent } from '../../src/protocol/hosts'
import { loadFold } from '../../src/protocol/load'
import type { ProcessSeen } from '../../src/protocol/observe'
import { sumFold, type SumEvent } from '../../src/protocol/sum'
import { upgradeFold, type UpgradeEvent } from '../../src/protocol/upgrades'

/** The lab as the path sees it. */
class Seen {
  grading = nothingSeen
  atMs = 1_000
  life = 'a'
  sums = sumFold.empty
  hosts = hostsFold.empty
  upgrades = upgradeFold.empty

  see(sight: Sight): this {
    this.grading = grade(this.grading, sight)
    return this
  }
  say(...events: SumEvent[]): this {
    this.sums = events.reduce(sumFold.fold, this.sums)
    return this.see({ of: 'session', life: this.life, view: this.sums, atMs: this.atMs })
  }
  start = (id: string, number = id) => this.say({ type: 'sum_started', id, number })
  finish = (id: string) => this.say({ type: 'sum_finished', id, result: '1' })
  fail = (id: string, reason: string) => this.say({ type: 'sum_failed', id, reason })
  /** The session is another one, with an empty list. */
  begin(life: string): this {
    this.life = life
    this.sums = sumFold.empty
    return this.say()
  }
  host(...events: HostsEvent[]): this {
    this.hosts = events.reduce(hostsFold.fold, this.hosts)
    return this.see({ of: 'hosts', view: this.hosts, atMs: this.atMs })
  }
  turn(...events: UpgradeEvent[]): this {
    this.upgrades = events.reduce(upgradeFold.fold, this.upgrades)
    return this.see({ of: 'upgrades', view: this.upgrades, atMs: this.atMs })
  }
  load(clients: number, done: number): this {
    const sample = { atMs: this.atMs, target: clients, clients, due: done, done, failed: {} }
    const event = { type: 'load_sampled', sample: { ...sample, backsOff: false } } as const
    const view = loadFold.fold(loadFold.empty, event)
    return this.see({ of: 'load', view, atMs: this.atMs })
  }
  get reached() {
    return this.grading.reached
  }
}

const lab = () => new Seen()
const turned = (type: 'upgraded' | 'rolled_back', atMs: number): UpgradeEvent => ({
  type,
  from: 1,
  to: 2,
  tookMs: 1,
  atMs,
})

test('a sum, a crash, and sums below 1 are seen in the session', () => {
  expect(lab().start('5').reached).toEqual([])
  expect(lab().start('5').finish('5').reached).toEqual(['first_sum'])
  expect(lab().start('13').fail('13', 'Error: 13 brings bad luck').reached).toEqual(['thirteen'])
  expect(lab().start('13').finish('13').reached).toEqual(['first_sum'])
  expect(lab().start('12').fail('12', 'Error').reached).toEqual([])
  expect(lab().start('0').reached).toEqual(['endless'])
  expect(lab().start('-5').reached).toEqual(['endless'])
})

test('a number is huge once it calculates for two seconds', () => {
  const seen = lab().start('99999999999')
  seen.atMs += 1_999
  expect(seen.load(0, 0).reached).toEqual([])
  seen.atMs += 1
  expect(seen.load(0, 0).reached).toEqual(['huge'])
  const quick = lab().start('99999999999').finish('99999999999')
  quick.atMs += 5_000
  expect(quick.load(0, 0).reached).toEqual(['first_sum'])
  const below = lab().start('-99999999999')
  below.atMs += 5_000
  expect(below.load(0, 0).reached).toEqual(['endless'])
})

test('the culprit is seen by its stack, on a page or in the console', () => {
  const seen: ProcessSeen = {
    ...({ kind: 'process', serial: 7, initialCall: 'sum.sum', status: 'runnable' } as const),
    ...{ mailboxLength: 0, reductions: 1, ageMs: 1, trapsExits: false },
    ...{ links: [], monitors: [], monitoredBy: [], ancestors: [] },
    stack: [{ function: 'add', file: 'src/system/sum.ts', line: 17, variables: { to: '-5' } }],
  }
  const look = (other: object) =>
    lab().see({ of: 'process', view: { state: 'seen', seen: { ...seen, ...other } }, atMs: 1 })
  expect(look({}).reached).toEqual(['culprit'])
  expect(look({ stack: [] }).reached).toEqual([])
  expect(look({ initialCall: 'session.serve' }).reached).toEqual([])
  const type = (text: string) => {
    const typed = consoleFold.fold(consoleFold.empty, { type: 'typed', text, atMs: 1 })
    const lines = ['add  src/system/sum.ts:17  to -5']
    const view = consoleFold.fold(typed, { type: 'printed', lines })
    return lab().see({ of: 'console', view, atMs: 1 })
  }
  expect(type('Runtime.stacktrace(pid(0, 7, 0))').reached).toEqual(['culprit'])
  expect(type('Runtime.top()').reached).toEqual([])
})

test('a sum counts as killed when somebody has wished it and the session still has it', () => {
  const kill = { of: 'kill', atMs: 1 } as const
  const killed = ['endless', 'killed']
  expect(lab().start('-5').see(kill).fail('-5', 'killed').reached).toEqual(killed)
  expect(lab().start('-5').fail('-5', 'killed').reached).toEqual(['endless'])
  expect(lab().start('-5').see(kill).begin('b').reached).toEqual(['endless'])
})

test('a load is seen by a sum that ends while it is served', () => {
  expect(lab().start('7').load(1_000, 90).finish('7').reached).toEqual(['first_sum', 'loaded'])
  expect(lab().start('7').load(999, 90).finish('7').reached).toEqual(['first_sum'])
  expect(lab().start('7').load(1_000, 0).finish('7').reached).toEqual(['first_sum'])
  expect(lab().start('7').finish('7').load(1_000, 90).reached).toEqual(['first_sum'])
})

test('an upgrade is seen by the session that outlives it, from whatever release it begins', () => {
  const before = [turned('upgraded', 10), turned('rolled_back', 20)]
  const seen = () =>
    lab()
      .turn(...before)
      .start('5')
  expect(seen().finish('5').start('13').finish('13').reached).toEqual(['first_sum'])
  const upgraded = () => seen().turn(turned('upgraded', 30))
  expect(upgraded().reached).toEqual([])
  expect(upgraded().start('13').finish('13').reached).toContain('upgraded')
  expect(upgraded().start('13').fail('13', 'Error').reached).not.toContain('upgraded')
  expect(upgraded().begin('b').start('13').finish('13').reached).not.toContain('upgraded')
  expect(upgraded().turn(turned('rolled_back', 40)).reached).toEqual(['rolled_back'])
  expect(lab().turn(...before).reached).toEqual([])
})

test('a host heals that comes back from quarantine', () => {
  const host = 'play-1'
  const quarantined = { type: 'host_quarantined', host, reason: 'died 3 times' } as const
  const [starting, ready] = [
    { type: 'host_starting', host },
    { type: 'host_ready', host },
  ] as const
  expect(lab().host(starting, ready).reached).toEqual([])
  const resting = () => lab().host(starting).host(quarantined)
  expect(resting().host(starting).reached).toEqual([])
  expect(resting().host(ready).reached).toEqual(['healed'])
})

test('begun anew, what was there before counts no more', () => {
  const seen = lab().start('-5').start('99999999999').start('5').finish('5')
  seen.grading = beginAnew(seen.grading)
  seen.atMs += 5_000
  expect(seen.load(0, 0).say().reached).toEqual([])
  expect(seen.start('0').finish('0').reached).toEqual(['endless', 'first_sum'])
})

test('a link has ids and nothing else, and is read as far as it is understood', () => {
  expect(fragmentOf(['killed', 'first_sum'])).toBe('#done=first_sum,killed')
  expect(readFragment(fragmentOf(checkpointIds))).toEqual(checkpointIds)
  expect(readFragment('#done=nothing,killed,killed,%00,first_sum')).toEqual(['first_sum', 'killed'])
  for (const strange of ['', '#', '#done', '#done=', '#t=1', '#done=%', '#killed']) {
    expect(readFragment(strange)).toEqual([])
  }
})
