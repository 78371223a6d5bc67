/*
 * The log of the whole system, kept by the root: each record as one line of JSON on stdout, and, as
 * far as everybody may read it, to the gateway (src/host/public-log.ts).
 *
 * Nothing here waits or grows: what a stdout that nobody reads does not take is left out and
 * counted, and one that is closed (`npm start | head`) is the end of the lines and of nothing else.
 */
import type { Writable } from 'node:stream'
import { pino } from 'pino'
import { plainRecord } from '../src/host/log-value'
import { PublicLog, type PublicLogDoors } from '../src/host/public-log'
import type { LogRecord } from '../src/protocol/log-record'

export interface SystemLogDoors extends PublicLogDoors {
  readonly stdout: Pick<Writable, 'write' | 'writableLength' | 'on'>
}

/** What may wait for whoever reads stdout. */
const maxWaitingBytes = 1_000_000

export class SystemLog {
  private readonly shown: PublicLog
  private readonly lines: ReturnType<typeof linesTo>

  constructor(doors: SystemLogDoors) {
    this.lines = linesTo(doors.stdout)
    this.shown = new PublicLog(doors)
  }

  /** Writes a record down. Never throws. */
  readonly write = (record: LogRecord): void => {
    const { level, ...rest } = plainRecord(record) as LogRecord
    this.lines[level](rest)
    this.shown.take(record)
  }

  /** A gateway begins: it is told what the last one knew. */
  tellAll(): void {
    this.shown.tellAll()
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
