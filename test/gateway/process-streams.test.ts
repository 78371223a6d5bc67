/*
 * The process table and single processes, asked of a whole running system by two visitors, of whom
 * one is the presenter.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionStream } from '../../src/protocol/envelope'
import type { Fold } from '../../src/protocol/fold'
import {
  processesFold,
  processesStream,
  processFold,
  processStream,
  readPid,
  tableStream,
  type ProcessCommand,
  type ProcessesView,
  type ProcessName,
  type ShownRow,
  type TableParams,
} from '../../src/protocol/processes'
import { sumFold } from '../../src/protocol/sum'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { newWishId } from '../../src/source/wish-id'
import { takeCookies } from '../chaos/presenter'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let presenter: LiveSource
let visitor: LiveSource
let name: string

beforeAll(async () => {
  system = await startSystem()
  const wakes = () => () => {}
  presenter = createLiveSource({ url: system.url, wakes, cookie: await takeCookies(system.url) })
  visitor = createLiveSource({ url: system.url, wakes })
  name = await new Promise((resolve) => visitor.onWelcome((welcome) => resolve(welcome.visitor)))
})
afterAll(async () => {
  presenter?.close()
  visitor?.close()
  await system?.stop()
})

const usual: TableParams = {
  sortBy: 'reductions_diff',
  descending: true,
  limit: 50,
  refreshS: 1,
  search: '',
}

/** The views of a stream, as they come. */
function watch<View, Event>(stream: string, fold: Fold<View, Event>) {
  let view = fold.empty
  const stop = visitor.follow(stream, fold, (followed) => (view = followed.view))
  return { now: () => view, stop }
}

const sum = (text: string) =>
  visitor.wish(sessionStream(name), { type: 'start_sum', text }, newWishId())
const command = (wished: ProcessCommand, by = presenter) => by.wish(processesStream, wished)

async function firstRow(search: string): Promise<ShownRow> {
  const table = watch(tableStream({ ...usual, search }), processesFold)
  await until(() => expect(table.now().table?.rows[0]).toBeDefined())
  table.stop()
  return table.now().table!.rows[0]!
}

