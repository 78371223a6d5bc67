/*
 * What a message may be: copied whole, passed as it is because nobody can change it, or refused by
 * name.
 */
import { describe, expect, it } from 'vitest'
import { copy } from '../../src/runtime/message'
import { Pid, Ref } from '../../src/runtime'

describe('a copy', () => {
  it('equals the message and shares no part with it', () => {
    const message = {
      list: [1, [2, { three: 3 }]],
      map: new Map<unknown, unknown>([[{ key: 1 }, { value: 1 }]]),
      set: new Set([[1], [2]]),
      date: new Date(5),
      bytes: Uint8Array.of(1, 2),
      wide: Float64Array.of(1.5),
      buffer: Uint8Array.of(7).buffer,
    }
    const copied = copy(message)
    expect(copied).toEqual(message)
    for (const part of shared(message, copied)) expect.unreachable(`shares ${part}`)
  })

  it('of binary data in a Buffer does not share its memory', () => {
    const buffer = Buffer.from('before')
    const copied = copy(buffer)
    buffer.write('after!')
    expect(Buffer.from(copied).toString()).toBe('before')
  })

  it('of a part of a larger buffer is that part alone', () => {
    const copied = copy(new Uint8Array(new ArrayBuffer(1000), 10, 4))
    expect(copied.byteLength).toBe(4)
    expect(copied.buffer.byteLength).toBe(4)
  })

  it('passes pids, refs, functions and errors as they are', () => {
    const parts = [new Pid(0, 1), new Ref(1), () => 1, new Error('e'), Symbol('s')]
    copy(parts).forEach((part, at) => expect(part).toBe(parts[at]))
    const map = copy(new Map([[parts[0], parts[1]]]))
    expect(map.get(parts[0])).toBe(parts[1])
  })

  it('keeps plain values, odd numbers among them', () => {
    for (const value of [undefined, null, true, 0, -0, Number.NaN, Infinity, '', 'x', 10n]) {
      expect(Object.is(copy(value), value)).toBe(true)
    }
  })

  it('of an object without a prototype has none either', () => {
    const table = Object.assign(Object.create(null) as object, { a: [1] })
    const copied = copy(table)
    expect(Object.getPrototypeOf(copied)).toBe(null)
    expect({ ...copied }).toEqual({ a: [1] })
  })

  it('of a frozen object may be changed by its receiver', () => {
    const copied = copy(Object.freeze({ a: 1 }))
    copied.a satisfies number
    expect(Object.isFrozen(copied)).toBe(false)
  })
})

describe('a key named __proto__', () => {
  const forged = JSON.parse(
    '{ "__proto__": { "admin": true }, "a": { "__proto__": [1] } }',
  ) as object

  it('stays a key, and reaches no prototype', () => {
    const copied = copy(forged) as Record<string, unknown>
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype)
    expect('admin' in copied).toBe(false)
    expect(({} as Record<string, unknown>)['admin']).toBe(undefined)
    expect(JSON.stringify(copied)).toBe(JSON.stringify(forged))
  })

  it('survives being copied again', () => {
    expect(JSON.stringify(copy(copy(forged)))).toBe(JSON.stringify(forged))
  })

  it('constructor and prototype are keys like others', () => {
    const message = JSON.parse('{ "constructor": { "prototype": { "x": 1 } } }') as object
    expect(copy(message)).toEqual(message)
    expect(({} as Record<string, unknown>)['x']).toBe(undefined)
  })
})

describe('refused, by name', () => {
  class Account {
    readonly balance = 1
  }
  const refused: [string, unknown][] = [
    ['Account', new Account()],
    ['Promise', Promise.resolve()],
    ['WeakMap', new WeakMap()],
    ['RegExp', /x/],
    ['Generator', (function* () {})()],
    ['DataView', new DataView(new ArrayBuffer(1))],
    ['SharedArrayBuffer', new SharedArrayBuffer(1)],
    ['Proxy of a class', new Proxy(new Account(), {})],
  ]

  it.each(refused)('%s, at the top and inside', (name, value) => {
    const said = name.replace('Proxy of a class', 'Account')
    const wrong = name === 'Generator' ? TypeError : new RegExp(`a ${said} cannot be sent`)
    for (const message of [
      value,
      [value],
      { a: { b: value } },
      new Map([[1, value]]),
      new Set([value]),
    ]) {
      expect(() => copy(message)).toThrow(wrong)
    }
  })

  it('cycles and towers', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(() => copy(cycle)).toThrow('nests deeper than 200')
    const tower = (height: number): unknown => (height === 0 ? 'top' : [tower(height - 1)])
    expect(copy(tower(200))).toEqual(tower(200))
    expect(() => copy(tower(201))).toThrow('nests deeper than 200')
  })

  it('a getter that throws', () => {
    const message = {
      get part(): never {
        throw new Error('no part')
      },
    }
    expect(() => copy(message)).toThrow('no part')
  })
})

/** The paths of all objects that two values have in common. */
function shared(left: unknown, right: unknown, path = 'it'): string[] {
  if (typeof left !== 'object' || left === null) return []
  if (left === right) return [path]
  const parts = (value: object): unknown[] =>
    value instanceof Map || value instanceof Set
      ? [...value].flat()
      : ArrayBuffer.isView(value)
        ? [value.buffer]
        : Object.values(value)
  const others = parts(right as object)
  return parts(left).flatMap((part, at) => shared(part, others[at], `${path}.${at}`))
}
