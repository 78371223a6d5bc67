/*
 * The stack of a process, from the function that it is in outward, each with its line and its live
 * variables (`erlang:process_info(Pid, current_stacktrace)`; the variables are more than that
 * gives). A suspended process is resumed only to say where it is: nothing of it runs, and looking
 * costs nothing while nobody does. The running process cannot be resumed and so cannot be looked
 * at.
 */
import { variablesAt } from './glimpse'
import type { Pid } from './pid'
import { me, type Process, type Status } from './process'
import { look, type Preempted } from './reductions'

/** One function of a stack, where it is now. */
export interface Frame {
  readonly function: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** The live variables there, as copies limited in depth and size. */
  readonly variables: Readonly<Record<string, unknown>>
}

/** What is to be seen of a process. */
export type Stack =
  /** Innermost first; none in a process that has not begun, or in code that is not compiled. */
  | {
      readonly status: Exclude<Status, 'running' | 'exited'>
      readonly initialCall: string
      readonly frames: readonly Frame[]
    }
  /** Its own stack, or that of whoever it runs for, cannot be looked at. */
  | { readonly status: 'running'; readonly initialCall: string; readonly frames: undefined }

/** Where a process is, innermost first; undefined for one that runs or has ended. */
export function framesOf(process: Process): readonly Preempted[] | undefined {
  const { status, body, next } = process
  if (status === 'running' || status === 'exited') return undefined
  return body && !next ? look(body) : []
}

/**
 * Where a process of this host is, innermost first. The caller's own stack cannot be looked at and
 * says so by its status; a dead process has none.
 */
export const stacktrace = (pid: Pid): Stack | undefined => me().runtime.stacktrace(pid)

export function stackOf(process: Process): Stack | undefined {
  const { status, label, initialCall } = process
  const call = { initialCall: label ?? initialCall }
  if (status === 'exited') return undefined
  if (status === 'running') return { status, ...call, frames: undefined }
  return { status, ...call, frames: framesOf(process)!.map(frameOf) }
}

export function frameOf(seen: Preempted): Frame {
  const { function: name, file, line, column } = seen[0]
  return { function: name, file, line, column, variables: variablesAt(seen) }
}

/** Where a process is now, or was preempted last if it runs. */
export function whereIs(process: Process): Preempted | undefined {
  const frames = framesOf(process)
  return frames ? frames[0] : process.status === 'running' ? process.preempted : undefined
}
