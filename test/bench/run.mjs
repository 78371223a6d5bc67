/*
 * `npm run bench`: measures the runtime, and the BEAM in the same run where Elixir is installed,
 * turn and turn about so that both see the same machine; then the way of a number through the whole
 * system, the deck, a full hall on one board, many virtual clients, the process table beside
 * them, and a jump in a recording. Prints each measurement as a line of JSON, and at the end a table with medians and ratios.
 *   npm run bench -- rounds=3 only=jobs,beside
 *   npm run bench -- only=board seconds=60 clients=1000 notes=200
 *   npm run bench -- only=load seconds=60 clients=50000,100000 hosts=2 endless=100
 *   npm run bench -- only=table clients=100000
 *   npm run bench -- only=replay
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build, runnerImport } from 'vite'
import { setUp } from '../../server/set-up.mjs'

const root = join(import.meta.dirname, '../..')
const words = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const rounds = Number(words.rounds ?? 3)
const only = words.only?.split(',')

/** What is measured, with which words, and which of its fields goes into the table. */
const plan = [
  ['jobs', 'drivers=100', 'jobsPerSecond'],
  ['jobs', 'drivers=100', 'cpuSecondsPerMillion'],
  ['clients', 'clients=100000', 'jobsPerSecond'],
  ['clients', 'clients=100000', 'cpuSecondsPerMillion'],
  ['idle', 'processes=100000', 'bytesPerProcess'],
  ['clients', 'clients=200000', 'jobsPerSecond'],
  ...[0, 1, 10, 100, 1000].map((endless) => ['beside', `endless=${endless}`, 'p99Ms']),
  ...[1, 100, 1000].map((endless) => ['beside', `endless=${endless} clients=100000`, 'p99Ms']),
  ['restart', 'kills=1000', 'p50Ms'],
  ['turns', 'count=20000000', 'nsPerTurn'],
  ['crashes', 'drivers=100', 'jobsPerSecond'],
  ['top', 'processes=100000', 'p50Ms'],
  ['stack', 'endless=10', 'p50Ms'],
].filter(([measure]) => !only || only.includes(measure))

setUp()
await buildBench()
const lines = measureRuntimes()
printTable(lines)
for (const way of ['walk', 'deck', 'board', 'load', 'table', 'replay']) {
  if (!only || only.includes(way)) await runnerImport(join(root, `test/bench/${way}.ts`))
}

async function buildBench() {
  const { reductionsPlugin } = (await runnerImport(join(root, 'src/compile/reductions-plugin.ts')))
    .module
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [reductionsPlugin()],
    build: {
      ssr: join(root, 'test/bench/runtime.ts'),
      outDir: join(root, 'dist/bench'),
      target: 'node20',
    },
  })
}

function measureRuntimes() {
  const ours = ['node', ['--expose-gc', join(root, 'dist/bench/runtime.js')], {}]
  const peer = [
    'elixir',
    [join(root, 'test/bench/peer.exs')],
    { ELIXIR_ERL_OPTIONS: '+S 1:1 +sbwt none +P 2000000' },
  ]
  const runtimes = hasElixir() ? [ours, peer] : [ours]
  const runs = [...new Set(plan.map(([measure, given]) => `${measure} ${given}`))]
  const lines = []
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) {
      for (const [command, args, env] of runtimes) {
        const text = execFileSync(command, [...args, ...run.split(' ')], {
          encoding: 'utf8',
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'inherit'],
          timeout: 120_000,
        })
        process.stdout.write(text)
        lines.push({ run, ...JSON.parse(text) })
      }
    }
  }
  return lines
}

function hasElixir() {
  const found = spawnSync('elixir', ['--version'], { stdio: 'ignore' }).status === 0
  if (!found) process.stdout.write('Elixir is not installed: no peer in this run.\n')
  return found
}

function printTable(lines) {
  const row = (cells) =>
    cells.map((cell, at) => (at < 2 ? cell.padEnd(30) : cell.padStart(13))).join(' ')
  const table = plan.map(([measure, given, field]) => {
    const of = (runtime) =>
      median(
        lines
          .filter((line) => line.run === `${measure} ${given}` && line.runtime === runtime)
          .map((line) => line[field]),
      )
    const [ours, beam] = [of('let-it-crash'), of('beam')]
    const ratio = beam === undefined ? '-' : (ours / beam).toFixed(2)
    return row([`${measure} ${given}`, field, String(ours), String(beam ?? '-'), ratio])
  })
  const head = row(['measure', 'figure', 'let-it-crash', 'BEAM', 'ratio'])
  process.stdout.write(`\n${[head, ...table].join('\n')}\n\nMedians of ${rounds} rounds.\n`)
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
