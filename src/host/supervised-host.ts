/*
 * One host through all of its lives: started, lost, started again, quarantined or stopped. The
 * rules in one place: a lost host starts again at once (`restarts.ts` says when not); three deaths
 * in a row before `ready` quarantine it, because restarting what cannot start only makes noise, and
 * the third attempt waits a second, so that a passing trouble (a file just being built) may pass;
 * a quarantined one is tried again in peace; an essential host that never could start is hopeless,
 * and then so is the system.
 */
import type { HostHealth } from '../protocol/host-health'
import type { HostState, HostsEvent } from '../protocol/hosts'
import type { Log } from '../protocol/log-record'
import type { Reading } from './gauges'
import { nextRestart, noRestarts, type RestartIntensity } from './restarts'
import type { Life, Watch } from './watch'

/** What a host needs of its supervisor. */
export interface Supervision {
  readonly name: string
  /** Without it there is no system. */
  readonly essential?: boolean | undefined
  /** How long an orderly end may take before it is killed. */
  readonly shutdownMs: number
  readonly log: Log
  readonly startWithinMs: number
  readonly stackWithinMs: number
  readonly intensity: RestartIntensity
  awakeMs(): number
  /** Begins a life, or takes one that is ready already. */
  begin(watch: Watch): Begun
  onHosts(event: HostsEvent): void
  onWord(name: string, word: unknown): void
  /** Without this host there is no system, and it cannot start. */
  onHopeless(sentence: string): void
}

export interface Begun {
  /** Undefined when it could not be started, which is told to the watch. */
  readonly life: Life | undefined
  /** Of one that is ready already, what it said of itself. */
  readonly ready?: { readonly details: unknown }
}

/** By then the kernel has cleared away a killed one, unless it waits for a disk. */
export const killedWithinMs = 400
const maxDeathsBeforeReady = 3
/** How long a quarantined host rests before each further try. */
const quarantineMs = 5_000
const lastAttemptAfterMs = 1_000

export class SupervisedHost {
  readonly #supervision: Supervision
  #life: Life | undefined
  #ended: Promise<void> = Promise.resolve()
  #state: HostState = 'starting'
  #restarts = 0
  #history = noRestarts
  #deathsBeforeReady = 0
  #wasEverReady = false
  #retired = false
  #waiting: ReturnType<typeof setTimeout> | undefined
  #reason: string | undefined
  #details: unknown

  constructor(supervision: Supervision) {
    this.#supervision = supervision
  }

  get name(): string {
    return this.#supervision.name
  }

  health(): HostHealth {
    return {
      name: this.name,
      pid: this.#life?.pid,
      state: this.#state,
      restarts: this.#restarts,
      rssMb: this.#life?.rssMb,
      reason: this.#reason,
      details: this.#details,
    }
  }

