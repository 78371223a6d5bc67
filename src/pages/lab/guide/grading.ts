/*
 * When a checkpoint is reached: a fold over what the lab's streams tell and what was wished of
 * them, so that nobody can say 'done', and whoever does the same by a script gets the same. Nothing
 * is taken from how the lab began: it may have been started from any moment of a talk.
 */
import type { ConsoleView } from '../../../protocol/console'
import type { HostsView } from '../../../protocol/hosts'
import type { LoadView } from '../../../protocol/load'
import { sumCall } from '../../../protocol/observe'
import type { ProcessView } from '../../../protocol/processes'
import type { SumLine, SumView } from '../../../protocol/sum'
import type { UpgradeView } from '../../../protocol/upgrades'
import type { CheckpointId } from './checkpoints'

/** What was seen, and when on the source's clock. */
export type Sight = { readonly atMs: number } & (
  | { readonly of: 'session'; readonly life: string | undefined; readonly view: SumView }
  | { readonly of: 'hosts'; readonly view: HostsView }
  | { readonly of: 'load'; readonly view: LoadView }
  | { readonly of: 'upgrades'; readonly view: UpgradeView }
  | { readonly of: 'process'; readonly view: ProcessView }
  | { readonly of: 'console'; readonly view: ConsoleView }
  /** Somebody has wished to kill processes. */
  | { readonly of: 'kill' }
)

/** A sum that still calculates, and since when. */
interface Running {
  readonly id: string
  readonly sinceMs: number
}

export interface Grading {
  readonly reached: readonly CheckpointId[]
  /** The learner's session: its life, its list, and what of it still calculates. */
  readonly life?: string | undefined
  readonly lines: readonly SumLine[]
  readonly running: readonly Running[]
  readonly isServing: boolean
  /** When code was turned last; missing until a first word of it has come. */
  readonly turnedAtMs?: number
  /** The session that lived when new code came, and what it had then. */
  readonly upgraded?: { readonly life: string | undefined; readonly ids: readonly string[] }
  readonly hasKilled: boolean
  readonly inQuarantine: readonly string[]
}

export const nothingSeen: Grading = {
  reached: [],
  lines: [],
  running: [],
  isServing: false,
  hasKilled: false,
  inQuarantine: [],
}

/** Beyond this, adding up one by one takes seconds on any machine; the formula takes none. */
const hugeDigits = 9
const hugeAfterMs = 2_000
const manyClients = 1_000

export function grade(before: Grading, sight: Sight): Grading {
  switch (sight.of) {
    case 'session':
      return seeSession(before, sight)
    case 'load':
      return seeTime({ ...before, isServing: isServing(sight.view) }, sight.atMs)
    case 'upgrades':
      return seeUpgrades(before, sight.view)
    case 'hosts':
      return seeHosts(before, sight.view)
    case 'process':
      return isCulprit(sight.view) ? reach(before, 'culprit') : before
    case 'console':
      return hasStack(sight.view) ? reach(before, 'culprit') : before
    case 'kill':
      return { ...before, hasKilled: true }
  }
}

/** The path begins anew: what was there before counts no more. */
export const beginAnew = ({ life, lines, running, turnedAtMs }: Grading): Grading => ({
  ...nothingSeen,
  life,
  lines,
  running: running.map(({ id }) => ({ id, sinceMs: Infinity })),
  ...(turnedAtMs !== undefined && { turnedAtMs }),
})

function reach(grading: Grading, ...ids: readonly CheckpointId[]): Grading {
  const fresh = ids.filter((id) => !grading.reached.includes(id))
  return fresh.length > 0 ? { ...grading, reached: [...grading.reached, ...fresh] } : grading
}

