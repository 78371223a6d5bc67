/*
 * The table of all processes over a window, under a simulated clock and many seeds: its rows are
 * what a slow and simple way finds.
 */
import { expect, test } from 'vitest'
import {
  census,
  receive,
  setLabel,
  sleep,
  tableOf,
  type Body,
  type Pid,
  type ProcessTable,
  type SortKey,
  type TableQuestion,
} from '../../src/runtime'
import { counts } from '../support/debts.process'
import { Random } from '../support/random'
import { World } from '../support/simulation'

const windowMs = 1_000
const all: TableQuestion = { sortBy: 'pid', descending: false, limit: 200, search: '' }

function* worker(steps: readonly number[], label: string): Body {
  setLabel(label)
  for (const turns of steps) {
    yield* counts(turns, () => {})
    yield* sleep(windowMs / 2)
  }
  yield* receive()
}

/** Asks after one whole window of a world with some workers, of whom some end meanwhile. */
function ask(seed: number, questions: readonly TableQuestion[]) {
  const world = new World(seed)
  const random = new Random(seed)
  const pids: Pid[] = []
  const spawn = () => {
    const steps = Array.from({ length: 4 }, () => random.below(5_000))
    pids.push(world.spawn(worker, steps, `worker ${random.below(10)}`))
  }
  const count = 3 + random.below(20)
  for (let at = 0; at < count; at++) spawn()
  const tables: ProcessTable[] = []
  const before = new Map<Pid, number>()
  const after = new Map<Pid, number>()
  const note = (into: Map<Pid, number>) => {
    for (const pid of pids) into.set(pid, world.runtime.info(pid)?.reductions ?? -1)
  }
  world.spawn(function* () {
    note(before)
    const first = yield* census()
    expect(first.windowMs).toBeUndefined()
    yield* sleep(windowMs)
    world.runtime.exit(pids[random.below(count)]!, 'kill')
    spawn()
    yield* sleep(1)
    note(after)
    const taken = yield* census(first)
    expect(taken.windowMs).toBeGreaterThanOrEqual(windowMs)
    for (const question of questions) tables.push(yield* tableOf(taken, question))
  })
  world.runFor(windowMs * 2)
  return { world, pids, before, after, tables }
}

test('tells of each that lives what it did within the window', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { pids, before, after, tables } = ask(seed, [all])
    const rows = new Map(tables[0]!.rows.map((row) => [row.pid, row]))
    for (const pid of pids) {
      const now = after.get(pid)!
      const row = rows.get(pid)
      if (now < 0) expect(row).toBeUndefined()
      else expect(row).toMatchObject({ reductionsDiff: now - (before.get(pid) ?? 0) })
    }
  }
})

test('gives the first rows of an order, and says how many were found', () => {
  const keys: SortKey[] = ['reductions_diff', 'reductions', 'message_queue_len', 'age', 'name']
  const questions = keys.flatMap((sortBy) =>
    [true, false].map((descending) => ({ ...all, sortBy, descending, limit: 7 })),
  )
  for (let seed = 1; seed <= 10; seed++) {
    const { tables } = ask(seed, [all, ...questions])
    const [whole, ...cut] = tables as [ProcessTable, ...ProcessTable[]]
    for (const [at, { sortBy, descending }] of questions.entries()) {
      const value = (row: ProcessTable['rows'][number]) =>
        ({
          reductions_diff: row.reductionsDiff,
          reductions: row.reductions,
          message_queue_len: row.mailboxLength,
          age: row.ageMs,
          name: row.name ?? row.initialCall,
          pid: row.pid.serial,
        })[sortBy]
      const compare = (one: string | number, other: string | number) =>
        (one < other ? -1 : one > other ? 1 : 0) * (descending ? -1 : 1)
      const wanted = whole.rows.map(value).sort(compare).slice(0, 7)
      expect([sortBy, cut[at]!.rows.map(value)]).toEqual([sortBy, wanted])
      expect(cut[at]!.matched).toBe(whole.rows.length)
    }
  }
})

test('finds by name, label or pid, whatever the case', () => {
  const searches = ['WORKER', 'nobody is called that']
  const { pids, tables } = ask(
    3,
    searches.map((search) => ({ ...all, search })),
  )
  const { tables: found } = ask(3, [{ ...all, search: String(pids.at(-1)) }])
  expect(tables[0]!.rows.every(({ initialCall }) => initialCall.startsWith('worker'))).toBe(true)
  expect(tables[0]!.matched).toBe(pids.length - 1)
  expect(tables[1]).toEqual({ rows: [], matched: 0 })
  expect(found[0]!.rows.map(({ pid }) => String(pid))).toEqual([String(pids.at(-1))])
})

test('leaves out of the rows who has ended since the look', () => {
  const keys: SortKey[] = ['reductions_diff', 'message_queue_len']
  const world = new World(1)
  const pids = [1, 2, 3].map((turns) => world.spawn(worker, [turns], 'worker'))
  const tables: ProcessTable[] = []
  world.spawn(function* () {
    const taken = yield* census(yield* census())
    world.runtime.exit(pids[1]!, 'kill')
    yield* sleep(1)
    for (const sortBy of keys) tables.push(yield* tableOf(taken, { ...all, sortBy }))
  })
  world.runFor(windowMs)
  for (const { rows, matched } of tables) {
    expect(rows.map(({ pid }) => pid).filter((pid) => pids.includes(pid))).toHaveLength(2)
    expect(matched).toBe(4)
  }
})

test('of thousands is true as well, and others have their turn between two stretches', () => {
  const world = new World(1, { fair: true })
  const pids = Array.from({ length: 5_000 }, (_, at) =>
    world.spawn(worker, [at % 10, (at * 7) % 10], 'worker'),
  )
  const before = new Map<Pid, number>()
  let stretches = 0
  let table: ProcessTable | undefined
  world.spawn(function* () {
    const first = yield* census()
    for (const pid of pids) before.set(pid, world.runtime.info(pid)!.reductions)
    for (const [at, pid] of pids.entries()) if (at % 7 === 0) world.runtime.exit(pid, 'kill')
    yield* sleep(windowMs)
    const taken = yield* census(first, function* () {
      stretches++
    })
    table = yield* tableOf(taken, { ...all, limit: 10_000, search: 'worker' })
  })
  world.runFor(windowMs * 2)
  expect(stretches).toBe(2)
  expect(table!.matched).toBe(pids.filter((_, at) => at % 7 > 0).length)
  const wrong = table!.rows.filter(
    ({ pid, reductions, reductionsDiff }) => reductionsDiff !== reductions - before.get(pid)!,
  )
  expect(wrong).toEqual([])
})
