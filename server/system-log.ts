/*
 * The log of the whole system, kept by the root: each record as one line of JSON on stdout, and, as
 * far as everybody may read it, to the gateway. The gateway is told a tenth of a second's records
 * together; storms are sampled once more, since a broken host need not have sampled its own; and a
 * gateway that was restarted gets the last 500.
 *
 * Nothing here waits or grows: what a stdout that nobody reads does not take is left out and
 * counted, and one that is closed (`npm start | head`) is the end of the lines and of nothing else.
 */
import type { Writable } from 'node:stream'
import { pino } from 'pino'
import { Sampler } from '../src/host/sampler'
import type { HostRecord, LogRecord } from '../src/protocol/log-record'
import { maxEntries, type LogEntry } from '../src/protocol/logs'
import { plainRecord } from './log-value'
import { publicEntry } from './public-record'

export interface SystemLogDoors {
  readonly stdout: Pick<Writable, 'write' | 'writableLength' | 'on'>
  nowMs(): number
  /** Calls once, so many milliseconds from now. */
  after(ms: number, act: () => void): void
  /** Tells the gateway; lost when there is none. */
  tell(entries: readonly LogEntry[]): void
}

const gatherMs = 100
/** What may wait for whoever reads stdout. */
const maxWaitingBytes = 1_000_000
/** Hosts sample their own: what they let pass in two of their seconds may come in one. */
const mostOfKind = 40

export class SystemLog {
  private readonly doors: SystemLogDoors
  private readonly sampler: Sampler
  private readonly lines: ReturnType<typeof linesTo>
  private last: LogEntry[] = []
  private number = 0
  /** How many of the last were not told yet. */
  private untold = 0

  constructor(doors: SystemLogDoors) {
    this.doors = doors
    this.lines = linesTo(doors.stdout)
    const pass = (record: HostRecord) => this.keep(record as LogRecord)
    this.sampler = new Sampler({ pass, after: doors.after }, mostOfKind)
  }

  /** Writes a record down. Never throws. */
  readonly write = (record: LogRecord): void => {
    const { level, ...rest } = plainRecord(record) as LogRecord
    this.lines[level](rest)
    this.sampler.take(record)
  }

  /** A gateway begins: it is told what the last one knew. */
  tellAll(): void {
    this.untold = 0
    this.doors.tell(this.last)
  }

  private keep(record: LogRecord): void {
    const entry = publicEntry(record, ++this.number, this.doors.nowMs())
    this.last = [...this.last, entry].slice(-maxEntries)
    if (this.untold++ > 0) return
    this.doors.after(gatherMs, () => {
      const fresh = this.untold > 0 ? this.last.slice(-this.untold) : []
      this.untold = 0
      if (fresh.length > 0) this.doors.tell(fresh)
    })
  }
}

/** One line a record, with its level by name and its time. */
function linesTo(stdout: SystemLogDoors['stdout']) {
  let leftOut = 0
  const options = {
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  }
  const lines = pino(options, {
    write(line: string) {
      if (stdout.writableLength > maxWaitingBytes) return void leftOut++
      const before = leftOut
      leftOut = 0
      stdout.write(line)
      if (before > 0) lines.warn({ event: 'lines_left_out', host: 'root', count: before })
    },
  })
  stdout.on('error', () => {})
  return lines
}
