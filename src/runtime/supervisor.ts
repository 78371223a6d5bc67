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
 * meanwhile. A significant child that ended by itself may end its supervisor in the same way.
 */
import { exit, isAlive, log, now, register, self, trapExits } from './body'
import { report, tell } from './child'
import { forgetTemporary, notRunning, startAll, startIt, stopAll } from './child-list'
import {
  complete,
  findChildFault,
  wantsRestart,
  type AutoShutdown,
  type ChildSpec,
} from './child-spec'
import type { ChildCounts, ChildLine, ChildRequest, ChildStarted, Done, Undone } from './children'
import { addRestart, defaultIntensity, type Intensity } from './intensity'
import type { Body } from './process'
import { isOrderly, type ExitReason } from './reason'
import { cast, noReply, server, stop, type ServerModule, type Turn } from './server'
import { isExit } from './signals'
import { supervises, type Child, type Supervision } from './supervision'
import { findSupervisorFault, type Strategy, type SupervisorSpec } from './supervisor-spec'

interface State extends Supervision {
  readonly strategy: Strategy
  readonly autoShutdown: AutoShutdown
  readonly limit: Intensity
  list: readonly Child[]
  restartsMs: readonly number[]
}

/** A child spec whose body is a supervisor. */
export const supervisor = (id: string, spec: SupervisorSpec): ChildSpec => ({
  id,
  start: [server, callbacks, spec],
  type: 'supervisor',
})

const callbacks: ServerModule<State, [SupervisorSpec]> = {
  *init(spec) {
    const fault = findSupervisorFault(spec)
    if (fault) throw fault
    trapExits(true)
    if (spec.name !== undefined) register(spec.name)
    const state: State = {
      strategy: spec.strategy ?? 'one_for_one',
      autoShutdown: spec.autoShutdown ?? 'never',
      limit: {
        intensity: spec.intensity ?? defaultIntensity.intensity,
        periodSeconds: spec.periodSeconds ?? defaultIntensity.periodSeconds,
      },
      list: spec.children.map(notRunning),
      restartsMs: [],
    }
    supervises(state)
    const failure = yield* startAll(state, state.list)
    if (!failure) return state
    yield* stopAll(state.list)
    exit(['shutdown', ['failed_to_start_child', failure.id, failure.reason]])
  },

  *handleCall(request, from, state) {
    tell(from, yield* grant(state, request as ChildRequest))
    return noReply(state)
  },

  *handleCast(request, state) {
    const { type, id } = request as { type: string; id: string }
    if (type !== 'try_again') throw new Error(`a supervisor knows no cast '${type}'`)
    const child = find(state, id)
    return child?.restarting ? yield* restart(state, child) : noReply(state)
  },

  *handleInfo(message, state) {
    if (!isExit(message)) {
      log({ level: 'warn', event: 'unexpected_message', supervisor: self(), message })
      return noReply(state)
    }
    const child = state.list.find(({ pid }) => pid && pid === message.from)
    return child ? yield* childEnded(state, child, message.reason) : noReply(state)
  },

  *terminate(_reason, state) {
    yield* stopAll(state.list)
  },
}

const find = (state: State, id: unknown): Child | undefined =>
  state.list.find(({ spec }) => spec.id === id)

/** Answers a call. One that nobody knows is a crash, as a missing clause is in OTP. */
function* grant(state: State, request: ChildRequest): Body<unknown> {
  switch (request.type) {
    case 'which_children':
      return state.list.map(lineOf)
    case 'count_children':
      return count(state.list)
    case 'start_child':
      return yield* startNew(state, request)
    case 'terminate_child':
      return yield* terminate(state, find(state, request.id))
    case 'restart_child':
      return yield* restartStopped(find(state, request.id))
    case 'delete_child':
      return remove(state, find(state, request.id))
    case 'get_child_spec': {
      const child = find(state, request.id)
      return child ? { ok: true, spec: complete(child.spec) } : undone('not_found')
    }
    default:
      throw new Error(`a supervisor knows no call '${String((request as { type: unknown }).type)}'`)
  }
}

