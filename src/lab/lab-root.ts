/*
 * The root of the lab, in the page: it starts and supervises the workers, tells the gateway how
 * they are and what they cost, remembers what is wanted of the load, and conducts upgrades. It is
 * to the lab what server/root.ts is to a server; the rules of a host's life, of upgrades and of the
 * log are the same code.
 */
import type { Hub } from '../gateway/hub'
import { Gauges } from '../host/gauges'
import { PublicLog } from '../host/public-log'
import { hostIntensity } from '../host/restarts'
import { SupervisedHost } from '../host/supervised-host'
import { Upgrades } from '../host/upgrades'
import type { Watch } from '../host/watch'
import { gaugesEveryMs } from '../protocol/gauges'
import type { EmptiedWord, StartWord, UpgradeWord, WantedWord } from '../protocol/host-words'
import { hostNumber, type HostsEvent } from '../protocol/hosts'
import { isTarget, type Wanted } from '../protocol/load'
import type { LogRecord } from '../protocol/log-record'
import type { Beginning } from './beginning'
import { builtTexts } from './built-texts'
import { KeptBooks } from './kept-books'
import { whomOf } from './port-lines'
import { createTryOut } from './try-out'
import { livesAt, WorkerLife } from './worker-life'

/** The lab has one play host: a browser's tab has few cores to spare. */
const hosts = ['play-1', 'boards', 'load'] as const
const lookEveryMs = 100
const startWithinMs = 10_000

export interface RootDoors {
  createWorker(): Worker
  /** Of the gateway in this page: whoever lived there lives no more. */
  onGone(home: string): void
}

export class LabRoot {
  private readonly doors: RootDoors
  private readonly hub: () => Hub
  private readonly hosts: readonly SupervisedHost[]
  private readonly upgrades: Upgrades
  private readonly shown: PublicLog
  private readonly beginning: Beginning
  private readonly kept: KeptBooks
  private readonly lives = new Set<WorkerLife>()
  private readonly counts = new Map<string, number>()
  private wanted: Wanted

  /**
   * @param beginning where it begins
   * @param hub the gateway's; asked for once the root runs
   */
  constructor(doors: RootDoors, beginning: Beginning, hub: () => Hub) {
    this.doors = doors
    this.beginning = beginning
    this.hub = hub
    this.kept = new KeptBooks(beginning.entries)
    this.wanted = { target: beginning.target, playHosts: 1 }
    this.shown = new PublicLog({
      nowMs: () => Date.now(),
      after: (ms, act) => void setTimeout(act, ms),
      tell: (records) => this.hub().hear({ type: 'log', records }),
    })
    this.upgrades = new Upgrades({
      built: builtTexts,
      // There is no disk: what is wished brings its sources.
      edited: () => Promise.resolve({ texts: builtTexts }),
      kept: { read: () => beginning.release?.texts, keep: () => {} },
      log: this.log,
      tryOut: createTryOut((watch) => this.begin('canary', watch), this.patience()),
      health: () => this.health(),
      send: (host, word) => this.find(host)?.send(word),
      onEvent: (event) => this.hub().hear({ type: 'upgrade_event', event }),
    })
    this.hosts = hosts.map((name) => this.create(name))
  }

  /** Starts all hosts, which live as long as the page. */
  start(): void {
    this.hub().hear({ type: 'upgrades', view: this.upgrades.view })
    for (const host of this.hosts) host.start()
    void this.upgrades.restore(this.beginning.release?.version)
    const gauges = new Gauges()
    let lookedAtMs = performance.now()
    const look = () => {
      const nowMs = performance.now()
      const lagMs = Math.max(0, nowMs - lookedAtMs - lookEveryMs)
      lookedAtMs = nowMs
      for (const life of this.lives) life.look(lagMs)
    }
    const gauge = () => {
      const readings = this.hosts.map((host) => host.read())
      this.hub().hear({ type: 'gauges', hosts: gauges.take(readings, performance.now()) })
    }
    setInterval(look, lookEveryMs)
    setInterval(gauge, gaugesEveryMs)
  }

