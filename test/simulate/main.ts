/*
 * The simulation as a program: `node main.js from=1 seeds=1000`, for one OS process of those that
 * run.mjs starts. Prints what it found as one line of JSON; a failing seed ends it, shrunk.
 */
import { readFileSync } from 'node:fs'
import { makePlan } from './make-plan'
import { points } from './points'
import { shrink, type Case } from './shrink'
import { noCounts, simulate } from './simulation'

/** What a run over many seeds gives. */
export interface Report {
  readonly seeds: number
  readonly slices: number
  readonly events: number
  readonly checks: number
  readonly fired: Readonly<Record<string, number>>
  /** All points that some of many seeds must fire. */
  readonly points: readonly string[]
  /** Seeds that ran twice, and gave the same hash. */
  readonly repeated: number
  readonly failed?: { readonly seed: number; readonly failure: string; readonly smallest?: Case }
}

/** One in so many seeds runs twice. */
const sample = 50

const given = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const from = Number(given['from'] ?? 1)
const seeds = Number(given['seeds'] ?? 1)
const step = Number(given['step'] ?? 1)
const shrinks = given['shrink'] !== 'no'

const tell = (line: string) => process.stderr.write(`${line}\n`)
const counts = { ...noCounts(), ...(given['story'] && { tell }) }

process.stdout.write(`${JSON.stringify(given['case'] ? runCase(given['case']) : runSeeds())}\n`)

/** Runs a kept case. */
function runCase(file: string): { failure: string | undefined } {
  const { plan, choices } = JSON.parse(readFileSync(file, 'utf8')) as Case
  return { failure: simulate(plan, counts, choices).failure }
}

function runSeeds(): Report {
  let repeated = 0
  let ran = 0
  let failed: Report['failed']
  for (let seed = from; seed < from + seeds && !failed; seed += step) {
    const plan = makePlan(seed)
    const outcome = simulate(plan, counts)
    ran++
    let { failure } = outcome
    if (!failure && seed % sample === 0) {
      repeated++
      const again = simulate(plan, noCounts())
      const replayed = simulate(plan, noCounts(), outcome.choices)
      if (again.hash !== outcome.hash) failure = `the same seed gave another run`
      if (replayed.hash !== outcome.hash) failure = `the same choices gave another run`
    }
    if (failure && given['all']) tell(`${seed} ${failure}`)
    else if (failure) failed = { seed, failure, ...(shrinks && { smallest: shrink(plan) }) }
  }
  const { slices, events, checks } = counts
  const fired = Object.fromEntries([...counts.fired].sort())
  return { seeds: ran, slices, events, checks, fired, points, repeated, ...(failed && { failed }) }
}
