/*
 * One child in its supervisor's hands: how it is started, how it is stopped, what is reported of it
 * (OTP, `supervisor`, and OTP Design Principles, 'Supervisor Behaviour'). Used by both kinds of
 * supervisor.
 */
import { receive, timeout } from './receive'
import { log, monitor, sendExit, unlink } from './body'
import { shutdownOf, type ChildSpec } from './child-spec'
import type { Undone } from './children'
import type { Intensity } from './intensity'
import type { Pid } from './pid'
import { me, type Body } from './process'
import { isOrderly, type ExitReason } from './reason'
import { answer, type From } from './server'
import { isExit, type Down, type ExitMessage } from './signals'
import { startLink, type Started } from './start'

/** Starts the child and waits until it has started. */
export function* startSpec(spec: ChildSpec): Body<Started> {
  const [body, ...args] = spec.start
  return yield* startLink(spec.name === undefined ? {} : { name: spec.name }, body, args)
}

/**
 * Ends one child by its spec: asks, waits, kills. Whatever else it ended of is reported.
 *
 * 1. The monitor tells the end even of a child that has unlinked itself.
 * 2. The link stands until then: a supervisor that is killed meanwhile takes the child with it.
 * 3. So the end came by the link too, and that message is taken out of the mailbox. A child that
 *    had died before the monitor stood is `noproc` to it; the link knows why.
 */
export function* stopChild(spec: ChildSpec, pid: Pid): Body {
  const shutdown = shutdownOf(spec)
  const ref = monitor(pid)
  const isDown = (message: unknown) => (message as Partial<Down> | null)?.ref === ref
  sendExit(pid, shutdown === 'brutal_kill' ? 'kill' : 'shutdown')
  const limitMs = typeof shutdown === 'number' ? shutdown : Infinity
  let down = yield* receive<Down>(isDown, limitMs)
  if (down === timeout) {
    sendExit(pid, 'kill')
    down = yield* receive<Down>(isDown)
  }
  const reason = yield* takeEnd(pid, down)
  if (!isWanted(spec, reason)) report('stopped_otherwise', spec.id, { pid, reason })
}

/** Takes the exit message of a child whose `down` has come; gives the reason that it ended of. */
function* takeEnd(pid: Pid, down: Down): Body<ExitReason> {
  unlink(pid)
  const isEnd = (message: unknown) => isExit(message) && message.from === pid
  const end = yield* receive<ExitMessage>(isEnd, 0)
  return down.reason === 'noproc' && end !== timeout ? end.reason : down.reason
}

/** Whether a child that was told to end ended as it was told (`supervisor:shutdown/1`). */
export function isWanted(spec: ChildSpec, reason: ExitReason): boolean {
  const { restart = 'permanent' } = spec
  if (reason === (spec.shutdown === 'brutal_kill' ? 'killed' : 'shutdown')) return true
  return restart !== 'permanent' && isOrderly(reason)
}

/**
 * Answers who asks a supervisor. What cannot be told (a reason that nests too deep, a spec's
 * functions to another host) gives way to saying so: nobody ends a supervisor by asking.
 */
export function tell(from: From, answered: unknown): void {
  try {
    answer(from, answered)
  } catch (error) {
    answer(from, { ok: false, reason: error } satisfies Undone)
  }
}

/** A supervisor's report of what befell a child. */
export function report(
  event: string,
  id: string,
  details: {
    pid?: Pid
    reason?: ExitReason
    count?: number
    isRestarted?: boolean
  } & Partial<Intensity>,
): void {
  const { pid: supervisor, name: supervisorName } = me()
  log({ level: 'warn', event, supervisor, supervisorName, child: id, ...details })
}
