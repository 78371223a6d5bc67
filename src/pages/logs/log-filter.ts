/*
 * Which records are shown, and how an address says so: `?level=error&kind=crash&host=play-1`. What
 * an address says that is nothing here, is as if it did not say it.
 */
import { logText } from '../../protocol/log-text'
import {
  kindOfEntry,
  logKinds,
  logLevels,
  type LogEntry,
  type LogKind,
  type LogLevel,
} from '../../protocol/logs'

export interface LogFilter {
  /** The least level. */
  readonly level: LogLevel
  /** Undefined for all. */
  readonly kind: LogKind | undefined
  readonly host: string | undefined
  readonly search: string
}

export const everything: LogFilter = {
  level: 'info',
  kind: undefined,
  host: undefined,
  search: '',
}

const maxSearchLength = 100
const hostName = /^(?:root|gateway|boards|load|play-spare|play-\d{1,2})$/

/** @param query of an address, with its question mark */
export function readFilter(query: string): LogFilter {
  const words = new URLSearchParams(query)
  const [level, kind, host] = [words.get('level'), words.get('kind'), words.get('host')]
  return {
    level: logLevels.find((known) => known === level) ?? everything.level,
    kind: logKinds.find((known) => known === kind),
    host: host !== null && hostName.test(host) ? host : undefined,
    search: (words.get('search') ?? '').slice(0, maxSearchLength),
  }
}

/** The query that says so, with its question mark; empty where everything is shown. */
export function writeFilter({ level, kind, host, search }: LogFilter): string {
  const words = new URLSearchParams({
    ...(level !== everything.level && { level }),
    ...(kind && { kind }),
    ...(host !== undefined && { host }),
    ...(search !== '' && { search }),
  })
  return words.size > 0 ? `?${words}` : ''
}

/** The filter with another choice, which is read as in an address; nothing stands for all. */
export function withChoice(filter: LogFilter, name: keyof LogFilter, chosen: string): LogFilter {
  const words = new URLSearchParams(writeFilter(filter))
  words.set(name, chosen)
  return readFilter(`?${words}`)
}

/** The records that it lets through, oldest first. */
export function shownBy(filter: LogFilter, records: readonly LogEntry[]): readonly LogEntry[] {
  const least = logLevels.indexOf(filter.level)
  const search = filter.search.trim().toLowerCase()
  return records.filter(
    (entry) =>
      logLevels.indexOf(entry.level) >= least &&
      (filter.kind === undefined || kindOfEntry(entry) === filter.kind) &&
      (filter.host === undefined || entry.host === filter.host) &&
      (search === '' || textOf(entry).includes(search)),
  )
}

/** All that can be read of a record. */
function textOf(entry: LogEntry): string {
  const { host, event, pid, stack = [], ancestors = [] } = entry
  const callers = ancestors.map(({ pid, call = '' }) => `${call} ${pid}`)
  return [host, event, pid, logText(entry), ...stack, ...callers].join('\n').toLowerCase()
}

/** The hosts that there are records of, and the one that is looked for. */
export function hostsOf(records: readonly LogEntry[], wanted: string | undefined): string[] {
  const hosts = new Set(records.map(({ host }) => host))
  if (wanted !== undefined) hosts.add(wanted)
  return [...hosts].sort()
}
