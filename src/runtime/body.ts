/*
 * The words of process code that act at once; the one that waits is `receive` (receive.ts). All of
 * them belong to the process that runs: none takes a runtime, so that a body reads like the Erlang
 * it stands for. A process that has been ended in its own slice acts on nobody any more.
 */
import { Become } from './code'
import { copy } from './message'
import type { Pid, Ref } from './pid'
import { checkPriority, me, type BodyOf, type Priority } from './process'
import { Exit, type ExitReason } from './reason'
import { reductions } from './reductions'
import type { LogRecord, SpawnOptions } from './runtime'
import * as signals from './signals'
import { Timer } from './timers'
import { find, isElsewhere, type Whom } from './whom'

/** The pid of the running process. */
export const self = (): Pid => me().pid

/** Starts a process that shares nothing with its parent: arguments are copied like messages. */
export const spawn = <Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): Pid =>
  spawnWith({}, body, ...args).pid

/** Starts a process linked to this one, in one step. */
export const spawnLink = <Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): Pid =>
  spawnWith({ link: true }, body, ...args).pid

/** Starts a process and monitors it, in one step. */
export function spawnMonitor<Args extends unknown[]>(
  body: BodyOf<Args>,
  ...args: Args
): { pid: Pid; ref: Ref } {
  return spawnWith({ monitor: true }, body, ...args) as { pid: Pid; ref: Ref }
}

/** Starts a process with a name, a link, a monitor. Throws when the name is taken. */
export function spawnWith<Args extends unknown[]>(
  options: SpawnOptions,
  body: BodyOf<Args>,
  ...args: Args
): { pid: Pid; ref?: Ref } {
  const process = me()
  return process.runtime.start(process, options, body, copy(args))
}

/**
 * Sends a copy of `message`, to a pid or a registered name; never waits. To a dead process it is
 * lost, and so it is to a name `{ name, host }` that nobody has there, or to a host that is not
 * connected. Throws for a name of this host that nobody has, as Erlang's `Name ! Message` does, and
 * for what cannot be copied.
 */
export function send(to: Whom, message: unknown): void {
  const process = me()
  if (process.status === 'exited') return
  const pid = find(process.runtime, to)
  if (pid) signals.deliver(pid, message)
  else if (typeof to === 'string') throw new Error(`no process is registered as '${to}'`)
}

/**
 * Sends `message` to `to` in `ms` milliseconds, unless cancelled before: `cancel` says whether it
 * was in time.
 */
export function sendAfter(ms: number, to: Pid, message: unknown): { cancel: () => boolean } {
  return sendAt(now() + ms, to, message)
}

/** The same at a moment of the host's monotonic clock. */
export function sendAt(dueMs: number, to: Pid, message: unknown): { cancel: () => boolean } {
  const { runtime, status } = me()
  if (status === 'exited') return { cancel: () => false }
  const copied = copy(message)
  // What cannot cross to another host is the sender's fault, now and not when the time has come.
  if (isElsewhere(to)) to.target.check(copied)
  const timer = new Timer(() => signals.deliver(to, copied), undefined)
  runtime.timers.start(timer, dueMs)
  return {
    cancel() {
      const { isPending } = timer
      runtime.timers.cancel(timer)
      return isPending
    },
  }
}

/** Links this process and `pid`: when one dies abnormally, so does the other. */
export const link = (pid: Pid): void => signals.link(me(), pid)

/** Ends the link. */
export const unlink = (pid: Pid): void => signals.unlink(me(), pid)

/**
 * Turns exit signals into `exit` messages, or back. Judged when a signal arrives. Gives what held
 * before.
 */
export function trapExits(traps: boolean): boolean {
  const process = me()
  const before = process.trapsExits
  process.trapsExits = traps
  return before
}

/**
 * Watches a process or name: exactly one `down` message comes when it ends, or at once with
 * `noproc` or, where its host is not connected, `noconnection`.
 */
export function monitor(whom: Whom): Ref {
  const process = me()
  const ref = process.runtime.ref()
  const pid = find(process.runtime, whom)
  if (pid) signals.monitor(process, ref, pid)
  else signals.accept(process, { type: 'down', ref, pid: whom, reason: 'noproc' })
  return ref
}

/**
 * Ends a monitor: no `down` of it is taken from now on, not even one that lies in the mailbox
 * already.
 */
export const demonitor = (ref: Ref): void => signals.demonitor(me(), ref)

/** Ends this process with `reason` (`exit/1`): thrown, so plain functions may use it too. */
export function exit(reason: ExitReason): never {
  throw new Exit(reason)
}

/**
 * Sends an exit signal (`exit/2`). `kill` cannot be trapped. To oneself it acts before the call
 * returns: a process that ends by it runs no further line, no `catch` and no `finally`.
 */
export function sendExit(to: Pid, reason: ExitReason): void {
  const process = me()
  if (process.status === 'exited') return
  signals.signalExit(process.pid, to, reason)
  if (to === process.pid && reductions.ended) throw reductions.ended
}

/** Gives this process a name in its host. Throws when the name is taken or it has one already. */
export function register(name: string): void {
  const process = me()
  if (process.status === 'exited') return
  if (process.name !== undefined)
    throw new Error(`${process.pid} is already named '${process.name}'`)
  process.runtime.registry.register(name, process.pid)
  process.name = name
}

/**
 * Says what this process is, where that tells more than its initial call (`proc_lib:set_label/1`).
 */
export function setLabel(label: string): void {
  me().label = label
}

/**
 * Sets what goes before what (`process_flag(priority)`); gives what held before. `high` is for who
 * watches over others and gives way soon; even so nothing starves.
 */
export function setPriority(priority: Priority): Priority {
  checkPriority(priority)
  const process = me()
  const before = process.priority
  process.priority = priority
  return before
}

/** The pid of a registered name, or undefined. */
export const whereis = (name: string): Pid | undefined => me().runtime.registry.find(name)

/** Whether a process of this host is alive. Throws for one of another host, as Erlang does. */
export function isAlive(pid: Pid): boolean {
  if (isElsewhere(pid)) throw new Error(`${pid} is a process of another host`)
  return pid.target !== undefined
}

/** Milliseconds of the host's monotonic clock. */
export const now = (): number => me().runtime.now()

/** A number from 0 up to 1, from the host's source of chance. */
export const random = (): number => me().runtime.random()

/** Writes a line to the host's log. */
export function log(record: LogRecord): void {
  const { runtime, pid, status } = me()
  if (status !== 'exited') runtime.log({ pid, ...record })
}

/**
 * `return become(Session.serve, state)` ends a turn: the process goes on as that body, in the
 * version that is current now, keeping its pid, mailbox, name and links (a fully qualified tail
 * call in Erlang).
 */
export const become = <Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): never =>
  new Become(body, args) as never
