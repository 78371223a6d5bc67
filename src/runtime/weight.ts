/*
 * About how much memory values take that can be reached from variables: for hosts where nobody can
 * ask the engine. What is large is counted from samples, what is shared is counted once, and no
 * code of whoever holds it runs: what lies in closures or behind getters is not seen.
 */
import { Pid, Ref } from './pid'

/** Values that are looked at in one weighing, and of one collection. */
const maxLooks = 20_000
const maxSamples = 50
const maxDepth = 20
/** What one entry of a collection takes by itself. */
const slotBytes = 8
const entryBytes = 32

export class Scales {
  private readonly seen = new Set<object>()
  private looksLeft = maxLooks

  /** In bytes; of what was weighed before, nothing. */
  weigh(value: unknown, depth = 0): number {
    if (typeof value === 'string') return value.length
    if (typeof value !== 'object' || value === null || this.seen.has(value)) return 0
    if (value instanceof Pid || value instanceof Ref) return 0
    if (this.looksLeft-- <= 0 || depth > maxDepth) return 0
    this.seen.add(value)
    try {
      return this.weighObject(value, depth)
    } catch {
      // A proxy may throw at whoever looks at it.
      return 0
    }
  }

  private weighObject(value: object, depth: number): number {
    if (value instanceof ArrayBuffer) return value.byteLength
    if (ArrayBuffer.isView(value)) return this.weigh(value.buffer, depth)
    if (Array.isArray(value)) return this.weighArray(value, depth)
    if (value instanceof Map || value instanceof Set) return this.weighEntries(value, depth)
    const keys = Object.keys(value)
    return this.sampled(keys.length, depth, (at) => own(value, keys[at]!), entryBytes)
  }

  private weighArray(value: readonly unknown[], depth: number): number {
    const { length } = value
    const count = Math.min(length, maxSamples)
    // One that is only long holds nothing.
    const present = Array.from({ length: count }, (_, at) => spread(at, count, length)).filter(
      (at) => Object.hasOwn(value, at),
    )
    if (present.length === 0) return 0
    const all = (length * present.length) / count
    return this.sampled(all, depth, (at) => own(value, String(present[at])), slotBytes, present)
  }

  private weighEntries(
    value: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>,
    depth: number,
  ): number {
    const some: unknown[] = []
    for (const entry of value.entries()) {
      if (some.push(entry[0], entry[1]) >= 2 * maxSamples) break
    }
    const weight = some.reduce<number>((sum, each) => sum + this.weigh(each, depth + 1), 0)
    return value.size * entryBytes + (weight * value.size) / Math.max(1, some.length / 2)
  }

  /** Of so many, as much as some of them let expect. */
  private sampled(
    length: number,
    depth: number,
    at: (index: number) => unknown,
    each: number,
    { length: there }: { readonly length: number } = { length },
  ): number {
    const count = Math.min(there, maxSamples)
    let weight = 0
    for (let sample = 0; sample < count; sample++) {
      weight += this.weigh(at(spread(sample, count, there)), depth + 1)
    }
    return length * each + (count === 0 ? 0 : (weight * length) / count)
  }
}

/** Indices far apart. */
const spread = (sample: number, samples: number, length: number): number =>
  Math.floor((sample * length) / samples)

function own(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
