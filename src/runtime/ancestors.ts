/*
 * Who started a process, and who started them: what OTP's crash reports call `ancestors`
 * (`proc_lib`). Looked up by the way of those that live, so nothing is kept of the dead but a name.
 */
import type { Pid } from './pid'
import { Process } from './process'

/** A process that has started others, by what it is known as; of a dead one its pid is left. */
export interface Ancestor {
  readonly pid: Pid
  readonly name?: string | undefined
  /** The function that it was started with, or its label. */
  readonly initialCall?: string
}

const mostAncestors = 10

/** The ancestors of a process, its parent first: at most ten, and none beyond a dead one. */
export function ancestorsOf({ parent }: Process): Ancestor[] {
  const ancestors: Ancestor[] = []
  for (let pid = parent; pid && ancestors.length < mostAncestors;) {
    const process = pid.target
    if (!(process instanceof Process)) {
      ancestors.push({ pid })
      break
    }
    const { name, label, initialCall } = process
    ancestors.push({ pid, name, initialCall: label ?? initialCall })
    pid = process.parent
  }
  return ancestors
}
