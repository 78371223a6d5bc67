/*
 * A process as the runtime keeps it: a generator with a mailbox, its links and monitors, and its
 * accounts. Data only; what signals do to it stands in signals.ts, when it runs in scheduler.ts.
 * What not all have is made when first needed: most processes of a hundred thousand never have a
 * second link.
 */
import { Mailbox } from './mailbox'
import type { Pid, Ref } from './pid'
import { describeReason } from './reason'
import type { Receiving } from './receive'
import type { Preempted } from './reductions'
import type { RemoteHost } from './remote-host'
import type { Runtime } from './runtime'
import type { Tie } from './tie'
import type { Timer } from './timers'
import type { Tracing } from './trace'

/** Yielded by a body that waits for a message, a signal or a limit. */
export const waiting: unique symbol = Symbol('waiting')

/** Yielded by a receive whose slice is used up: it has no place of its own in the source. */
export const givesWay: unique symbol = Symbol('gives way')

/**
 * What a body may yield to the scheduler. Bodies get it from the compiler and the runtime's words.
 */
export type Step = Preempted | typeof waiting | typeof givesWay

/** The running code of a process, or a part of it to be entered by `yield*`. */
export type Body<Result = void> = Generator<Step, Result, void>

/** A function that makes a body: what `spawn` takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of every kind
export type BodyOf<Args extends any[] = any[], Result = unknown> = (...args: Args) => Body<Result>

export type Status = 'runnable' | 'running' | 'waiting' | 'exited'

/** What goes before what, as `process_flag(priority)` has it (scheduler.ts). */
export type Priority = 'high' | 'normal' | 'low'

/** Throws for what is no priority (`badarg`): nobody would be owed anything for it. */
export function checkPriority(priority: Priority): void {
  if (!['high', 'normal', 'low'].includes(priority)) {
    throw new TypeError(`a priority must not be ${describeReason(priority)}`)
  }
}

/**
 * Where in the scheduler's order a process stands: newcomers and short ones before long-runners.
 */
export type Level = 'short' | 'long'

/** What a process is to run: a body, and what that is given. */
export interface Entry {
  readonly body: BodyOf
  readonly args: readonly unknown[]
}

export class Process {
  // What waking and running it touches stands first and together: beside a hundred thousand others
  // it costs a trip to memory for each line of the cache.
  status: Status = 'runnable'
  /** Its running code; undefined before its first slice. */
  body: Body<unknown> | undefined = undefined
  readonly mailbox = new Mailbox()
  readonly runtime: Runtime
  priority: Priority = 'normal'
  level: Level = 'short'
  /** Who runs after it: the scheduler's line. */
  behind: Process | undefined = undefined
  /** What it goes on as, entered in its own slice: so a broken start is its own crash. */
  next: Entry | undefined
  /** Its last receive, to be used again: a process is in one at a time. */
  receiving: Receiving | undefined = undefined
  /** The limit of the receive that it waits in; kept, and used again by the next one. */
  limit: Timer<Process> | undefined = undefined
  limitPassed = false
  trapsExits = false
  /** Counted steps of its whole life. */
  reductions = 0
  /** Counted steps since it last waited: what makes it a long-runner. */
  burst = 0
  /** Where it was preempted last, with the live variables there. */
  preempted: Preempted | undefined = undefined
  /** Who traces it, for a moment. */
  tracing: Tracing | undefined = undefined
  readonly pid: Pid
  /** The newest of the monitors that this process holds: a list (monitors.ts). */
  monitors: Ref | undefined = undefined
  /** The newest of the monitors that others hold on this process. */
  watchers: Ref | undefined = undefined
  links: Set<Pid> | undefined = undefined
  /** The runtime's list of all, in the order of their start. A dead one still leads to the next. */
  older: Process | undefined = undefined
  younger: Process | undefined = undefined
  /** The open call: a reply to any other ref is late and is dropped. */
  awaited: Ref | undefined = undefined
  /** What it shares with processes of other hosts, by host. */
  ties: Map<RemoteHost, Tie> | undefined = undefined
  /** The child whose start it waits for. */
  starting: Pid | undefined = undefined
  name: string | undefined = undefined
  /** What it says it is, where that tells more than its initial call. */
  label: string | undefined = undefined
  /** Name of the function that it was started with. */
  readonly initialCall: string
  readonly parent: Pid | undefined
  readonly startedMs: number

  constructor(
    runtime: Runtime,
    pid: Pid,
    initialCall: string,
    parent: Pid | undefined,
    startedMs: number,
    next: Entry,
  ) {
    this.runtime = runtime
    this.pid = pid
    this.initialCall = initialCall
    this.parent = parent
    this.startedMs = startedMs
    this.next = next
    pid.target = this
  }
}

/** Who runs right now in this thread. Set by the scheduler around each slice. */
export const running: { process: Process | undefined } = { process: undefined }

/** The process that runs. Throws outside of one: the words of body.ts are for process code only. */
export function me(): Process {
  const process = running.process
  if (!process) throw new Error('this word is for process code: no process is running')
  return process
}
