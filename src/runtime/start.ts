/*
 * Starting a process and knowing that it has started. A body marked by `announcing` does some
 * set-up first and says `started()` when it is done; whoever starts it waits for that word or for
 * its death. Any other body counts as started at once (OTP, `proc_lib:start_link` and `init_ack`).
 */
import { send, spawnWith, whereis } from './body'
import type { Pid } from './pid'
import { me, Process, type Body, type BodyOf } from './process'
import type { ExitReason } from './reason'
import { receive } from './receive'
import type { SpawnOptions } from './runtime'
import type { ExitMessage } from './signals'

/** What came of a start. */
export type Started =
  { readonly ok: true; readonly pid: Pid } | { readonly ok: false; readonly reason: ExitReason }

/**
 * Whether a start was refused because another process has the name (`['already_started', pid]`).
 */
export const isAlreadyStarted = (reason: ExitReason): boolean =>
  Array.isArray(reason) && reason[0] === 'already_started'

const marked = new WeakSet<BodyOf>()

/** Marks a body that calls `started()` itself. */
export function announcing<Marked extends BodyOf>(body: Marked): Marked {
  marked.add(body)
  return body
}

/**
 * Said by an announcing body when its set-up is done; heard by who waits for it, and by nobody
 * else.
 */
export function started(): void {
  const { parent, pid } = me()
  const starter = parent?.target
  if (!(starter instanceof Process) || starter.starting !== pid) return
  starter.starting = undefined
  send(starter.pid, { type: 'started', pid } satisfies StartedMessage)
}

interface StartedMessage {
  readonly type: 'started'
  readonly pid: Pid
}

/**
 * Starts a linked process and waits until it has started. A failure gives its reason when the
 * caller traps exits, as supervisors do; otherwise the link ends the caller too. A name that is
 * taken is a failure.
 */
export function* startLink(
  options: SpawnOptions,
  body: BodyOf,
  args: readonly unknown[],
): Body<Started> {
  const holder = options.name === undefined ? undefined : whereis(options.name)
  if (holder) return { ok: false, reason: ['already_started', holder] }
  const { pid } = spawnWith({ ...options, link: true }, body, ...args)
  if (!marked.has(body)) return { ok: true, pid }
  const process = me()
  process.starting = pid
  const word = yield* receive<StartedMessage | ExitMessage>((message) => isWordOf(message, pid))
  process.starting = undefined
  return word.type === 'started' ? { ok: true, pid } : { ok: false, reason: word.reason }
}

function isWordOf(message: unknown, pid: Pid): boolean {
  const word = message as StartedMessage | ExitMessage | null | undefined
  if (word?.type === 'started') return word.pid === pid
  return word?.type === 'exit' && word.from === pid
}
