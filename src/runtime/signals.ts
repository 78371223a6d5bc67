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
 * A signal to a process of another host goes to that host as a word (remote-host.ts) and takes
 * effect there (remote-signals.ts). Signals within a host take effect as they are sent, which keeps
 * the order of each pair and puts all that a process sent before its `down`. Trapping is therefore
 * judged at receipt. A process that ends frees its name first, then its links and monitors are
 * told, each with a copy of the reason. Its body is left where it waits, and no `finally` runs; one
 * that is ended in its own slice runs to its next check and acts on nobody, and one that ends
 * itself runs no further line.
 */
import { copy } from './message'
import { attach, detach, watchersOf } from './monitors'
import type { Pid, Ref } from './pid'
import { Process, running } from './process'
import { Port } from './port'
import { endSlice } from './reductions'
import type { ExitReason } from './reason'
import { demonitorRemote, endTies } from './tie'
import type { NameOnHost } from './whom'

/** Told to the holder of a monitor, once. */
export interface Down {
  readonly type: 'down'
  readonly ref: Ref
  /** Whom it is about; the name, where nobody had it or where it was watched on another host. */
  readonly pid: Pid | string | NameOnHost
  readonly reason: ExitReason
}

/** An exit signal as a message, for who traps exits. */
export interface ExitMessage {
  readonly type: 'exit'
  readonly from: Pid
  readonly reason: ExitReason
}

/** Sends a message: a copy of it goes into the mailbox, to the port, or to the other host. */
export function deliver(to: Pid, message: unknown): void {
  const target = to.target
  if (!target) return
  if (target instanceof Process) accept(target, copy(message))
  else if (target instanceof Port) target.deliver(copy(message))
  else target.deliver(to, message)
}

/** Whether a message is an exit signal that was trapped. */
export const isExit = (message: unknown): message is ExitMessage =>
  (message as ExitMessage | null | undefined)?.type === 'exit'

/**
 * Puts a message that nobody else holds into a mailbox, and wakes who waits. A mailbox that is full
 * ends its process: whoever is asked more than it will ever do must not take its host with it.
 */
export function accept(process: Process, message: unknown): void {
  if (process.status === 'exited') return
  process.mailbox.put(message)
  if (process.status === 'waiting') process.runtime.wake(process)
  if (process.mailbox.length > process.runtime.mailboxLimit) overflow(process)
}

function overflow(process: Process): void {
  const { runtime, pid, name, initialCall } = process
  terminate(process, 'mailbox_full')
  runtime.log({ level: 'error', event: 'mailbox_full', pid, name, initialCall })
}

/** An exit signal sent on purpose (`exit/2`). Throws for a reason that cannot be copied. */
export function signalExit(from: Pid, to: Pid, reason: ExitReason): void {
  const process = to.target
  if (!process || process instanceof Port) return
  if (!(process instanceof Process)) return process.exit(from, to, reason)
  if (reason === 'kill') return terminate(process, 'killed')
  receiveExit(process, from, copy(reason), from === to)
}

/** An exit signal that comes along a link: takes effect only while the link stands. */
function signalLinkedExit(from: Pid, to: Pid, reason: ExitReason): void {
  const process = to.target
  if (!(process instanceof Process) || !process.links?.delete(from)) return
  receiveExit(process, from, copy(reason), false)
}

/** What an exit signal does that has arrived with a reason of its own. */
export function receiveExit(
  process: Process,
  from: Pid,
  reason: ExitReason,
  fromSelf: boolean,
): void {
  if (process.trapsExits) accept(process, { type: 'exit', from, reason } satisfies ExitMessage)
  else if (reason !== 'normal' || fromSelf) terminate(process, reason)
}

/** Links two processes. To a dead one: it answers at once with an exit signal `noproc`. */
export function link(process: Process, to: Pid): void {
  if (to === process.pid || process.status === 'exited') return
  const other = to.target
  if (!other || other instanceof Port) return receiveExit(process, to, 'noproc', false)
  if (!(other instanceof Process)) return other.link(process, to)
  ;(process.links ??= new Set()).add(to)
  ;(other.links ??= new Set()).add(process.pid)
}

/** Ends a link. From now on no exit signal of it reaches the caller. */
export function unlink(process: Process, to: Pid): void {
  const other = to.target
  if (other && !(other instanceof Process || other instanceof Port)) other.unlink(process, to)
  process.links?.delete(to)
  if (other instanceof Process) other.links?.delete(process.pid)
}

/** Sets a monitor. On a dead process: the `down` with `noproc` is there at once. */
export function monitor(process: Process, ref: Ref, to: Pid): void {
  if (process.status === 'exited') return
  const other = to.target
  if (other instanceof Process) attach(ref, process, other)
  else if (other && !(other instanceof Port)) other.monitor(process, ref, to)
  else accept(process, { type: 'down', ref, pid: to, reason: 'noproc' } satisfies Down)
}

/** Ends a monitor. Its `down` is taken out of the mailbox if it came already. */
export function demonitor(process: Process, ref: Ref): void {
  if (process.ties && demonitorRemote(process, ref)) return
  if (ref.holder === process) detach(ref)
  else process.mailbox.take((message) => isDownOf(message, ref))
}

const isDownOf = (message: unknown, ref: Ref): boolean =>
  (message as Partial<Down> | null)?.type === 'down' && (message as Down).ref === ref

/**
 * Deaths whose links are still to be told: a chain of a hundred thousand links must not nest that
 * deep.
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
  if (running.process === process) endSlice()
  if ((process.links && process.links.size > 0) || process.ties) tellAll(process, reason)
  else tellWatchers(process, reason)
}

function tellAll(process: Process, reason: ExitReason): void {
  dying.push({ process, reason })
  if (telling) return
  telling = true
  try {
    for (let at = 0; at < dying.length; at++) {
      const { process, reason } = dying[at]!
      tellLinked(process, reason)
      tellWatchers(process, reason)
    }
  } finally {
    dying.length = 0
    telling = false
  }
}

function tellLinked(process: Process, reason: ExitReason): void {
  const { pid, links } = process
  process.links = undefined
  if (process.ties) endTies(process, reason)
  for (const linked of links ?? []) signalLinkedExit(pid, linked, reason)
}

function tellWatchers(process: Process, reason: ExitReason): void {
  while (process.monitors) detach(process.monitors)
  const only = process.watchers
  if (!only) return
  if (!only.nextWatching) return tellDown(process.pid, only, reason)
  for (const ref of watchersOf(process)) tellDown(process.pid, ref, reason)
}

function tellDown(pid: Pid, ref: Ref, reason: ExitReason): void {
  const { holder } = ref
  // Ended meanwhile, with its holder: the word before may have been one too many for that.
  if (!holder) return
  detach(ref)
  accept(holder, { type: 'down', ref, pid, reason: copy(reason) } satisfies Down)
}
