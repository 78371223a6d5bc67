/*
 * A host of the demo system: the runtime and a supervision tree, wherever that runs: an OS process,
 * or a worker of somebody's browser. It speaks to the gateway over a line. When the tree's top
 * supervisor gives up, the host ends and its root starts it anew: so the first wall hands over to
 * the second.
 */
import type { CodeWord } from '../protocol/code-words'
import type { FromHost, ToHost } from '../protocol/envelope'
import type { HostDetails, LoadWord, WantedWord } from '../protocol/host-words'
import type { FromJobs } from '../protocol/jobs'
import type { Wanted } from '../protocol/load'
import type { Log } from '../protocol/log'
import { logHealthStream } from '../protocol/log-health'
import {
  describeReason,
  drive,
  receive,
  Runtime,
  spawnLink,
  supervisor,
  trapExits,
} from '../runtime'
import type { Body, ExitMessage, LogRecord, Loop, RunQueue, SupervisorSpec } from '../runtime'
import {
  application,
  boardsApplication,
  loadApplication,
  type Declared,
} from '../system/application'
import type { BoardWorld } from '../system/board'
import { loadPort } from '../system/jobs'
import { checkpointEvery } from '../system/kept-stream'
import type { LoadWorld } from '../system/load'
import type { LogTrouble } from '../system/log-keeper'
import { createMemoryStore } from '../system/memory-store'
import { rooms } from '../system/rooms'
import { gatewayPort } from '../system/stream'
import { wordFilter } from '../system/word-filter'
import { openJobDoor } from './job-door'
import { createJobLines } from './job-lines'
import type { Leash, LeashOptions } from './leash'
import type { Line, Lines } from './lines'
import { Loader, type LoaderDoors } from './loader'
import { createOpenJobs } from './open-jobs'
import { PlayCode } from './play-code'

/** Where a host runs. */
export interface HostWorld {
  readonly lines: Lines
  readonly loop: Loop
  /** How hot modules are imported. */
  readonly loader: LoaderDoors
  /** Another order of the runnable than the fair one. */
  readonly queue?: RunQueue
  /** A name that no other life of any host has: up to 12 letters and digits. */
  newLife(): string
  log(record: LogRecord): void
  /** Puts this host under its root. Once. */
  liveUnderRoot(options: LeashOptions): Leash
}

const lookAtTopMs = 250

/** Runs the host `play` for as long as it lives. */
export async function runPlay(world: HostWorld): Promise<Runtime> {
  const runtime = createRuntime(world)
  const opening = openJobDoor((batch) => void runtime.send('jobs', batch), world.lines)
  const leash = world.liveUnderRoot({
    processes: () => runtime.counts().processes,
    onWord: (word) => code.hear(word as CodeWord),
    // What has begun is ended: a play host that is to go as planned fails no job.
    onStop: async () => await (await opening).atRest(),
  })
  const code = new PlayCode(runtime, new Loader(rooms, world.loader), {
    say: leash.say,
    fail: (sentence) => void leash.fail(sentence),
  })
  // What all others run: the root knows.
  await code.begun
  const jobs = await opening
  runtime.openPort(loadPort, (word) => jobs.hear(word as FromJobs))
  const streams = { store: createMemoryStore(), life: world.newLife() }
  await run(world, leash, runtime, application(streams), { jobs: jobs.address })
  return runtime
}

/** Runs the host `load` for as long as it lives. */
export async function runLoad(world: HostWorld): Promise<Runtime> {
  const jobs = createOpenJobs()
  const lines = createJobLines(jobs, world.lines)
  let begin: (beginning: Extract<LoadWord, { type: 'begin' }>) => void
  const beginning = new Promise<Parameters<typeof begin>[0]>((resolve) => (begin = resolve))
  const runtime = createRuntime(world)
  const leash = world.liveUnderRoot({
    processes: () => runtime.counts().processes,
    onWord(raw) {
      const word = raw as LoadWord
      if (word.type === 'begin') begin(word)
      else lines.serve(word.jobs)
    },
  })
  const { target, playHosts, mostPlayHosts } = await beginning
  let wanted: Wanted = { target, playHosts }
  const loading: LoadWorld = {
    store: createMemoryStore(),
    life: world.newLife(),
    jobs,
    clock: () => Date.now(),
    mostPlayHosts,
    wanted: () => wanted,
    remember(next) {
      wanted = next
      leash.say({ type: 'wanted', ...wanted } satisfies WantedWord)
    },
  }
  await run(world, leash, runtime, loadApplication(loading))
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

/** Runs the host `boards` for as long as it lives: not at all, when the log cannot be opened. */
export async function runBoards(
  world: HostWorld,
  { declared, words, openLog }: BoardsDoors,
): Promise<Runtime> {
  const runtime = createRuntime(world)
  const leash = world.liveUnderRoot({ processes: () => runtime.counts().processes })
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
  const boards: BoardWorld = {
    store: createMemoryStore(checkpointEvery),
    life: world.newLife(),
    log: kept,
    clock: () => Date.now(),
    hasListedWord: wordFilter(words),
    ...(openingNews !== undefined && { openingNews }),
  }
  await run(world, leash, runtime, boardsApplication(declared, boards))
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

const createRuntime = ({ log, queue }: HostWorld): Runtime =>
  new Runtime({ now: () => performance.now(), random: Math.random, log, ...(queue && { queue }) })

/** Runs a tree. Says `ready` to the root once it runs and the gateway may call. */
async function run(
  world: HostWorld,
  leash: Leash,
  runtime: Runtime,
  tree: SupervisorSpec,
  more: Partial<HostDetails> = {},
): Promise<void> {
  const address = await listen(world, runtime)
  const pid = runtime.spawn(top, tree, (reason: unknown) => giveUp(leash, reason))
  // Whoever presents may kill any process, this one too, and with it the whole tree.
  setInterval(() => {
    if (!runtime.info(pid)) giveUp(leash, 'killed')
  }, lookAtTopMs)
  drive(runtime, world.loop)
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

/** Takes the gateway's calls, and opens the port through which processes speak to it. */
async function listen({ lines }: HostWorld, runtime: Runtime): Promise<string> {
  let gateway: Line<FromHost> | undefined
  runtime.openPort(gatewayPort, (word) => gateway?.send(word as FromHost))
  return await lines.listen<FromHost>('gateway', (line) => {
    // A gateway that was restarted calls anew; its last call is the one that counts.
    gateway?.close()
    gateway = line
    return {
      hear: (word) => void runtime.send('reception', word as ToHost),
      onClose() {
        if (gateway === line) gateway = undefined
      },
    }
  })
}
