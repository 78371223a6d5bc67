/*
 * What a value of a process looks like from outside: a copy limited in depth and size, so that no
 * console is flooded and nothing that is shown can be changed by whoever looks. No code of the
 * process runs for it: getters are named and not called, functions are named, errors are told by
 * name and message. What was left out is marked by '…'.
 */
import { Pid, Ref } from './pid'
import type { Preempted } from './reductions'

/** Levels of nesting, entries of one level, characters of a text, and values in all. */
const maxDepth = 4
const maxEntries = 20
const maxCharacters = 200
const maxValues = 200

const leftOut = '…'
const unreadable = '[unreadable]'

/** The variables at a place by name, as glimpses. */
export function variablesAt([place, ...values]: Preempted): Readonly<Record<string, unknown>> {
  const budget = { left: maxValues }
  return Object.fromEntries(place.names.map((name, at) => [name, copyAt(values[at], 0, budget)]))
}

/** A copy of any value, limited in depth and size. Never throws. */
export const glimpse = (value: unknown): unknown => copyAt(value, 0, { left: maxValues })

interface Budget {
  left: number
}

function copyAt(value: unknown, depth: number, budget: Budget): unknown {
  try {
    return copyOf(value, depth, budget)
  } catch {
    // A proxy has no value of its own to be looked at, and whoever claims to be a date may be none.
    return unreadable
  }
}

function copyOf(value: unknown, depth: number, budget: Budget): unknown {
  if (typeof value === 'string') return cut(value)
  if (typeof value === 'function') return `[function ${text(value, 'name')}]`
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Pid || value instanceof Ref) return value
  if (value instanceof Error) return `[${text(value, 'name')}: ${text(value, 'message')}]`
  if (value instanceof Date) return new Date(Date.prototype.getTime.call(value))
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return bytes(value)
  if (depth === maxDepth || budget.left <= 0) return leftOut
  if (value instanceof Map) return copyMap(value, depth, budget)
  if (value instanceof Set) return new Set(list(Set.prototype.values.call(value), depth, budget))
  if (Array.isArray(value)) return copyArray(value, depth, budget)
  return copyObject(value, depth, budget)
}

function copyArray(value: readonly unknown[], depth: number, budget: Budget): unknown[] {
  const shown = Array.from({ length: Math.min(value.length, maxEntries) }, (_, at) => {
    budget.left--
    return copyAt(own(value, String(at)), depth + 1, budget)
  })
  return value.length > maxEntries ? [...shown, leftOut] : shown
}

function copyObject(value: object, depth: number, budget: Budget): object {
  const shown: Record<string, unknown> = {}
  let entries = 0
  for (const key of Object.keys(value)) {
    if (++entries > maxEntries || budget.left-- <= 0) return { ...shown, [leftOut]: leftOut }
    const part = copyAt(own(value, key), depth + 1, budget)
    Object.defineProperty(shown, cut(key), { value: part, enumerable: true, configurable: true })
  }
  return shown
}

function copyMap(value: ReadonlyMap<unknown, unknown>, depth: number, budget: Budget): object {
  const keys = list(Map.prototype.keys.call(value), depth, budget)
  const values = list(Map.prototype.values.call(value), depth, budget)
  return new Map(keys.map((key, at) => [key, values[at]]))
}

/** The first entries. */
function list(all: Iterable<unknown>, depth: number, budget: Budget): unknown[] {
  const shown: unknown[] = []
  for (const part of all) {
    if (shown.length === maxEntries || budget.left-- <= 0) return [...shown, leftOut]
    shown.push(copyAt(part, depth + 1, budget))
  }
  return shown
}

function bytes(value: ArrayBuffer | ArrayBufferView): string {
  const kind = ArrayBuffer.isView(value) ? 'view of' : 'buffer of'
  return `[${kind} ${value.byteLength} bytes]`
}

/** A property's value; of an accessor, that it is one. */
function own(value: object, key: string): unknown {
  const property = Object.getOwnPropertyDescriptor(value, key)
  return property && !('value' in property) ? '[accessor]' : property?.value
}

/** A text that may be inherited, without calling anything. */
function text(value: object, key: string): string {
  for (let at: object | null = value; at; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.getOwnPropertyDescriptor(at, key)) {
      const found = own(at, key)
      return typeof found === 'string' ? cut(found) : ''
    }
  }
  return ''
}

const cut = (value: string): string =>
  value.length > maxCharacters ? value.slice(0, maxCharacters) + leftOut : value
