/*
 * The root: starts and supervises the hosts, tells the gateway how they are, and ends everything in
 * order. Nothing else runs in it, so that nothing can bring it down.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostsEvent } from '../src/protocol/hosts'
import { isTarget } from '../src/protocol/load'
import type { Config } from './config'
import type { GatewayWord, HostDetails, LoadWord } from './host-words'
import { logLine } from './log-line'
import type { Log } from './log-record'
import { superviseHosts, type HostHealth, type HostSpec, type HostSupervisor } from './supervisor'
import { visitorKey } from './visitor-key'

export interface RootOptions {
  readonly config: Config
  /** Built files of the hosts. */
  readonly entries: Readonly<Record<'gateway' | 'boards' | 'play' | 'load', string>>
  /** Told once, when all hosts are ready for the first time, or are beyond a quick start. */
  onServing(): void
}

/** A million virtual clients hold 1.2 GB, and collecting their garbage wants room beside them. */
const loadMaxRssMb = 2048

const log: Log = (record) => void process.stdout.write(`${logLine(record)}\n`)

// A log that nobody reads any more (`npm start | head`) must not end the system.
process.stdout.on('error', () => {})

/** Runs the system until a signal ends it. Sets the exit code: 1 when it could not be started. */
export function runRoot({ config, entries, onServing }: RootOptions): void {
  const runDir = mkdtempSync(join(tmpdir(), 'let-it-crash-'))
  const secrets: GatewayWord = {
    type: 'secrets',
    token: config.presenterToken,
    key: visitorKey(config.dataDir),
  }
  let isServing = false
  /** How many virtual clients are wanted: `load` may die, and shall go on where it was. */
  let target = 0

  function onHosts(event: HostsEvent): void {
    const health = supervisor.health()
    if (event.host === 'gateway' && event.type === 'host_starting') {
      supervisor.send('gateway', secrets)
    }
    supervisor.send('gateway', { type: 'hosts', event, health } satisfies GatewayWord)
    if (event.host === 'load' && event.type === 'host_starting') {
      supervisor.send('load', { type: 'target', target } satisfies LoadWord)
    }
    supervisor.send('load', { type: 'play', jobs: jobsOf(health) } satisfies LoadWord)
    // What is quarantined shall not keep the presenter from the page that says so.
    const isSettled = health.every(({ state }) => state === 'ready' || state === 'quarantined')
    if (isServing || !isSettled) return
    isServing = true
    onServing()
  }

  const supervisor: HostSupervisor = superviseHosts({
    hosts: hostSpecs(config, entries, runDir),
    log,
    onHosts,
    onWord(name, word) {
      const said = word as Partial<Extract<LoadWord, { type: 'target' }>> | null
      if (name === 'load' && isTarget(said?.target)) target = said.target
    },
    onGiveUp(sentence) {
      process.stderr.write(`${sentence}\n`)
      leave(1)
    },
  })

  function leave(code: number): void {
    rmSync(runDir, { recursive: true, force: true })
    process.exit(code)
  }
  const end = () => void supervisor.stop().then(() => leave(0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
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
    { name: 'play', entry: entries.play, env: { RUN_DIR: runDir } },
    { name: 'load', entry: entries.load, env: { RUN_DIR: runDir }, maxRssMb: loadMaxRssMb },
  ]
}

/** Where `play` takes jobs, while it lives. What it says of itself is judged: it may be broken. */
function jobsOf(health: readonly HostHealth[]): string | undefined {
  const play = health.find(({ name }) => name === 'play')
  const { jobs } = (play?.details ?? {}) as Partial<HostDetails>
  return typeof jobs === 'string' ? jobs : undefined
}
