/*
 * The supervision tree of a whole running system: what a visitor's page is told while hosts and
 * processes die in each of the ways that there are, and how the presenter ends a quarantine.
 */
import { mkdirSync, mkdtempSync, renameSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consoleStream } from '../../src/protocol/console'
import { sessionStream } from '../../src/protocol/envelope'
import { hostsFold, hostsStream, type HostsView } from '../../src/protocol/hosts'
import type { TreeNode } from '../../src/protocol/observe'
import { processesStream } from '../../src/protocol/processes'
import { treeFold, treeStream, type Tombstone, type TreeView } from '../../src/protocol/tree'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { newWishId } from '../../src/source/wish-id'
import { takeCookies } from '../chaos/presenter'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'

const dataDir = mkdtempSync(join(tmpdir(), 'tree-'))

let system: System
let presenter: LiveSource
let visitor: LiveSource
let name: string
let view: TreeView = treeFold.empty
let hosts: HostsView = hostsFold.empty
/** Every stone that was ever told, as it was told last. */
const stones = new Map<number, Tombstone>()

beforeAll(async () => {
  system = await startSystem(() => ({ DATA_DIR: dataDir }))
  const wakes = () => () => {}
  presenter = createLiveSource({ url: system.url, wakes, cookie: await takeCookies(system.url) })
  visitor = createLiveSource({ url: system.url, wakes })
  name = await new Promise((resolve) => visitor.onWelcome((welcome) => resolve(welcome.visitor)))
  visitor.follow(hostsStream, hostsFold, (followed) => (hosts = followed.view))
  visitor.follow(treeStream, treeFold, (followed) => {
    view = followed.view
    for (const stone of view.tombstones) stones.set(stone.id, stone)
  })
})
afterAll(async () => {
  presenter?.close()
  visitor?.close()
  await system?.stop()
})

const sum = (text: string) =>
  visitor.wish(sessionStream(name), { type: 'start_sum', text }, newWishId())

const rootOf = (host: string): TreeNode | undefined =>
  view.trees.find((tree) => tree.host === host)?.roots[0]
const childOf = (node: TreeNode | undefined, id: string): TreeNode | undefined =>
  node?.children.find((child) => child.id === id)
const session = () => childOf(rootOf('play-1'), 'sessions')?.children[0]

const stoneWith = (part: Partial<Tombstone>) =>
  until(() => expect([...stones.values()]).toContainEqual(expect.objectContaining(part)))
const lossOf = (host: string, reason: RegExp) =>
  stoneWith({ host, what: 'host', reason: expect.stringMatching(reason) as string })

/** The host died, and its tree is there again. */
const isBack = (host: string) =>
  until(() => {
    expect(hosts.hosts.find((line) => line.host === host)?.state).toBe('ready')
    expect(rootOf(host)?.children.length).toBeGreaterThan(0)
  })

test('has the supervisors of all hosts with their children, in order', async () => {
  const idsOf = (host: string) => rootOf(host)?.children.map(({ id }) => id)
  await until(() => {
    expect(idsOf('play-1')).toEqual(['sums', 'sessions', 'reception', 'jobs', 'observer'])
    expect(idsOf('load')).toEqual(['clients', 'control', 'reception', 'observer'])
    expect(childOf(rootOf('boards'), 'boards')?.children.length).toBeGreaterThan(1)
  })
  const restarts = { restartsLeft: 10, intensity: 10, serials: [expect.any(Number)] }
  expect(rootOf('play-1')).toMatchObject(restarts)
  expect(view.costs.map(({ host }) => host)).toContain('root')
})

test('who burns is found, and who crashed has a stone with its reason below its supervisor', async () => {
  await sum('-5')
  await until(() => {
    const { burning = [] } = view.trees.find(({ host }) => host === 'play-1') ?? {}
    expect(burning).toMatchObject([{ initialCall: 'sum.sum' }])
  })
  for (let times = 0; times < 3; times++) await sum('13')
  const sums = childOf(rootOf('play-1'), 'sums')!.serials[0]
  const died = { host: 'play-1', name: 'sum.sum', count: 3, isRestarted: false }
  const under = expect.arrayContaining([sums]) as number[]
  await stoneWith({ ...died, reason: 'Error: 13 brings bad luck', under })
})

