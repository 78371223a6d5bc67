/*
 * The root: starts and supervises the hosts, tells the gateway how they are and what they cost,
 * remembers what is wanted of the load, and ends everything in order. Nothing else runs in it, so
 * that nothing can bring it down.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Gauges, type Reading } from '../src/host/gauges'
import { drainWithinMs } from '../src/host/job-line'
import { Upgrades } from '../src/host/upgrades'
import { gaugesEveryMs } from '../src/protocol/gauges'
import type { HostHealth } from '../src/protocol/host-health'
import type { EmptiedWord, GatewayWord, HostDetails, StartWord } from '../src/protocol/host-words'
import type { LoadWord, UpgradeWord, WantedWord } from '../src/protocol/host-words'
import { groupOfHost, type HostsEvent } from '../src/protocol/hosts'
import { isHostCount, isTarget, type Wanted } from '../src/protocol/load'
import type { Log } from '../src/protocol/log-record'
import { ownAddress } from './address'
import type { Config } from './config'
import { builtSources, editedSources } from './hot-sources'
import { KeptRelease } from './kept-release'
import { readCosts, readRssMb } from './kernel'
import { isLocalAddress } from './local-socket'
import { nameOf, PlayHosts } from './play-hosts'
import { superviseHosts, type HostSpec, type HostSupervisor } from './supervisor'
import { SystemLog } from './system-log'
import { createTryOut } from './try-out'
import { visitorKey } from './visitor-key'

type Entry = 'gateway' | 'boards' | 'play' | 'load' | 'canary' | 'recorder'

export interface RootOptions {
  readonly config: Config
  /** Built files of the hosts. */
  readonly entries: Readonly<Record<Entry, string>>
  /** Told once, when all hosts are ready for the first time, or are beyond a quick start. */
  onServing(): void
}

interface RootWorld {
  /** Folder of this run. */
  readonly runDir: string
  readonly log: Log
}

/** A million virtual clients hold 1.2 GB, and collecting their garbage wants room beside them. */
const loadMaxRssMb = 2048

/** Takes the place of a lost play host. */
const spare = 'play-spare'

/** Writes down what is told; there is none unless the talk is recorded. */
const recorder = 'recorder'

