/*
 * What everybody may read of the system's log, as its root tells it to the gateway: a tenth of a
 * second's records together. Storms are sampled once more, since a broken host need not have
 * sampled its own; and a gateway that was restarted gets the last 500.
 */
import type { HostRecord, LogRecord } from '../protocol/log-record'
import { maxEntries, type LogEntry } from '../protocol/logs'
import { publicEntry } from './public-record'
import { Sampler } from './sampler'

export interface PublicLogDoors {
  nowMs(): number
  /** Calls once, so many milliseconds from now. */
  after(ms: number, act: () => void): void
  /** Tells the gateway; lost when there is none. */
  tell(entries: readonly LogEntry[]): void
}

const gatherMs = 100
/** Hosts sample their own: what they let pass in two of their seconds may come in one. */
const mostOfKind = 40

export class PublicLog {
  private readonly doors: PublicLogDoors
  private readonly sampler: Sampler
  private last: LogEntry[] = []
  private number = 0
  /** How many of the last were not told yet. */
  private untold = 0

  constructor(doors: PublicLogDoors) {
    this.doors = doors
    const pass = (record: HostRecord) => this.keep(record as LogRecord)
    this.sampler = new Sampler({ pass, after: doors.after }, mostOfKind)
  }

  take(record: LogRecord): void {
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
