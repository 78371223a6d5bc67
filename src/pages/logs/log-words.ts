/* The log's words that are not those of one record. */
import type { LogKind, LogLevel } from '../../protocol/logs'

export const levelWords: Readonly<Record<LogLevel, string>> = {
  info: 'All levels',
  warn: 'Warnings and errors',
  error: 'Errors',
}

export const kindWords: Readonly<Record<LogKind, string>> = {
  crash: 'Crashes',
  supervisor: 'Supervisors',
  host: 'Hosts',
  upgrade: 'Upgrades',
  other: 'All else',
}

/** What is known besides, by the names that people read. */
export const detailWords: Readonly<Record<string, string>> = {
  silentMs: 'silent, in ms',
  burnedMs: 'processor time meanwhile, in ms',
  rootLagMs: 'the root was late, in ms',
  waitMs: 'waits, in ms',
  rssMb: 'memory, in MB',
  limitMb: 'its limit, in MB',
  leftOut: 'lines left out before it',
  intensity: 'restarts that are survived',
  periodSeconds: 'within seconds',
  isRestarted: 'is started again',
  length: 'length of the line',
}
