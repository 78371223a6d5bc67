/*
 * The observer: answers what the gateway asks about the processes of this host. It looks with high
 * priority, so that whoever looks for a culprit is not the one to wait; a look through all gives
 * way in stretches. While somebody reads the table, it counts everybody once a second, and its rows
 * are true of the last whole second.
 *
 * What it tells may be shown to everybody: of a text in a variable, only its length.
 */
import {
  census,
  findProcess,
  now,
  Pid,
  processInfo,
  receive,
  receiveWithin,
  send,
  sendExit,
  setPriority,
  spawnMonitor,
  stacktrace,
  supervisionTree,
  tableOf,
  timeout,
  top,
  trace,
  type Body,
  type Census,
  type Down,
  type Frame,
  type Place,
  type Ref,
  type TableRow,
  type TreeLine,
} from '../runtime'
import type { ToHost } from '../protocol/envelope'
import {
  pidText,
  type FrameSeen,
  type NotSeen,
  type ProcessRow,
  type Seen,
  type TableQuestion,
  type TreeNode,
} from '../protocol/observe'
import { legible } from './legible'
import { gatewayPort } from './stream'

export type Observe = Extract<ToHost, { type: 'observe' }>

export const observerName = 'observer'

/** The window of the table. */
const windowMs = 1_000
/** Nobody has asked for so long: nobody looks. Longer than the slowest refresh of a page. */
const unwatchedMs = 20_000
const topMs = 1_000
/** What takes a second is done aside, by so many at once. */
const maxAside = 10
/** More than are of use, and few enough for one word. */
const maxPids = 50
const maxAncestors = 20
const maxFrames = 50

interface State {
  /** The last look at all, and until when somebody is taken to read the table. */
  taken: Census | undefined
  watchedUntilMs: number
  readonly aside: Set<Ref>
}

export function* observer(): Body {
  setPriority('high')
  const state: State = { taken: undefined, watchedUntilMs: -Infinity, aside: new Set() }
  for (;;) {
    const message = state.taken
      ? yield* receiveWithin<Observe | Down>(untilCensusMs(state.taken))
      : yield* receive<Observe | Down>()
    if (message === timeout) yield* countAll(state)
    else yield* hear(state, message)
  }
}

function* hear(state: State, message: Observe | Down): Body {
  if (message.type === 'down') state.aside.delete(message.ref)
  else yield* look(state, message)
}

const untilCensusMs = ({ atMs }: Census): number => Math.max(0, atMs + windowMs - now())

function* countAll(state: State): Body {
  // Whoever comes later shall not be shown a window of an hour.
  const isWatched = now() < state.watchedUntilMs
  state.taken = isWatched ? yield* census(state.taken, () => hearWaiting(state)) : undefined
}

/** Who asks while all are counted need not wait: the last count stands until then. */
function* hearWaiting(state: State): Body {
  for (;;) {
    const message = yield* receiveWithin<Observe | Down>(0)
    if (message === timeout) return
    yield* hear(state, message)
  }
}

function* look(state: State, { ref, host, question }: Observe): Body {
  switch (question.kind) {
    case 'table':
      return tell(ref, yield* table(state, question))
    case 'tree':
      return tell(ref, { kind: 'tree', roots: (yield* supervisionTree()).map(nodeOf) })
    case 'process':
      return tell(ref, yield* process(host, question.serial))
    case 'kill':
      return kill(ref, question)
    case 'kill_all':
      return tell(ref, yield* killAll(question.initialCall))
    case 'top':
    case 'trace':
      return beginAside(state, ref, question)
  }
}

const tell = (ref: number, seen: Seen): void => send(gatewayPort, { type: 'seen', ref, seen })
const refused = (code: NotSeen['code']): NotSeen => ({ kind: 'refused', code })

function* table(state: State, question: TableQuestion): Body<Seen> {
  state.watchedUntilMs = now() + unwatchedMs
  state.taken ??= yield* census()
  const { windowMs: window } = state.taken
  const { rows, matched } = yield* tableOf(state.taken, question)
  const processes = state.taken.processes.length
  const isWhole = window !== undefined
  return {
    kind: 'table',
    rows: isWhole ? rows.map(rowOf) : [],
    matched,
    processes,
    ...(isWhole && { windowMs: window }),
  }
}

