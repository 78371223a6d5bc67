/*
 * One simulated host: its runtime, and the witness that sees all that happens in it. Births are
 * seen as they happen, by the queue; deaths by a process of the witness's own that monitors all
 * others, and whose mailbox therefore has them in their true order. Each is handed on to who judges
 * it: the crowd of actors, the supervisors' trees, the desks, the demo system.
 */
import {
  exit,
  Runtime,
  type ExitReason,
  type LogRecord,
  type Pid,
  type Process,
} from '../../src/runtime'
import { outside } from '../../src/runtime/pid'
import { monitor } from '../../src/runtime/signals'
import type { Choices } from './choices'
import type { Cause } from './plan'
import { Schedule, type Listener, type Order } from './schedule'
import { watcher } from './scene.process'

/** A broken promise of the runtime. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** Who judges a part of what happens. */
export interface Judge {
  spawned?(pid: Pid, parent: Pid | undefined, initialCall: string): void
  died?(pid: Pid, reason: ExitReason): void
  /** Before a slice of that process, and after any slice. */
  begins?(pid: Pid): void
  ran?(pid: Pid): void
  /** Nothing can run before the clock moves. */
  rest?(): void
}

/** What is counted over a run. */
export interface Counts {
  slices: number
  events: number
  checks: number
  readonly fired: Map<string, number>
  /** Told of each event, when somebody wants the story of a run. */
  readonly tell?: (line: string) => void
}

/** A fair order lets each runnable process run before the others took so many steps, for each. */
const starvingSteps = 20_000

export class Witness implements Listener {
  readonly runtime: Runtime
  readonly schedule: Schedule
  readonly records: LogRecord[] = []
  readonly nowMs: () => number
  readonly counts: Counts
  /** Once its host was killed, nothing of it may run. */
  isGone = false
  /** How often the clock moved while it was busy: what was due then is late, and nobody's fault. */
  leaps = 0
  private readonly order: Order
  private readonly judges: Judge[] = []
  private readonly living = new Map<Pid, Process>()
  private readonly dead = new Set<Pid>()
  /** Who did not end by the doing of a supervisor. */
  private readonly caused = new Set<Pid>()
  private readonly asked = new Set<Pid>()
  private readonly waitingSince = new Map<Pid, { charged: number; others: number }>()
  private charged = 0
  private violation: Violation | undefined
  private own: Process | undefined
  private seen = 0
  private mixed = 0x811c9dc5

  constructor(
    host: number,
    order: Order,
    choices: Choices,
    random: () => number,
    nowMs: () => number,
    counts: Counts,
  ) {
    this.nowMs = nowMs
    this.counts = counts
    this.order = order
    this.schedule = new Schedule(choices, order, this)
    this.runtime = new Runtime({
      host,
      now: nowMs,
      random,
      log: (record) => this.records.push(record),
      queue: this.schedule,
    })
    this.runtime.spawn(watcher)
  }

  judge(judge: Judge): void {
    this.judges.push(judge)
  }

  /** A number that differs when anything ran differently. */
  get hash(): number {
    return this.mixed
  }

  /**
   * What is thrown within a slice would be that process's crash: so it is remembered, and thrown
   * again where the world sees it.
   */
  fail(what: string): never {
    this.violation ??= new Violation(what)
    throw this.violation
  }

  fire(point: string): void {
    this.counts.fired.set(point, (this.counts.fired.get(point) ?? 0) + 1)
    this.event(point)
  }

  event(what: string, ...about: unknown[]): void {
    this.counts.events++
    this.counts.tell?.(`${this.nowMs()} ${what} ${about.join(' ')}`)
    this.mix(what.length)
  }

  checked(): void {
    this.counts.checks++
  }

  isAlive(pid: Pid): boolean {
    return this.living.has(pid)
  }

  livingPids(): Pid[] {
    return [...this.living.keys()].filter((pid) => pid !== this.own?.pid)
  }

  /** Whoever is ended next by that pid's own doing, or by that of the world, is no supervisor's. */
  cause(pid: Pid): void {
    this.caused.add(pid)
  }

  isCaused(pid: Pid): boolean {
    return this.caused.has(pid)
  }

  /** It was asked to stop, by the world. */
  ask(pid: Pid): void {
    this.asked.add(pid)
  }

  isAsked(pid: Pid): boolean {
    return this.asked.has(pid)
  }

  /** Ends the running body as its cause says. */
  end(cause: Cause, reason: ExitReason): never {
    if (cause === 'error' || cause === 'nothing') throw reason
    exit(reason)
  }

