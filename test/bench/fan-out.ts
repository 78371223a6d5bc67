/*
 * What a crowd costs the gateway. Its Socket.IO side and its fan-out run in this OS process alone;
 * a second one holds a thousand real sockets that follow one stream, a third is the stream's
 * writer. First the crowd comes in, each to a large snapshot; then two hundred events a second are
 * said. The control tells every follower every event for itself. Prints a line of JSON each.
 *   node -e "import('vite').then((vite) => vite.runnerImport('./test/bench/fan-out.ts'))"
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import { localLines } from '../../server/local-lines'
import { openPipe, type Pipe } from '../../server/pipe'
import { socketSide } from '../../server/sockets'
import { crowdWindowMs } from '../../src/gateway/crowd'
import { Streams } from '../../src/gateway/streams'
import { boardStream } from '../../src/protocol/board'
import type { Answer, Events, FromHost, ToHost } from '../../src/protocol/envelope'
import { deaf } from '../server/hall'

const followers = 1_000
const eventsPerSecond = 200
const snapshotBytes = 100_000
const lookEveryMs = 5
/** A hall scans one code in some seconds. */
const comeInWithinMs = 4_000
const stream = boardStream('tools')

interface Told {
  readonly words: number
  /** Words with events that a follower missed or was told before. */
  readonly wrong: number
  readonly cutOff: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

const roles: Readonly<Record<string, (at: string) => Promise<void>>> = {
  crowd: beCrowd,
  writer: beWriter,
}
const role = roles[process.env.BENCH_ROLE ?? '']
if (role) await role(process.env.BENCH_AT ?? '')
else {
  await measure('fan-out', 20_000)
  await measure('fan-out, each event for itself', 5_000, () => 0)
  process.exit()
}

/** The gateway's side. */
async function measure(name: string, forMs: number, windowMs = crowdWindowMs): Promise<void> {
  const address = join(tmpdir(), `bench-${process.pid}-${forMs}.sock`)
  const streams = new Streams(['boards'], deaf, localLines, windowMs)
  const http = createHttp()
  const side = socketSide({
    http,
    streams,
    log: ({ error }) => {
      throw error
    },
    version: '1',
    audienceAddress: '',
    admit: ({ headers }) => ({ visitor: headers.cookie ?? '', role: 'audience' }),
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const [writer, crowd] = await Promise.all([start('writer', address), start('crowd', url)])
  streams.groupWith('boards')!.join('boards', address)
  const coming = watch()
  const came = (await ask(crowd, 'come in')) as object
  const questions = await ask(writer, 'count')
  say(`${name}: a crowd comes in`, { followers, snapshotBytes, ...came, questions, ...coming() })
  const telling = watch()
  const said = await ask(writer, forMs)
  const gateway = telling()
  const told = (await ask(crowd, said)) as Told
  const wordsPerSecond = Math.round(told.words / (forMs / 1_000))
  const given = { followers, eventsPerSecond, seconds: forMs / 1_000, wordsPerSecond }
  say(name, { ...given, ...told, ...gateway })
  crowd.kill()
  writer.kill()
  streams.groupWith('boards')!.hangUp('boards')
  await side.close()
}

async function start(role: string, at: string): Promise<ChildProcess> {
  const file = JSON.stringify(import.meta.filename)
  const code = `import('vite').then((vite) => vite.runnerImport(${file}))`
  const child = spawn(process.execPath, ['-e', code], {
    env: { ...process.env, BENCH_ROLE: role, BENCH_AT: at },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

async function ask(child: ChildProcess, word: unknown): Promise<unknown> {
  const answer = once(child, 'message')
  child.send(word as string)
  return ((await answer) as [unknown])[0]
}

/** Begins to watch this OS process; the end tells its share of a core and how late its loop was. */
function watch(): () => object {
  const beganMs = performance.now()
  const cpu = process.cpuUsage()
  const delay = monitorEventLoopDelay({ resolution: lookEveryMs })
  delay.enable()
  return () => {
    delay.disable()
    const { user, system } = process.cpuUsage(cpu)
    const lagMs = (ns: number) => round(Math.max(0, ns / 1e6 - lookEveryMs))
    return {
      cpuPercent: Math.round((user + system) / 10 / (performance.now() - beganMs)),
      loopLagP50Ms: lagMs(delay.percentile(50)),
      loopLagP99Ms: lagMs(delay.percentile(99)),
      loopLagMaxMs: lagMs(delay.max),
      rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    }
  }
}

function say(measure: string, fields: object): void {
  process.stdout.write(`${JSON.stringify({ measure, ...fields })}\n`)
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

/** Milliseconds on a clock that all of these OS processes share. */
function nowMs(): number {
  return performance.timeOrigin + performance.now()
}

async function heard(): Promise<unknown> {
  return ((await once(process, 'message')) as [unknown])[0]
}

/** The stream's writer. */
async function beWriter(address: string): Promise<void> {
  process.on('disconnect', () => process.exit())
  let [seq, questions] = [0, 0]
  let pipe: Pipe<FromHost> | undefined
  const view = 'x'.repeat(snapshotBytes)
  const host = createServer((socket) => {
    pipe = openPipe<FromHost, ToHost>(socket, ({ ref }) => {
      questions++
      pipe?.send({ type: 'answer', ref, answer: { ok: true } })
      pipe?.send({ type: 'snapshot', ref, stream, epoch: 'e', seq, view })
    })
  })
  await once(host.listen(address), 'listening')
  process.send!('ready')
  await heard()
  process.send!(questions)
  const forMs = (await heard()) as number
  const beganMs = nowMs()
  while (seq < (forMs / 1_000) * eventsPerSecond) {
    while (seq < Math.min(nowMs() - beganMs, forMs) * (eventsPerSecond / 1_000)) {
      const note = { id: ++seq, text: 'x'.repeat(40), votes: 0, pinned: false }
      const event = { type: 'wall_changed', put: [note], atMs: nowMs() }
      pipe?.send({ type: 'events', stream, epoch: 'e', seq, events: [event] })
    }
    await pause(1)
  }
  process.send!(seq)
}

/** A thousand followers. */
async function beCrowd(url: string): Promise<void> {
  process.on('disconnect', () => process.exit())
  process.send!('ready')
  await heard()
  const beganMs = nowMs()
  const delay = createHistogram()
  const counts = { words: 0, wrong: 0, cutOff: 0 }
  const places = new Array<number>(followers).fill(0)
  const hear = (at: number, { seq, events }: Events) => {
    counts.words++
    if (seq - events.length !== places[at]) counts.wrong++
    places[at] = seq
    for (const { atMs } of events as { atMs: number }[]) {
      delay.record(Math.max(1, Math.round((nowMs() - atMs) * 1_000)))
    }
  }
  await Promise.all(
    places.map(async (_, at) => {
      await pause((at * comeInWithinMs) / followers)
      const socket = await follow(url, `visitor${at}`)
      socket.on('disconnect', () => counts.cutOff++)
      socket.on('events', (events: Events) => hear(at, events))
    }),
  )
  process.send!({ cameInMs: Math.round(nowMs() - beganMs) })
  const last = await heard()
  const endMs = nowMs() + 30_000
  while (places.some((place) => place !== last) && nowMs() < endMs) await pause(10)
  const ms = (share: number) => round(delay.percentile(share) / 1_000)
  process.send!({
    ...counts,
    wrong: counts.wrong + places.filter((place) => place !== last).length,
    p50Ms: ms(50),
    p99Ms: ms(99),
    maxMs: round(delay.max / 1_000),
  } satisfies Told)
}

/** A follower, once it has its snapshot; one that was refused or cut off begins again. */
async function follow(url: string, cookie: string): Promise<Socket> {
  for (;;) {
    const socket = io(url, {
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
      extraHeaders: { cookie },
    })
    const isThere = await new Promise((resolve) => {
      socket.on('welcome', () => {
        socket.emit('follow', { stream }, ({ ok }: Answer) => ok || resolve(false))
      })
      socket.once('snapshot', () => resolve(true))
      socket.once('connect_error', () => resolve(false))
      socket.once('disconnect', () => resolve(false))
    })
    if (isThere) return socket
    socket.disconnect()
  }
}
