/*
 * A line that a host wrote, read as a record of the log. The audience may have broken that host, so
 * the line may be anything: what has not the shape of a record is told as a line of output, and a
 * record says neither which host it is from nor what only the root can know.
 */
import { hostNumber } from '../protocol/hosts'
import type { HostRecord } from '../protocol/log-record'
import { plainRecord } from './log-value'

const maxLineLength = 8_000
const levels: readonly unknown[] = ['info', 'warn', 'error']
const eventName = /^[a-z][a-z0-9_]{1,39}$/
/** How hosts are is the root's to say. */
const reserved = /^(?:host|spare|report)_/

/**
 * The record in a line of `host`, with its pids as the system knows them; undefined when it is
 * none. Inside of a host the host of a pid is 0, since it does not know which of its group it is.
 */
export function readHostRecord(line: string, host: string): HostRecord | undefined {
  if (!line.startsWith('{') || line.length > maxLineLength) return undefined
  const raw = parse(line.replaceAll(/<0\.(\d{1,15}\.\d{1,3})>/g, `<${hostNumber(host)}.$1>`))
  if (typeof raw !== 'object' || raw === null) return undefined
  const { host: _host, time: _time, __proto__: _proto, ...record } = { ...raw } as HostRecord
  const { level, event } = record
  if (!levels.includes(level) || typeof event !== 'string') return undefined
  if (!eventName.test(event) || reserved.test(event)) return undefined
  return plainRecord(record as HostRecord)
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
