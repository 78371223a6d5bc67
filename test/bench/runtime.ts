/*
 * One measurement of the runtime, in an OS process of its own: `node runtime.js jobs drivers=100`.
 * Prints one line of JSON and ends. peer.exs takes the same words.
 */
import { drive, Runtime, spawn, spawnLink, supervisor, server } from '../../src/runtime'
import {
  client,
  crashDriver,
  driver,
  endless,
  idle,
  killer,
  looker,
  many,
  probe,
  sumServer,
  tracer,
  turns,
} from './bodies.process'

const [measure = '', ...words] = process.argv.slice(2)
const given = Object.fromEntries(words.map((word) => word.split('=')))
const number = (name: string, otherwise: number): number => Number(given[name] ?? otherwise)

const runtime = new Runtime({
  now: () => performance.now(),
  random: Math.random,
  log: () => {},
})
drive(runtime, {
  soon: setImmediate,
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
})

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function finish(fields: object): never {
  const line = { measure, runtime: 'let-it-crash', ...given, ...fields }
  process.stdout.write(`${JSON.stringify(line)}\n`)
  process.exit(0)
}

function percentiles(took: readonly number[]): object {
  const sorted = [...took].sort((a, b) => a - b)
  const at = (share: number) =>
    Number(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]?.toFixed(4))
  return { n: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

/** Counts what `begin` brings about, after a warm-up. */
async function rate(begin: (done: () => void) => void): Promise<never> {
  let count = 0
  begin(() => count++)
  await wait(number('warm', 2) * 1_000)
  const [count0, cpu0, wall0] = [count, cpuSeconds(), performance.now()]
  await wait(number('seconds', 4) * 1_000)
  const seconds = (performance.now() - wall0) / 1_000
  const jobs = count - count0
  finish({
    jobsPerSecond: Math.round(jobs / seconds),
    cpuSecondsPerMillion: Number((((cpuSeconds() - cpu0) / jobs) * 1e6).toFixed(3)),
    rssMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
  })
}

/** Resolves when a body has told. */
const told = <Value>(begin: (tell: (value: Value) => void) => void): Promise<Value> =>
  new Promise(begin)

function startClients(clients: number, done: () => void): void {
  runtime.spawn(many, clients, (at) => spawn(client, (at * 1_000) / clients, done))
}

switch (measure) {
  case 'jobs':
    await rate((done) => {
      runtime.spawn(many, number('drivers', 100), () => spawn(driver, done))
    })
    break
  case 'clients': {
    await rate((done) => startClients(number('clients', 100_000), done))
    break
  }
  case 'idle': {
    const count = number('processes', 100_000)
    globalThis.gc?.()
    const before = process.memoryUsage()
    runtime.spawn(many, count, () => spawn(idle))
    await wait(1_000)
    globalThis.gc?.()
    const after = process.memoryUsage()
    finish({
      bytesPerProcess: Math.round((after.heapUsed - before.heapUsed) / count),
      rssBytesPerProcess: Math.round((after.rss - before.rss) / count),
    })
    break
  }
  case 'beside': {
    runtime.spawn(many, number('endless', 0), () => spawn(endless))
    startClients(number('clients', 0), () => {})
    await wait(number('clients', 0) > 0 ? 3_000 : 500)
    const took = await told<number[]>((tell) =>
      runtime.spawn(probe, 10, number('probes', 400), tell),
    )
    finish(percentiles(took))
    break
  }
  case 'restart': {
    const [body, ...args] = supervisor('top', {
      intensity: 1_000_000,
      children: [{ id: 'sum', name: 'sum', start: [server, sumServer] }],
    }).start
    runtime.spawn(many, 1, () => spawnLink(body, ...args))
    await wait(200)
    const kills = number('kills', 1_000)
    finish(percentiles(await told<number[]>((tell) => runtime.spawn(killer, 'sum', kills, tell))))
  }
  case 'turns': {
    const took: number[] = []
    for (let round = 0; round < 5; round++) {
      took.push(await told<number>((tell) => runtime.spawn(turns, 20_000_000, tell)))
    }
    finish({ nsPerTurn: Number(took.sort((a, b) => a - b)[2]!.toFixed(2)) })
    break
  }
  case 'crashes':
    await rate((done) => {
      runtime.spawn(many, 100, () => spawn(crashDriver, done))
    })
    break
  case 'top': {
    runtime.spawn(many, number('processes', 100_000), () => spawn(idle))
    runtime.spawn(many, 10, () => spawn(endless))
    await wait(1_000)
    finish(percentiles(await told<number[]>((tell) => runtime.spawn(looker, 20, 100, tell))))
    break
  }
  case 'stack': {
    runtime.spawn(many, number('endless', 10), () => spawn(endless))
    await wait(500)
    const whom = runtime.list().at(-1)!
    finish(percentiles(await told<number[]>((tell) => runtime.spawn(tracer, whom, 500, tell))))
  }
}
