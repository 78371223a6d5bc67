/*
 * What a supervisor knows of one child: how to start it, when to restart it, how to stop it (OTP
 * Design Principles, 'Supervisor Behaviour', 'Child Specification'). Used by both kinds of
 * supervisor.
 */
import { log, monitor, self, sendExit, unlink } from './body'
import type { Pid } from './pid'
import type { Body, BodyOf } from './process'
import { describeReason, isOrderly, type ExitReason } from './reason'
import { receive, timeout } from './receive'
import type { Down } from './signals'
import { startLink, type Started } from './start'

/** permanent: always; transient: unless it ended in order; temporary: never. */
export type Restart = 'permanent' | 'transient' | 'temporary'

/** Milliseconds to end in after `shutdown` was asked, or no asking, or no limit. */
export type Shutdown = number | 'brutal_kill' | 'infinity'

export interface ChildSpec {
  readonly id: string
  /** The body to start, and its arguments. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of children of every kind
  readonly start: readonly [body: BodyOf<any[]>, ...args: unknown[]]
  readonly name?: string
  /** permanent */
  readonly restart?: Restart
  /** 5,000 for workers, infinity for supervisors */
  readonly shutdown?: Shutdown
  /** worker */
  readonly type?: 'worker' | 'supervisor'
}

/** How long a worker may take to end. */
export const workerShutdownMs = 5_000

/** Throws a TypeError that names the field and the value which no child spec may have. */
export function checkSpec(spec: ChildSpec): void {
  const { id, start, restart = 'permanent', shutdown = 0, type = 'worker' } = spec
  const bad = (field: string, value: unknown) =>
    new TypeError(`child '${String(id)}': ${field} must not be ${describeReason(value)}`)
  if (typeof id !== 'string' || id === '') throw bad('id', id)
  if (!Array.isArray(start) || typeof start[0] !== 'function') throw bad('start', start)
  if (!['permanent', 'transient', 'temporary'].includes(restart)) throw bad('restart', restart)
  if (!['worker', 'supervisor'].includes(type)) throw bad('type', type)
  const isLimit = typeof shutdown === 'number' && shutdown >= 0
  if (!isLimit && shutdown !== 'brutal_kill' && shutdown !== 'infinity')
    throw bad('shutdown', shutdown)
}

/** Starts the child and waits until it has started. */
export function* startSpec(spec: ChildSpec): Body<Started> {
  const [body, ...args] = spec.start
  return yield* startLink(spec.name === undefined ? {} : { name: spec.name }, body, args)
}

/** Whether a child that ended so is started again. */
export function wantsRestart(spec: ChildSpec, reason: ExitReason): boolean {
  const { restart = 'permanent' } = spec
  return restart === 'permanent' || (restart === 'transient' && !isOrderly(reason))
}

/** Ends one child by its spec: asks, waits, kills. Gives its exit reason. */
export function* stopChild(spec: ChildSpec, pid: Pid): Body<ExitReason> {
  const { type = 'worker' } = spec
  const shutdown = spec.shutdown ?? (type === 'supervisor' ? 'infinity' : workerShutdownMs)
  const ref = monitor(pid)
  const isDown = (message: unknown) => (message as Partial<Down> | null)?.ref === ref
  // Without the link its end comes once, as the monitor's `down`.
  unlink(pid)
  sendExit(pid, shutdown === 'brutal_kill' ? 'kill' : 'shutdown')
  const limitMs = typeof shutdown === 'number' ? shutdown : Infinity
  const down = yield* receive<Down>(isDown, limitMs)
  if (down !== timeout) return endOf(down)
  sendExit(pid, 'kill')
  return endOf(yield* receive<Down>(isDown))
}

/** A child that had died before the monitor was set gives `noproc`; nothing is to be said of it. */
const endOf = (down: Down): ExitReason => (down.reason === 'noproc' ? 'normal' : down.reason)

/** A supervisor's report of what befell a child. */
export function report(
  event: string,
  id: string,
  details: { pid?: Pid; reason?: ExitReason },
): void {
  const level = event === 'child_started' ? 'info' : 'warn'
  log({ level, event, supervisor: self(), child: id, ...details })
}
