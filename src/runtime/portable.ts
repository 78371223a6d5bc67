/*
 * Messages as plain data. What may be sent within a host may cross to another one, save what cannot
 * leave its heap: functions and symbols are refused at the sender. Pids, refs and errors have no
 * plain form of their own and become objects marked by the key `$`; an object that has such a key
 * itself is wrapped, so that no message can be mistaken for a name. An error crosses as its name,
 * message and stack, which are text.
 */
import { Pid, Ref } from './pid'
import { reductions } from './reductions'
import { Malformed } from './wire'

/** As within a host: deeper than this means a cycle or an attack. */
const maxDepth = 200

/** The plain form of a pid or ref. Without a host it is one of the sender's own. */
export interface PortableName {
  readonly $: 'pid' | 'ref'
  readonly serial: number
  readonly host?: number
  readonly incarnation?: string
  /** Of the sender's own processes: it has ended, so nobody need be told when it does. */
  readonly ended?: true
}

/** Packs one message at a step for each part, and knows about how much memory it takes. */
export class Packer {
  /** About so many bytes were packed. */
  bytes = 0
  private readonly name: (name: Pid | Ref) => PortableName
  private readonly path: string[] = []

  constructor(name: (name: Pid | Ref) => PortableName) {
    this.name = name
  }

  /** Gives a plain copy. Throws a TypeError that names the part that cannot cross. */
  pack(value: unknown): unknown {
    reductions.left--
    this.bytes += 8
    if (typeof value === 'string') this.bytes += value.length
    if (typeof value === 'function' || typeof value === 'symbol') this.refuse(`a ${typeof value}`)
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Pid || value instanceof Ref) return this.name(value)
    if (value instanceof Error) return this.packError(value)
    if (this.path.length === maxDepth) {
      throw new TypeError(`a message nests deeper than ${maxDepth}, or in a cycle`)
    }
    if (Array.isArray(value)) return this.packArray(value)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) {
      return this.packObject(value, prototype === null)
    }
    return this.packSpecial(value)
  }

  private packArray(value: readonly unknown[]): unknown[] {
    // Not `map`, which would keep holes.
    return Array.from(value, (part, at) => this.packPart(`[${at}]`, part))
  }

  private packPart(step: string, part: unknown): unknown {
    this.path.push(step)
    const packed = this.pack(part)
    this.path.pop()
    return packed
  }

  private packObject(value: object, isBare: boolean): unknown {
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      this.bytes += key.length
      const part = this.packPart(`.${key}`, (value as Record<string, unknown>)[key])
      define(result, key, part)
    }
    if (isBare) return { $: 'bare', of: result }
    return Object.hasOwn(result, '$') ? { $: 'object', of: result } : result
  }

  private packSpecial(value: object): unknown {
    if (value instanceof Map) {
      const entries = [...value].map(([key, part]): [unknown, unknown] => [
        this.packPart('.(key)', key),
        this.packPart(`.(${typeof key === 'string' ? key : 'entry'})`, part),
      ])
      return new Map(entries)
    }
    if (value instanceof Set) {
      return { $: 'set', of: [...value].map((part) => this.packPart('.(member)', part)) }
    }
    if (value instanceof Date) return new Date(value.getTime())
    const binary = copyBinary(value)
    if (!binary) this.refuse(`a ${value.constructor?.name ?? 'nameless class'}`)
    this.bytes += binary.byteLength
    return binary
  }

  private packError(error: Error): unknown {
    const [name, message] = [String(error.name), String(error.message)]
    const stack = typeof error.stack === 'string' ? error.stack : ''
    this.bytes += name.length + message.length + stack.length
    return { $: 'error', name, message, stack }
  }

  private refuse(what: string): never {
    const where = this.path.length === 0 ? '' : `: message${this.path.join('')}`
    throw new TypeError(`${what} cannot be sent to another host${where}`)
  }
}

