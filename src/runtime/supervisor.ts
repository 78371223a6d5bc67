/*
 * Supervisors: processes whose only work is to start, watch, restart and stop their children (OTP,
 * `supervisor`, and OTP Design Principles, 'Supervisor Behaviour').
 *
 *   strategy        what is restarted when one child dies
 *   one_for_one     that child
 *   one_for_all     all of them
 *   rest_for_one    that child and those that were started after it
 *
 * Children start in the order of their list, each after the one before has started, and stop in the
 * reverse order. More restarts than `intensity` in `periodSeconds`, and the supervisor stops them
 * all and ends itself with `shutdown`, which its own supervisor sees. A restart that fails counts
 * as one, and is tried again through the mailbox, so that a supervisor can be spoken to and stopped
 * meanwhile.
 */
import { exit, now, register, self, trapExits } from './body'
import { checkSpec, report, startSpec, stopChild, wantsRestart, type ChildSpec } from './child'
import { addRestart, type Intensity } from './intensity'
import type { Pid } from './pid'
import type { Body } from './process'
import type { ExitReason } from './reason'
import { call, cast, noReply, reply, server, stop, type ServerModule, type Turn } from './server'
import { isExit } from './signals'

export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one'

export interface SupervisorSpec extends Partial<Intensity> {
  /** one_for_one */
  readonly strategy?: Strategy
  readonly name?: string
  readonly children: readonly ChildSpec[]
}

interface Child {
  readonly spec: ChildSpec
  pid: Pid | undefined
  /** Its restart failed and will be tried again. */
  restarting: boolean
}

interface State {
  readonly strategy: Strategy
  readonly limit: Intensity
  children: readonly Child[]
  restartsMs: readonly number[]
}

/** One line of `whichChildren`. */
export interface ChildLine {
  readonly id: string
  readonly pid: Pid | undefined
  readonly restarting: boolean
  readonly type: 'worker' | 'supervisor'
}

/** A child spec whose body is a supervisor. */
export const supervisor = (id: string, spec: SupervisorSpec): ChildSpec => ({
  id,
  start: [server, callbacks, spec],
  type: 'supervisor',
})

/** The children of a supervisor as they are, in the order of their start. */
export function* whichChildren(whom: Pid | string): Body<readonly ChildLine[]> {
  return yield* call<readonly ChildLine[]>(whom, { type: 'which_children' }, Infinity)
}

const callbacks: ServerModule<State, [SupervisorSpec]> = {
  *init(spec) {
    check(spec)
    trapExits(true)
    if (spec.name !== undefined) register(spec.name)
    const { strategy = 'one_for_one', intensity = 1, periodSeconds = 5 } = spec
    const children = spec.children.map((child) => ({
      spec: child,
      pid: undefined,
      restarting: false,
    }))
    const state: State = { strategy, limit: { intensity, periodSeconds }, children, restartsMs: [] }
    const failure = yield* startAll(state.children)
    if (!failure) return state
    yield* stopAll(state.children)
    exit(['shutdown', ['failed_to_start_child', failure.id, failure.reason]])
  },

  *handleCall(request, _from, state) {
    const { type } = request as { type: string }
    if (type !== 'which_children') throw new Error(`a supervisor knows no call '${type}'`)
    const lines = state.children.map(({ spec, pid, restarting }): ChildLine => {
      return { id: spec.id, pid, restarting, type: spec.type ?? 'worker' }
    })
    return reply(lines, state)
  },

  *handleCast(request, state) {
    const { type, id } = request as { type: string; id: string }
    const child = state.children.find(({ spec }) => spec.id === id)
    if (type !== 'try_again' || !child?.restarting) return noReply(state)
    return yield* restart(state, child)
  },

  *handleInfo(message, state) {
    if (!isExit(message)) return noReply(state)
    const child = state.children.find(({ pid }) => pid && pid === message.from)
    return child ? yield* childEnded(state, child, message.reason) : noReply(state)
  },

  *terminate(_reason, state) {
    yield* stopAll(state.children)
  },
}

/** Throws a TypeError for a spec that no supervisor can keep. */
function check({
  strategy = 'one_for_one',
  intensity = 1,
  periodSeconds = 5,
  children,
}: SupervisorSpec) {
  if (!['one_for_one', 'one_for_all', 'rest_for_one'].includes(strategy)) {
    throw new TypeError(`strategy must not be ${strategy}`)
  }
  if (!(intensity >= 0)) throw new TypeError(`intensity must not be ${intensity}`)
  if (!(periodSeconds > 0)) throw new TypeError(`periodSeconds must not be ${periodSeconds}`)
  children.forEach(checkSpec)
  const ids = children.map(({ id }) => id)
  const doubled = ids.find((id, at) => ids.indexOf(id) !== at)
  if (doubled !== undefined) throw new TypeError(`two children have the id '${doubled}'`)
}

/** Starts those that do not run, in order; the first that fails ends it. */
function* startAll(
  children: readonly Child[],
): Body<{ id: string; reason: ExitReason } | undefined> {
  for (const child of children) {
    if (child.pid) continue
    const outcome = yield* startSpec(child.spec)
    child.restarting = !outcome.ok
    if (!outcome.ok) return { id: child.spec.id, reason: outcome.reason }
    child.pid = outcome.pid
  }
  return undefined
}

/** Stops those that run, in the reverse order. */
function* stopAll(children: readonly Child[]): Body {
  for (const child of [...children].reverse()) {
    if (!child.pid) continue
    yield* stopChild(child.spec, child.pid)
    child.pid = undefined
  }
}

function* childEnded(state: State, child: Child, reason: ExitReason): Body<Turn<State>> {
  const { spec, pid } = child
  child.pid = undefined
  if (reason !== 'normal') report('child_ended', spec.id, pid ? { pid, reason } : { reason })
  if (wantsRestart(spec, reason)) return yield* restart(state, child)
  // OTP forgets a temporary child, and keeps the spec of a transient one.
  if (spec.restart === 'temporary') state.children = state.children.filter((each) => each !== child)
  return noReply(state)
}

function* restart(state: State, child: Child): Body<Turn<State>> {
  const restartsMs = addRestart(state.restartsMs, now(), state.limit)
  if (!restartsMs) {
    report('gave_up', child.spec.id, {})
    return stop('shutdown', state)
  }
  state.restartsMs = restartsMs
  const group = affected(state, child)
  yield* stopAll(group)
  // A temporary child that fell with its neighbours is not started again, and is forgotten.
  const again = group.filter(({ spec }) => spec.restart !== 'temporary')
  state.children = state.children.filter((each) => !group.includes(each) || again.includes(each))
  const failure = yield* startAll(again)
  if (failure) {
    report('restart_failed', failure.id, { reason: failure.reason })
    cast(self(), { type: 'try_again', id: failure.id })
  }
  return noReply(state)
}

/** Who is stopped and started when `child` dies, in the order of their start. */
function affected({ strategy, children }: State, child: Child): readonly Child[] {
  if (strategy === 'one_for_one') return [child]
  if (strategy === 'one_for_all') return [...children]
  return children.slice(children.indexOf(child))
}
