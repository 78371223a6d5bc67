/*
 * What is known of a process from outside, at no cost while nobody looks
 * (`erlang:process_info/1`). Where it is, is looked up when it is asked for: stack.ts.
 */
import { heldBy, watchersOf } from './monitors'
import { Pid } from './pid'
import { me, type Process, type Status } from './process'
import type { Place } from './reductions'
import { variablesAt } from './glimpse'
import { whereIs } from './stack'
import { tied } from './tie'
import { shown, type NameOnHost } from './whom'

export interface ProcessInfo {
  readonly pid: Pid
  readonly name: string | undefined
  /** The function that it was started with, or its label. */
  readonly initialCall: string
  readonly parent: Pid | undefined
  readonly status: Status
  /**
   * Where it is when this is first asked for: of one that waits, the line that it waits in. Where
   * it was preempted last, of the running one. Undefined of one that has not begun.
   */
  readonly current: Place | undefined
  /** The live variables at that place, by name: copies limited in depth and size. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly mailboxLength: number
  readonly messages: readonly unknown[]
  readonly links: readonly Pid[]
  /** Whom it watches by pid. */
  readonly monitors: readonly Pid[]
  /** Whom it watches by name on other hosts. */
  readonly monitoredNames: readonly NameOnHost[]
  readonly monitoredBy: readonly Pid[]
  readonly trapsExits: boolean
  /** Counted steps of its whole life. */
  readonly reductions: number
  /** Milliseconds since it was started. */
  readonly ageMs: number
}

/** The live process of that serial in this host. Looks through all. */
export const findProcess = (serial: number): Pid | undefined => me().runtime.find(serial)

/** What is known of a process of this host; undefined when it is dead. */
export const processInfo = (pid: Pid): ProcessInfo | undefined => me().runtime.info(pid)

export function info(process: Process): ProcessInfo {
  let seen: ReturnType<typeof whereIs> | null = null
  const where = () => (seen === null ? (seen = whereIs(process)) : seen)
  const watched = tied(process, (tie) => tie.monitors.values()).map(({ to }) => shown(to))
  return {
    pid: process.pid,
    name: process.name,
    initialCall: process.label ?? process.initialCall,
    parent: process.parent,
    status: process.status,
    get current() {
      return where()?.[0]
    },
    get variables() {
      const at = where()
      return at ? variablesAt(at) : {}
    },
    mailboxLength: process.mailbox.length,
    messages: process.mailbox.peek(),
    links: [...(process.links ?? []), ...tied(process, (tie) => tie.links)],
    monitors: [
      ...heldBy(process).map(({ watched }) => watched!.pid),
      ...watched.filter((whom) => whom instanceof Pid),
    ],
    monitoredNames: watched.filter((whom): whom is NameOnHost => !(whom instanceof Pid)),
    monitoredBy: [
      ...watchersOf(process).map(({ holder }) => holder!.pid),
      ...tied(process, (tie) => tie.watchers.values()),
    ],
    trapsExits: process.trapsExits,
    reductions: process.reductions,
    ageMs: process.runtime.now() - process.startedMs,
  }
}
