/*
 * Makes a failing run small: first operations are left out, in halves, quarters and so on (delta
 * debugging), then choices become plain ones. Any failure counts, since a fault often shows in
 * several ways.
 */
import type { Plan } from './plan'
import { endless, noCounts, simulate } from './simulation'

/** A failing run as it is kept: its plan, and the choices that it needs. */
export interface Case {
  readonly plan: Plan
  readonly choices: readonly number[]
  readonly failure: string
}

/** So many runs are spent on one case. */
const mostRuns = 400

const loud = ['endless', 'chatter', 'wish', 'again', 'follow']

export function shrink(plan: Plan): Case {
  let runs = 0
  const isEndless = simulate(plan, noCounts()).failure === endless
  const failureOf = (smaller: Plan, choices?: readonly number[]): string | undefined => {
    if (++runs > mostRuns) return undefined
    const { failure } = simulate(smaller, noCounts(), choices)
    return isEndless || failure !== endless ? failure : undefined
  }
  // What keeps the processor busy makes each run long: without it first, if that still fails.
  const quiet = plan.operations.filter(({ do: what }) => !loud.includes(what))
  const isQuiet = failureOf({ ...plan, operations: quiet }) !== undefined
  const operations = reduce(isQuiet ? quiet : plan.operations, (some) => {
    return failureOf({ ...plan, operations: some }) !== undefined
  })
  const small = { ...plan, operations }
  const recorded = simulate(small, noCounts()).choices
  const choices = plainer(recorded, (some) => failureOf(small, some) !== undefined)
  const failure = simulate(small, noCounts(), choices).failure ?? 'none'
  return { plan: small, choices, failure }
}

/** The smallest list found that still fails, by leaving out parts. */
function reduce<Item>(items: readonly Item[], fails: (some: readonly Item[]) => boolean): Item[] {
  let kept = [...items]
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let at = 0; at < kept.length;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)]
      if (fails(fewer)) kept = fewer
      else at += size
    }
  }
  return kept
}

/** The plainest choices found that still fail: cut short, then with zeros in them. */
function plainer(
  recorded: readonly number[],
  fails: (some: readonly number[]) => boolean,
): number[] {
  let kept = [...recorded]
  for (let size = kept.length; size >= 1; size = Math.floor(size / 2)) {
    while (kept.length >= size && fails(kept.slice(0, kept.length - size))) kept.length -= size
  }
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let at = 0; at < kept.length; at += size) {
      const zeroed = kept.map((choice, place) => (place >= at && place < at + size ? 0 : choice))
      if (zeroed.some((choice, place) => choice !== kept[place]) && fails(zeroed)) kept = zeroed
    }
  }
  while (kept.at(-1) === 0) kept.pop()
  return kept
}
