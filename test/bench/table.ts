/*
 * The process table beside many virtual clients: how long it takes from asking for a table to
 * having it, through sockets and all hosts, and what a followed table costs a phone that waits for
 * its 5. Turn and turn about, so that both see the same machine: without a follower, and with one.
 *
 * A refresh is timed as a visitor would: another table than the followed one is asked for, whose
 * window runs already, and the clock stops when its first rows are folded; so it begins anywhere
 * within the second, before, during and after the count that the hosts make once in it. Prints lines
 * of JSON.
 *   npm run bench -- only=table clients=100000 seconds=20 rounds=3
 */
import { setTimeout as pause } from 'node:timers/promises'
import { loadFold, loadStream } from '../../src/protocol/load'
import { processesFold, tableStream, type TableParams } from '../../src/protocol/processes'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import type { Stop } from '../../src/source/source'
import { takeCookies } from '../chaos/presenter'
import buildFixtures from '../support/build'
import { startSystem } from '../support/system'
import { until } from '../support/until'
import { at, rounded } from './figures'
import { sumsUntil } from './phone-sums'

const words = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const clients = Number(words.clients ?? 100_000)
const seconds = Number(words.seconds ?? 20)
const rounds = Number(words.rounds ?? 3)

/** As the talk's notes have it. */
const usual: TableParams = {
  sortBy: 'reductions_diff',
  descending: true,
  limit: 50,
  refreshS: 1,
  search: '',
}
/** What is compiled by running often is compiled then. */
const warmUpMs = 10_000
/** A visitor may follow two streams a second; who asks faster is told to wait, and times that. */
const betweenTablesMs = 570

await buildFixtures()
const system = await startSystem()
await system.ready()
const wakes = () => () => {}
const cookie = await takeCookies(system.url)
const presenter = createLiveSource({ url: system.url, wakes, cookie })
const phone = createLiveSource({ url: system.url, wakes, cookie: '' })
const visitor = createLiveSource({ url: system.url, wakes, cookie: '' })

try {
  await startClients()
  const stop = follow(visitor)
  await Promise.all([pause(warmUpMs), sumsUntil(phone, performance.now() + warmUpMs)])
  stop()
  const without: number[] = []
  const beside: number[] = []
  const tables: number[] = []
  for (let round = 0; round < rounds; round++) {
    without.push(...(await sums()))
    const stop = follow(visitor)
    beside.push(...(await sums()))
    // By themselves: tables that are asked for as fast as this are no part of what one costs.
    tables.push(...(await refreshes()))
    stop()
  }
  say(tables, without, beside)
} finally {
  for (const source of [presenter, phone, visitor]) source.close()
  await system.stop()
}

async function startClients(): Promise<void> {
  let live = 0
  presenter.follow(loadStream, loadFold, ({ view }) => (live = view.samples.at(-1)?.clients ?? 0))
  const answer = await presenter.wish(loadStream, { type: 'set_target', target: clients })
  if (!answer.ok) throw new Error(answer.refusal.code)
  await until(() => {
    if (live !== clients) throw new Error('not all live yet')
  })
}

function follow(source: LiveSource): Stop {
  return source.follow(tableStream(usual), processesFold, () => {})
}

function sums(): Promise<number[]> {
  return sumsUntil(phone, performance.now() + seconds * 1000)
}

async function refreshes(): Promise<number[]> {
  const took: number[] = []
  const endMs = performance.now() + seconds * 1000
  while (performance.now() < endMs) {
    const ms = await timedTable()
    if (ms !== undefined) took.push(ms)
    await pause(betweenTablesMs)
  }
  return took
}

/** Milliseconds from asking to the rows; undefined while there is no whole window. */
async function timedTable(): Promise<number | undefined> {
  const beganMs = performance.now()
  return await new Promise((resolve) => {
    const stream = tableStream({ ...usual, refreshS: 15 })
    const stop = presenter.follow(stream, processesFold, ({ view: { table } }) => {
      if (!table) return
      queueMicrotask(() => stop())
      resolve(table.windowMs === undefined ? undefined : performance.now() - beganMs)
    })
  })
}

function say(tables: number[], without: number[], beside: number[]): void {
  const [p99Without, p99Beside] = [at(without, 0.99), at(beside, 0.99)]
  const line = {
    measure: 'table',
    clients,
    tables: tables.length,
    p50Ms: at(tables, 0.5),
    p99Ms: at(tables, 0.99),
    maxMs: at(tables, 1),
    phoneSums: [without.length, beside.length],
    phoneP50Ms: [at(without, 0.5), at(beside, 0.5)],
    phoneP99Ms: [p99Without, p99Beside],
    addedP99Ms: rounded(p99Beside - p99Without),
    ratio: rounded(p99Beside / p99Without),
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
