/*
 * Whatever a record holds, as plain values that any JSON writer takes. Total: pids, errors with
 * their causes, big integers, cycles, or what nobody foresaw. Bounded in depth, in the number of
 * parts and in the length of text, so that a line of the log is never longer than 8,000 characters.
 */
import type { HostRecord } from '../protocol/log-record'
import { crashStack } from './crash-stack'

const maxDepth = 6
const maxItems = 20
const maxKeyLength = 40
const maxTextLength = 1_000
/** For the text of one record; the rest of a line is for brackets and numbers. */
const maxLength = 5_000

/** What is left for the text of a record. */
interface Room {
  left: number
}

/** The record in plain values. */
export function plainRecord(record: HostRecord): HostRecord {
  try {
    return object(record, { left: maxLength }, 0) as unknown as HostRecord
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason'
    return { level: 'error', event: 'log_unreadable', reason: text(reason, { left: maxLength }) }
  }
}

function plain(value: unknown, room: Room, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return text(value, room)
    case 'number':
    case 'boolean':
      return value
    case 'bigint':
      return text(String(value), room)
    case 'object':
      return value === null ? null : part(value, room, depth)
    case 'undefined':
      return undefined
    default:
      return text(`[${typeof value}]`, room)
  }
}

function part(value: object, room: Room, depth: number): unknown {
  if (depth === maxDepth || room.left <= 0) return '…'
  if (value instanceof Error) return failure(value, room, depth)
  // Pids, refs and dates say themselves what they are in JSON.
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return plain(toJSON.call(value), room, depth + 1)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Map || value instanceof Set) return list([...value], room, depth)
  return Array.isArray(value) ? list(value, room, depth) : object(value, room, depth)
}

function list(items: readonly unknown[], room: Room, depth: number): unknown[] {
  const some = items.slice(0, maxItems).map((item) => plain(item, room, depth + 1) ?? null)
  return items.length > maxItems ? [...some, '…'] : some
}

function object(value: object, room: Room, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .slice(0, maxItems)
      .map((key) => [
        text(key.slice(0, maxKeyLength), room),
        plain((value as Record<string, unknown>)[key], room, depth + 1),
      ]),
  )
}

function failure(error: Error, room: Room, depth: number): Record<string, unknown> {
  const { name, message, cause } = error
  return {
    name: plain(name, room, depth),
    message: plain(message, room, depth),
    stack: list(crashStack(error), room, depth),
    ...(cause !== undefined && { cause: plain(cause, room, depth + 1) }),
  }
}

/** Control characters are six characters in JSON, and count as that. */
function text(value: string, room: Room): string {
  const most = Math.min(maxTextLength, Math.max(0, room.left))
  const cut = value.length > most ? `${value.slice(0, most)}…` : value
  room.left -= JSON.stringify(cut).length
  return cut
}
