/*
 * A supervisor whose children are started on demand, all alike in restart and shutdown: sessions,
 * tasks. They restart one by one, and stop all at once (Elixir, `DynamicSupervisor`; OTP,
 * `simple_one_for_one`). A child whose restart failed keeps its place under its last pid until it
 * is tried again.
 */
import { receive, timeout } from './receive'
import { isAlive, log, monitor, now, register, self, sendExit, trapExits } from './body'
import { isWanted, report, startSpec, stopChild, tell } from './child'
import {
  findChildFault,
  wantsRestart,
  workerShutdownMs,
  type ChildSpec,
  type Restart,
} from './child-spec'
import type { ChildCounts, ChildLine, ChildRequest, Done, StartBody } from './children'
import { addRestart, defaultIntensity, type Intensity } from './intensity'
import { Pid, type Ref } from './pid'
import type { Body } from './process'
import { isOrderly } from './reason'
import { cast, noReply, server, stop, type ServerModule, type Turn } from './server'
import { isExit, type Down, type ExitMessage } from './signals'
import { ignore, isAlreadyStarted, type Started } from './start'
import { supervises, type Supervision } from './supervision'
import { findDynamicFault, type DynamicSupervisorSpec } from './supervisor-spec'

interface State extends Supervision {
  readonly spec: DynamicSupervisorSpec
  readonly restart: Restart
  readonly limit: Intensity
  readonly children: Map<Pid, ChildSpec>
  /** Those whose restart will be tried again, by their last pid. */
  readonly restarting: Map<Pid, ChildSpec>
  restartsMs: readonly number[]
}

/** A child spec whose body is a dynamic supervisor. */
export const dynamicSupervisor = (id: string, spec: DynamicSupervisorSpec): ChildSpec => ({
  id,
  start: [server, callbacks, spec],
  type: 'supervisor',
})

const callbacks: ServerModule<State, [DynamicSupervisorSpec]> = {
  *init(spec) {
    const fault = findDynamicFault(spec)
    if (fault) throw fault
    trapExits(true)
    if (spec.name !== undefined) register(spec.name)
    const state: State = {
      spec,
      restart: spec.restart ?? 'permanent',
      limit: {
        intensity: spec.intensity ?? defaultIntensity.intensity,
        periodSeconds: spec.periodSeconds ?? defaultIntensity.periodSeconds,
      },
      children: new Map(),
      restarting: new Map(),
      restartsMs: [],
    }
    supervises(state)
    return state
  },

  *handleCall(request, from, state) {
    tell(from, yield* grant(state, request as ChildRequest))
    return noReply(state)
  },

  *handleCast(request, state) {
    const { type, pid } = request as { type: string; pid: Pid }
    if (type !== 'try_again') throw new Error(`a dynamic supervisor knows no cast '${type}'`)
    const child = state.restarting.get(pid)
    return child ? yield* restart(state, pid, child) : noReply(state)
  },

  *handleInfo(message, state) {
    if (!isExit(message)) {
      log({ level: 'warn', event: 'unexpected_message', supervisor: self(), message })
      return noReply(state)
    }
    const child = state.children.get(message.from)
    return child ? yield* childEnded(state, message, child) : noReply(state)
  },

  *terminate(_reason, state) {
    yield* stopEach(state)
  },
}

/** Answers a call. One that nobody knows is a crash, as a missing clause is in OTP. */
function* grant(state: State, request: ChildRequest): Body<unknown> {
  switch (request.type) {
    case 'which_children':
      return lines(state)
    case 'count_children':
      return count(state)
    case 'start_child':
      return 'start' in request ? yield* startNew(state, request) : notByList
    case 'terminate_child':
      return request.id instanceof Pid ? yield* terminate(state, request.id) : notByList
    case 'restart_child':
    case 'delete_child':
    case 'get_child_spec':
      return notByList
    default: {
      const type = String((request as { type: unknown }).type)
      throw new Error(`a dynamic supervisor knows no call '${type}'`)
    }
  }
}

const notByList = { ok: false, reason: 'simple_one_for_one' } as const

function lines({ children, restarting }: State): ChildLine[] {
  const line = (id: string, pid: Pid | undefined): ChildLine => {
    return { id, pid, restarting: pid === undefined, type: 'worker' }
  }
  return [
    ...[...children].map(([pid, { id }]) => line(id, pid)),
    ...[...restarting.values()].map(({ id }) => line(id, undefined)),
  ]
}