  /** What its OS process has cost so far. */
  read(): Reading {
    const nothing = { pid: undefined, costs: undefined, rssMb: undefined, processes: undefined }
    return { host: this.name, ...(this.#life?.read() ?? nothing) }
  }

  /** Begins its next life, unless it is retired. */
  start(): void {
    if (this.#retired) return
    this.#state = 'starting'
    this.#details = undefined
    let onEnded: () => void
    this.#ended = new Promise((resolve) => (onEnded = resolve))
    const watch = this.#watch(() => onEnded())
    const { life, ready } = this.#supervision.begin(watch)
    this.#life = life
    this.#log('info', 'host_starting', { pid: this.#life?.pid })
    this.#supervision.onHosts({ type: 'host_starting', host: this.name })
    if (ready) this.#onReady(ready.details)
  }

  #watch(onEnded: () => void): Watch {
    return {
      log: this.#supervision.log,
      startWithinMs: this.#supervision.startWithinMs,
      stackWithinMs: this.#supervision.stackWithinMs,
      awakeMs: this.#supervision.awakeMs,
      onReady: (details) => this.#onReady(details),
      onWord: (word) => this.#supervision.onWord(this.name, word),
      onEnd: (reason, sentence) => {
        onEnded()
        this.#onEnd(reason, sentence)
      },
    }
  }

  look(rootLagMs: number): void {
    this.#life?.look(rootLagMs)
  }

  send(word: unknown): void {
    this.#life?.send(word)
  }

  /** Ends its rest in quarantine, if it is in that. */
  startNow(): void {
    if (this.#retired || this.#state !== 'quarantined') return
    clearTimeout(this.#waiting)
    this.#restarts++
    this.start()
  }

  /** It is to go, once nobody needs it any more. */
  dismiss(): void {
    if (this.#state === 'ready') this.#state = 'leaving'
    this.#log('info', 'host_leaving', { pid: this.#life?.pid })
    this.#supervision.onHosts({ type: 'host_leaving', host: this.name })
  }

  /** From now on it has no further life. */
  retire(): void {
    this.#retired = true
    clearTimeout(this.#waiting)
  }

  /** Ends its life, in order if that takes no longer than its `shutdownMs` and `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    const limitMs = Math.min(this.#supervision.shutdownMs, withinMs)
    this.#life?.stop(limitMs)
    // Even the killed may stay: a process in the middle of a disk's answer goes when the disk lets
    // it.
    let limit: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, limitMs + killedWithinMs)
    })
    await Promise.race([this.#ended, late])
    clearTimeout(limit)
  }

  #onReady(details: unknown): void {
    this.#state = 'ready'
    this.#wasEverReady = true
    this.#deathsBeforeReady = 0
    this.#details = details
    this.#log('info', 'host_ready', { pid: this.#life?.pid })
    this.#supervision.onHosts({ type: 'host_ready', host: this.name })
  }

  #onEnd(reason: string, sentence: string | undefined): void {
    const diedBeforeReady = this.#state === 'starting'
    this.#log(this.#retired ? 'info' : 'warn', 'host_lost', { pid: this.#life?.pid, reason })
    this.#life = undefined
    this.#state = 'lost'
    this.#reason = reason
    this.#supervision.onHosts({ type: 'host_lost', host: this.name, reason })
    if (this.#retired) return
    if (diedBeforeReady) this.#deathsBeforeReady++
    if (sentence !== undefined && this.#supervision.essential && !this.#wasEverReady) {
      this.#supervision.onHopeless(sentence)
    } else if (this.#deathsBeforeReady >= maxDeathsBeforeReady) {
      this.#quarantine(reason)
    } else {
      this.#startAgain()
    }
  }

  #startAgain(): void {
    const { intensity } = this.#supervision
    const next = nextRestart(this.#history, performance.now(), intensity)
    this.#history = next.history
    const isLastAttempt = this.#deathsBeforeReady === maxDeathsBeforeReady - 1
    const waitMs = Math.max(next.waitMs, isLastAttempt ? lastAttemptAfterMs : 0)
    if (waitMs > 0) this.#log('warn', 'host_waits', { waitMs })
    const start = () => {
      this.#restarts++
      this.start()
    }
    // Without a wait it starts in the same turn: nobody can see it lost and act on that in between.
    if (waitMs === 0) start()
    else this.#waiting = setTimeout(start, waitMs)
  }

  #quarantine(lastReason: string): void {
    const deaths = `died ${this.#deathsBeforeReady} times before it was ready`
    const reason = `${deaths}, the last time: ${lastReason}`
    this.#state = 'quarantined'
    this.#reason = reason
    this.#log('error', 'host_quarantined', { reason })
    this.#supervision.onHosts({ type: 'host_quarantined', host: this.name, reason })
    if (this.#supervision.essential && !this.#wasEverReady) {
      return this.#supervision.onHopeless(`Host ${this.name} ${reason}.`)
    }
    // Somebody may be killing it at each start, or repairing it: what is gone for good is the
    // hurry.
    this.#startIn(quarantineMs)
  }

  #startIn(waitMs: number): void {
    this.#waiting = setTimeout(() => {
      this.#restarts++
      this.start()
    }, waitMs)
  }

  #log(level: 'info' | 'warn' | 'error', event: string, details: object): void {
    this.#supervision.log({ level, event, host: this.name, ...details })
  }
}
