/*
 * The process table, and one process looked at closely: streams of the gateway's own, which live
 * while somebody follows them. Everybody may read them; to trace and to kill is the presenter's.
 *
 * A table's stream is named by what was asked:
 * `gateway/processes/reductions_diff/desc/50/1/-`, with the sort key, the direction, how many rows,
 * the seconds between two looks, and the search, in hexadecimal.
 */
import type { Fold } from './fold'
import {
  sortKeys,
  type ProcessRow,
  type ProcessSeen,
  type SortKey,
  type TableQuestion,
  type TraceSeen,
} from './observe'
import { refuse, type Refusal } from './refusals'

export const rowLimits = [50, 100, 200] as const
export const refreshSeconds = [1, 2, 5, 15] as const
/** In UTF-8. */
export const maxSearchBytes = 40

export interface TableParams extends TableQuestion {
  readonly limit: (typeof rowLimits)[number]
  readonly refreshS: (typeof refreshSeconds)[number]
}

/** What the page asks for until somebody asks for something else. */
export const usualParams: TableParams = {
  limit: 50,
  search: '',
  sortBy: 'reductions_diff',
  descending: true,
  refreshS: 1,
}

/** The stream that takes wishes. */
export const processesStream = 'gateway/processes'

const none = '-'

export function tableStream(params: TableParams): string {
  const { sortBy, descending, limit, refreshS, search } = params
  const way = descending ? 'desc' : 'asc'
  return [processesStream, sortBy, way, limit, refreshS, hex(search) || none].join('/')
}

/** What a table's stream is asked for; undefined when it is no such name. */
export function readTableStream(name: string): TableParams | undefined {
  if (!name.startsWith(`${processesStream}/`)) return undefined
  const [sort, way, limitText, refreshText, searched, ...more] = name
    .slice(processesStream.length + 1)
    .split('/')
  const sortBy = sortKeys.find((key) => key === sort)
  const limit = rowLimits.find((rows) => String(rows) === limitText)
  const refreshS = refreshSeconds.find((seconds) => String(seconds) === refreshText)
  const search = searched === none ? '' : unhex(searched ?? '')
  const isWay = way === 'asc' || way === 'desc'
  if (!sortBy || !limit || !refreshS || search === undefined || !isWay || more.length > 0) return
  return { sortBy, descending: way === 'desc', limit, refreshS, search }
}

/** As much of a text as is searched for, in whole characters. */
export function searchedText(text: string): string {
  const encoder = new TextEncoder()
  let searched = ''
  for (const character of text) {
    if (encoder.encode(searched + character).length > maxSearchBytes) break
    searched += character
  }
  return searched
}

