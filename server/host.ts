/*
 * A host of the demo system, and one of its two roots: one OS process that runs the runtime and a
 * supervision tree, and speaks to the gateway over a pipe. When the tree's top supervisor gives up,
 * this process ends and the root starts it anew: so the first wall hands over to the second.
 */
import { randomBytes } from 'node:crypto'
import {
  describeReason,
  drive,
  receive,
  Runtime,
  spawnLink,
  supervisor,
  trapExits,
} from '../src/runtime'
import type { Body, ExitMessage, SupervisorSpec } from '../src/runtime'
import type { FromHost, ToHost } from '../src/protocol/envelope'
import type { FromJobs } from '../src/protocol/jobs'
import type { Log } from '../src/protocol/log'
import { logHealthStream } from '../src/protocol/log-health'
import {
  application,
  boardsApplication,
  loadApplication,
  type Declared,
} from '../src/system/application'
import type { BoardWorld } from '../src/system/board'
import { loadPort } from '../src/system/jobs'
import { checkpointEvery } from '../src/system/kept-stream'
import type { Wanted } from '../src/protocol/load'
import type { LoadWorld } from '../src/system/load'
import type { LogTrouble } from '../src/system/log-keeper'
import { createMemoryStore } from '../src/system/memory-store'
import { rooms } from '../src/system/rooms'
import { gatewayPort } from '../src/system/stream'
import { wordFilter } from '../src/system/word-filter'
import type { CodeWord } from '../src/protocol/code-words'
import { createHostLog } from './host-log'
import type { HostDetails, LoadWord, WantedWord } from '../src/protocol/host-words'
import { openJobDoor } from '../src/host/job-door'
import { createJobLines } from '../src/host/job-lines'
import { liveUnderRoot, type Leash } from './leash'
import { listenLocally } from './local-socket'
import { createOpenJobs } from '../src/host/open-jobs'
import { openPipe, type Pipe } from './pipe'
import { PlayCode } from '../src/host/play-code'

const lookAtTopMs = 250

/** Runs the host `play` until this OS process ends. */
export async function runPlay(): Promise<Runtime> {
  const runtime = createRuntime()
  const opening = openJobDoor((batch) => void runtime.send('jobs', batch))
  const leash = liveUnderRoot({
    processes: () => runtime.counts().processes,
    onWord: (word) => code.hear(word as CodeWord),
    // What has begun is ended: a play host that is to go as planned fails no job.
    onStop: async () => await (await opening).atRest(),
  })
  const code = new PlayCode(runtime, rooms, {
    say: leash.say,
    fail: (sentence) => void leash.fail(sentence),
  })
  // What all others run: the root knows.
  await code.begun
  const jobs = await opening
  runtime.openPort(loadPort, (word) => jobs.hear(word as FromJobs))
  const streams = { store: createMemoryStore(), life: newLife() }
  await run(leash, runtime, application(streams), { jobs: jobs.address })
  return runtime
}

/** Runs the host `load` until this OS process ends. */
export async function runLoad(): Promise<Runtime> {
  const jobs = createOpenJobs()
  const lines = createJobLines(jobs)
  let begin: (beginning: Extract<LoadWord, { type: 'begin' }>) => void
  const beginning = new Promise<Parameters<typeof begin>[0]>((resolve) => (begin = resolve))
  const runtime = createRuntime()
  const leash = liveUnderRoot({
    processes: () => runtime.counts().processes,
    onWord(raw) {
      const word = raw as LoadWord
      if (word.type === 'begin') begin(word)
      else lines.serve(word.jobs)
    },
  })
  const { target, playHosts, mostPlayHosts } = await beginning
  let wanted: Wanted = { target, playHosts }
  const world: LoadWorld = {
    store: createMemoryStore(),
    life: newLife(),
    jobs,
    clock: () => Date.now(),
    mostPlayHosts,
    wanted: () => wanted,
    remember(next) {
      wanted = next
      leash.say({ type: 'wanted', ...wanted } satisfies WantedWord)
    },
  }
  await run(leash, runtime, loadApplication(world))
  return runtime
}

/** What a host of boards needs from outside. */
export interface BoardsDoors {
  readonly declared: Declared
  /** Words for the filter, beyond its own. */
  readonly words: readonly string[]
  /** Opens the log; its troubles are told. Throws, with a sentence for people. */
  openLog(onTrouble: (reason: string | undefined) => void): Log
}

/** Runs the host `boards` until this OS process ends: at once, when the log cannot be opened. */
export async function runBoards({ declared, words, openLog }: BoardsDoors): Promise<Runtime> {
  const runtime = createRuntime()
  const leash = liveUnderRoot({ processes: () => runtime.counts().processes })
  // Until the tree runs there is nobody to tell.
  let openingNews: string | undefined
  let tell = (reason: string | undefined): void => {
    openingNews = reason
  }
  const kept = await openOrFail(leash, () => openLog((reason) => tell(reason)))
  tell = (reason) => {
    const trouble: LogTrouble = { type: 'log_trouble', ...(reason !== undefined && { reason }) }
    runtime.send(logHealthStream, trouble)
  }
  const world: BoardWorld = {
    store: createMemoryStore(checkpointEvery),
    life: newLife(),
    log: kept,
    clock: () => Date.now(),
    hasListedWord: wordFilter(words),
    ...(openingNews !== undefined && { openingNews }),
  }
  await run(leash, runtime, boardsApplication(declared, world))
  return runtime
}

async function openOrFail(leash: Leash, open: () => Log): Promise<Log> {
  try {
    return open()
  } catch (error) {
    // The root tells the presenter, and starts the host again until the disk is well.
    return await leash.fail(error instanceof Error ? error.message : String(error))
  }
}

const newLife = (): string => randomBytes(6).toString('hex')

const createRuntime = (): Runtime =>
  new Runtime({ now: () => performance.now(), random: Math.random, log: createHostLog() })

/** Runs a tree. Says `ready` to the root once it runs and the gateway may call. */
async function run(
  leash: Leash,
  runtime: Runtime,
  tree: SupervisorSpec,
  more: Partial<HostDetails> = {},
): Promise<void> {
  const address = await listen(runtime)
  const pid = runtime.spawn(top, tree, (reason: unknown) => giveUp(leash, reason))
  // Whoever presents may kill any process, this one too, and with it the whole tree.
  setInterval(() => {
    if (!runtime.info(pid)) giveUp(leash, 'killed')
  }, lookAtTopMs)
  drive(runtime, { soon: setImmediate, after })
  leash.ready({ address, ...more } satisfies HostDetails)
}

/**
 * Holds the tree's top supervisor and says when that has ended, which it does only by giving up.
 */
function* top(tree: SupervisorSpec, gaveUp: (reason: unknown) => void): Body {
  trapExits(true)
  const [body, ...args] = supervisor('application', tree).start
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
  return await listenLocally('gateway', (socket) => {
    const pipe = openPipe<FromHost, ToHost>(socket, (word) => runtime.send('reception', word))
    // A gateway that was restarted calls anew; its last call is the one that counts.
    gateway?.close()
    gateway = pipe
    socket.on('close', () => {
      if (gateway === pipe) gateway = undefined
    })
  })
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms)
  return () => clearTimeout(timer)
}
