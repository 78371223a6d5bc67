/*
 * What acts on a process without its asking (Erlang Reference Manual, 'Processes', section
 * 'Signals').
 *
 *   signal            effect on the receiver
 *   message           put into its mailbox; a dead receiver loses it silently
 *   link, unlink      the two die together, or no longer do
 *   monitor, demonitor   its end will be told once to the holder, or no longer will
 *   down              the message { type: 'down', ref, pid, reason }
 *   exit              by link or by sendExit:
 *     kill, by sendExit            ends it with `killed`, trapping or not
 *     any, trapping exits          becomes the message { type: 'exit', from, reason }
 *     normal, from another         no effect
 *     any other                    ends it with that reason
 *
 * Signals within a host take effect as they are sent, which keeps the order of each pair and puts
 * all that a process sent before its `down`. Trapping is therefore judged at receipt. A process
 * that ends frees its name first, then its links and monitors are told, each with a copy of the
 * reason. Its body is left where it waits, and no `finally` runs; one that is ended in its own
 * slice runs to its next check and acts on nobody.
 */
import { copy } from './message'
import { Pid, type Ref } from './pid'
import { Process, running } from './process'
import { reductions } from './reductions'
import type { ExitReason } from './reason'

/** Told to the holder of a monitor, once. */
export interface Down {
  readonly type: 'down'
  readonly ref: Ref
  /** Whom it is about; the name, where nobody had it. */
  readonly pid: Pid | string
  readonly reason: ExitReason
}

/** An exit signal as a message, for who traps exits. */
export interface ExitMessage {
  readonly type: 'exit'
  readonly from: Pid
  readonly reason: ExitReason
}

/** Sends a message: a copy of it goes into the mailbox, or to the port. */
export function deliver(to: Pid, message: unknown): void {
  const target = to.target
  if (!target) return
  if (target instanceof Process) accept(target, copy(message))
  else target.deliver(copy(message))
}

/** Whether a message is an exit signal that was trapped. */
export const isExit = (message: unknown): message is ExitMessage =>
  (message as ExitMessage | null | undefined)?.type === 'exit'

/** Puts a message that nobody else holds into a mailbox, and wakes who waits. */
export function accept(process: Process, message: unknown): void {
  process.mailbox.put(message)
  if (process.status === 'waiting') process.runtime.wake(process)
}

/** An exit signal sent on purpose (`exit/2`). Throws for a reason that cannot be copied. */
export function signalExit(from: Pid, to: Pid, reason: ExitReason): void {
  const process = to.target
  if (!(process instanceof Process)) return
  if (reason === 'kill') return terminate(process, 'killed')
  receiveExit(process, from, copy(reason), from === to)
}

/** An exit signal that comes along a link: takes effect only while the link stands. */
function signalLinkedExit(from: Pid, to: Pid, reason: ExitReason): void {
  const process = to.target
  if (!(process instanceof Process) || !process.links?.delete(from)) return
  receiveExit(process, from, copy(reason), false)
}

function receiveExit(process: Process, from: Pid, reason: ExitReason, fromSelf: boolean): void {
  if (process.trapsExits) accept(process, { type: 'exit', from, reason } satisfies ExitMessage)
  else if (reason !== 'normal' || fromSelf) terminate(process, reason)
}

/** Links two processes. To a dead one: it answers at once with an exit signal `noproc`. */
export function link(process: Process, to: Pid): void {
  if (to === process.pid || process.status === 'exited') return
  const other = to.target
  if (!(other instanceof Process)) return receiveExit(process, to, 'noproc', false)
  ;(process.links ??= new Set()).add(to)
  ;(other.links ??= new Set()).add(process.pid)
}

/** Ends a link. From now on no exit signal of it reaches the caller. */
export function unlink(process: Process, to: Pid): void {
  process.links?.delete(to)
  const other = to.target
  if (other instanceof Process) other.links?.delete(process.pid)
}

/** Sets a monitor. On a dead process: the `down` with `noproc` is there at once. */
export function monitor(process: Process, ref: Ref, to: Pid): void {
  if (process.status === 'exited') return
  const other = to.target
  if (!(other instanceof Process)) {
    return accept(process, { type: 'down', ref, pid: to, reason: 'noproc' } satisfies Down)
  }
  ;(process.monitors ??= new Map()).set(ref, to)
  ;(other.watchers ??= new Map()).set(ref, process.pid)
}

/** Ends a monitor. Its `down` is taken out of the mailbox if it came already. */
export function demonitor(process: Process, ref: Ref): void {
  const to = process.monitors?.get(ref)
  process.monitors?.delete(ref)
  const other = to?.target
  if (other instanceof Process) other.watchers?.delete(ref)
  if (!to) process.mailbox.take((message) => isDownOf(message, ref), 0)
}

const isDownOf = (message: unknown, ref: Ref): boolean =>
  (message as Partial<Down> | null)?.type === 'down' && (message as Down).ref === ref

/**
 * Deaths that are still to be told: a chain of a hundred thousand links must not nest that deep.
 */
const dying: { process: Process; reason: ExitReason }[] = []
let telling = false

/** Ends a process. Harmless on one that has ended. */
export function terminate(process: Process, reason: ExitReason): void {
  if (process.status === 'exited') return
  process.status = 'exited'
  process.pid.target = undefined
  process.runtime.bury(process)
  // Its own body may be the one that runs: the next check gives the processor away for good.
  if (running.process === process) reductions.left = Math.min(reductions.left, 0)
  dying.push({ process, reason })
  if (telling) return
  telling = true
  try {
    for (let at = 0; at < dying.length; at++) tell(dying[at]!.process, dying[at]!.reason)
  } finally {
    dying.length = 0
    telling = false
  }
}

function tell(process: Process, reason: ExitReason): void {
  const { pid, links, monitors, watchers } = process
  process.links = process.monitors = process.watchers = undefined
  for (const [ref, watched] of monitors ?? []) {
    const other = watched.target
    if (other instanceof Process) other.watchers?.delete(ref)
  }
  for (const linked of links ?? []) signalLinkedExit(pid, linked, reason)
  for (const [ref, holder] of watchers ?? []) {
    const other = holder.target
    if (!(other instanceof Process) || !other.monitors?.delete(ref)) continue
    accept(other, { type: 'down', ref, pid, reason: copy(reason) } satisfies Down)
  }
}