function count({ children, restarting }: State): ChildCounts {
  const all = children.size + restarting.size
  const active = [...children.keys()].filter(isAlive).length
  return { specs: all, active, supervisors: 0, workers: all }
}

function* startNew(state: State, { id, start, name, restart }: StartBody): Body<Started> {
  const { shutdown = workerShutdownMs, maxChildren = Infinity } = state.spec
  if (state.children.size + state.restarting.size >= maxChildren) {
    return { ok: false, reason: 'max_children' }
  }
  const named = name === undefined ? {} : { name }
  const fault = findChildFault({ id: id ?? 'on demand', start, ...named })
  if (fault) return { ok: false, reason: fault }
  const called = id ?? name ?? start[0].name
  const child = { id: called, start, shutdown, restart: restart ?? state.restart }
  return yield* startOne(state, { ...child, ...named })
}

function* startOne(state: State, child: ChildSpec): Body<Started> {
  const outcome = yield* startSpec(child)
  if (outcome.ok) state.children.set(outcome.pid, child)
  return outcome
}

function* terminate({ children, restarting }: State, pid: Pid): Body<Done> {
  const child = children.get(pid)
  if (child) yield* stopChild(child, pid)
  const isKnown = children.delete(pid) || restarting.delete(pid)
  return isKnown ? { ok: true } : { ok: false, reason: 'not_found' }
}

function* childEnded(
  state: State,
  { from, reason }: ExitMessage,
  child: ChildSpec,
): Body<Turn<State>> {
  state.children.delete(from)
  const isRestarted = wantsRestart(child, reason)
  // What a temporary child crashed of is in the log already.
  const isKnown = child.restart === 'temporary' && reason instanceof Error
  if (isRestarted || (!isKnown && !isOrderly(reason))) {
    report('child_ended', child.id, { pid: from, reason, isRestarted })
  }
  return isRestarted ? yield* restart(state, from, child) : noReply(state)
}

function* restart(state: State, lastPid: Pid, child: ChildSpec): Body<Turn<State>> {
  state.restarting.delete(lastPid)
  const restartsMs = addRestart(state.restartsMs, now(), state.limit)
  if (!restartsMs) {
    report('gave_up', child.id, state.limit)
    return stop('shutdown', state)
  }
  state.restartsMs = restartsMs
  const outcome = yield* startOne(state, child)
  if (outcome.ok || outcome.reason === ignore) return noReply(state)
  // Somebody asked for it by its name before its end was heard of: it lives again already.
  if (isAlreadyStarted(outcome.reason)) return noReply(state)
  report('restart_failed', child.id, { reason: outcome.reason })
  state.restarting.set(lastPid, child)
  cast(self(), { type: 'try_again', pid: lastPid })
  return noReply(state)
}

/**
 * Asks all to end, waits for all together, and kills who is left when the limit has passed. The
 * links stand until then: a supervisor that is killed meanwhile takes the rest with it. So each end
 * comes twice, and the first, by the link, knows the reason even of who had died before.
 */
function* stopEach({ children, spec }: State): Body {
  const { shutdown = workerShutdownMs } = spec
  const left = new Map<Ref, Pid>()
  for (const pid of children.keys()) {
    left.set(monitor(pid), pid)
    sendExit(pid, shutdown === 'brutal_kill' ? 'kill' : 'shutdown')
  }
  const isEnd = (message: unknown) =>
    isExit(message) ? children.has(message.from) : left.has((message as Partial<Down>)?.ref as Ref)
  let endMs = typeof shutdown === 'number' ? now() + shutdown : Infinity
  while (left.size > 0) {
    const end = yield* receive<Down | ExitMessage>(isEnd, Math.max(endMs - now(), 0))
    if (end === timeout) {
      for (const pid of left.values()) sendExit(pid, 'kill')
      endMs = Infinity
    } else if (end.type === 'down') left.delete(end.ref)
    else reportEnd(end, children.get(end.from)!)
  }
}

function reportEnd({ from: pid, reason }: ExitMessage, child: ChildSpec): void {
  if (!isWanted(child, reason)) report('stopped_otherwise', child.id, { pid, reason })
}
