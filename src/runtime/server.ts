/*
 * Servers in the manner of `gen_server`: a process that keeps a state and answers calls, casts and
 * other messages one at a time. The callbacks are generator functions of a module, and each returns
 * what comes next: `reply`, `noReply` or `stop`. Given a qualified view as its module, a server
 * takes the current code at each message and keeps its state (OTP, `gen_server`).
 */
import { demonitor, exit, self, send, whereis } from './body'
import { outside, Pid, type Ref } from './pid'
import { me, Process, type Body, type BodyOf } from './process'
import { CallFailed, Exit, type ExitReason } from './reason'
import { accept, monitor, type Down, type ExitMessage } from './signals'
import { announcing, started } from './start'
import { copy } from './message'
import { receive, timeout } from './receive'

/** Who called, to be answered now or later, by the server or by any other process. */
export interface From {
  readonly pid: Pid
  readonly ref: Ref
}

/** What a callback wants next. */
export type Turn<State> =
  | { readonly type: 'reply'; readonly value: unknown; readonly state: State }
  | { readonly type: 'no_reply'; readonly state: State }
  | { readonly type: 'stop'; readonly reason: ExitReason; readonly state: State }

/**
 * The callbacks of a server. A missing one makes its messages a crash (calls) or ignored (the
 * others).
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- servers of any state
export interface ServerModule<State = any, Args extends any[] = any[]> {
  init(...args: Args): Body<State>
  handleCall?(request: unknown, from: From, state: State): Body<Turn<State>>
  handleCast?(request: unknown, state: State): Body<Turn<State>>
  /** Any message that is neither call nor cast. */
  handleInfo?(message: unknown, state: State): Body<Turn<State>>
  /** Runs when the server stops, or its parent ends while it traps exits. */
  terminate?(reason: ExitReason, state: State): Body
}

export const reply = <State>(value: unknown, state: State): Turn<State> => ({
  type: 'reply',
  value,
  state,
})

export const noReply = <State>(state: State): Turn<State> => ({ type: 'no_reply', state })

export const stop = <State>(reason: ExitReason, state: State): Turn<State> => ({
  type: 'stop',
  reason,
  state,
})

/**
 * The body of a server: `spawnLink(server, module, ...args)`, or `start: [server, module,
 * ...args]`.
 */
export const server: BodyOf<[ServerModule, ...unknown[]], void> = announcing(serve)

function* serve(module: ServerModule, ...args: unknown[]): Body {
  let state: unknown = yield* module.init(...args)
  started()
  const parent = me().parent ?? outside
  for (;;) {
    const message = yield* receive<Call | Cast | ExitMessage>()
    if (message?.type === 'exit' && message.from === parent) {
      return yield* end(module, message.reason, state)
    }
    const turn: Turn<unknown> = yield* handle(module, message, state)
    state = turn.state
    if (turn.type === 'stop') return yield* end(module, turn.reason, state)
    if (turn.type === 'reply') answer((message as Call).from, turn.value)
  }
}

function* end(module: ServerModule, reason: ExitReason, state: unknown): Body {
  if (module.terminate) yield* module.terminate(reason, state)
  exit(reason)
}

function* handle(module: ServerModule, message: unknown, state: unknown): Body<Turn<unknown>> {
  const word = message as Call | Cast | undefined | null
  if (word?.type === 'call') {
    if (!module.handleCall) throw new Error('this server takes no calls')
    return yield* module.handleCall(word.request, word.from, state)
  }
  if (word?.type === 'cast') {
    return module.handleCast ? yield* module.handleCast(word.request, state) : noReply(state)
  }
  return module.handleInfo ? yield* module.handleInfo(message, state) : noReply(state)
}

interface Call {
  readonly type: 'call'
  readonly from: From
  readonly request: unknown
}

interface Cast {
  readonly type: 'cast'
  readonly request: unknown
}

interface AnswerMessage {
  readonly type: 'answer'
  readonly ref: Ref
  readonly value: unknown
}

/**
 * Asks a server and waits for its answer. Ends the caller with `CallFailed` when the server is not
 * there (`noproc`), dies meanwhile (its reason), is the caller itself (`calling_self`), or does not
 * answer within the limit (`timeout`); an answer that comes later is dropped before it reaches the
 * mailbox.
 */
export function* call<Value>(whom: Pid | string, request: unknown, limitMs = 5_000): Body<Value> {
  const pid = typeof whom === 'string' ? whereis(whom) : whom
  if (!pid) return fail('noproc', whom)
  if (pid === self()) return fail('calling_self', whom)
  const process = me()
  const ref = process.runtime.ref()
  // First what may throw, so that a request which cannot be copied leaves nothing behind. Nobody
  // else runs before the monitor stands.
  send(pid, { type: 'call', from: { pid: self(), ref }, request } satisfies Call)
  process.awaited = ref
  monitor(process, ref, pid)
  const word = yield* receive<AnswerMessage | Down>(
    (message) => (message as Partial<AnswerMessage> | null)?.ref === ref,
    limitMs,
  )
  process.awaited = undefined
  demonitor(ref)
  if (word === timeout) return fail('timeout', whom)
  if (word.type === 'down') return fail(word.reason, whom)
  return word.value as Value
}

function fail(reason: ExitReason, whom: Pid | string): never {
  throw new Exit(new CallFailed(reason, String(whom)))
}

/** Sends a request that is not answered. A name that nobody has loses it silently, as in OTP. */
export function cast(whom: Pid | string, request: unknown): void {
  const pid = typeof whom === 'string' ? whereis(whom) : whom
  if (pid) send(pid, { type: 'cast', request } satisfies Cast)
}

/** Answers a call, from any process. Once the caller has given up, nothing is delivered. */
export function answer(from: From, value: unknown): void {
  const caller = from.pid.target
  if (!(caller instanceof Process) || caller.awaited !== from.ref) return
  caller.awaited = undefined
  accept(caller, { type: 'answer', ref: from.ref, value: copy(value) } satisfies AnswerMessage)
}
