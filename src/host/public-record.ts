/*
 * A record of the log as everybody may read it: only what is known to be harmless goes on, by name
 * and by shape, since a host may be broken by the audience and say anything. No text of the
 * audience, no address, no visitor's name, and no path of this machine; all of it stays in the log
 * on stdout.
 */
import type { LogRecord } from '../protocol/log-record'
import type { LogAncestor, LogEntry } from '../protocol/logs'
import { stackFrame } from './crash-stack'
import { redact } from './redact'

const maxNameLength = 80
const maxFrames = 20
const maxAncestors = 10
/** Further details that a record may have, each a number, a truth or one word. */
const harmless = [
  ...['silentMs', 'burnedMs', 'rootLagMs', 'waitMs', 'rssMb', 'limitMb', 'leftOut', 'stream'],
  ...['intensity', 'periodSeconds', 'isRestarted', 'module', 'version', 'killed', 'count', 'to'],
]

/** @param number its place among all records */
export function publicEntry(record: LogRecord, number: number, atMs: number): LogEntry {
  const { level, event, host } = record
  const optional: Partial<Record<keyof LogEntry, unknown>> = {
    pid: pidText(record.pid),
    name: nameText(record.name),
    call: nameText(record.initialCall),
    supervisor: supervisorText(record),
    child: nameText(record.child),
    reason: record.reason === undefined ? undefined : reasonText(record.reason),
    stack: stackOf(record),
    ancestors: ancestorsOf(record.ancestors),
    text: event === 'host_output' ? outputText(record.line) : undefined,
    count: event === 'left_out' ? countOf(record.count) : undefined,
    of: event === 'left_out' ? nameText(record.of) : undefined,
    details: detailsOf(record),
  }
  const known = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { number, atMs, level, event, host, ...Object.fromEntries(known) }
}

const nameText = (raw: unknown): string | undefined =>
  typeof raw === 'string' ? redact(raw, maxNameLength) : undefined

function pidText(raw: unknown): string | undefined {
  if (Number.isSafeInteger(raw)) return String(raw)
  return typeof raw === 'string' && /^<\d{1,4}\.\d{1,15}\.\d{1,3}>$/.test(raw) ? raw : undefined
}

function supervisorText({ supervisor, supervisorName }: LogRecord): string | undefined {
  const pid = pidText(supervisor)
  return pid && [nameText(supervisorName), pid].filter((part) => part !== undefined).join(' ')
}

const countOf = (raw: unknown): number => (Number.isSafeInteger(raw) ? Math.max(0, Number(raw)) : 0)

/** What the engine says about a text repeats that text, and it may be somebody's. */
const quotingErrors = /^(Cannot create property .{1,40} on string|Cannot use 'in' operator).*/s

function reasonText(raw: unknown): string {
  if (typeof raw === 'string') return redact(raw)
  const { name, message } = (raw ?? {}) as { name?: unknown; message?: unknown }
  if (typeof message !== 'string') return redact(termText(raw, 0))
  const kind = typeof name === 'string' ? redact(name, maxNameLength) : 'Error'
  if (kind === 'SyntaxError' || kind === 'URIError') return kind
  const said = redact(message.replace(quotingErrors, '$1 …'))
  return said === '' || said.startsWith(`${kind} `) ? said || kind : `${kind}: ${said}`
}

const maxTermDepth = 3

/** A reason that is no error: its words and pids, and nothing that somebody may have typed. */
function termText(raw: unknown, depth: number): string {
  if (typeof raw === 'number' || typeof raw === 'boolean' || raw === null) return String(raw)
  if (typeof raw === 'string') return /^(?:[a-z_]{1,40}|<[\d.]{1,30}>)$/.test(raw) ? raw : '…'
  if (depth === maxTermDepth || typeof raw !== 'object') return '…'
  if (Array.isArray(raw)) {
    return `[${raw
      .slice(0, 4)
      .map((item: unknown) => termText(item, depth + 1))
      .join(', ')}]`
  }
  return typeof (raw as { message?: unknown }).message === 'string' ? reasonText(raw) : '{…}'
}

/** The stack of what was thrown, or that of a host that was taken before its end. */
function stackOf({ stack, reason }: LogRecord): string[] | undefined {
  const { stack: thrown } = (reason ?? {}) as { stack?: unknown }
  const frames = Array.isArray(stack) ? stack : thrown
  if (!Array.isArray(frames)) return undefined
  const texts = frames.filter((frame): frame is string => typeof frame === 'string')
  return texts.slice(0, maxFrames).map((frame) => redact(frame))
}

function ancestorsOf(raw: unknown): LogAncestor[] | undefined {
  if (!Array.isArray(raw)) return undefined
  return raw.slice(0, maxAncestors).flatMap((each: unknown) => {
    const { pid, name, initialCall } = (each ?? {}) as Record<string, unknown>
    const text = pidText(pid)
    const call = nameText(name) ?? nameText(initialCall)
    return text === undefined ? [] : [{ pid: text, ...(call !== undefined && { call }) }]
  })
}

/** Of a line that is no record, what Node itself writes of an error, without what was said. */
function outputText(line: unknown): string | undefined {
  if (typeof line !== 'string') return undefined
  const frame = stackFrame(line)
  if (frame !== undefined) return redact(`at ${frame}`)
  const [error] = /^[A-Z][A-Za-z]{0,40}Error\b/.exec(line) ?? []
  if (error !== undefined) return `${error} …`
  return /^(?:FATAL ERROR: |Node\.js v)/.test(line) ? redact(line) : undefined
}

function detailsOf(record: LogRecord): LogEntry['details'] | undefined {
  const isShort = (value: unknown): boolean =>
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (typeof value === 'string' && /^[\w.-]{1,40}$/.test(value))
  const told: [string, unknown][] = harmless
    .map((name): [string, unknown] => [name, record[name]])
    .filter(([, value]) => isShort(value))
  if (typeof record.line === 'string') told.push(['length', record.line.length])
  return told.length > 0 ? (Object.fromEntries(told) as LogEntry['details']) : undefined
}
