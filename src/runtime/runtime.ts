/*
 * One host's world of processes: their table, names, timers, code, and the turn in which they run.
 * Clock, randomness and log are handed in, and nobody is asked for the time but through them: the
 * same runtime runs in Node, in a Web Worker, and in a simulator under a clock of its own.
 */
import { ancestorsOf } from './ancestors'
import { Become, Code } from './code'
import { info, type ProcessInfo } from './inspect'
import { Hosts } from './hosts'
import { outside, Pid, Ref } from './pid'
import { Port } from './port'
import {
  checkPriority,
  givesWay,
  Process,
  running,
  waiting,
  type Body,
  type BodyOf,
  type Entry,
  type Priority,
  type Step,
} from './process'
import { describeReason, tellable, type ExitReason } from './reason'
import { beginSlice, closeSlice, isPreempted, look, overran, reductions } from './reductions'
import { Registry } from './registry'
import { FairQueue, type RunQueue } from './scheduler'
import { stackOf, type Stack } from './stack'
import { deliver, link, monitor, signalExit, terminate } from './signals'
import { Timer, Timers } from './timers'
import { find, type Whom } from './whom'

/** A line for the log: a crash of a process, or what a supervisor did. */
export interface LogRecord {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly [key: string]: unknown
}

export interface RuntimeOptions {
  /** The host's number: the first part of its pids. */
  readonly host?: number
  /** Which life of that host it is, unlike any other's: for a runtime that other hosts speak to. */
  readonly incarnation?: string
  /** Monotonic milliseconds; fractions are welcome. */
  readonly now: () => number
  /** A number from 0 up to 1. */
  readonly random: () => number
  readonly log: (record: LogRecord) => void
  /** Another order of the runnable than the fair one: for simulation. */
  readonly queue?: RunQueue
  /** A process with more messages than this ends with the reason `mailbox_full`; a million. */
  readonly mailboxLimit?: number
}

export interface SpawnOptions {
  readonly name?: string
  /** normal */
  readonly priority?: Priority
  readonly link?: boolean
  readonly monitor?: boolean
}

/** How long one turn runs before the host's event loop gets its own. */
const turnMs = 1
/** Short slices between two looks at the clock. */
const slicesPerLook = 16
/** More than any process works through in a talk, and less than a host's memory. */
const usualMailboxLimit = 1_000_000

/** How a host is loaded. Sums grow for ever: whoever wants a rate takes the difference of two. */
export interface Load {
  readonly processes: number
  /** How many want to run now. */
  readonly runnable: number
  /** Milliseconds spent in turns. */
  readonly busyMs: number
  /** Counted steps of all processes, dead ones too. */
  readonly reductions: number
}

export class Runtime {
  readonly host: number
  readonly now: () => number
  readonly random: () => number
  readonly log: (record: LogRecord) => void
  readonly registry = new Registry()
  readonly code = new Code(() => this.everyProcess())
  readonly hosts: Hosts
  readonly timers: Timers
  readonly mailboxLimit: number
  private readonly queue: RunQueue
  /** All that live, in the order of their start: a list of links, since jobs come and go fast. */
  private oldest: Process | undefined = undefined
  private youngest: Process | undefined = undefined
  private alive = 0
  private busyMs = 0
  private reductions = 0
  private serial = 0
  private wanted: () => void = () => {}
  /** Inside of `turn`, which sees new work by itself. */
  private turning = false

  constructor(options: RuntimeOptions) {
    this.host = options.host ?? 0
    this.now = options.now
    this.random = options.random
    this.log = options.log
    this.queue = options.queue ?? new FairQueue()
    this.mailboxLimit = options.mailboxLimit ?? usualMailboxLimit
    this.timers = new Timers(this.now())
    this.hosts = new Hosts(this, options.incarnation)
  }

