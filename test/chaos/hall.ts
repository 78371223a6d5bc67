/*
 * The hall: all visitors of a run, in farms of some hundred each, every farm an OS process of its
 * own. Lets them in, has them write, cut off or asleep, and in the end waits until everybody has an
 * answer to everything and sees the last note.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { builtFile } from '../support/build'
import { until } from '../support/until'
import type { FarmOrder, FarmPlan, FarmState } from './farm'
import { readHistory, type Row } from './history'

export interface HallPlan {
  readonly url: string
  readonly board: string
  /** Where the histories go. */
  readonly folder: string
  readonly clients: number
  readonly notesPerSecond: number
  readonly seed: number
  readonly limitMs: number
  /** Some of those who write second a note too. */
  readonly isSeconding?: boolean
  /** Visitors in a farm of their own who only look on, and can be put to sleep. */
  readonly sleepers?: number
}

export interface Hall {
  readonly clients: number
  /** Resolves once everybody is there. */
  join(): Promise<void>
  /** Begins to write notes, until `rest`. */
  post(): void
  rest(): void
  /** Tears the lines of all who are awake, at once. */
  cut(): void
  /** Stops the sleepers' process, as a phone's system does; resolves when it goes on. */
  sleep(seconds: number): Promise<void>
  /** Notes that are not answered. */
  waiting(): number
  there(): number
  /** Waits until everybody is there, has all answers, and has seen the note `last`; not for ever. */
  settle(last: number, withinMs: number): Promise<void>
  /** Everybody leaves. Gives what they went through. */
  leave(): Promise<Row[]>
  /** Ends it in any case. */
  kill(): void
}

const farmSize = 500
const wallsPerFarm = 5
/** A farm that does not end when told is ended. */
const leaveWithinMs = 20_000

interface Farm {
  readonly plan: FarmPlan
  readonly process: ChildProcess
  state: FarmState
}

export function openHall(plan: HallPlan): Hall {
  const { clients, notesPerSecond, sleepers = 0 } = plan
  const count = Math.max(2, Math.ceil(clients / farmSize))
  const sizes = Array.from({ length: count }, (_, at) =>
    Math.floor(clients / count + (at < clients % count ? 1 : 0)),
  )
  const farms = [...sizes, ...(sleepers > 0 ? [sleepers] : [])].map((size, at, all) => {
    const first = all.slice(0, at).reduce((sum, before) => sum + before, 0)
    const rate = at < count ? (notesPerSecond * size) / clients : 0
    return openFarm(plan, first, size, at < count ? wallsPerFarm : 0, rate)
  })
  const awake = farms.slice(0, count)
  const tell = (to: readonly Farm[], order: FarmOrder) => {
    for (const { process } of to) if (process.connected) process.send(order)
  }
  const sum = (of: (state: FarmState) => number) =>
    farms.reduce((whole, { state }) => whole + of(state), 0)
  const all = clients + sleepers
  const there = () => sum(({ there }) => there)
  const waiting = () => sum(({ waiting }) => waiting)

  return {
    clients: all,
    there,
    waiting,
    async join() {
      for (const { process, plan } of farms) process.send({ do: 'join', plan } satisfies FarmOrder)
      await until(() => {
        if (there() < all) throw new Error(`${there()} of ${all} visitors came in`)
      }, plan.limitMs)
    },
    post: () => tell(awake, { do: 'post' }),
    rest: () => tell(awake, { do: 'rest' }),
    cut: () => tell(awake, { do: 'cut' }),
    async sleep(seconds) {
      const asleep = farms.slice(count)
      await Promise.all(asleep.map(({ process }) => once(putToSleep(process, seconds), 'exit')))
    },
    async settle(last, withinMs) {
      const isSettled = () =>
        there() === all && waiting() === 0 && farms.every(({ state }) => state.seen >= last)
      await until(() => {
        if (!isSettled()) throw new Error('not settled')
      }, withinMs).catch(() => undefined)
    },
    async leave() {
      const ends = farms.map(({ process }) => process.exitCode ?? once(process, 'exit'))
      tell(farms, { do: 'leave' })
      const late = setTimeout(() => killAll(farms), leaveWithinMs)
      await Promise.all(ends)
      clearTimeout(late)
      return await readHistory(farms.map(({ plan }) => plan.file))
    },
    kill: () => killAll(farms),
  }
}

function openFarm(
  hall: HallPlan,
  first: number,
  clients: number,
  walls: number,
  notesPerSecond: number,
): Farm {
  const { url, board, folder, seed, limitMs, isSeconding = false } = hall
  const file = join(folder, `history-${first}.jsonl`)
  const load = { notesPerSecond, seed, isSeconding }
  const plan = { url, board, file, first, clients, walls, ...load, limitMs }
  const farm: Farm = {
    plan,
    process: fork(builtFile('roots/farm'), { stdio: 'inherit' }),
    state: { there: 0, waiting: 0, seen: 0 },
  }
  farm.process.on('message', (state: FarmState) => {
    farm.state = state
  })
  return farm
}

/** Another process wakes it: it must not be stopped for ever, whatever becomes of this one. */
function putToSleep({ pid }: ChildProcess, seconds: number): ChildProcess {
  const script = 'kill -STOP "$0"; sleep "$1"; kill -CONT "$0"'
  return spawn('sh', ['-c', script, String(pid), String(seconds)], { stdio: 'inherit' })
}

function killAll(farms: readonly Farm[]): void {
  for (const { process } of farms) process.kill('SIGKILL')
}
