/*
 * What a process shares with one life of another host: links, monitors of both directions, and
 * whether its name is known there. Kept at the process, so that its end finds all of it, and torn
 * as one when the connection is lost.
 */
import type { Pid, Ref } from './pid'
import type { Process } from './process'
import type { ExitReason } from './reason'
import type { RemoteHost } from './remote-host'

export class Tie {
  /** Whom it is linked to there. */
  readonly links = new Set<Pid>()
  /**
   * Whose link it has ended there, until that is heard of: nothing that comes along such a link
   * counts meanwhile, be it an exit signal or a link that crossed the unlink on its way (Erlang
   * Distribution Protocol, 'Link Protocol').
   */
  readonly unlinking = new Map<Pid, number>()
  /** Monitors that it holds there, by the serial of their ref. */
  readonly monitors = new Map<number, { readonly ref: Ref; readonly to: Pid }>()
  /** Monitors that processes there hold on it, by the serial of their ref. */
  readonly watchers = new Map<number, Pid>()
  /** Its name was told there, so its end will be. */
  isKnown = false
}

/** The end of a process is told to the other hosts. Part of `terminate` in signals.ts. */
export function endTies(process: Process, reason: ExitReason): void {
  const ties = process.ties
  process.ties = undefined
  for (const [host, tie] of ties ?? []) host.processEnded(process, tie, reason)
}

/** Ends a monitor that a process holds on another host. False when that host holds none of it. */
export function demonitorRemote(process: Process, ref: Ref): boolean {
  for (const [host, tie] of process.ties ?? []) {
    if (tie.monitors.get(ref.serial)?.ref === ref) return host.demonitor(tie, ref)
  }
  return false
}

/** All that `tell` gives for the ties of a process: for inspection. */
export function tied<Item>(process: Process, tell: (tie: Tie) => Iterable<Item>): Item[] {
  return [...(process.ties?.values() ?? [])].flatMap((tie) => [...tell(tie)])
}

/** Whether this life of another host is tied to the process, or knows its name. */
export function tieOf(process: Process, host: RemoteHost): Tie {
  const ties = (process.ties ??= new Map<RemoteHost, Tie>())
  let tie = ties.get(host)
  if (!tie) ties.set(host, (tie = new Tie()))
  return tie
}
