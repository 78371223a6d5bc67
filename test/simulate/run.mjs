/*
 * `npm run simulate`: whole systems under seeds, on all cores.
 *   npm run simulate -- --seeds 10000             from seed 1 on
 *   npm run simulate -- --seeds 500 --from 2000
 *   npm run simulate -- --seed 17                 that one, shrunk where it fails
 *   npm run simulate -- --seed 17 --story         and told, event by event
 *   npm run simulate -- --exhaustive              all histories of four processes and six signals
 *   npm run simulate -- --faults                  all planted faults, each by the seed that finds it
 * Kept cases run before seeds. A failing seed prints itself and its shrunk case, to be put into
 * kept/.
 */
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setUp } from '../../server/set-up.mjs'
import { bundle } from './bundle.mjs'
import { hunt, readFaults } from './hunt.mjs'
import { runCase, runExhaustive, runSeeds } from './program.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    story: { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
  },
})

setUp()
const folder = await bundle('main')
process.exitCode = await (values.faults ? faults() : values.exhaustive ? exhaustive() : seeds())

async function faults() {
  const all = await readFaults()
  const missed = await hunt(folder, all, availableParallelism(), print)
  print(`${all.length - missed} of ${all.length} planted faults found`)
  return missed > 0 ? 1 : 0
}

async function exhaustive() {
  const size = { processes: 4, signals: 6 }
  const { failure, histories, played, states } = await runExhaustive(folder, size)
  if (failure) return fail(failure)
  print(`${histories} histories of up to 6 signals of 4 processes hold;`)
  print(`${played} were played, and led to ${states} states`)
  return 0
}

async function seeds() {
  const kept = join(import.meta.dirname, 'kept')
  for (const name of readdirSync(kept)) {
    const { failure } = await runCase(folder, join(kept, name))
    if (failure) return fail(`kept case ${name}: ${failure}`)
  }
  const from = Number(values.seed ?? values.from)
  const count = values.seed ? 1 : Number(values.seeds)
  const workers = Math.min(availableParallelism(), count)
  const began = performance.now()
  const reports = await Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const given = { from: from + worker, seeds: count - worker, step: workers }
      return runSeeds(folder, values.story ? { ...given, story: 'yes' } : given)
    }),
  )
  return tell(reports, (performance.now() - began) / 1_000, count)
}

function tell(reports, seconds, count) {
  const sum = (field) => reports.reduce((total, report) => total + report[field], 0)
  const fired = {}
  for (const report of reports) {
    for (const [point, times] of Object.entries(report.fired)) {
      fired[point] = (fired[point] ?? 0) + times
    }
  }
  const failed = reports.flatMap((report) => report.failed ?? [])
  for (const { seed, failure, smallest } of failed) {
    print(`seed ${seed}: ${failure}\n  npm run simulate -- --seed ${seed}`)
    print(`shrunk to ${smallest.plan.operations.length} operations: ${smallest.failure}`)
    print(JSON.stringify(smallest))
  }
  const perSecond = (sum('seeds') / seconds).toFixed(1)
  print(`${sum('seeds')} seeds, ${perSecond} a second; ${sum('repeated')} of them run again, alike`)
  print(`${sum('slices')} slices, ${sum('events')} events, ${sum('checks')} checks`)
  print(
    Object.entries(fired)
      .map(([point, times]) => `${point} ${times}`)
      .join(', '),
  )
  const silent = reports[0].points.filter((point) => !fired[point])
  if (count >= 1_000 && silent.length > 0) return fail(`never fired: ${silent.join(', ')}`)
  return failed.length > 0 ? 1 : 0
}

function print(line) {
  process.stdout.write(`${line}\n`)
}

function fail(line) {
  print(line)
  return 1
}