  kill(pid: Pid, reason: ExitReason): void {
    this.event('world_ends', pid, reason)
    this.runtime.exit(pid, reason)
    this.drain()
  }

  added(process: Process): boolean {
    this.own ??= process
    if (process === this.own) return true
    if (this.dead.has(process.pid)) this.fail(`${process.pid} is to run after its death`)
    if (!this.living.has(process.pid)) this.welcome(process)
    const { charged, waitingSince } = this
    waitingSince.set(process.pid, { charged, others: waitingSince.size })
    return false
  }

  private welcome(process: Process): void {
    this.drain()
    const { pid, parent, initialCall } = process
    this.living.set(pid, process)
    monitor(this.own!, this.runtime.ref(), pid)
    this.event('spawned', pid, initialCall, 'by', parent)
    this.mix(pid.serial)
    for (const judge of this.judges) judge.spawned?.(pid, parent, initialCall)
  }

  begins({ pid }: Process): void {
    if (this.isGone) this.fail(`${pid} runs on after its host was killed`)
    this.drain()
    if (pid === this.own?.pid) return
    if (!this.living.has(pid)) this.fail(`${pid} runs after its death`)
    this.starved(pid)
    for (const judge of this.judges) judge.begins?.(pid)
  }

  ran(process: Process, steps: number): void {
    if (this.violation) throw this.violation
    if (process === this.own) {
      this.seen = process.mailbox.length
      return
    }
    this.counts.slices++
    this.charged += Math.min(Math.max(steps, 1), 4_000)
    this.mix(process.pid.serial)
    this.mix(steps)
    this.mix(this.nowMs())
    this.drain()
    for (const judge of this.judges) judge.ran?.(process.pid)
  }

  private starved(pid: Pid): void {
    const since = this.waitingSince.get(pid)
    this.waitingSince.delete(pid)
    if (this.order !== 'fair' || !since) return
    const took = this.charged - since.charged
    const allowed = starvingSteps * (2 + Math.max(since.others, this.waitingSince.size))
    if (took > allowed) this.fail(`${pid} has starved: others took ${took} steps`)
  }

  /** Hands on the deaths that the witness's process was told of. */
  drain(): void {
    if (!this.own || this.own.mailbox.length === this.seen) return
    const { mailboxLength, messages } = this.runtime.info(this.own.pid)!
    while (this.seen < mailboxLength) {
      const { type, pid, reason } = messages[this.seen++] as {
        type: string
        pid: Pid
        reason: unknown
      }
      if (type !== 'down') this.fail(`a monitor is told a ${type}`)
      if (!this.living.delete(pid)) this.fail(`the end of ${pid} is told twice`)
      this.dead.add(pid)
      this.waitingSince.delete(pid)
      this.event('died', pid, reason)
      this.mix(pid.serial)
      for (const judge of this.judges) judge.died?.(pid, reason)
    }
  }

  /** At rest, or at the end: what must hold of all. */
  rest(): void {
    this.drain()
    this.checkAll()
    for (const judge of this.judges) judge.rest?.()
  }

  private checkAll(): void {
    const { runtime, living, own } = this
    const listed = runtime.list().filter((pid) => pid !== own!.pid)
    if (listed.length !== living.size) this.fail('somebody died, and a monitor was not told')
    const watched = new Map<Pid, number>()
    const watching = new Map<Pid, number>()
    for (const pid of listed) {
      this.checked()
      const info = runtime.info(pid)!
      if (!living.has(pid)) this.fail(`${pid} lives after its end was told`)
      this.checkNames(pid, info.name)
      for (const other of info.links) {
        const back = runtime.info(other)?.links.includes(pid)
        if (!back) this.fail(`${pid} is linked to ${other}, and not the other way`)
      }
      for (const other of info.monitors) count(watched, other)
      for (const other of info.monitoredBy) if (other !== own!.pid) count(watching, pid)
    }
    for (const [pid, times] of watched) {
      const seen = watching.get(pid) ?? 0
      if (times !== seen) this.fail(`${pid} is watched by ${times}, and knows of ${seen}`)
    }
  }

  private checkNames(pid: Pid, name: string | undefined): void {
    if (name !== undefined && this.runtime.registry.find(name) !== pid)
      this.fail(`the name '${name}' does not lead to ${pid}, who has it`)
  }

  /** FNV-1a over 32-bit parts. */
  private mix(part: number): void {
    this.mixed = Math.imul(this.mixed ^ (part | 0), 0x01000193) >>> 0
  }
}

const count = (counted: Map<Pid, number>, pid: Pid): unknown =>
  counted.set(pid, (counted.get(pid) ?? 0) + 1)

/** Who sends what the world sends. */
export const world = outside
