/*
 * A supervisor whose children are started on demand, all alike in restart and shutdown: sessions,
 * tasks. They restart one by one, and stop all at once (Elixir, `DynamicSupervisor`; OTP,
 * `simple_one_for_one`).
 */
import { monitor, now, register, self, sendExit, trapExits, unlink } from './body'
import {
  report,
  startSpec,
  wantsRestart,
  workerShutdownMs,
  type ChildSpec,
  type Restart,
  type Shutdown,
} from './child'
import { addRestart, type Intensity } from './intensity'
import type { Pid, Ref } from './pid'
import type { Body, BodyOf } from './process'
import { receive, timeout } from './receive'
import { call, cast, noReply, reply, server, stop, type ServerModule, type Turn } from './server'
import { isExit, type Down, type ExitMessage } from './signals'
import { isAlreadyStarted, type Started } from './start'

export interface DynamicSupervisorSpec extends Partial<Intensity> {
  readonly name?: string
  /** permanent */
  readonly restart?: Restart
  /** 5,000 */
  readonly shutdown?: Shutdown
  /** A start beyond this many is refused with `max_children`. */
  readonly maxChildren?: number
}

interface State {
  readonly spec: DynamicSupervisorSpec
  readonly children: Map<Pid, ChildSpec>
  restartsMs: readonly number[]
}

/** A child spec whose body is a dynamic supervisor. */
export const dynamicSupervisor = (id: string, spec: DynamicSupervisorSpec): ChildSpec => ({
  id,
  start: [server, callbacks, spec],
  type: 'supervisor',
})

/**
 * Starts `body` under a dynamic supervisor and waits until it has started. Refused with
 * `max_children`, or with the reason of a start that failed.
 */
export function startChild<Args extends unknown[]>(
  whom: Pid | string,
  body: BodyOf<Args>,
  ...args: Args
): Body<Started> {
  return call<Started>(whom, { type: 'start_child', start: [body, ...args] }, Infinity)
}

/**
 * The same with a registered name, kept through restarts. A taken one: `['already_started', pid]`.
 */
export function startNamedChild<Args extends unknown[]>(
  whom: Pid | string,
  name: string,
  body: BodyOf<Args>,
  ...args: Args
): Body<Started> {
  return call<Started>(whom, { type: 'start_child', name, start: [body, ...args] }, Infinity)
}

const callbacks: ServerModule<State, [DynamicSupervisorSpec]> = {
  *init(spec) {
    trapExits(true)
    if (spec.name !== undefined) register(spec.name)
    return { spec, children: new Map(), restartsMs: [] }
  },

  *handleCall(request, _from, state) {
    const { type, name, start } = request as Pick<ChildSpec, 'name' | 'start'> & { type: string }
    if (type !== 'start_child') throw new Error(`a dynamic supervisor knows no call '${type}'`)
    const {
      restart = 'permanent',
      shutdown = workerShutdownMs,
      maxChildren = Infinity,
    } = state.spec
    if (state.children.size >= maxChildren)
      return reply({ ok: false, reason: 'max_children' }, state)
    const child = { id: name ?? start[0].name, start, restart, shutdown }
    return reply(yield* startOne(state, name === undefined ? child : { ...child, name }), state)
  },

  *handleCast(request, state) {
    const { type, child } = request as { type: string; child: ChildSpec }
    return type === 'try_again' ? yield* restart(state, child) : noReply(state)
  },

  *handleInfo(message, state) {
    const child = isExit(message) ? state.children.get(message.from) : undefined
    if (!child) return noReply(state)
    const { from, reason } = message as ExitMessage
    state.children.delete(from)
    if (reason !== 'normal' && child.restart !== 'temporary') {
      report('child_ended', child.id, { pid: from, reason })
    }
    return wantsRestart(child, reason) ? yield* restart(state, child) : noReply(state)
  },

  *terminate(_reason, state) {
    yield* stopEach(state.children, state.spec.shutdown ?? workerShutdownMs)
  },
}

function* startOne(state: State, child: ChildSpec): Body<Started> {
  const outcome = yield* startSpec(child)
  if (outcome.ok) state.children.set(outcome.pid, child)
  return outcome
}

function* restart(state: State, child: ChildSpec): Body<Turn<State>> {
  const { intensity = 1, periodSeconds = 5 } = state.spec
  const restartsMs = addRestart(state.restartsMs, now(), { intensity, periodSeconds })
  if (!restartsMs) {
    report('gave_up', child.id, {})
    return stop('shutdown', state)
  }
  state.restartsMs = restartsMs
  const outcome = yield* startOne(state, child)
  // Somebody asked for it by its name before its end was heard of: it lives again already.
  if (!outcome.ok && !isAlreadyStarted(outcome.reason)) {
    report('restart_failed', child.id, { reason: outcome.reason })
    cast(self(), { type: 'try_again', child })
  }
  return noReply(state)
}

/** Asks all to end, waits for all together, and kills who is left when the limit has passed. */
function* stopEach(children: ReadonlyMap<Pid, ChildSpec>, shutdown: Shutdown): Body {
  const refs = new Set<Ref>()
  for (const pid of children.keys()) {
    refs.add(monitor(pid))
    unlink(pid)
    sendExit(pid, shutdown === 'brutal_kill' ? 'kill' : 'shutdown')
  }
  const isDown = (message: unknown) => refs.has((message as Down | undefined)?.ref as Ref)
  const endMs = typeof shutdown === 'number' ? now() + shutdown : Infinity
  while (refs.size > 0) {
    const down = yield* receive<Down>(isDown, Math.max(endMs - now(), 0))
    if (down !== timeout) refs.delete(down.ref)
    else for (const pid of children.keys()) sendExit(pid, 'kill')
  }
}
