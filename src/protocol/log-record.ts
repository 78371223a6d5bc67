/*
 * One line of the log, as a value. Whoever writes it (as JSON, or for people) is handed in, so that
 * the rooms of the server write nothing themselves.
 */

/** What a host writes down of itself: which host it is, the root knows. */
export interface HostRecord {
  readonly level: 'info' | 'warn' | 'error'
  /** What happened, in the past: `host_lost`. */
  readonly event: string
  readonly [detail: string]: unknown
}

export interface LogRecord extends HostRecord {
  /** Which host it is about. */
  readonly host: string
}

export type Log = (record: LogRecord) => void