test('a session that the presenter kills has a stone, a new pid, and one restart less', async () => {
  await until(() => expect(session()?.count).toBe(1))
  const [serial] = session()!.serials
  const kill = { type: 'kill_process', host: 0, serial, initialCall: 'session.session' }
  expect(await presenter.wish(processesStream, kill)).toEqual({ ok: true })
  await stoneWith({ host: 'play-1', name: 'session.session', reason: 'killed', isRestarted: true })
  await until(() => expect(session()?.serials[0]).not.toBe(serial))
  expect(childOf(rootOf('play-1'), 'sessions')).toMatchObject({ restartsLeft: 99, intensity: 100 })
})

test('a sum that the presenter kills has a stone below its supervisor, with its reason', async () => {
  const seen = await presenter.wish(consoleStream, { type: 'line', text: 'Runtime.kill_math()' })
  expect(seen).toEqual({ ok: true })
  const under = [childOf(rootOf('play-1'), 'sums')!.serials[0]!]
  await stoneWith({ host: 'play-1', name: 'sum.sum', reason: 'killed', isRestarted: false, under })
})

test('a process that is killed takes those below it along, on one stone', async () => {
  await system.sabotage({ do: 'kill', name: 'reception' })
  const died = { host: 'play-1', name: 'reception', reason: 'killed', isRestarted: true }
  await stoneWith({ ...died, others: 2 })
  expect([...stones.values()].some((stone) => stone.name === 'observer')).toBe(false)
})

test('a host that is killed, hangs or hoards is told apart by its reason, and is back', async () => {
  process.kill(await system.pidOf('play-1'), 'SIGKILL')
  await lossOf('play-1', /^killed \(SIGKILL\)$/)
  await isBack('play-1')
  await system.sabotage({ do: 'block', how: 'regex' })
  await lossOf('play-1', /^wedged: silent for \d+ ms/)
  await isBack('play-1')
  await system.sabotage({ do: 'hoard' })
  await lossOf('play-1', /^memory: \d+ MB of 512 MB$/)
  await isBack('play-1')
})

test('a host whose tree gives up ends with that sentence, and is back', async () => {
  // One that is being started anew cannot be killed yet.
  for (let killed = 0; killed <= 10;) {
    if (await system.sabotage({ do: 'kill', name: 'reception' })) killed++
  }
  await lossOf('play-1', /^The supervision tree gave up/)
  await isBack('play-1')
})

test('a gateway that was killed tells of its own end', async () => {
  process.kill(await system.pidOf('gateway'), 'SIGKILL')
  await lossOf('gateway', /^killed \(SIGKILL\)$/)
  await isBack('play-1')
})

test('a host in quarantine is started when the presenter says so, and no other is', async () => {
  const [log, away] = [join(dataDir, 'log.db'), join(dataDir, 'away.db')]
  const boards = () => hosts.hosts.find(({ host }) => host === 'boards')
  const start = (by: LiveSource, host: string) => by.wish(hostsStream, { type: 'start_host', host })
  renameSync(log, away)
  mkdirSync(log)
  process.kill(await system.pidOf('boards'), 'SIGKILL')
  await until(() => expect(boards()?.state).toBe('quarantined'))
  expect(rootOf('boards')).toBe(undefined)
  const refused = (code: string) => ({ ok: false, refusal: { code } })
  expect(await start(visitor, 'boards')).toEqual(refused('presenter_only'))
  for (const host of ['play-1', 'root', 'nobody']) {
    expect(await start(presenter, host)).toEqual(refused('not_quarantined'))
  }
  expect(await start(presenter, 'x'.repeat(41))).toEqual(refused('malformed'))
  rmdirSync(log)
  renameSync(away, log)
  expect(await start(presenter, 'boards')).toEqual({ ok: true })
  await isBack('boards')
  expect(await start(presenter, 'boards')).toEqual(refused('not_quarantined'))
})