/** Runs the system until a signal ends it. Sets the exit code: 1 when it could not be started. */
export function runRoot({ config, entries, onServing }: RootOptions): void {
  const runDir = mkdtempSync(join(tmpdir(), 'let-it-crash-'))
  const secrets = secretsOf(config)
  const log = new SystemLog({
    stdout: process.stdout,
    nowMs: () => Date.now(),
    after: (ms, act) => void setTimeout(act, ms),
    tell: (records) => supervisor.send('gateway', { type: 'log', records } satisfies GatewayWord),
  })
  let isServing = false
  /** What is wanted of the load: it may die, and shall go on where it was. */
  let wanted: Wanted = { target: 0, playHosts: config.playHosts }

  function onHosts(event: HostsEvent): void {
    const health = supervisor.health()
    if (event.host === 'gateway' && event.type === 'host_starting') {
      supervisor.send('gateway', { type: 'upgrades', view: upgrades.view } satisfies GatewayWord)
      supervisor.send('gateway', secrets)
      log.tellAll()
    }
    supervisor.send('gateway', { type: 'hosts', event, health } satisfies GatewayWord)
    if (event.host === 'load' && event.type === 'host_starting') {
      const { mostPlayHosts } = config
      supervisor.send('load', { type: 'begin', mostPlayHosts, ...wanted } satisfies LoadWord)
    }
    // It would find out by itself, a moment later.
    if (event.host === 'gateway' && event.type === 'host_ready') {
      supervisor.send(recorder, { type: 'gateway_ready' })
    }
    playHosts.see(event)
    upgrades.see(event)
    supervisor.send('load', { type: 'play', jobs: jobsOf(health) } satisfies LoadWord)
    // What is quarantined shall not keep the presenter from the page that says so.
    const isSettled = health.every(({ state }) => state !== 'starting' && state !== 'lost')
    if (isServing || !isSettled) return
    isServing = true
    void upgrades.restore()
    onServing()
  }

  const supervisor: HostSupervisor = superviseHosts({
    hosts: hostSpecs(config, entries, runDir),
    spare: { ...playSpec(entries, runDir), name: spare },
    log: log.write,
    onHosts,
    onSpare: () => upgrades.seeSpare(),
    onWord: hear,
    onGiveUp(sentence) {
      process.stderr.write(`${sentence}\n`)
      leave(1)
    },
  })

  const playHosts = new PlayHosts(supervisor, playSpec(entries, runDir), config.playHosts)

  const upgrades = conduct(supervisor, { config, entries, runDir, log: log.write })

  /** What a host says is judged: it may be broken. */
  function hear(name: string, raw: unknown): void {
    upgrades.hear(name, raw)
    const word = (raw ?? {}) as Partial<WantedWord | EmptiedWord | StartWord | UpgradeWord>
    if (name === 'gateway' && word.type === 'emptied') playHosts.hearEmptied(String(word.host))
    if (name === 'gateway' && word.type === 'start_host') supervisor.startNow(String(word.host))
    if (name === 'gateway' && word.type === 'upgrade')
      void answerUpgrade(supervisor, upgrades, word as UpgradeWord)
    if (name !== 'load' || word.type !== 'wanted') return
    const { target, playHosts: count } = word
    if (!isTarget(target) || !isHostCount(count, config.mostPlayHosts)) return
    wanted = { target, playHosts: count }
    playHosts.want(count)
  }

  tellGauges(supervisor)

  function leave(code: number): void {
    rmSync(runDir, { recursive: true, force: true })
    process.exit(code)
  }
  const end = () => void supervisor.stop().then(() => leave(0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
}

const secretsOf = ({ presenterToken: token, dataDir }: Config): GatewayWord => {
  return { type: 'secrets', token, key: visitorKey(dataDir) }
}

/**
 * The hosts in the order of their start: the gateway first, so that who comes early is told to
 * wait.
 */
function hostSpecs(config: Config, entries: RootOptions['entries'], runDir: string): HostSpec[] {
  const gatewayEnv = {
    PORT: String(config.port),
    HOST: config.host,
    PUBLIC_URL: config.publicUrl ?? '',
    VERSION: config.version,
  }
  return [
    { name: 'gateway', entry: entries.gateway, essential: true, env: gatewayEnv },
    { name: 'boards', entry: entries.boards, env: { RUN_DIR: runDir, DATA_DIR: config.dataDir } },
    ...Array.from({ length: config.playHosts }, (_, at) => ({
      ...playSpec(entries, runDir),
      name: nameOf(at + 1),
    })),
    { name: 'load', entry: entries.load, env: { RUN_DIR: runDir }, maxRssMb: loadMaxRssMb },
    ...(config.isRecorded ? [recorderSpec(config, entries)] : []),
  ]
}

/** All its lives write to one file, whose time began now. */
function recorderSpec(config: Config, entries: RootOptions['entries']): HostSpec {
  const beganAtMs = Date.now()
  return {
    name: recorder,
    entry: entries.recorder,
    env: {
      RECORDING: join(config.dataDir, 'recordings', `${fileTime(new Date(beganAtMs))}.jsonl`),
      BEGAN_AT_MS: String(beganAtMs),
      GATEWAY: ownAddress(config),
      VERSION: config.version,
    },
  }
}

/** `2025-06-24-19-30-05`, by the clock on the wall. */
const fileTime = (now: Date): string =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .concat(now.getHours(), now.getMinutes(), now.getSeconds())
    .map((part) => String(part).padStart(2, '0'))
    .join('-')

const playSpec = ({ play }: RootOptions['entries'], runDir: string) => {
  // Until all jobs are ended that `load` still awaits.
  return { entry: play, env: { RUN_DIR: runDir }, shutdownMs: drainWithinMs + 500 }
}

/** Upgrades of the hot code; the gateway is told how they go. */
function conduct(
  supervisor: HostSupervisor,
  { config, entries, runDir, log }: Pick<RootOptions, 'config' | 'entries'> & RootWorld,
): Upgrades {
  const canary = { name: 'canary', entry: entries.canary, env: { RUN_DIR: runDir } }
  const built = builtSources(dirname(entries.canary))
  return new Upgrades({
    built,
    kept: new KeptRelease(config.dataDir, built, log),
    edited: () => editedSources(config.hotSources),
    spare,
    log,
    tryOut: createTryOut({ canary, runDir, launch: supervisor.launch, log }),
    health: supervisor.health,
    send: supervisor.send,
    onEvent: (event) =>
      supervisor.send('gateway', { type: 'upgrade_event', event } satisfies GatewayWord),
  })
}

async function answerUpgrade(
  supervisor: HostSupervisor,
  upgrades: Upgrades,
  { ref, command }: UpgradeWord,
): Promise<void> {
  const answer = await upgrades.wish(command)
  supervisor.send('gateway', { type: 'upgrade_answer', ref, answer } satisfies GatewayWord)
}

function tellGauges(supervisor: HostSupervisor): void {
  const gauges = new Gauges()
  setInterval(() => {
    const readings = [ownReading(), ...supervisor.read()]
    const hosts = gauges.take(readings, performance.now())
    supervisor.send('gateway', { type: 'gauges', hosts } satisfies GatewayWord)
  }, gaugesEveryMs)
}

/** The root is measured like its hosts. */
function ownReading(): Reading {
  const { user, system } = process.cpuUsage()
  const cpuMs = (user + system) / 1000
  const { pid } = process
  const costs = readCosts(pid) ?? { mainMs: cpuMs, allMs: cpuMs }
  const rssMb = readRssMb(pid) ?? process.memoryUsage.rss() / 1024 / 1024
  return { host: 'root', pid, costs, rssMb, processes: undefined }
}

/** Where the play hosts take jobs that live and stay. What they say of themselves is judged. */
function jobsOf(health: readonly HostHealth[]): Record<string, string> {
  const taking = health.flatMap(({ name, state, details }) => {
    const { jobs } = (details ?? {}) as Partial<HostDetails>
    const takes = groupOfHost(name) === 'play' && state === 'ready' && isLocalAddress(jobs)
    return takes ? [[name, jobs] as const] : []
  })
  return Object.fromEntries(taking)
}
