/*
 * What a supervisor knows, to be read by others without asking it: it may be busy starting or
 * stopping a child, and the supervision tree is wanted just then. Kept beside the process table,
 * so that a process which supervises nobody carries nothing for it.
 */
import type { ChildSpec, Restart } from './child-spec'
import type { Intensity } from './intensity'
import type { Pid } from './pid'
import { me, type Process } from './process'

/** One child of a supervisor with a list. */
export interface Child {
  readonly spec: ChildSpec
  pid: Pid | undefined
  /** Its restart failed and will be tried again. */
  restarting: boolean
}

/** A supervisor's live state, of either kind: it changes as the supervisor goes on. */
export interface Supervision {
  readonly limit: Intensity
  /** The restarts that may still be in its window, oldest first. */
  readonly restartsMs: readonly number[]
  /** Its children in the order of their start; undefined: all alike, see `restart`. */
  readonly list?: readonly Child[]
  /** How each child of a dynamic supervisor is restarted. */
  readonly restart?: Restart
}

const supervisions = new WeakMap<Process, Supervision>()

/** Said by a supervisor when it starts, before its first child. */
export function supervises(supervision: Supervision): void {
  supervisions.set(me(), supervision)
}

/** What a process supervises; undefined: nobody. */
export const supervisionOf = (process: Process): Supervision | undefined =>
  supervisions.get(process)