const undone = (reason: ExitReason): Undone => ({ ok: false, reason })

const lineOf = ({ spec, pid, restarting }: Child): ChildLine => {
  return { id: spec.id, pid, restarting, type: spec.type ?? 'worker' }
}

function count(list: readonly Child[]): ChildCounts {
  const supervisors = list.filter(({ spec }) => spec.type === 'supervisor').length
  const active = list.filter(({ pid }) => pid && isAlive(pid)).length
  return { specs: list.length, active, supervisors, workers: list.length - supervisors }
}

function* startNew(
  state: State,
  request: ChildRequest & { type: 'start_child' },
): Body<ChildStarted> {
  if (!('spec' in request)) {
    return undone(new TypeError('a supervisor with a list starts a child spec, not a body'))
  }
  const { spec } = request
  const fault = findChildFault(spec, state.autoShutdown)
  if (fault) return undone(fault)
  const known = find(state, spec.id)
  if (known) return undone(known.pid ? ['already_started', known.pid] : 'already_present')
  const child = notRunning(spec)
  const outcome = yield* startIt(child)
  if (outcome.ok && (child.pid || spec.restart !== 'temporary')) state.list = [...state.list, child]
  return outcome
}

function* restartStopped(child: Child | undefined): Body<ChildStarted> {
  const hindrance = whyNot(child)
  return hindrance ?? (yield* startIt(child!))
}

/** Why a child can be neither restarted nor deleted. */
function whyNot(child: Child | undefined): Undone | undefined {
  if (!child) return undone('not_found')
  if (child.pid) return undone('running')
  return child.restarting ? undone('restarting') : undefined
}

function* terminate(state: State, child: Child | undefined): Body<Done> {
  if (!child) return undone('not_found')
  yield* stopAll([child])
  forgetTemporary(state, [child])
  return { ok: true }
}

function remove(state: State, child: Child | undefined): Done {
  const hindrance = whyNot(child)
  if (hindrance) return hindrance
  state.list = state.list.filter((each) => each !== child)
  return { ok: true }
}

function* childEnded(state: State, child: Child, reason: ExitReason): Body<Turn<State>> {
  const { spec, pid } = child
  child.pid = undefined
  const isRestarted = wantsRestart(spec, reason)
  if (isRestarted || !isOrderly(reason)) {
    report('child_ended', spec.id, pid ? { pid, reason, isRestarted } : { reason, isRestarted })
  }
  if (isRestarted) return yield* restart(state, child)
  forgetTemporary(state, [child])
  return isToEnd(state, child) ? stop('shutdown', state) : noReply(state)
}

/** Whether a child that ended by itself takes its supervisor with it. */
function isToEnd({ autoShutdown, list }: State, { spec }: Child): boolean {
  if (!spec.significant || autoShutdown === 'never') return false
  if (autoShutdown === 'any_significant') return true
  return !list.some((each) => each.spec.significant && (each.pid || each.restarting))
}

function* restart(state: State, child: Child): Body<Turn<State>> {
  const restartsMs = addRestart(state.restartsMs, now(), state.limit)
  if (!restartsMs) {
    report('gave_up', child.spec.id, state.limit)
    return stop('shutdown', state)
  }
  state.restartsMs = restartsMs
  const group = affected(state, child)
  yield* stopAll(group)
  // A temporary child that fell with its neighbours is not started again.
  forgetTemporary(state, group)
  const again = group.filter(({ spec }) => spec.restart !== 'temporary')
  // Whoever looks from outside meanwhile sees it as what it is.
  child.restarting = true
  const failure = yield* startAll(state, again)
  if (failure) {
    child.restarting = child.spec.id === failure.id
    report('restart_failed', failure.id, { reason: failure.reason })
    cast(self(), { type: 'try_again', id: failure.id })
  }
  return noReply(state)
}

/** Who is stopped and started when `child` dies, in the order of their start. */
function affected({ strategy, list }: State, child: Child): readonly Child[] {
  if (strategy === 'one_for_one') return [child]
  if (strategy === 'one_for_all') return list
  return list.slice(list.indexOf(child))
}
