/*
 * Looking at a process from outside, at no cost while nobody looks (`erlang:process_info/1`). What
 * a body does is known by the place that it was preempted at last: its line and its live variables
 * there.
 */
import { heldBy, watchersOf } from './monitors'
import type { Pid } from './pid'
import type { Process, Status } from './process'
import type { Place } from './reductions'

export interface ProcessInfo {
  readonly pid: Pid
  readonly name: string | undefined
  /** The function that it was started with, or its label. */
  readonly initialCall: string
  readonly parent: Pid | undefined
  readonly status: Status
  /** Where it was preempted last; undefined when it never was. */
  readonly current: Place | undefined
  /** The live variables at that place, by name. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly mailboxLength: number
  readonly messages: readonly unknown[]
  readonly links: readonly Pid[]
  /** Whom it watches. */
  readonly monitors: readonly Pid[]
  readonly monitoredBy: readonly Pid[]
  readonly trapsExits: boolean
  /** Counted steps of its whole life. */
  readonly reductions: number
  /** Milliseconds since it was started. */
  readonly ageMs: number
}

export function info(process: Process): ProcessInfo {
  const [place, ...values] = process.preempted ?? []
  return {
    pid: process.pid,
    name: process.name,
    initialCall: process.label ?? process.initialCall,
    parent: process.parent,
    status: process.status,
    current: place,
    variables: Object.fromEntries((place?.names ?? []).map((name, at) => [name, values[at]])),
    mailboxLength: process.mailbox.length,
    messages: process.mailbox.peek(),
    links: [...(process.links ?? [])],
    monitors: heldBy(process).map(({ watched }) => watched!.pid),
    monitoredBy: watchersOf(process).map(({ holder }) => holder!.pid),
    trapsExits: process.trapsExits,
    reductions: process.reductions,
    ageMs: process.runtime.now() - process.startedMs,
  }
}
