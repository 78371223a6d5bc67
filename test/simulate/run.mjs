/*
 * `npm run simulate`: whole systems under seeds, on all cores.
 *   npm run simulate -- --seeds 10000             from seed 1 on
 *   npm run simulate -- --seeds 500 --from 2000
 *   npm run simulate -- --seed 17                 that one, shrunk where it fails
 *   npm run simulate -- --seed 17 --story         and told, event by event
 *   npm run simulate -- --exhaustive              all histories of four processes and six signals
 * Kept cases run first. A failing seed prints itself and its shrunk case, to be put into kept/.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setUp } from '../../server/set-up.mjs'
import { bundle } from './bundle.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    story: { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
  },
})

setUp()
process.exitCode = values.exhaustive ? await runExhaustive() : await runSeeds()

async function runExhaustive() {
  await run(join(await bundle('main'), 'exhaustive.js'), ['processes=4', 'signals=6'])
  return 0
}

async function runSeeds() {
  const file = join(await bundle('main'), 'main.js')
  const kept = join(import.meta.dirname, 'kept')
  for (const name of existsSync(kept) ? readdirSync(kept) : []) {
    const { failure } = JSON.parse(await run(file, [`case=${join(kept, name)}`]))
    if (failure) return fail(`kept case ${name}: ${failure}`)
  }
  const from = Number(values.seed ?? values.from)
  const seeds = values.seed ? 1 : Number(values.seeds)
  const workers = Math.min(availableParallelism(), seeds)
  const began = performance.now()
  const reports = await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const words = [`from=${from + worker}`, `seeds=${seeds - worker}`, `step=${workers}`]
      return JSON.parse(await run(file, [...words, ...(values.story ? ['story=yes'] : [])]))
    }),
  )
  return tell(reports, (performance.now() - began) / 1_000, seeds)
}

function tell(reports, seconds, seeds) {
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
  if (seeds >= 1_000 && silent.length > 0) return fail(`never fired: ${silent.join(', ')}`)
  return failed.length > 0 ? 1 : 0
}

function run(file, words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (part) => {
      text += part
      if (values.exhaustive) process.stdout.write(part)
    })
    child.on('close', (code) => {
      if (code === 0) resolve(text)
      else reject(new Error(`the simulation ended with ${code}`))
    })
  })
}

function print(line) {
  process.stdout.write(`${line}\n`)
}

function fail(line) {
  print(line)
  return 1
}
