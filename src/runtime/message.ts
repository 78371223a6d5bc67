/*
 * Messages are copies: neither side sees the other's later changes, although all processes of a
 * host share one heap. Plain objects, arrays, maps, sets, dates and binary data are copied; pids,
 * refs, functions and errors go as they are (nobody changes them); anything else is refused, since
 * half a copy would be a lie. Each part costs a counted step, since no copy can be interrupted.
 */
import { Pid, Ref } from './pid'
import { reductions } from './reductions'

/** Terms of Erlang are trees; deeper than this means a cycle or an attack. */
const maxDepth = 200

/** A copy of a message. Throws a TypeError that names the part that cannot be copied. */
export function copy<T>(message: T): T {
  return copyAt(message, 0) as T
}

function copyAt(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Pid || value instanceof Ref || value instanceof Error) return value
  if (depth === maxDepth)
    throw new TypeError(`a message nests deeper than ${maxDepth}, or in a cycle`)
  if (Array.isArray(value)) return copyArray(value, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return copyObject(value, depth)
  return copySpecial(value, depth)
}

function copyArray(value: readonly unknown[], depth: number): unknown[] {
  reductions.left -= value.length
  const result = new Array<unknown>(value.length)
  for (let i = 0; i < value.length; i++) result[i] = copyAt(value[i], depth + 1)
  return result
}

function copyObject(value: object, depth: number): unknown {
  const prototype = Object.getPrototypeOf(value) as object | null
  const result = (prototype ? {} : Object.create(null)) as Record<string, unknown>
  let parts = 0
  for (const key in value) {
    parts++
    const part = (value as Record<string, unknown>)[key]
    const copied = typeof part === 'object' ? copyAt(part, depth + 1) : part
    // An assignment to `__proto__` would replace the prototype instead of adding a key.
    if (key === '__proto__') Object.defineProperty(result, key, { value: copied, enumerable: true })
    else result[key] = copied
  }
  reductions.left -= parts
  return result
}

function copySpecial(value: object, depth: number): unknown {
  reductions.left -= weightOf(value)
  if (value instanceof Map) {
    const entries = [...value].map(([key, part]) => [
      copyAt(key, depth + 1),
      copyAt(part, depth + 1),
    ])
    return new Map(entries as [unknown, unknown][])
  }
  if (value instanceof Set) return new Set([...value].map((part) => copyAt(part, depth + 1)))
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof ArrayBuffer) return value.slice(0)
  // By the method of its kind: the `slice` of Node's Buffer is a view and no copy.
  if (ArrayBuffer.isView(value) && 'slice' in value) return Uint8Array.prototype.slice.call(value)
  throw new TypeError(
    `a ${value.constructor?.name ?? 'nameless class'} cannot be sent in a message`,
  )
}

/** How many bytes are copied in the time of a step. */
const bytesPerStep = 256

/** What copying costs beside what is inside. */
function weightOf(value: object): number {
  if (value instanceof Map || value instanceof Set) return value.size
  const isBinary = value instanceof ArrayBuffer || ArrayBuffer.isView(value)
  return isBinary ? Math.ceil(value.byteLength / bytesPerStep) : 1
}
