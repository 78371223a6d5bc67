/*
 * Starting a process and knowing that it has started. A body marked by `announcing` does some
 * set-up first and says `started()` when it is done; whoever starts it waits for that word or for
 * its death. One that wants no process to be says `ignored()` instead. Any other body counts as
 * started at once (OTP, `proc_lib:start_link` and `init_ack`).
 */
import { send, spawnWith, unlink, whereis } from './body'
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
 * Returned by the `init` of a server that finds that it is not wanted: it ends in order and has not
 * started, and its supervisor goes on without it. Also the reason of such a start.
 */
export const ignore: unique symbol = Symbol('ignore')
export type Ignore = typeof ignore

/**
 * Said by an announcing body when its set-up is done; heard by who waits for it, and by nobody
 * else.
 */
export function started(): void {
  const { pid } = me()
  const starter = takeStarter()
  if (starter) send(starter, { type: 'started', pid } satisfies StartWord)
}

/**
 * Said by an announcing body, which then returns, when it does not want to be: see `ignore`. Its
 * end is not told to its starter any more, who has the word instead.
 */
export function ignored(): void {
  const { pid } = me()
  const starter = takeStarter()
  if (!starter) return
  unlink(starter)
  send(starter, { type: 'ignored', pid } satisfies StartWord)
}

/** Who waits for this process to start; from now on nobody does. */
function takeStarter(): Pid | undefined {
  const { parent, pid } = me()
  const starter = parent?.target
  if (!(starter instanceof Process) || starter.starting !== pid) return undefined
  starter.starting = undefined
  return parent
}

interface StartWord {
  readonly type: 'started' | 'ignored'
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
  const word = yield* receive<StartWord | ExitMessage>((message) => isWordOf(message, pid))
  process.starting = undefined
  if (word.type === 'started') return { ok: true, pid }
  return { ok: false, reason: word.type === 'exit' ? word.reason : ignore }
}

function isWordOf(message: unknown, pid: Pid): boolean {
  const word = message as StartWord | ExitMessage | null | undefined
  if (word?.type === 'exit') return word.from === pid
  return (word?.type === 'started' || word?.type === 'ignored') && word.pid === pid
}
