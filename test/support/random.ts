/*
 * Random numbers from a seed: the same seed gives the same numbers on every machine, so a failing
 * run can be run again. The generator is sfc32 (128 bits of state), filled from the seed by a few
 * rounds of its own.
 */

export class Random {
  private readonly state: Uint32Array

  constructor(seed: number) {
    this.state = Uint32Array.of(seed, seed ^ 0x9e3779b9, 0x243f6a88, 1)
    for (let round = 0; round < 12; round++) this.bits()
  }

  /** The next 32 bits, as a number from 0 on. */
  bits(): number {
    const state = this.state
    const [a, b, c, count] = state as unknown as [number, number, number, number]
    const sum = a + b + count
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = (c << 21) | (c >>> 11)
    state[2] += sum
    state[3] = count + 1
    return sum >>> 0
  }

  /** From 0 up to 1. */
  next(): number {
    return this.bits() / 2 ** 32
  }

  /** A whole number from 0 up to `limit`, without it. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True as often as `probability` says. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!
  }

  /** The same items in another order. */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items]
    for (let at = shuffled.length - 1; at > 0; at--) {
      const other = this.below(at + 1)
      ;[shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!]
    }
    return shuffled
  }
}