/** Unpacks one message. */
export class Unpacker {
  private readonly name: (name: PortableName) => Pid | Ref
  private readonly seen = new Set<object>()

  constructor(name: (name: PortableName) => Pid | Ref) {
    this.name = name
  }

  /** Gives the message, sharing nothing with what was packed. Throws `Malformed`. */
  unpack(value: unknown, depth = 0): unknown {
    if (typeof value === 'function' || typeof value === 'symbol') throw new Malformed('a function')
    if (typeof value !== 'object' || value === null) return value
    if (depth >= maxDepth && !isLeaf(value)) throw new Malformed('a message that nests too deep')
    // Few bytes may name one part often, at each level again: unpacking that would never end.
    if (this.seen.has(value)) throw new Malformed('a message with one part in two places')
    this.seen.add(value)
    if (Array.isArray(value)) return Array.from(value, (part) => this.unpack(part, depth + 1))
    if (value instanceof Map) return this.unpackMap(value, depth)
    if (value instanceof Date) return new Date(value.getTime())
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) {
      return Object.hasOwn(value, '$')
        ? this.unpackMarked(value as Marked, depth)
        : this.unpackObject(value, {}, depth)
    }
    const binary = copyBinary(value)
    if (!binary) throw new Malformed('a message with a part of unknown kind')
    return binary
  }

  private unpackMap(value: ReadonlyMap<unknown, unknown>, depth: number): unknown {
    const entries = [...value].map(([key, part]): [unknown, unknown] => [
      this.unpack(key, depth + 1),
      this.unpack(part, depth + 1),
    ])
    return new Map(entries)
  }

  private unpackObject(value: object, into: Record<string, unknown>, depth: number): unknown {
    for (const key of Object.keys(value)) {
      define(into, key, this.unpack((value as Record<string, unknown>)[key], depth + 1))
    }
    return into
  }

  private unpackMarked(value: Marked, depth: number): unknown {
    const { $: mark, of } = value
    if (mark === 'pid' || mark === 'ref') return this.name(checkName(value as object))
    if (mark === 'error') return unpackError(value)
    if (mark === 'set' && Array.isArray(of)) {
      return new Set(of.map((part) => this.unpack(part, depth + 1)))
    }
    if ((mark === 'object' || mark === 'bare') && typeof of === 'object' && of !== null) {
      const into = (mark === 'bare' ? Object.create(null) : {}) as Record<string, unknown>
      return this.unpackObject(of, into, depth)
    }
    throw new Malformed('a message with a part of unknown mark')
  }
}

interface Marked {
  readonly $: unknown
  readonly of?: unknown
  readonly [field: string]: unknown
}

/** Names and errors have nothing below them, so they may stand where nothing else may. */
const isLeaf = (value: object): boolean =>
  Object.hasOwn(value, '$') && ['pid', 'ref', 'error'].includes((value as Marked).$ as string)

function checkName(value: object): PortableName {
  const { serial, host, incarnation } = value as Record<keyof PortableName, unknown>
  const isRight =
    Number.isSafeInteger(serial) &&
    (serial as number) >= 0 &&
    (host === undefined
      ? incarnation === undefined
      : Number.isSafeInteger(host) && typeof incarnation === 'string' && incarnation.length <= 64)
  if (!isRight) throw new Malformed('a name without a right serial, host or incarnation')
  return value as PortableName
}

function unpackError({ name, message, stack }: Marked): Error {
  if (typeof name !== 'string' || typeof message !== 'string' || typeof stack !== 'string') {
    throw new Malformed('an error without name, message or stack')
  }
  const error = new Error(message)
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true })
  return error
}

/** An assignment to `__proto__` would replace the prototype instead of adding a key. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true })
}

/** By the method of its kind: the `slice` of Node's Buffer is a view and no copy. */
function copyBinary(value: object): ArrayBuffer | Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return value.slice(0)
  if (!ArrayBuffer.isView(value) || !('slice' in value)) return undefined
  return Uint8Array.prototype.slice.call(value)
}