  /** Starts a process from outside; inside, use the word `spawn`. Throws when the name is taken. */
  spawn<Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): Pid {
    return this.start(undefined, {}, body, args).pid
  }

  /**
   * Starts a process. Its arguments are handed over as they are; see `spawn` in body.ts for copies.
   */
  start<Args extends unknown[]>(
    parent: Process | undefined,
    options: SpawnOptions,
    body: BodyOf<Args>,
    args: Args,
  ): { pid: Pid; ref?: Ref } {
    if (typeof body !== 'function') {
      throw new TypeError(`a body must not be ${describeReason(body)}`)
    }
    if (options.priority) checkPriority(options.priority)
    const pid = new Pid(this.host, ++this.serial)
    if (parent?.status === 'exited') return { pid }
    if (options.name !== undefined) this.registry.register(options.name, pid)
    const process = new Process(this, pid, body.name, parent?.pid, this.now(), { body, args })
    process.name = options.name
    if (options.priority) process.priority = options.priority
    this.add(process)
    if (parent && options.link) link(parent, pid)
    const ref = parent && options.monitor ? this.ref() : undefined
    if (parent && ref) monitor(parent, ref, pid)
    this.enqueue(process)
    return ref ? { pid, ref } : { pid }
  }

  /**
   * Sends from outside, to a pid or a name. A name that nobody has loses the message: gives false.
   */
  send(to: Whom, message: unknown): boolean {
    const pid = find(this, to)
    if (pid) deliver(pid, message)
    return pid !== undefined
  }

  /** Sends an exit signal from outside. */
  exit(pid: Pid, reason: ExitReason): void {
    signalExit(outside, pid, reason)
  }

  /** Opens a port: messages to it are handed to `take`, which must not throw. */
  openPort(name: string, take: (message: unknown) => void): Pid {
    const pid = new Pid(this.host, ++this.serial)
    pid.target = new Port(pid, take)
    this.registry.register(name, pid)
    return pid
  }

  /** A fresh name for a monitor, call or timer. */
  ref(): Ref {
    return new Ref(++this.serial)
  }

  /** All live processes, in the order of their start. */
  list(): Pid[] {
    const pids: Pid[] = []
    for (let process = this.oldest; process; process = process.younger) pids.push(process.pid)
    return pids
  }

  /**
   * The processes that live now, oldest first, one by one: for a look that gives way in between.
   * Who ends before its turn is left out, and who is started meanwhile.
   */
  *everyProcess(): Generator<Process, void> {
    const last = this.serial
    for (let each = this.oldest; each && each.pid.serial <= last; each = each.younger) {
      if (each.status !== 'exited') yield each
    }
  }

  /** The first in the list of all that live, from which `younger` leads on. */
  get oldestProcess(): Process | undefined {
    return this.oldest
  }

  /** The live process of that serial, as a console names it. Looks through all. */
  find(serial: number): Pid | undefined {
    let process = this.oldest
    while (process && process.pid.serial !== serial) process = process.younger
    return process?.pid
  }

  /** What is known of a process, or undefined when it is dead. */
  info(pid: Pid): ProcessInfo | undefined {
    const process = pid.target
    return process instanceof Process && process.runtime === this ? info(process) : undefined
  }

  /** Where a process is, innermost first; undefined when it is dead. */
  stacktrace(pid: Pid): Stack | undefined {
    const process = pid.target
    return process instanceof Process && process.runtime === this ? stackOf(process) : undefined
  }

  /** How the host is loaded, now and so far. */
  counts(): Load {
    const { alive: processes, queue, busyMs, reductions } = this
    return { processes, runnable: queue.length, busyMs, reductions }
  }

  /** Calls `wanted` when there is work after `turn` had said that there was none yet. */
  onWork(wanted: () => void): void {
    this.wanted = wanted
  }

  /**
   * Runs what is due for about a millisecond. Gives the milliseconds after which it wants its next
   * turn: 0 when there is more to do, undefined when only a message from outside can bring work.
   */
  turn(): number | undefined {
    this.turning = true
    const began = this.now()
    try {
      this.runDue(began)
    } finally {
      this.turning = false
      this.busyMs += this.now() - began
    }
    if (this.queue.length > 0) return 0
    const next = this.timers.nextMs()
    return next === undefined ? undefined : Math.max(next - this.now(), 0)
  }

  private runDue(began: number): void {
    this.timers.advance(began)
    let untilLook = slicesPerLook
    for (let process = this.queue.next(); process; process = this.queue.next()) {
      this.runSlice(process)
      if (process.level === 'long') untilLook = 1
      if (--untilLook > 0) continue
      untilLook = slicesPerLook
      if (this.now() - began >= turnMs) break
    }
  }

  private runSlice(process: Process): void {
    const { tracing } = process
    const length = tracing ? 1 : this.queue.slice(process)
    process.status = 'running'
    running.process = process
    beginSlice(length, this.now, tracing)
    try {
      const body = process.next ? this.begin(process, process.next) : process.body!
      const step = body.next()
      const caught = overran()
      if (caught) throw caught
      if (step.done) this.finish(process, step.value)
      else this.pause(process, step.value)
    } catch (error) {
      this.crash(process, error)
    } finally {
      running.process = undefined
      closeSlice()
    }
    const steps = length - reductions.left
    process.reductions += steps
    this.reductions += steps
    this.queue.ran(process, steps)
    if (wantsToRun(process)) this.queue.add(process)
  }

  private begin(process: Process, next: Entry): Body<unknown> {
    process.next = undefined
    const body = next.body(...next.args)
    if (typeof body?.next !== 'function') {
      throw new TypeError(`'${process.initialCall}' is not a generator function`)
    }
    process.body = body
    process.preempted = undefined
    return body
  }

  /** A body has returned: the process ends, or goes on as another body. */
  private finish(process: Process, value: unknown): void {
    if (process.status === 'exited') return
    if (!(value instanceof Become)) return this.end(process, 'normal')
    process.next = value
    process.status = 'runnable'
  }

  private pause(process: Process, step: Step): void {
    if (process.status === 'exited') return
    if (step === waiting) process.status = 'waiting'
    else if (step === givesWay) {
      // Where it is, is the `yield*` that has entered the receive.
      process.preempted = look(process.body!)[0]
      process.status = 'runnable'
    } else {
      if (!isPreempted(step)) throw new TypeError('a body may yield nothing of its own')
      process.preempted = step
      if (process.tracing?.add(process.preempted) === false) process.tracing = undefined
      process.status = 'runnable'
    }
  }

  /** Makes a waiting process runnable: it has a message, or its limit has passed. */
  wake(process: Process): void {
    process.status = 'runnable'
    this.enqueue(process)
  }

  /** Sets the limit of a receive that waits; one that its receive was thrown out of is moved. */
  startLimit(process: Process, limitMs: number): void {
    process.limitPassed = false
    process.limit ??= new Timer(passLimit, process)
    this.timers.start(process.limit, this.now() + limitMs)
  }

  /** The receive is over. */
  endLimit(process: Process): void {
    process.limitPassed = false
    if (process.limit) this.timers.cancel(process.limit)
  }

  private add(process: Process): void {
    this.alive++
    const before = this.youngest
    process.older = before
    if (before) before.younger = process
    else this.oldest = process
    this.youngest = process
  }

  /**
   * Frees what a dead process held here. Part of `terminate` in signals.ts. Its own way to younger
   * ones is left: whoever walks along the list and stands here goes on from there.
   */
  bury(process: Process): void {
    if (process.name !== undefined) this.registry.unregister(process.name)
    if (process.limit) this.timers.cancel(process.limit)
    this.alive--
    const { older, younger } = process
    if (older) older.younger = younger
    else this.oldest = younger
    if (younger) younger.older = older
    else this.youngest = older
  }

  /**
   * A body has thrown. Reported once, for it alone: whoever falls with it by a link did not crash.
   */
  private crash(process: Process, thrown: unknown): void {
    if (process.status === 'exited') return
    const reason = tellable(thrown)
    if (!(reason instanceof Error)) return this.end(process, reason)
    // Looked up while they live: those that are linked may fall with it.
    const ancestors = ancestorsOf(process)
    const { pid, name, parent } = process
    const initialCall = process.label ?? process.initialCall
    this.end(process, reason)
    const who = { pid, name, initialCall, parent, ancestors }
    this.log({ level: 'error', event: 'process_crashed', ...who, reason })
  }

  /** Its body has come to its end by itself, so what is left of its slice stays unused. */
  private end(process: Process, reason: ExitReason): void {
    running.process = undefined
    terminate(process, reason)
  }

  private enqueue(process: Process): void {
    this.queue.add(process)
    if (!this.turning && this.queue.length === 1) this.wanted()
  }
}

function passLimit(process: Process): void {
  process.limitPassed = true
  if (process.status === 'waiting') process.runtime.wake(process)
}

/** Asked in a function of its own, since a slice changes the status behind the compiler's back. */
const wantsToRun = (process: Process): boolean => process.status === 'runnable'
