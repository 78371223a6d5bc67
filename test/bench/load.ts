/*
 * Virtual clients on the real system: what rate is achieved, how long jobs take and what they cost,
 * and how long a phone waits for its 5 meanwhile. A browser shows the load page all the time.
 * Prints a line of JSON for each number of clients.
 *   npm run bench -- only=load clients=50000,100000 seconds=60
 */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { sessionStream } from '../../src/protocol/envelope'
import { loadFold, loadStream, type LoadSample } from '../../src/protocol/load'
import { sumFold, type SumView } from '../../src/protocol/sum'
import { createLiveSource } from '../../src/source/live'
import { takeCookies } from '../chaos/presenter'
import { projector, startBrowser } from '../support/browser'
import buildFixtures from '../support/build'
import { startSystem } from '../support/system'
import { until } from '../support/until'

const words = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const seconds = Number(words.seconds ?? 60)
const targets = String(words.clients ?? '100000')
  .split(',')
  .map(Number)

const wakes = () => () => {}
/** After which nothing of the start is seen any more. */
const warmUpSeconds = 5
/** Somebody who types and looks is slower. */
const betweenSumsMs = 200

await buildFixtures()
const [system, browser] = await Promise.all([startSystem(), startBrowser()])
await system.ready()
const presenter = createLiveSource({
  url: system.url,
  wakes,
  cookie: await takeCookies(system.url),
})
const phone = createLiveSource({ url: system.url, wakes, cookie: '' })
let samples: readonly LoadSample[] = []
let onSample = () => {}
presenter.follow(loadStream, loadFold, ({ view }) => {
  samples = view.samples
  onSample()
})

try {
  const page = await (await browser.newContext(projector)).newPage()
  await page.goto(`${system.url}/dashboard/load_control`)
  for (const target of targets) await measure(target)
} finally {
  presenter.close()
  phone.close()
  await browser.close()
  await system.stop()
}

async function measure(target: number): Promise<void> {
  const answer = await presenter.wish(loadStream, { type: 'set_target', target })
  if (!answer.ok) throw new Error(answer.refusal.code)
  await until(() => {
    if (samples.at(-1)?.clients !== target) throw new Error('not all live yet')
  })
  // What is started or ended at once is cleared away, and what runs often is compiled.
  await samplesOf(warmUpSeconds)
  const before = await cpuSeconds()
  const fromMs = samples.at(-1)!.atMs
  const sums = sumsUntil(performance.now() + seconds * 1000)
  const gathered = await samplesOf(seconds)
  const cpu = await cpuSeconds()
  say(target, gathered, (gathered.at(-1)!.atMs - fromMs) / 1000, before, cpu, await sums)
}

function say(
  clients: number,
  gathered: readonly LoadSample[],
  tookSeconds: number,
  before: Costs,
  after: Costs,
  sums: readonly number[],
): void {
  const done = gathered.reduce((sum, each) => sum + each.done, 0)
  const due = gathered.reduce((sum, each) => sum + each.due, 0)
  const failed: Record<string, number> = {}
  for (const each of gathered) {
    for (const [why, count] of Object.entries(each.failed)) failed[why] = (failed[why] ?? 0) + count
  }
  const tenths = (of: 'p50' | 'p99' | 'max') =>
    gathered.flatMap(({ latencyMs }) => (latencyMs ? [latencyMs[of]] : []))
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
  const line = {
    measure: 'load',
    clients,
    seconds: rounded(tookSeconds),
    jobsPerSecond: Math.round(done / tookSeconds),
    share: rounded(done / due, 4),
    failed,
    backedOff: gathered.filter(({ backsOff }) => backsOff).length,
    // Percentiles of each tenth of a second: the usual one, and the worst of all.
    p50Ms: at(tenths('p50'), 0.5),
    p99Ms: at(tenths('p99'), 0.5),
    worstP99Ms: at(tenths('p99'), 1),
    maxMs: at(tenths('max'), 1),
    phoneP50Ms: at(sums, 0.5),
    phoneP99Ms: at(sums, 0.99),
    phoneSums: sums.length,
    hosts,
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN)
}

/** All samples of so many seconds from now on, by the clock of the load. */
async function samplesOf(seconds: number): Promise<LoadSample[]> {
  const fromMs = samples.at(-1)!.atMs
  const gathered: LoadSample[] = []
  while ((gathered.at(-1)?.atMs ?? 0) < fromMs + seconds * 1000) {
    await new Promise<void>((resolve) => (onSample = resolve))
    const last = gathered.at(-1)?.atMs ?? fromMs
    gathered.push(...samples.filter(({ atMs }) => atMs > last))
  }
  return gathered
}

/** Sends a 5 as a phone does, a few times a second, and gives how long each took. */
async function sumsUntil(endMs: number): Promise<number[]> {
  const took: number[] = []
  const stream = await new Promise<string>((resolve) => {
    phone.onWelcome(({ visitor }) => resolve(sessionStream(visitor)))
  })
  let seen = (_: SumView): void => {}
  const stop = phone.follow(stream, sumFold, ({ view }) => seen(view))
  while (performance.now() < endMs) {
    const id = `bench-${Math.round(performance.now() * 1000)}`
    const beganMs = performance.now()
    const isDone = new Promise<void>((resolve) => {
      seen = ({ lines }) => {
        if (lines.some((line) => line.id === id && line.state === 'finished')) resolve()
      }
    })
    void phone.wish(stream, { type: 'start_sum', text: '5' }, id)
    await isDone
    took.push(performance.now() - beganMs)
    await pause(betweenSumsMs)
  }
  stop()
  return took
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
