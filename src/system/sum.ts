/*
 * The sum of the whole numbers from 1 to `to`, added up one by one, exact for every size.
 * Two planted bugs live here, each with its repair beside it; the third is the session's.
 */
import type { Body } from '../runtime'

export function* sum(to: bigint): Body<bigint> {
  if (to === 13n) throw new Error('13 brings bad luck') // repair: delete this line
  // repair: return (to * (to + 1n)) / 2n
  return yield* add(1n, to)
}

/** Counts up from `from` until it meets `to`. If `to` lies below, it never does. */
function* add(from: bigint, to: bigint): Body<bigint> {
  let total = 0n
  while (from !== to) {
    total += from
    from += 1n
  }
  return total + to
}
