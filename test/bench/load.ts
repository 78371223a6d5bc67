/*
 * Virtual clients on the real system: what rate is achieved, how long jobs take and what they cost,
 * and how long a phone waits for its 5 meanwhile. A browser shows the load page all the time. Where
 * Elixir is installed, the same number of clients on the BEAM runs before and after, for the ratio.
 * Then the knee: the most clients with which jobs are still done soon; and, where wanted, the same
 * measurement beside endless sums. Prints lines of JSON.
 *   npm run bench -- only=load clients=50000,100000 seconds=60
 *   npm run bench -- only=load hosts=2 endless=100 seconds=20
 *   npm run bench -- only=load clients=100000 knee=no peer=no
 */
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  loadFold,
  loadStream,
  maxTarget,
  type LoadCommand,
  type LoadSample,
} from '../../src/protocol/load'
import { createLiveSource } from '../../src/source/live'
import { takeCookies } from '../chaos/presenter'
import { projector, startBrowser } from '../support/browser'
import buildFixtures from '../support/build'
import { startSystem } from '../support/system'
import { until } from '../support/until'
import { at, rounded } from './figures'
import { streamOf, sumsUntil } from './phone-sums'

const words = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const seconds = Number(words.seconds ?? 60)
const targets = String(words.clients ?? '100000')
  .split(',')
  .map(Number)
const playHosts = Number(words.hosts ?? 1)
const endless = Number(words.endless ?? 0)

const wakes = () => () => {}
/** After which nothing of the start is seen any more. */
const warmUpSeconds = 5
/** The knee: where jobs take longer than this, as steps of clients are added. */
const soonMs = 50
const firstStep = 100_000
const step = 25_000
const stepSeconds = 4
/** As many as one visitor may have running. */
const sumsOfOne = 20

await buildFixtures()
const [system, browser] = await Promise.all([startSystem(), startBrowser()])
await system.ready()
const presenter = createLiveSource({
  url: system.url,
  wakes,
  cookie: await takeCookies(system.url),
})
const phone = createLiveSource({ url: system.url, wakes, cookie: '' })
const visitors: Phone[] = []
let samples: readonly LoadSample[] = []
let onSample = () => {}
presenter.follow(loadStream, loadFold, ({ view }) => {
  samples = view.samples
  onSample()
})

type Phone = typeof phone

try {
  const page = await (await browser.newContext(projector)).newPage()
  await page.goto(`${system.url}/dashboard/load_control`)
  if (playHosts > 1) await wish({ type: 'set_play_hosts', count: playHosts })
  for (const target of targets) {
    const before = await peerCost(target)
    const cost = await measure(target)
    await turnTo(0)
    const after = await peerCost(target)
    if (before && after) compare(target, cost, (before + after) / 2)
  }
  if (words.knee !== 'no') await findKnee()
  if (endless > 0) {
    await startEndless(endless)
    for (const target of targets) await measure(target)
  }
} finally {
  for (const source of [presenter, phone, ...visitors]) source.close()
  await browser.close()
  await system.stop()
}

async function wish(command: LoadCommand): Promise<void> {
  const answer = await presenter.wish(loadStream, command)
  if (!answer.ok) throw new Error(answer.refusal.code)
}

/** Waits until so many clients live, and nothing of their start is seen any more. */
async function turnTo(target: number, settleSeconds = 0): Promise<void> {
  await wish({ type: 'set_target', target })
  await until(() => {
    if (samples.at(-1)?.clients !== target) throw new Error('not all live yet')
  })
  // What is started or ended at once is cleared away, and what runs often is compiled.
  await samplesOf(settleSeconds)
}

/** Gives what play hosts and load together cost: processor seconds for a million jobs. */
async function measure(target: number): Promise<number> {
  await turnTo(target, warmUpSeconds)
  const before = await cpuSeconds()
  const fromMs = samples.at(-1)!.atMs
  const sums = sumsUntil(phone, performance.now() + seconds * 1000)
  const gathered = await samplesOf(seconds)
  const cpu = await cpuSeconds()
  return say(target, gathered, (gathered.at(-1)!.atMs - fromMs) / 1000, before, cpu, await sums)
}

/** Adds clients step by step until jobs are not done soon any more. */
async function findKnee(): Promise<void> {
  let knee = 0
  let p99Ms = 0
  for (let clients = firstStep; clients <= maxTarget; clients += step) {
    await turnTo(clients, stepSeconds / 2)
    const gathered = await samplesOf(stepSeconds)
    p99Ms = usual(gathered, 'p99')
    if (!(p99Ms <= soonMs)) break
    knee = clients
  }
  tell({ measure: 'knee', playHosts, clients: knee, soonMs, nextP99Ms: p99Ms })
  await turnTo(0)
}

