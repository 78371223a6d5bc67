/*
 * Child specs: what a supervisor is told of a child (OTP Design Principles, 'Supervisor Behaviour',
 * 'Child Specification'), and what it refuses to be told. A fault names the field and the value;
 * unknown fields are faults, since a misspelt one would be a rule that never holds.
 */
import type { BodyOf } from './process'
import { describeReason, isOrderly, type ExitReason } from './reason'

/** permanent: always; transient: unless it ended in order; temporary: never. */
export type Restart = 'permanent' | 'transient' | 'temporary'

/** Milliseconds to end in after `shutdown` was asked, or no asking, or no limit. */
export type Shutdown = number | 'brutal_kill' | 'infinity'

/**
 * Whether a supervisor ends with `shutdown` once a significant child has ended by itself: never,
 * with the first of them, or with the last (OTP, `supervisor`, 'Automatic Shutdown').
 */
export type AutoShutdown = 'never' | 'any_significant' | 'all_significant'

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
  /** Its own end may end its supervisor: see `AutoShutdown`. Not for permanent ones. */
  readonly significant?: boolean
}

/** How long a worker may take to end. */
export const workerShutdownMs = 5_000

const fields = ['id', 'start', 'name', 'restart', 'shutdown', 'type', 'significant']
export const restarts = ['permanent', 'transient', 'temporary']

/** What is wrong with a child spec, by field and value, or nothing. */
export function findChildFault(
  spec: ChildSpec,
  autoShutdown: AutoShutdown = 'never',
): TypeError | undefined {
  if (typeof spec !== 'object' || spec === null) {
    return new TypeError(`a child spec must not be ${describeReason(spec)}`)
  }
  const { id, start, name, type = 'worker', restart = 'permanent', significant = false } = spec
  const of = `child '${describeReason(id)}'`
  const fault = (field: string, value: unknown) =>
    new TypeError(`${of}: ${field} must not be ${describeReason(value)}`)
  const unknown = findUnknownField(of, spec, fields)
  if (unknown) return unknown
  if (typeof id !== 'string' || id === '') return fault('id', id)
  if (!Array.isArray(start) || typeof start[0] !== 'function') return fault('start', start)
  if (name !== undefined && !isName(name)) return fault('name', name)
  if (!restarts.includes(restart)) return fault('restart', restart)
  if (!isShutdown(spec.shutdown ?? 0)) return fault('shutdown', spec.shutdown)
  if (!['worker', 'supervisor'].includes(type)) return fault('type', type)
  if (typeof significant !== 'boolean') return fault('significant', significant)
  if (!significant) return undefined
  if (restart === 'permanent') return fault('significant', 'true for a permanent child')
  if (autoShutdown === 'never') return fault('significant', "true while autoShutdown is 'never'")
  return undefined
}

/** The first field of `spec` that nobody knows. */
export function findUnknownField(
  of: string,
  spec: object,
  known: readonly string[],
): TypeError | undefined {
  const field = Object.keys(spec).find((key) => !known.includes(key))
  if (field === undefined) return undefined
  const value = describeReason((spec as Record<string, unknown>)[field])
  return new TypeError(`${of}: there is no field ${field} (${value})`)
}

export const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''

/** Whole milliseconds, or a word. */
export const isShutdown = (shutdown: unknown): boolean =>
  shutdown === 'brutal_kill' ||
  shutdown === 'infinity' ||
  shutdown === Infinity ||
  (Number.isInteger(shutdown) && (shutdown as number) >= 0)

/** A spec with every field that it left out, as `getChildSpec` tells it. */
export function complete(spec: ChildSpec): ChildSpec {
  const { restart = 'permanent', type = 'worker', significant = false } = spec
  return { ...spec, restart, type, significant, shutdown: shutdownOf(spec) }
}

export const shutdownOf = ({ type = 'worker', shutdown }: ChildSpec): Shutdown =>
  shutdown ?? (type === 'supervisor' ? 'infinity' : workerShutdownMs)

/** Whether a child that ended so is started again. */
export function wantsRestart(spec: ChildSpec, reason: ExitReason): boolean {
  const { restart = 'permanent' } = spec
  return restart === 'permanent' || (restart === 'transient' && !isOrderly(reason))
}