function seeSession(before: Grading, { life, view, atMs }: Extract<Sight, { of: 'session' }>) {
  const isSame = life === before.life
  const known = new Map(isSame ? before.lines.map((line) => [line.id, line]) : [])
  const ended = view.lines.filter(
    ({ id, state }) => state !== 'calculating' && known.get(id)?.state !== state,
  )
  const ids = ended.flatMap((line) => whatEnded(before, line, isSame && known.has(line.id)))
  const now: Grading = {
    ...before,
    life,
    lines: view.lines,
    running: view.lines
      .filter(({ state }) => state === 'calculating')
      .map(({ id }) => before.running.find((each) => each.id === id) ?? { id, sinceMs: atMs }),
  }
  const isEndless = now.lines.some((line) => {
    return line.state === 'calculating' && isBelow1(line) && !known.has(line.id)
  })
  const wasUpgraded = isSame && ended.some((line) => isRepaired(before, line))
  const more: CheckpointId[] = [
    ...(isEndless ? (['endless'] as const) : []),
    ...(wasUpgraded ? (['upgraded'] as const) : []),
  ]
  return seeTime(reach(now, ...ids, ...more), atMs)
}

/** @param wasKnown it calculated in this life of the session before */
function whatEnded(
  { isServing, hasKilled }: Grading,
  { state, number, outcome }: SumLine,
  wasKnown: boolean,
): CheckpointId[] {
  if (state === 'finished') return isServing ? ['first_sum', 'loaded'] : ['first_sum']
  if (outcome === 'killed') return wasKnown && hasKilled ? ['killed'] : []
  return number === '13' ? ['thirteen'] : []
}

/** The session had a list when the new code came, has it still, and 13 is right. */
function isRepaired({ upgraded, life }: Grading, { id, number, state }: SumLine): boolean {
  if (!upgraded || upgraded.life !== life || upgraded.ids.length === 0) return false
  return number === '13' && state === 'finished' && !upgraded.ids.includes(id)
}

const isBelow1 = ({ number }: SumLine): boolean => number === '0' || number.startsWith('-')

function seeTime(grading: Grading, atMs: number): Grading {
  const isHuge = grading.running.some(({ id, sinceMs }) => {
    const line = grading.lines.find((each) => each.id === id)
    const isLong = line && !isBelow1(line) && line.number.length >= hugeDigits
    return isLong && atMs - sinceMs >= hugeAfterMs
  })
  return isHuge ? reach(grading, 'huge') : grading
}

function isServing({ samples }: LoadView): boolean {
  const last = samples.at(-1)
  return last !== undefined && last.clients >= manyClients && last.done > 0
}

function seeUpgrades(before: Grading, { history }: UpgradeView): Grading {
  const turns = history.filter(({ type }) => type === 'upgraded' || type === 'rolled_back')
  const last = turns.at(-1)
  const now = { ...before, turnedAtMs: last?.atMs ?? 0 }
  // What was turned before anybody looked was nobody's deed here.
  if (!last || last.atMs <= (before.turnedAtMs ?? last.atMs)) return now
  if (last.type === 'rolled_back') return reach(now, 'rolled_back')
  return { ...now, upgraded: { life: now.life, ids: now.lines.map(({ id }) => id) } }
}

function seeHosts(before: Grading, { hosts }: HostsView): Grading {
  const inQuarantine = hosts.filter(({ state }) => state === 'quarantined').map(({ host }) => host)
  const isBack = hosts.some(
    ({ host, state }) => state === 'ready' && before.inQuarantine.includes(host),
  )
  return reach({ ...before, inQuarantine }, ...(isBack ? (['healed'] as const) : []))
}

/** A calculation that is under way, with its stack. */
const isCulprit = ({ state, seen }: ProcessView): boolean =>
  state === 'seen' && seen?.initialCall === sumCall && seen.stack.length > 0

/** The last that was typed asked for a stack, and it was one of a calculation. */
function hasStack({ lines }: ConsoleView): boolean {
  const at = lines.findLastIndex(({ kind }) => kind === 'typed')
  const isAsked = /stack_?trace/i.test(lines[at]?.text ?? '')
  return isAsked && lines.slice(at + 1).some(({ text }) => text.includes('src/system/sum.ts:'))
}
