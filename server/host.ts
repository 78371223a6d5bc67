/*
 * A host of the demo system, and one of its two roots: one OS process that runs the runtime, the
 * supervision tree and the store, and speaks to the gateway over a pipe. When the tree's top
 * supervisor gives up, this process ends and the root starts it anew: so the first wall hands over
 * to the second.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  describeReason,
  drive,
  receive,
  Runtime,
  spawnLink,
  supervisor,
  trapExits,
} from '../src/runtime'
import type { Body, ExitMessage, LogRecord } from '../src/runtime'
import type { FromHost, ToHost } from '../src/protocol/envelope'
import { application } from '../src/system/application'
import { createMemoryStore } from '../src/system/memory-store'
import { gatewayPort, type Streams } from '../src/system/stream'
import type { HostDetails } from './host-words'
import { liveUnderRoot, type Leash } from './leash'
import { loadModules } from './loader'
import { logLine } from './log-line'
import { openPipe, type Pipe } from './pipe'

/**
 * Runs a host whose supervision tree is `tree`, until this OS process ends. Says `ready` to the
 * root once the tree runs and the gateway may call.
 */
export async function runHost(): Promise<Runtime> {
  const leash = liveUnderRoot()
  const runtime = new Runtime({ now: () => performance.now(), random: Math.random, log })
  await loadModules(runtime)
  const address = await listen(runtime)
  const streams = { store: createMemoryStore(), life: randomBytes(6).toString('hex') }
  runtime.spawn(top, streams, (reason: unknown) => giveUp(leash, reason))
  drive(runtime, { soon: setImmediate, after })
  leash.ready({ address } satisfies HostDetails)
  return runtime
}

/**
 * Holds the tree's top supervisor and says when that has ended, which it does only by giving up.
 */
function* top(streams: Streams, gaveUp: (reason: unknown) => void): Body {
  trapExits(true)
  const [body, ...args] = supervisor('application', application(streams)).start
  const pid = spawnLink(body, ...args)
  const exit = yield* receive<ExitMessage>((message) => isExitOf(message, pid))
  gaveUp(exit.reason)
}

const isExitOf = (message: unknown, pid: unknown): boolean =>
  (message as ExitMessage).type === 'exit' && (message as ExitMessage).from === pid

function giveUp(leash: Leash, reason: unknown): void {
  void leash.fail(`The supervision tree gave up: ${describeReason(reason)}`)
}

/** Opens the local socket for the gateway, and the port through which processes speak to it. */
async function listen(runtime: Runtime): Promise<string> {
  let gateway: Pipe<FromHost> | undefined
  runtime.openPort(gatewayPort, (word) => gateway?.send(word as FromHost))
  const server = createServer((socket) => {
    const pipe = openPipe<FromHost, ToHost>(socket, (word) => runtime.send('reception', word))
    // A gateway that was restarted calls anew; its last call is the one that counts.
    gateway?.close()
    gateway = pipe
    socket.on('close', () => {
      if (gateway === pipe) gateway = undefined
    })
  })
  const address = socketPath(process.env.RUN_DIR ?? '.', process.pid)
  // A killed host of the same pid leaves its socket's file behind.
  if (process.platform !== 'win32') rmSync(address, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address, resolve)
  })
  return address
}

function socketPath(folder: string, pid: number): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\let-it-crash-${pid}`
    : join(folder, `${pid}.sock`)
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms)
  return () => clearTimeout(timer)
}

const log = (record: LogRecord): void => void process.stdout.write(`${logLine(record)}\n`)