function hex(text: string): string {
  const bytes = new TextEncoder().encode(searchedText(text))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function unhex(digits: string): string | undefined {
  if (!/^([0-9a-f]{2})+$/.test(digits) || digits.length > 2 * maxSearchBytes) return undefined
  const bytes = digits.match(/../g)!.map((byte) => Number.parseInt(byte, 16))
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

/** A row as it is shown: of which host, and by its pid. */
export interface ShownRow extends ProcessRow {
  readonly host: string
  readonly pid: string
}

export interface ProcessesView {
  /** Missing until the first look is back. */
  readonly table?: {
    readonly atMs: number
    /** Missing while no host has a whole window yet. */
    readonly windowMs?: number
    readonly rows: readonly ShownRow[]
    readonly matched: number
    readonly processes: number
    /** Whose processes are among them. */
    readonly hosts: readonly string[]
  }
}

export interface ProcessesEvent {
  readonly type: 'table_taken'
  readonly table: NonNullable<ProcessesView['table']>
}

export const processesFold: Fold<ProcessesView, ProcessesEvent> = {
  empty: {},
  // What is no event at all leaves the view as it is, like one of another version.
  fold: (view, event) => (event?.type === 'table_taken' ? { table: event.table } : view),
}

/** A process by its host's number and its serial there. */
export interface ProcessName {
  readonly host: number
  readonly serial: number
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

/** Reads `<0.302790.0>`, and `0.302790.0`. */
export function readPid(text: string): ProcessName | undefined {
  const [, host, serial] = /^<?(\d{1,4})\.(\d{1,15})\.0>?$/.exec(text.trim()) ?? []
  return host === undefined ? undefined : { host: Number(host), serial: Number(serial) }
}

/** The stream of one process: `gateway/process/0-302790`. */
export const processStream = ({ host, serial }: ProcessName): string =>
  `gateway/process/${host}-${serial}`

export function readProcessStream(name: string): ProcessName | undefined {
  const [, host, serial] = /^gateway\/process\/(\d{1,4})-(\d{1,15})$/.exec(name) ?? []
  return host === undefined ? undefined : { host: Number(host), serial: Number(serial) }
}

export type ProcessCommand =
  /** `initialCall`, as it was shown: what has taken the serial since in another life is spared. */
  | ({ readonly type: 'kill_process'; readonly initialCall?: string } & ProcessName)
  /** What is seen of it in a second is told in the process's stream. */
  | ({ readonly type: 'trace_process' } & ProcessName)

/** Shape check of what a presenter's page may wish. */
export function checkProcessCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, host, serial, initialCall, ...more } = command as Record<string, unknown>
  const isNamed = isCount(host) && host < 10_000 && isCount(serial)
  const isCall = typeof initialCall === 'string' && initialCall.length <= 200
  const isKnown =
    (type === 'kill_process' && (initialCall === undefined || isCall)) ||
    (type === 'trace_process' && initialCall === undefined)
  return isNamed && isKnown && Object.keys(more).length === 0 ? undefined : refuse('malformed')
}

export interface ProcessView {
  /** `looking` until the first look is back. `gone` stays: a pid is never used again. */
  readonly state: 'looking' | 'seen' | 'gone' | 'host_down'
  /** As it was seen last. */
  readonly seen?: ProcessSeen
  readonly atMs?: number
  readonly trace?: TraceSeen & { readonly atMs: number }
}

export type ProcessEvent =
  | { readonly type: 'process_seen'; readonly seen: ProcessSeen; readonly atMs: number }
  | { readonly type: 'process_gone'; readonly atMs: number }
  | { readonly type: 'host_silent'; readonly atMs: number }
  | { readonly type: 'process_traced'; readonly trace: TraceSeen; readonly atMs: number }

export const processFold: Fold<ProcessView, ProcessEvent> = {
  empty: { state: 'looking' },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'process_seen':
        return { ...view, state: 'seen', seen: event.seen, atMs: event.atMs }
      case 'process_gone':
        return { ...view, state: 'gone' }
      case 'host_silent':
        return { ...view, state: 'host_down' }
      case 'process_traced':
        return { ...view, trace: { ...event.trace, atMs: event.atMs } }
      default:
        return view
    }
  },
}

/** Merges the rows of several hosts by the order that was asked for. */
export function mergeRows(rows: readonly ShownRow[], asked: TableQuestion): readonly ShownRow[] {
  const sign = asked.descending ? -1 : 1
  const value = (row: ShownRow) => valueOf(row, asked.sortBy)
  const compare = (one: ShownRow, other: ShownRow) => {
    const [a, b] = [value(one), value(other)]
    return a < b ? -sign : a > b ? sign : 0
  }
  return [...rows].sort(compare).slice(0, asked.limit)
}

function valueOf(row: ShownRow, sortBy: SortKey): number | string {
  switch (sortBy) {
    case 'reductions_diff':
      return row.reductionsDiff
    case 'reductions':
      return row.reductions
    case 'message_queue_len':
      return row.mailboxLength
    case 'age':
      return row.ageMs
    case 'name':
      return row.name ?? row.initialCall
    case 'pid':
      return row.serial
  }
}
