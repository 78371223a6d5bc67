/*
 * The stream `gateway/logs`: what befell processes, supervisors and hosts, as the root hears of it.
 * Its writer is the gateway, told by the root. Everybody may read it: it holds no text of the
 * audience, no addresses and no visitor's name. The view keeps the last 500 records.
 */
import type { Fold } from './fold'

export const logsStream = 'gateway/logs'

/** How many records the view keeps. */
export const maxEntries = 500

/** From the least to the worst. */
export const logLevels = ['info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** A process that has started others. */
export interface LogAncestor {
  readonly pid: string
  /** Its name, or the function that it was started with; missing where it was dead already. */
  readonly call?: string
}

export interface LogEntry {
  /** Counted by the root: a later record has a greater one. */
  readonly number: number
  /** When the root heard of it, in milliseconds since the epoch. */
  readonly atMs: number
  readonly level: LogLevel
  /** What happened, in the past: `process_crashed`. */
  readonly event: string
  readonly host: string
  /** A process, `<0.123.0>`, or an OS process, `4711`. */
  readonly pid?: string
  /** Under which name the process was known. */
  readonly name?: string
  /** The function that the process was started with. */
  readonly call?: string
  /** By name, if it has one, and pid: `sums <0.5.0>`. */
  readonly supervisor?: string
  readonly child?: string
  /** Why, in words for people. */
  readonly reason?: string
  /** Innermost first: `sum (src/system/sum.ts:8:25)`. */
  readonly stack?: readonly string[]
  /** Its parent first. */
  readonly ancestors?: readonly LogAncestor[]
  /** What a host wrote that is no record, as far as everybody may read it. */
  readonly text?: string
  /** Of `left_out`: how many, and of what event; missing where they were of several. */
  readonly count?: number
  readonly of?: string
  /** Whatever else is known, by its name. */
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export interface LogsEvent {
  readonly type: 'logged'
  /** Oldest first. */
  readonly records: readonly LogEntry[]
}

export interface LogsView {
  /** Oldest first. */
  readonly records: readonly LogEntry[]
  /** How many records were left out of it in storms. */
  readonly leftOut: number
}

export const logsFold: Fold<LogsView, LogsEvent> = {
  empty: { records: [], leftOut: 0 },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    if (event?.type !== 'logged' || !Array.isArray(event.records)) return view
    const fresh = event.records.filter(isEntry)
    return {
      records: [...view.records, ...fresh].slice(-maxEntries),
      leftOut: fresh.reduce((sum, entry) => sum + leftOutBy(entry), view.leftOut),
    }
  },
}

function isEntry(raw: unknown): raw is LogEntry {
  const { number, atMs, event, host } = (raw ?? {}) as Partial<LogEntry>
  const isCounted = Number.isSafeInteger(number) && typeof atMs === 'number'
  return isCounted && typeof event === 'string' && typeof host === 'string'
}

const leftOutBy = ({ event, count }: LogEntry): number =>
  event === 'left_out' && Number.isSafeInteger(count) ? count! : 0

/** What a record is about. */
export const logKinds = ['crash', 'supervisor', 'host', 'upgrade', 'other'] as const
export type LogKind = (typeof logKinds)[number]

const kindsByEvent: Readonly<Record<string, LogKind>> = {
  process_crashed: 'crash',
  mailbox_full: 'crash',
  handler_failed: 'crash',
  child_ended: 'supervisor',
  gave_up: 'supervisor',
  restart_failed: 'supervisor',
  stopped_otherwise: 'supervisor',
}

/** What a record is about; one that tells how many were left out is about what those were. */
export function kindOfEntry({ event, of }: Pick<LogEntry, 'event' | 'of'>): LogKind {
  const name = event === 'left_out' && of !== undefined ? of : event
  if (Object.hasOwn(kindsByEvent, name)) return kindsByEvent[name]!
  if (/^(?:host|spare)_/.test(name)) return 'host'
  return name.startsWith('upgrade_') ? 'upgrade' : 'other'
}