test('who burns is at the top, with the place where it counts for ever', async () => {
  await sum('-5')
  const table = watch(tableStream(usual), processesFold)
  const first = () => table.now().table?.rows[0]
  await until(() => expect(first()?.initialCall).toBe('sum.sum'))
  expect(first()).toMatchObject({ host: 'play-1', current: expect.stringMatching(/^add \(src/) })
  expect(first()!.pid).toMatch(/^<0\.\d+\.0>$/)
  const { windowMs, hosts, processes, matched } = table.now().table!
  expect(windowMs).toBeGreaterThan(900)
  expect(hosts).toEqual(['play-1', 'boards', 'load'])
  expect(matched).toBe(processes)
  const sums = table.now().table!.rows.filter(({ initialCall }) => initialCall === 'sum.sum')
  expect(sums[0]!.reductionsDiff).toBeGreaterThan(10_000)
  table.stop()
})

test('is sorted and searched by the hosts, and merged', async () => {
  const views: (() => ProcessesView)[] = []
  const order = async (params: Partial<TableParams>) => {
    const table = watch(tableStream({ ...usual, ...params }), processesFold)
    views.push(table.now)
    await until(() => expect(table.now().table?.rows.length).toBeGreaterThan(1))
    table.stop()
    return table.now().table!.rows
  }
  const byAge = await order({ sortBy: 'age' })
  const ages = byAge.map(({ ageMs }) => ageMs)
  expect(ages).toEqual([...ages].sort((one, other) => other - one))
  const names = (await order({ sortBy: 'name', descending: false })).map(
    (row) => row.name ?? row.initialCall,
  )
  expect(names).toEqual([...names].sort())
  const found = await order({ search: 'OBServer' })
  expect(found.map(({ host }) => host).sort()).toEqual(['boards', 'load', 'play-1'])
  const boards = byAge.find(({ host }) => host === 'boards')!
  const table = watch(tableStream({ ...usual, search: boards.pid }), processesFold)
  await until(() => expect(table.now().table?.rows.map(({ pid }) => pid)).toEqual([boards.pid]))
  table.stop()
  const limited = views.map((view) => view().table!)
  for (const { rows, matched } of limited) expect(rows.length).toBeLessThanOrEqual(matched)
})

test('a process tells its stack with live variables, its ancestors, and a trace', async () => {
  const named = readPid((await firstRow('sum.sum')).pid)!
  const watched = watch(processStream(named), processFold)
  await until(() => expect(watched.now().state).toBe('seen'))
  const [frame, below] = watched.now().seen!.stack
  expect(frame).toMatchObject({ function: 'add', file: 'src/system/sum.ts' })
  expect(frame!.variables['to']).toBe('-5')
  expect(Number(frame!.variables['from'])).toBeGreaterThan(1_000)
  expect(below).toMatchObject({ function: 'sum', variables: { to: '-5' } })
  expect(watched.now().seen!.ancestors.length).toBeGreaterThan(0)

  expect(await command({ type: 'trace_process', ...named })).toEqual({ ok: true })
  await until(() => expect(watched.now().trace?.events).toHaveLength(50))
  const [one, two] = watched.now().trace!.events
  expect(BigInt(two!.variables['from']!)).toBe(BigInt(one!.variables['from']!) + 1n)
  watched.stop()
})

test('no text that somebody typed is told', async () => {
  const { pid } = await firstRow(`session/${name}`)
  const watched = watch(processStream(readPid(pid)!), processFold)
  await until(() => expect(watched.now().state).toBe('seen'))
  const told = watched.now().seen!.stack.flatMap(({ variables }) => Object.values(variables))
  expect(told.join()).toMatch(/text of \d+/)
  expect(told.join()).not.toContain('-5')
  watched.stop()
})

test('a killed tree is a lost host, which comes back', async () => {
  const { pid } = await firstRow('top')
  const restarts = async () => {
    const { hosts } = await system.health()
    return hosts.find(({ name }) => name === 'play-1')!.restarts
  }
  const before = await restarts()
  expect(await command({ type: 'kill_process', ...readPid(pid)! })).toEqual({ ok: true })
  await until(async () => expect(await restarts()).toBe(before + 1))
  await system.ready()
  await sum('-5')
})

test('who kills whoever would answer is answered, and kills once', async () => {
  const observer = await firstRow('observer')
  const kill = ({ pid, initialCall }: ShownRow) =>
    command({ type: 'kill_process', ...readPid(pid)!, initialCall })
  expect(await kill(observer)).toEqual({ ok: true })
  const before = await system.pidOf('play-1')
  const sums = await firstRow('sums')
  // Lost before it can answer: its next life has supervisors of the same numbers.
  await system.sabotage({ do: 'block', how: 'loop' })
  expect(await kill(sums)).toEqual({ ok: false, refusal: { code: 'no_such_process' } })
  await until(async () => expect(await system.pidOf('play-1')).not.toBe(before))
  await system.ready()
  await sum('-5')
})

test('a room that has taken all tables leaves some to the presenter', async () => {
  const room = createLiveSource({ url: system.url, wakes: () => () => {} })
  let opened = 0
  for (let nth = 0; nth < 20; nth++) {
    const stream = tableStream({ ...usual, refreshS: 15, search: `room ${nth}` })
    room.follow(stream, processesFold, ({ epoch }) => (opened += epoch === undefined ? 0 : 1))
  }
  await until(() => expect(opened).toBeGreaterThanOrEqual(20))
  const params = { ...usual, search: 'reception' }
  let seen: ProcessesView = {}
  const stop = presenter.follow(tableStream(params), processesFold, ({ view }) => (seen = view))
  await until(() => expect(seen.table?.rows.length).toBeGreaterThan(0))
  stop()
  room.close()
})

test('only the presenter kills, and whoever is dead, foreign or another is no process', async () => {
  const { pid } = await firstRow('sum.sum')
  const named = readPid(pid)!
  const kill = { type: 'kill_process', ...named } as const
  const refused = (code: string) => ({ ok: false, refusal: { code } })
  expect(await command(kill, visitor)).toEqual(refused('presenter_only'))
  expect(await command({ ...kill, initialCall: 'another' })).toEqual(refused('no_such_process'))
  const watched = watch(processStream(named), processFold)
  await until(() => expect(watched.now().state).toBe('seen'))

  expect(await command({ ...kill, initialCall: 'sum.sum' })).toEqual({ ok: true })
  await until(() => expect(watched.now().state).toBe('gone'))
  expect(await command(kill)).toEqual(refused('no_such_process'))
  expect(await command({ type: 'trace_process', ...named })).toEqual(refused('no_such_process'))
  const nobody: ProcessName[] = [
    { host: 0, serial: 999_999_999 },
    { host: 1, serial: 0 },
    { host: 77, serial: 5 },
  ]
  for (const other of nobody) {
    expect(await command({ type: 'kill_process', ...other })).toEqual(refused('no_such_process'))
  }
  for (const odd of [{ serial: -1 }, { serial: 1.5 }, { host: '0' }, { extra: 1 }] as object[]) {
    expect(await command({ ...kill, ...odd })).toEqual(refused('malformed'))
  }
  const list = watch(sessionStream(name), sumFold)
  await until(() => expect(list.now().lines[0]?.outcome).toBe('killed'))
  watched.stop()
  list.stop()
})