  /** The gateway's word. */
  hear(word: EmptiedWord | StartWord | UpgradeWord): void {
    if (word.type === 'start_host') this.find(word.host)?.startNow()
    if (word.type === 'upgrade') void this.answer(word)
  }

  /** Ends a host as `kill -9` would: it is back in a moment. */
  kill(host: string): void {
    for (const life of [...this.lives]) if (life.home.startsWith(`${host}.`)) life.kill()
  }

  /** Carries the end of a line to whoever is called. */
  carry(address: string, port: MessagePort): void {
    for (const life of this.lives) if (livesAt(life, address)) life.call(whomOf(address), port)
  }

  private readonly log = (record: LogRecord): void => this.shown.take(record)

  private patience() {
    const awakeMs = () => performance.now()
    return { log: this.log, startWithinMs, stackWithinMs: 0, awakeMs }
  }

  private create(name: string): SupervisedHost {
    return new SupervisedHost({
      ...this.patience(),
      name,
      shutdownMs: 0,
      intensity: hostIntensity,
      begin: (watch) => ({ life: this.begin(name, watch) }),
      onHosts: (event) => this.hearHosts(event),
      onWord: (host, word) => this.hearHost(host, word),
      onHopeless: () => {},
    })
  }

  private begin(host: string, watch: Watch): WorkerLife {
    const count = (this.counts.get(host) ?? 0) + 1
    this.counts.set(host, count)
    const { createWorker } = this.doors
    const doors = {
      ...{ host, life: count, createWorker },
      ...{ boards: this.beginning.boards, log: this.kept.all() },
      onLog: (record: object) => this.log(named(record as LogRecord, host)),
      onCall: (address: string, port: MessagePort) => this.carry(address, port),
      onKept: (word: Parameters<KeptBooks['keep']>[0]) => this.kept.keep(word),
    }
    const life: WorkerLife = new WorkerLife(doors, {
      ...watch,
      onEnd: (reason, sentence) => {
        this.lives.delete(life)
        this.doors.onGone(life.home)
        for (const other of this.lives) other.hearGone(life.home)
        watch.onEnd(reason, sentence)
      },
    })
    this.lives.add(life)
    return life
  }

  private health() {
    return this.hosts.map((host) => host.health())
  }

  private find(name: string): SupervisedHost | undefined {
    return this.hosts.find((host) => host.name === name)
  }

  private hearHosts(event: HostsEvent): void {
    this.hub().hear({ type: 'hosts', event, health: this.health() })
    if (event.host === 'load' && event.type === 'host_starting') {
      this.find('load')?.send({ type: 'begin', mostPlayHosts: 1, ...this.wanted })
    }
    this.upgrades.see(event)
    const play = this.health().find(({ name, state }) => name === 'play-1' && state === 'ready')
    const { jobs } = (play?.details ?? {}) as { jobs?: string }
    this.find('load')?.send({ type: 'play', jobs: jobs === undefined ? {} : { 'play-1': jobs } })
  }

  private hearHost(host: string, raw: unknown): void {
    this.upgrades.hear(host, raw)
    const { type, target } = (raw ?? {}) as Partial<WantedWord>
    if (host === 'load' && type === 'wanted' && isTarget(target)) {
      this.wanted = { target, playHosts: 1 }
    }
  }

  private async answer({ ref, command }: UpgradeWord): Promise<void> {
    const answer = await this.upgrades.wish(command)
    this.hub().hear({ type: 'upgrade_answer', ref, answer })
  }
}

/** Pids as everybody names them: by the number of their host. */
function named(record: LogRecord, host: string): LogRecord {
  const text = JSON.stringify(record).replaceAll(
    /<0\.(\d{1,15}\.\d{1,3})>/g,
    `<${hostNumber(host)}.$1>`,
  )
  return { ...(JSON.parse(text) as LogRecord), host }
}
