/*
 * The list of a supervisor's children: started in its order, stopped in the reverse order, left by
 * temporary ones with their end (OTP, `supervisor`). What a supervisor does when one of them ends
 * stands in supervisor.ts.
 */
import { startSpec, stopChild } from './child'
import type { ChildSpec } from './child-spec'
import type { ChildStarted } from './children'
import type { Body } from './process'
import type { ExitReason } from './reason'
import { ignore } from './start'
import type { Child } from './supervision'

/** Whoever has the list. Its array is never changed, but replaced. */
export interface ChildList {
  list: readonly Child[]
}

export const notRunning = (spec: ChildSpec): Child => ({ spec, pid: undefined, restarting: false })

/** Starts a child. One that ignores its start is one without a pid. */
export function* startIt(child: Child): Body<ChildStarted> {
  const outcome = yield* startSpec(child.spec)
  if (outcome.ok) child.pid = outcome.pid
  else if (outcome.reason === ignore) return { ok: true, pid: undefined }
  return outcome
}

/** A temporary child leaves the list with its end; the spec of any other stays. */
export function forgetTemporary(state: ChildList, children: readonly Child[]): void {
  state.list = state.list.filter(
    (child) => child.spec.restart !== 'temporary' || !children.includes(child),
  )
}

/** Starts those that do not run, in order; the first that fails ends it. */
export function* startAll(
  state: ChildList,
  children: readonly Child[],
): Body<{ id: string; reason: ExitReason } | undefined> {
  for (const child of children) {
    if (child.pid) continue
    const outcome = yield* startIt(child)
    child.restarting = !outcome.ok
    if (!outcome.ok) return { id: child.spec.id, reason: outcome.reason }
    if (!child.pid) forgetTemporary(state, [child])
  }
  return undefined
}

/** Stops those that run, in the reverse order. What was to be tried again no longer is. */
export function* stopAll(children: readonly Child[]): Body {
  for (const child of [...children].reverse()) {
    child.restarting = false
    if (!child.pid) continue
    yield* stopChild(child.spec, child.pid)
    child.pid = undefined
  }
}