/** Endless sums, of as many visitors as that takes. */
async function startEndless(count: number): Promise<void> {
  for (let left = count; left > 0; left -= sumsOfOne) {
    const visitor = createLiveSource({ url: system.url, wakes, cookie: '' })
    visitors.push(visitor)
    const stream = await streamOf(visitor)
    for (let sum = 0; sum < Math.min(left, sumsOfOne); sum++) {
      const id = `endless-${left}-${sum}`
      await until(async () => {
        const answer = await visitor.wish(stream, { type: 'start_sum', text: '-5' }, id)
        if (!answer.ok) throw new Error(answer.refusal.code)
      })
    }
  }
}

/** What the same costs on the BEAM just now; undefined where it is not installed. */
async function peerCost(clients: number): Promise<number | undefined> {
  const isWanted = words.peer !== 'no' && clients > 0
  if (!isWanted || spawnSync('elixir', ['--version'], { stdio: 'ignore' }).status !== 0) return
  const { stdout } = await promisify(execFile)(
    'elixir',
    [join(process.cwd(), 'test/bench/peer.exs'), 'clients', `clients=${clients}`],
    { env: { ...process.env, ELIXIR_ERL_OPTIONS: '+S 1:1 +P 2000000' } },
  )
  process.stdout.write(stdout)
  return (JSON.parse(stdout) as { cpuSecondsPerMillion: number }).cpuSecondsPerMillion
}

function compare(clients: number, ours: number, beam: number): void {
  const ratio = rounded(ours / beam)
  tell({ measure: 'cpuPerMillion', playHosts, clients, ours, beam: rounded(beam), ratio })
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function say(
  clients: number,
  gathered: readonly LoadSample[],
  tookSeconds: number,
  before: Costs,
  after: Costs,
  sums: readonly number[],
): number {
  const done = gathered.reduce((sum, each) => sum + each.done, 0)
  const due = gathered.reduce((sum, each) => sum + each.due, 0)
  const failed: Record<string, number> = {}
  for (const each of gathered) {
    for (const [why, count] of Object.entries(each.failed)) failed[why] = (failed[why] ?? 0) + count
  }
  const hosts = Object.fromEntries(
    Object.entries(after).map(([name, { cpuS, rssMb }]) => {
      const usedS = cpuS - (before[name]?.cpuS ?? 0)
      const perMillion = (usedS / done) * 1e6
      return [
        name,
        { cpuShare: rounded(usedS / tookSeconds), perMillion: rounded(perMillion), rssMb },
      ]
    }),
  )
  const perMillion = Object.entries(hosts)
    .filter(([name]) => /^(play|load)/.test(name))
    .reduce((sum, [, cost]) => sum + cost.perMillion, 0)
  tell({
    measure: 'load',
    clients,
    playHosts,
    endless: visitors.length > 0 ? endless : 0,
    seconds: rounded(tookSeconds),
    jobsPerSecond: Math.round(done / tookSeconds),
    share: rounded(done / due, 4),
    failed,
    backedOff: gathered.filter(({ backsOff }) => backsOff).length,
    // Percentiles of each tenth of a second: the usual one, and the worst of all.
    p50Ms: usual(gathered, 'p50'),
    p99Ms: usual(gathered, 'p99'),
    worstP99Ms: at(tenths(gathered, 'p99'), 1),
    maxMs: at(tenths(gathered, 'max'), 1),
    phoneP50Ms: at(sums, 0.5),
    phoneP99Ms: at(sums, 0.99),
    phoneSums: sums.length,
    perMillion: rounded(perMillion),
    hosts,
  })
  return rounded(perMillion)
}

type Latency = 'p50' | 'p99' | 'max'

function tenths(gathered: readonly LoadSample[], of: Latency): number[] {
  return gathered.flatMap(({ latencyMs }) => (latencyMs ? [latencyMs[of]] : []))
}

/** The one in the middle of all tenths of a second. */
function usual(gathered: readonly LoadSample[], of: Latency): number {
  return at(tenths(gathered, of), 0.5)
}

/** All samples of so many seconds from now on, by the clock of the load. */
async function samplesOf(seconds: number): Promise<LoadSample[]> {
  const fromMs = samples.at(-1)!.atMs
  const gathered: LoadSample[] = []
  if (seconds === 0) return gathered
  while ((gathered.at(-1)?.atMs ?? 0) < fromMs + seconds * 1000) {
    await new Promise<void>((resolve) => (onSample = resolve))
    const last = gathered.at(-1)?.atMs ?? fromMs
    gathered.push(...samples.filter(({ atMs }) => atMs > last))
  }
  return gathered
}

type Costs = Readonly<Record<string, { readonly cpuS: number; readonly rssMb: number }>>

/** Processor time of each host so far, all of its threads, and its memory: from the kernel. */
async function cpuSeconds(): Promise<Costs> {
  const { hosts } = await system.health()
  return Object.fromEntries(
    hosts.map(({ name, pid }) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]
      const cpuS = (Number(fields[11]) + Number(fields[12])) / 100
      return [name, { cpuS, rssMb: Math.round(Number(rss) / 1024) }]
    }),
  )
}
