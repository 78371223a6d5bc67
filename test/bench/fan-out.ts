/*
 * What a crowd costs the gateway. Its Socket.IO side and its fan-out run in this OS process alone;
 * another one holds a thousand real sockets that follow one stream, and is the stream's writer.
 * First the crowd comes in, each to a large snapshot; then two hundred events a second are said.
 * The control tells every follower every event for itself. Prints a line of JSON each.
 *   node -e "import('vite').then((vite) => vite.runnerImport('test/bench/fan-out.ts'))"
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { createHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { io, type Socket } from 'socket.io-client'
import { crowdWindowMs } from '../../server/crowd'
import { openPipe, type Pipe } from '../../server/pipe'
import { socketSide } from '../../server/sockets'
import { Streams } from '../../server/streams'
import { boardStream } from '../../src/protocol/board'
import type { Events, FromHost, ToHost } from '../../src/protocol/envelope'

const followers = Number(process.env.N ?? 1_000)
const eventsPerSecond = 200
const snapshotBytes = 100_000
const lookEveryMs = 5
/** A hall scans one code in some seconds. */
const comeInWithinMs = 4_000
const stream = boardStream('tools')

interface Report {
  /** Milliseconds until all of the crowd were there, and what they asked of the host. */
  readonly cameInMs: number
  readonly questions: number
}

interface Told {
  readonly words: number
  /** Events that a follower missed or was told twice, over all followers. */
  readonly wrong: number
  readonly cutOff: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

if (process.env.BENCH_CROWD_AT) await beCrowd(process.env.BENCH_CROWD_AT)
else {
  await measure('fan-out', 20_000)
  await measure('fan-out, each event for itself', 5_000, () => 0)
  process.exit()
}

/** The gateway's side. */
async function measure(name: string, forMs: number, windowMs = crowdWindowMs): Promise<void> {
  const host = join(tmpdir(), `bench-${process.pid}-${Math.round(performance.now())}.sock`)
  const streams = new Streams(['boards'], () => {}, windowMs)
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
  const code = `import('vite').then((vite) => vite.runnerImport(${JSON.stringify(import.meta.filename)}))`
  const crowd = spawn(process.execPath, ['-e', code], {
    env: { ...process.env, BENCH_CROWD_AT: url, BENCH_HOST_AT: host },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await hear(crowd)
  streams.host('boards')!.connect(host)
  const coming = watch()
  crowd.send('come in')
  const report = (await hear(crowd)) as Report
  say(`${name}: a crowd comes in`, { followers, snapshotBytes, ...report, ...coming() })
  const telling = watch()
  crowd.send(forMs)
  const told = (await hear(crowd)) as Told
  say(name, { followers, eventsPerSecond, seconds: forMs / 1_000, ...told, ...telling() })
  crowd.kill()
  streams.host('boards')!.hangUp()
  await side.close()
}

async function hear(child: ChildProcess): Promise<unknown> {
  const [word] = (await once(child, 'message')) as [unknown]
  return word
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

/** The crowd's side, and the host's. */
async function beCrowd(url: string): Promise<void> {
  process.on('disconnect', () => process.exit())
  let seq = 0
  let questions = 0
  let pipe: Pipe<FromHost> | undefined
  const view = 'x'.repeat(snapshotBytes)
  const host = createServer((socket) => {
    pipe = openPipe<FromHost, ToHost>(socket, (word) => {
      questions++
      const { ref } = word
      pipe?.send({ type: 'answer', ref, answer: { ok: true } })
      pipe?.send({ type: 'snapshot', ref, stream, epoch: 'e', seq, view })
    })
  })
  await once(host.listen(process.env.BENCH_HOST_AT), 'listening')
  process.send!('listening')
  await once(process, 'message')

  const beganMs = performance.now()
  const delay = createHistogram()
  const counts = { words: 0, wrong: 0, cutOff: 0 }
  const places: number[] = []
  const sockets = await Promise.all(
    Array.from({ length: followers }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, (at * comeInWithinMs) / followers))
      const socket = await follow(url, `visitor${at}`)
      socket.on('disconnect', () => counts.cutOff++)
      return socket
    }),
  )
  process.send!({ cameInMs: Math.round(performance.now() - beganMs), questions } satisfies Report)

  sockets.forEach((socket, at) => {
    places[at] = seq
    socket.on('events', ({ seq: last, events }: Events) => {
      counts.words++
      if (last - events.length !== places[at]) counts.wrong++
      places[at] = last
      for (const { atMs } of events as { atMs: number }[]) {
        delay.record(Math.max(1, Math.round((performance.now() - atMs) * 1_000)))
      }
    })
  })
  const [forMs] = (await once(process, 'message')) as [number]
  const startMs = performance.now()
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const nowMs = performance.now()
      if (nowMs - startMs > forMs) {
        clearInterval(timer)
        return resolve()
      }
      while (seq < ((nowMs - startMs) / 1_000) * eventsPerSecond) {
        const note = { id: ++seq, text: 'x'.repeat(40), votes: 0, pinned: false }
        const event = { type: 'wall_changed', put: [note], atMs: nowMs }
        pipe?.send({ type: 'events', stream, epoch: 'e', seq, events: [event] })
      }
    }, 1)
  })
  const isTold = () => counts.cutOff > 0 || places.every((place) => place === seq)
  const endMs = performance.now() + 30_000
  while (!isTold() && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const ms = (share: number) => round(delay.percentile(share) / 1_000)
  const told: Told = {
    ...counts,
    wrong: counts.wrong + places.filter((place) => place !== seq).length,
    p50Ms: ms(50),
    p99Ms: ms(99),
    maxMs: round(delay.max / 1_000),
  }
  process.send!(told)
}

/** A follower, once it has its snapshot; one that was cut off meanwhile begins again. */
async function follow(url: string, cookie: string): Promise<Socket> {
  for (;;) {
    const socket = io(url, {
      forceNew: true,
      reconnection: false,
      transports: ['polling', 'websocket'],
      extraHeaders: { cookie },
    })
    socket.on('welcome', () => socket.emit('follow', { stream }, () => {}))
    const isThere = await new Promise((resolve) => {
      socket.once('snapshot', () => resolve(true))
      socket.once('connect_error', () => resolve(false))
      socket.once('disconnect', () => resolve(false))
    })
    if (isThere) return socket
  }
}
