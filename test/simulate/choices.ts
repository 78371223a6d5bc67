/*
 * Every choice of a schedule goes through here, and is written down: given the list again, a run is
 * the same run, and given a shorter list, or one with zeros in it, it is a plainer run with the
 * same operations. 0 is always the plainest choice: the oldest process, a whole slice, no delay.
 */
import type { Random } from '../support/random'

export class Choices {
  /** What was chosen, in order. */
  readonly made: number[] = []
  private readonly random: Random
  private readonly given: readonly number[] | undefined

  constructor(random: Random, given?: readonly number[]) {
    this.random = random
    this.given = given
  }

  /** A whole number from 0 up to `limit`, without it; `choose` makes it, from chance. */
  take(limit: number, choose: (random: Random) => number): number {
    const at = this.made.length
    const chosen = this.given ? (this.given[at] ?? 0) % limit : choose(this.random)
    this.made.push(chosen)
    return chosen
  }

  below(limit: number): number {
    return limit <= 1 ? 0 : this.take(limit, (random) => random.below(limit))
  }

  /** Yes as often as `probability` says. */
  chance(probability: number): boolean {
    return this.take(2, (random) => (random.chance(probability) ? 1 : 0)) === 1
  }
}
