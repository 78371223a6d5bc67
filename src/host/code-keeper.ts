/*
 * The process that changes the hot code of a play host while all runs, and watches what becomes of
 * those who ran the code before:
 *
 *   1. it notes which sums run;
 *   2. it loads, all modules or none; who still runs the version before the last is given a moment,
 *      and is killed then: there is room for two versions only;
 *   3. it nudges every session: they wait in old code for a message, and go on in the new;
 *   4. it tells how many still run old code, and how the sums of step 1 have ended.
 *
 * It speaks to the runtime's code by functions, which go through messages as they are.
 */
import { hotModules, type HostCode } from '../protocol/upgrades'
import {
  LoadRefused,
  monitor,
  now,
  receiveWithin,
  send,
  setPriority,
  sleep,
  timeout,
  whereis,
  whichChildren,
} from '../runtime'
import type { Body, Down, Pid, Ref } from '../runtime'

/** What the keeper needs of its host. */
export interface HotCode {
  /** Who runs old code of a module. */
  readonly check: (module: string) => readonly Pid[]
  /** Kills them. */
  readonly purge: (module: string) => number
  /** Told how the host is since its last load, each time that this has changed. */
  readonly tell: (state: HostCode) => void
}

export type KeeperWord =
  | {
      readonly type: 'load'
      /** Loads, or throws. */
      readonly load: () => void
      /** Told why it was refused, or undefined. */
      readonly done: (problem: string | undefined) => void
    }
  | { readonly type: 'purge'; readonly done: (count: number) => void }

/** So long those have to end who run the version before the last. */
const graceMs = 200
const lookEveryMs = 20
/** Ends of sums are gathered for so long before they are told. */
const gatherMs = 100
/** Nobody says that he goes on in new code, so it is looked at, less and less often. */
const longestRestMs = 8_000

interface Keeper {
  readonly code: HotCode
  /** The sums that ran when the last load began. */
  watched: Map<Ref, Pid>
  /** Whom a purge has killed. */
  purged: Set<Pid>
  lost: number
  told: HostCode
}

const nothing: HostCode = { lingering: 0, running: 0, lost: 0 }

export function* codeKeeper(code: HotCode): Body {
  // It is few steps, and the audience waits for them.
  setPriority('high')
  const [watched, purged] = [new Map<Ref, Pid>(), new Set<Pid>()]
  const keeper: Keeper = { code, watched, purged, lost: 0, told: nothing }
  let restMs = Infinity
  for (;;) {
    const message = yield* receiveWithin<KeeperWord | Down>(restMs)
    if (message === timeout) {
      look(keeper)
      const isOver = keeper.told.lingering === 0
      restMs = isOver ? Infinity : Math.min(2 * restMs, longestRestMs)
      continue
    }
    restMs = gatherMs
    if (message.type === 'load') yield* change(keeper, message)
    else if (message.type === 'purge') message.done(purge(keeper))
    else takeEnd(keeper, message)
  }
}

function* change(keeper: Keeper, { load, done }: Extract<KeeperWord, { type: 'load' }>): Body {
  keeper.watched = yield* watchSums()
  keeper.purged = new Set()
  keeper.lost = 0
  const untilMs = now() + graceMs
  for (;;) {
    const refused = refusalOf(load)
    if (refused === undefined) break
    if (!(refused instanceof LoadRefused) || refused.why !== 'not_purged') {
      return done(refused.message)
    }
    if (now() < untilMs) yield* sleep(lookEveryMs)
    else purge(keeper)
  }
  done(undefined)
  for (const { pid } of yield* childrenOf('sessions')) {
    if (pid) send(pid, { type: 'code_changed' })
  }
}

function refusalOf(load: () => void): Error | undefined {
  try {
    load()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** A supervisor that is just being restarted has no children. */
function* childrenOf(supervisor: string) {
  return whereis(supervisor) ? yield* whichChildren(supervisor) : []
}

function* watchSums(): Body<Map<Ref, Pid>> {
  const watched = new Map<Ref, Pid>()
  for (const { pid } of yield* childrenOf('sums')) if (pid) watched.set(monitor(pid), pid)
  return watched
}

function lingering({ code }: Keeper): ReadonlySet<Pid> {
  return new Set(hotModules.flatMap((module) => code.check(module)))
}

function purge(keeper: Keeper): number {
  const old = lingering(keeper)
  for (const pid of old) keeper.purged.add(pid)
  for (const module of hotModules) keeper.code.purge(module)
  return old.size
}

/** One of another load's watch is nobody here. */
function takeEnd(keeper: Keeper, { ref, reason }: Down): void {
  const pid = keeper.watched.get(ref)
  if (!pid) return
  keeper.watched.delete(ref)
  // Who was gone when the watch began (`noproc`) did not run any more when the load did.
  const isLost = reason !== 'normal' && reason !== 'noproc' && !keeper.purged.has(pid)
  if (isLost) keeper.lost++
}

function look(keeper: Keeper): void {
  const { lost, told, watched } = keeper
  const state = { lingering: lingering(keeper).size, running: watched.size, lost }
  const isNews = Object.entries(state).some(
    ([name, count]) => told[name as keyof HostCode] !== count,
  )
  if (!isNews) return
  keeper.told = state
  keeper.code.tell(state)
}
