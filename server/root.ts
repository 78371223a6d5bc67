/*
 * The root: starts and supervises the hosts, tells the gateway how they are, and ends everything in
 * order. Nothing else runs in it, so that nothing can bring it down.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostsEvent } from '../src/protocol/hosts'
import type { Config } from './config'
import type { GatewayWord } from './host-words'
import { logLine } from './log-line'
import type { Log } from './log-record'
import { superviseHosts, type HostSpec, type HostSupervisor } from './supervisor'
import { visitorKey } from './visitor-key'

export interface RootOptions {
  readonly config: Config
  /** Built files of the hosts. */
  readonly entries: { readonly gateway: string; readonly play: string; readonly boards: string }
  /** Told once, when all hosts are ready for the first time, or are beyond a quick start. */
  onServing(): void
}

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

  function onHosts(event: HostsEvent): void {
    const health = supervisor.health()
    if (event.host === 'gateway' && event.type === 'host_starting') {
      supervisor.send('gateway', secrets)
    }
    supervisor.send('gateway', { type: 'hosts', event, health } satisfies GatewayWord)
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
  ]
}
