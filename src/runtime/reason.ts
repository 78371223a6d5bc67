/*
 * Why a process ended. Words of the Erlang Reference Manual ('Processes', section 'Errors'), with
 * thrown errors beside them:
 *
 *   normal        its body returned; linked processes take no notice
 *   shutdown      its supervisor asked it to end
 *   kill, killed  the untrappable signal as sent; what others see of a process that it ended
 *   noproc        there was no such process to link to, to monitor or to call
 *   noconnection  its host is gone
 *   timeout       a call was not answered within its limit
 *   unyielding    plain code ran past the hard limit without giving way
 *   any Error     what its body threw; any other value: what its body gave to `exit`
 */
import { copy } from './message'
import type { Place } from './reductions'

export type ExitReason = unknown

/** Thrown by `exit(reason)`: ends the process with that reason, unless its body catches it. */
export class Exit extends Error {
  readonly reason: ExitReason

  constructor(reason: ExitReason) {
    super(describeReason(reason))
    this.name = 'Exit'
    this.reason = reason
  }
}

/**
 * The reason of an end that this was thrown for. Reasons are told to others, so they are copies;
 * one that cannot be copied gives way to saying so.
 */
export function tellable(thrown: unknown): ExitReason {
  try {
    return copy(thrown instanceof Exit ? thrown.reason : thrown)
  } catch (error) {
    return error instanceof Error ? error : new TypeError('this exit reason cannot be copied')
  }
}

/** The exit reason of a process whose plain code ran past the hard limit at `place`. */
export class Unyielding extends Error {
  readonly place: Place

  constructor(place: Place) {
    super(`unyielding in ${place.function} (${place.file}:${place.line}:${place.column})`)
    this.name = 'unyielding'
    this.place = place
  }
}

/** The exit reason of a process whose call was not answered. */
export class CallFailed extends Error {
  readonly reason: ExitReason

  constructor(reason: ExitReason, whom: string) {
    super(`call to ${whom} failed: ${describeReason(reason)}`)
    this.name = 'CallFailed'
    this.reason = reason
  }
}

/**
 * True for ends that a transient child is not restarted after and that nobody needs a report of.
 */
export const isOrderly = (reason: ExitReason): boolean =>
  reason === 'normal' || reason === 'shutdown' || isShutdownTuple(reason)

/** `['shutdown', why]` is OTP's `{shutdown, Term}`. */
const isShutdownTuple = (reason: ExitReason): boolean =>
  Array.isArray(reason) && reason.length === 2 && reason[0] === 'shutdown'

/** One line for people: `normal`, `killed`, `RangeError: too big`. Never throws. */
export function describeReason(reason: ExitReason): string {
  try {
    if (reason instanceof Unyielding || reason instanceof CallFailed) return reason.message
    if (reason instanceof Error) return `${reason.name}: ${reason.message}`
    if (typeof reason === 'string') return reason
    return JSON.stringify(reason) ?? String(reason)
  } catch {
    // A bigint, a cycle, a hostile toJSON or message: the kind of value is all that can be said.
    return typeof reason === 'bigint' ? `${reason}n` : `an indescribable ${typeof reason}`
  }
}
