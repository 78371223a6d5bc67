/*
 * The hunt for planted faults (faults.ts): each in turn is planted into a copy of the build, and must
 * be found by one of the first seeds, and by the exhaustive search where its histories hold it. A
 * fault that nothing finds is a hole in the simulation.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { plant } from './bundle.mjs'
import { runExhaustive, runSeeds } from './program.mjs'

/** A fault must show within so many seeds: the rarest ones take some hundred. */
const mostSeeds = 500
/** So many at a time, within so long: a second or two. A fault may also keep a host from ending. */
const batch = 25
const batchMs = 120_000
/** Four processes and four signals are the least that make a chain of three links and end it. */
const size = { processes: 4, signals: 4 }

/** Gives all planted faults. */
export async function readFaults() {
  const { module } = await runnerImport(join(import.meta.dirname, 'faults.ts'))
  return /** @type {typeof import('./faults')} */ (module).faults
}

/**
 * Hunts for faults, so many at a time, and tells of each. Gives how many were not found.
 * @param {string} sound folder of the build that they are planted into
 * @param {readonly import('./faults').Fault[]} faults
 * @param {number} atATime
 * @param {(line: string) => void} tell
 */
export async function hunt(sound, faults, atATime, tell) {
  const left = [...faults]
  let [lastSeed, missed] = [0, 0]
  const hunter = async () => {
    for (let fault = left.shift(); fault; fault = left.shift()) {
      const { seed, line } = await huntOne(sound, fault)
      if (seed === undefined) missed++
      else lastSeed = Math.max(lastSeed, seed)
      tell(`${fault.name}: ${line}`)
    }
  }
  await Promise.all(Array.from({ length: atATime }, hunter))
  // What fails without any fault would find all of them.
  const { failed } = await runSeeds(sound, { seeds: lastSeed, shrink: 'no' })
  if (!failed) return missed
  tell(`seed ${failed.seed} fails without any fault: ${failed.failure}`)
  return missed + 1
}

/** Gives the seed that finds a fault, if any does, and a line about it. */
async function huntOne(sound, fault) {
  const folder = await plant(sound, fault)
  const failed = await firstFailure(folder)
  const search = fault.isSearched && (await runExhaustive(folder, size))
  rmSync(folder, { recursive: true })
  if (!failed) return { line: `NOT FOUND by ${mostSeeds} seeds` }
  if (search && !search.failure) return { line: 'NOT FOUND by the exhaustive search' }
  const [failure] = failed.failure.split('\n')
  const also = search ? ', and by the exhaustive search' : ''
  return { seed: failed.seed, line: `seed ${failed.seed}${also} (${failure})` }
}

/** The first of the seeds that fails; of those that never end, the last that it may be. */
async function firstFailure(folder) {
  for (let from = 1; from <= mostSeeds; from += batch) {
    const report = await runSeeds(folder, { from, seeds: batch, shrink: 'no' }, batchMs)
    if (!report) return { seed: from + batch - 1, failure: `one since ${from} does not end` }
    if (report.failed) return report.failed
  }
  return undefined
}
