/*
 * A process as the runtime keeps it: a generator with a mailbox, its links and monitors, and its
 * accounts. Data only; what signals do to it stands in signals.ts, when it runs in scheduler.ts.
 * Sets and maps are made when first needed: most processes of a hundred thousand never have a
 * second link.
 */
import { Mailbox } from './mailbox'
import type { Pid, Ref } from './pid'
import type { Preempted } from './reductions'
import type { Runtime } from './runtime'
import type { Timer } from './timers'

/** Yielded by a body that waits for a message, a signal or a limit. */
export const waiting: unique symbol = Symbol('waiting')

/**
 * What a body may yield to the scheduler. Bodies get it from the compiler and the runtime's words.
 */
export type Step = Preempted | typeof waiting

/** The running code of a process, or a part of it to be entered by `yield*`. */
export type Body<Result = void> = Generator<Step, Result, void>

/** A function that makes a body: what `spawn` takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of every kind
export type BodyOf<Args extends any[] = any[], Result = unknown> = (...args: Args) => Body<Result>

export type Status = 'runnable' | 'running' | 'waiting' | 'exited'

/**
 * Where in the scheduler's order a process stands: newcomers and short ones before long-runners.
 */
export type Level = 'short' | 'long'

export class Process {
  readonly runtime: Runtime
  readonly pid: Pid
  /** Name of the function that it was started with. */
  readonly initialCall: string
  readonly parent: Pid | undefined
  readonly startedMs: number
  /** Its running code; undefined before its first slice. */
  body: Body<unknown> | undefined = undefined
  /** Makes the code that it goes on with, in its own slice: so a broken start is its own crash. */
  next: (() => Body<unknown>) | undefined
  status: Status = 'runnable'
  level: Level = 'short'
  readonly mailbox = new Mailbox()
  trapsExits = false
  /** What it says it is, where that tells more than its initial call. */
  label: string | undefined = undefined
  name: string | undefined = undefined
  links: Set<Pid> | undefined = undefined
  /** Monitors that this process holds: which ref watches whom. */
  monitors: Map<Ref, Pid> | undefined = undefined
  /** Monitors that others hold on this process: which ref is told to whom. */
  watchers: Map<Ref, Pid> | undefined = undefined
  /** Open calls: a reply to any other ref is late and is dropped. */
  awaited: Set<Ref> | undefined = undefined
  /** The child whose start it waits for. */
  starting: Pid | undefined = undefined
  /** The limit of the receive that it waits in. */
  limit: Timer | undefined = undefined
  limitPassed = false
  /** Counted steps of its whole life. */
  reductions = 0
  /** Counted steps since it last waited: what makes it a long-runner. */
  burst = 0
  /** Where it was preempted last, with the live variables there. */
  preempted: Preempted | undefined = undefined

  constructor(
    runtime: Runtime,
    pid: Pid,
    initialCall: string,
    parent: Pid | undefined,
    startedMs: number,
    next: () => Body<unknown>,
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
