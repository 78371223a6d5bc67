/*
 * Speaking to a supervisor about its children (OTP, `supervisor`; Elixir, `DynamicSupervisor`).
 * All are calls without a limit, since a supervisor may be starting a slow child; they end the
 * caller when there is no such supervisor. What cannot be done is told in OTP's own words:
 *
 *   already_present        the id has a child that does not run: restart it, or delete it first
 *   already_started, pid   the id, or the name, has one that runs
 *   running, restarting    not now: it runs, or is about to
 *   not_found              no such child
 *   simple_one_for_one     a dynamic supervisor has no ids and no specs
 *   max_children           a dynamic supervisor has as many as it may
 */
import type { ChildSpec } from './child-spec'
import type { Pid } from './pid'
import type { Body, BodyOf } from './process'
import type { ExitReason } from './reason'
import { call } from './server'
import type { Started } from './start'

/** One line of `whichChildren`. */
export interface ChildLine {
  /** Of a dynamic supervisor's child: its name, or that of its body. */
  readonly id: string
  readonly pid: Pid | undefined
  /** Its restart failed and will be tried again. */
  readonly restarting: boolean
  readonly type: 'worker' | 'supervisor'
}

/** What `countChildren` counts. */
export interface ChildCounts {
  /** All, running or not. */
  readonly specs: number
  readonly active: number
  readonly supervisors: number
  readonly workers: number
}

/** Why something was not done. */
export interface Undone {
  readonly ok: false
  readonly reason: ExitReason
}

export type Done = { readonly ok: true } | Undone

/** A child that ignored its start has a spec and no pid. */
export type ChildStarted = { readonly ok: true; readonly pid: Pid | undefined } | Undone

export type ChildRequest =
  | { readonly type: 'start_child'; readonly spec: ChildSpec }
  | StartBody
  | { readonly type: 'which_children' | 'count_children' }
  | {
      readonly type: 'terminate_child' | 'restart_child' | 'delete_child' | 'get_child_spec'
      readonly id: Pid | string
    }

/** What a dynamic supervisor starts: the rest of the spec is its own. */
export interface StartBody {
  readonly type: 'start_child'
  readonly start: ChildSpec['start']
  /** What it is called where its supervisor tells of it; its name or its function otherwise. */
  readonly id?: string
  readonly name?: string
  readonly restart?: 'temporary'
}

/** Asks a supervisor. */
export const ask = <Answer>(whom: Pid | string, request: ChildRequest): Body<Answer> =>
  call<Answer>(whom, request, Infinity)

/**
 * Starts a child and waits until it has started: a spec, under a supervisor with a list; a body,
 * under a dynamic one. A start that fails gives its reason, and the spec is forgotten; a wrong spec
 * gives a TypeError that names the field; a dynamic child that ignores gives `ignore`.
 */
export function startChild(whom: Pid | string, spec: ChildSpec): Body<ChildStarted>
export function startChild<Args extends unknown[]>(
  whom: Pid | string,
  body: BodyOf<Args>,
  ...args: Args
): Body<Started>
export function startChild(
  whom: Pid | string,
  what: ChildSpec | BodyOf,
  ...args: unknown[]
): Body<ChildStarted> {
  return typeof what === 'function'
    ? ask(whom, { type: 'start_child', start: [what, ...args] })
    : ask(whom, { type: 'start_child', spec: what })
}

/**
 * Under a dynamic supervisor, with a registered name that is kept through restarts. A taken one:
 * `['already_started', pid]`.
 */
export function startNamedChild<Args extends unknown[]>(
  whom: Pid | string,
  name: string,
  body: BodyOf<Args>,
  ...args: Args
): Body<Started> {
  return ask(whom, { type: 'start_child', name, start: [body, ...args] })
}

/**
 * Stops a child by its id, or a dynamic one by its pid. It is not restarted; its spec stays unless
 * it is temporary. `not_found`.
 */
export const terminateChild = (whom: Pid | string, id: Pid | string): Body<Done> =>
  ask(whom, { type: 'terminate_child', id })

/** Starts a child that does not run from its spec. `running`, `restarting`, `not_found`. */
export const restartChild = (whom: Pid | string, id: string): Body<ChildStarted> =>
  ask(whom, { type: 'restart_child', id })

/** Forgets the spec of a child that does not run. `running`, `restarting`, `not_found`. */
export const deleteChild = (whom: Pid | string, id: string): Body<Done> =>
  ask(whom, { type: 'delete_child', id })

/** The spec of a child with every field. `not_found`. */
export const getChildSpec = (
  whom: Pid | string,
  id: string,
): Body<{ readonly ok: true; readonly spec: ChildSpec } | Undone> =>
  ask(whom, { type: 'get_child_spec', id })

/** The children of a supervisor as they are, in the order of their start. */
export const whichChildren = (whom: Pid | string): Body<readonly ChildLine[]> =>
  ask(whom, { type: 'which_children' })

/** How many children of which kind a supervisor has. */
export const countChildren = (whom: Pid | string): Body<ChildCounts> =>
  ask(whom, { type: 'count_children' })
