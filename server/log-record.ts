/*
 * One line of the log, as a value. Whoever writes it (as JSON, or for people) is handed in, so that
 * the rooms of the server write nothing themselves.
 */

export interface LogRecord {
  readonly level: 'info' | 'warn' | 'error'
  /** What happened, in the past: `host_lost`. */
  readonly event: string
  /** Which host it is about. */
  readonly host: string
  readonly [detail: string]: unknown
}

export type Log = (record: LogRecord) => void