const rowOf = ({ pid, name, current, ...row }: TableRow): ProcessRow => ({
  serial: pid.serial,
  ...(name !== undefined && { name }),
  ...row,
  ...(current && { current: placeText(current) }),
})

const placeText = ({ function: name, file, line }: Place): string => `${name} (${file}:${line})`

function nodeOf(line: TreeLine): TreeNode {
  const { id, initialCall, type, restart, restarting, count, pids } = line
  const { restartsLeft, intensity, longestMailbox } = line
  return {
    ...(id !== undefined && { id }),
    initialCall,
    type,
    ...(restart && { restart }),
    ...(restarting && { restarting }),
    count,
    serials: pids.map(({ serial }) => serial),
    ...(restartsLeft !== undefined && { restartsLeft }),
    ...(intensity !== undefined && { intensity }),
    ...(longestMailbox > 0 && { longestMailbox }),
    children: line.children.map(nodeOf),
  }
}

function* process(host: string, serial: number): Body<Seen> {
  const pid = findProcess(serial)
  const info = pid && processInfo(pid)
  if (!info) return refused('no_such_process')
  const { name, initialCall, status, mailboxLength, reductions, ageMs, trapsExits } = info
  const named = (pids: readonly Pid[]) =>
    pids.slice(0, maxPids).map(({ serial }) => pidText(host, serial))
  return {
    kind: 'process',
    serial,
    ...(name !== undefined && { name }),
    initialCall,
    status,
    mailboxLength,
    reductions,
    ageMs,
    trapsExits,
    links: named(info.links),
    monitors: named(info.monitors),
    monitoredBy: named(info.monitoredBy),
    ancestors: named(ancestorsOf(info.parent)),
    stack: (stacktrace(pid)?.frames ?? []).slice(0, maxFrames).map(frameOf),
  }
}

function ancestorsOf(parent: Pid | undefined): Pid[] {
  const ancestors: Pid[] = []
  for (let pid = parent; pid && ancestors.length < maxAncestors; pid = processInfo(pid)?.parent) {
    ancestors.push(pid)
  }
  return ancestors
}

const frameOf = ({ function: name, file, line, variables }: Frame): FrameSeen => ({
  function: name,
  file,
  line,
  variables: Object.fromEntries(
    Object.entries(variables).map(([key, value]) => [key, legible(value)]),
  ),
})

/** Tells it first: with whom it kills, this process may end itself. */
function kill(ref: number, question: Extract<Observe['question'], { kind: 'kill' }>): void {
  const { serial, initialCall } = question
  const pid = findProcess(serial)
  const isMeant = pid && (initialCall ?? processInfo(pid)?.initialCall)
  if (!isMeant || isMeant !== processInfo(pid)?.initialCall) {
    return tell(ref, refused('no_such_process'))
  }
  tell(ref, { kind: 'kill', killed: 1 })
  sendExit(pid, 'kill')
}

function* killAll(initialCall: string): Body<Seen> {
  const { processes } = yield* census()
  const meant = processes.filter((each) => (each.label ?? each.initialCall) === initialCall)
  for (const { pid } of meant) sendExit(pid, 'kill')
  return { kind: 'kill', killed: meant.length }
}

function beginAside(state: State, ref: number, question: Aside): void {
  if (state.aside.size >= maxAside) return tell(ref, refused('too_busy'))
  state.aside.add(spawnMonitor(aside, ref, question).ref)
}

type Aside = Extract<Observe['question'], { kind: 'top' | 'trace' }>

function* aside(ref: number, question: Aside): Body {
  setPriority('high')
  tell(ref, yield* question.kind === 'top' ? busiest() : traced(question.serial))
}

function* busiest(): Body<Seen> {
  const rows = (yield* top(topMs)).map(({ pid, name, ...row }) => {
    return { serial: pid.serial, ...(name !== undefined && { name }), ...row }
  })
  return { kind: 'top', rows }
}

function* traced(serial: number): Body<Seen> {
  const pid = findProcess(serial)
  const seen = pid && (yield* trace(pid))
  if (!seen) return refused('no_such_process')
  if ('refused' in seen) return refused('already_traced')
  const { limit, ms } = seen
  const events = seen.events.map((event) => ({ ...frameOf(event), event: event.kind }))
  return { kind: 'trace', events, limit, ms }
}
