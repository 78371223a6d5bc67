/*
 * The buggy service's calculation: the sum of the whole numbers from 1 to `to`, added up one by
 * one, exact for every size of number. Two of the three planted bugs live here, each with its
 * repair beside it; the third is the session's. A changed file takes effect with an upgrade, while
 * everything runs.
 */
import type { Body } from '../runtime'

export function* sum(to: bigint): Body<bigint> {
  if (to === 13n) throw new Error('13 brings bad luck') // repair: delete this line
  // repair: return (to * (to + 1n)) / 2n
  return yield* add(1n, to)
}

/** Counts up from `from` until it meets `to`. From below it does so; from above it never will. */
function* add(from: bigint, to: bigint): Body<bigint> {
  let total = 0n
  while (from !== to) {
    total += from
    from += 1n
  }
  return total + to
}
