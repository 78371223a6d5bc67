/*
 * Servers in the manner of `gen_server`: a process that keeps a state and answers calls, casts and
 * other messages one at a time. The callbacks are generator functions of a module, and each returns
 * what comes next: `reply`, `noReply` or `stop`. Given a qualified view as its module, a server
 * takes the current code at each message and keeps its state (OTP, `gen_server`).
 */
import { demonitor, exit, self, send } from './body'
import { versionOf } from './code'
import { outside, type Pid, type Ref } from './pid'
import { me, Process, running, type Body, type BodyOf } from './process'
import { CallFailed, Exit, Unyielding, type ExitReason } from './reason'
import { accept, monitor, type Down, type ExitMessage } from './signals'
import { announcing, ignore, ignored, started, type Ignore } from './start'
import { copy } from './message'
import { receive, timeout } from './receive'
import { describeWhom, find, isElsewhere, type Whom } from './whom'

/** Who called, to be answered now or later, by the server or by any other process. */
export interface From {
  readonly pid: Pid
  readonly ref: Ref
}

/**
 * What a callback wants next, made by `reply`, `noReply` and `stop`. With a limit in milliseconds,
 * a server that gets no message in that time is handed `timeout` as one (`gen_server`, 'timeout').
 */
export class Turn<State> {
  readonly type: 'reply' | 'no_reply' | 'stop' | 'stop_reply'
  readonly state: State
  /** The answer to the caller. */
  readonly value: unknown
  readonly reason: ExitReason
  readonly limitMs: number

  constructor(
    type: Turn<State>['type'],
    state: State,
    value: unknown,
    reason: ExitReason,
    limitMs: number,
  ) {
    this.type = type
    this.state = state
    this.value = value
    this.reason = reason
    this.limitMs = limitMs
  }
}

/**
 * The callbacks of a server. A missing one makes its messages a crash (calls) or ignored (the
 * others). One that returns no turn of its kind ends the server with `['bad_return_value', value]`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- servers of any state
export interface ServerModule<State = any, Args extends any[] = any[]> {
  /**
   * Gives the first state, alone or as `noReply(state, limitMs)`; or `ignore`, or `stop(reason,
   * …)`, and then the server has not started.
   */
  init(...args: Args): Body<State | Turn<State> | Ignore>
  handleCall?(request: unknown, from: From, state: State): Body<Turn<State>>
  handleCast?(request: unknown, state: State): Body<Turn<State>>
  /** Any message that is neither call nor cast, and `timeout`. */
  handleInfo?(message: unknown, state: State): Body<Turn<State>>
  /**
   * Makes the state of an old version that of the current one, once, before the first message that
   * the current one takes (OTP, `gen_server:code_change/3`). Needs a qualified view as the module.
   */
  codeChange?(oldVersion: number, state: unknown): Body<State>
  /**
   * Runs before the server ends: when it stops, when a callback has thrown, and when its parent
   * ends while it traps exits. Not when it is ended by an exit signal, nor before it has started
   * (`gen_server`, 'terminate/2'). Its state is the one before the callback that threw.
   */
  terminate?(reason: ExitReason, state: State): Body
}

/** Answers the caller and goes on. */
export const reply = <State>(value: unknown, state: State, limitMs = Infinity): Turn<State> =>
  new Turn('reply', state, value, undefined, limitMs)

/** Goes on. A call is answered later, by `answer`, or never. */
export const noReply = <State>(state: State, limitMs = Infinity): Turn<State> =>
  new Turn('no_reply', state, undefined, undefined, limitMs)

/** Ends the server; with a last reply, if one is given, once `terminate` has run. */
export const stop = <State>(
  reason: ExitReason,
  state: State,
  ...last: [] | [reply: unknown]
): Turn<State> =>
  new Turn(last.length > 0 ? 'stop_reply' : 'stop', state, last[0], reason, Infinity)

/**
 * The body of a server: `spawnLink(server, module, ...args)`, or `start: [server, module,
 * ...args]`.
 */
export const server: BodyOf<[ServerModule, ...unknown[]], void> = announcing(serve)

function* serve(module: ServerModule, ...args: unknown[]): Body {
  const version = versionOf(module)
  const first: unknown = yield* module.init(...args)
  if (first === ignore) return ignored()
  const turn = first instanceof Turn ? first : noReply(first)
  if (turn.type === 'stop') exit(turn.reason)
  if (turn.type !== 'no_reply' || !(turn.limitMs >= 0)) exit(badReturn(turn))
  started()
  yield* loop(module, turn, version)
}

/** One message after the other, each with the state that the one before left. */
function* loop(module: ServerModule, first: Turn<unknown>, begun: number | undefined): Body {
  let version = begun
  const parent = me().parent ?? outside
  let { state, limitMs } = first
  for (;;) {
    const message = yield* receive<Message>(undefined, limitMs)
    for (let now = versionOf(module); now !== version; now = versionOf(module)) {
      if (module.codeChange) state = yield* module.codeChange(version!, state)
      version = now
    }
    if (message !== timeout && message?.type === 'exit' && message.from === parent) {
      return yield* end(module, message.reason, state)
    }
    let turn: Turn<unknown>
    try {
      turn = checked(yield* handle(module, message, state), message)
      if (turn.type === 'reply') answer((message as Call).from, turn.value)
    } catch (error) {
      throw yield* crashed(module, error, state)
    }
    ;({ state, limitMs } = turn)
    if (turn.type === 'stop' || turn.type === 'stop_reply') {
      return yield* endWith(module, turn, message)
    }
  }
}

type Message = Call | Cast | ExitMessage | undefined | null

function* end(module: ServerModule, reason: ExitReason, state: unknown): Body {
  if (module.terminate) yield* module.terminate(reason, state)
  exit(reason)
}

/** The last reply comes after `terminate`, even after one that throws. */
function* endWith(module: ServerModule, turn: Turn<unknown>, message: unknown): Body {
  try {
    yield* end(module, turn.reason, turn.state)
  } finally {
    if (turn.type === 'stop_reply') answer((message as Call).from, turn.value)
  }
}

/**
 * A callback has thrown: gives the error, after `terminate`. A process that was killed in its own
 * slice, or that ran past the hard limit, runs nothing more.
 */
function* crashed(module: ServerModule, error: unknown, state: unknown): Body<unknown> {
  if (me().status === 'exited' || error instanceof Unyielding) return error
  const reason = error instanceof Exit ? error.reason : error
  if (module.terminate) yield* module.terminate(reason, state)
  return error
}

function* handle(module: ServerModule, message: unknown, state: unknown): Body<unknown> {
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

/** The turn that a callback gave. Only a call can be replied to. */
function checked(turn: unknown, message: unknown): Turn<unknown> {
  const isReply = turn instanceof Turn && (turn.type === 'reply' || turn.type === 'stop_reply')
  const isCall = (message as Partial<Call> | null | undefined)?.type === 'call'
  if (!(turn instanceof Turn) || (isReply && !isCall) || !(turn.limitMs >= 0)) {
    throw new Exit(badReturn(turn))
  }
  return turn
}

/** A turn is told as a plain object, since only such can be an exit reason. */
const badReturn = (value: unknown): ExitReason => [
  'bad_return_value',
  value instanceof Turn ? { ...value } : value,
]

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
 * there (`noproc`), dies meanwhile (its reason), is on a host that is not connected or no longer
 * (`noconnection`), is the caller itself (`calling_self`), or does not answer within the limit
 * (`timeout`); an answer that comes later is dropped before it reaches the mailbox. A limit below
 * 0, or one that is no number, is a TypeError.
 */
export function* call<Value>(whom: Whom, request: unknown, limitMs = 5_000): Body<Value> {
  if (!(limitMs >= 0)) throw new TypeError(`limitMs must not be ${limitMs}`)
  const pid = find(me().runtime, whom)
  if (!pid) return fail('noproc', whom)
  if (pid === self()) return fail('calling_self', whom)
  const process = me()
  const ref = process.runtime.ref()
  const message: Call = { type: 'call', from: { pid: self(), ref }, request }
  // First what may throw, so that a request which cannot be copied leaves nothing behind. Nobody
  // else runs before the monitor stands; on another host it has to be there before the request.
  if (isElsewhere(pid)) pid.target.call(process, ref, pid, message)
  else {
    send(pid, message)
    monitor(process, ref, pid)
  }
  process.awaited = ref
  const isOfCall = (message: unknown) => (message as Partial<AnswerMessage> | null)?.ref === ref
  const word = yield* receive<AnswerMessage | Down>(isOfCall, limitMs)
  process.awaited = undefined
  demonitor(ref)
  if (word === timeout) return fail('timeout', whom)
  if (word.type === 'down') {
    // Between that death and now another process may have answered: too late.
    yield* receive(isOfCall, 0)
    return fail(word.reason, whom)
  }
  return word.value as Value
}

function fail(reason: ExitReason, whom: Whom): never {
  throw new Exit(new CallFailed(reason, describeWhom(whom)))
}

/** Sends a request that is not answered. A name that nobody has loses it silently, as in OTP. */
export function cast(whom: Whom, request: unknown): void {
  const pid = find(me().runtime, whom)
  if (pid) send(pid, { type: 'cast', request } satisfies Cast)
}

/** Answers a call, from any process. Once the caller has given up, nothing is delivered. */
export function answer(from: From, value: unknown): void {
  const caller = from.pid.target
  if (running.process?.status === 'exited') return
  if (isElsewhere(from.pid)) return from.pid.target.answer(from, value)
  if (!(caller instanceof Process) || caller.awaited !== from.ref) return
  const message: AnswerMessage = { type: 'answer', ref: from.ref, value: copy(value) }
  caller.awaited = undefined
  accept(caller, message)
}

/** An answer has come from another host, to the call of that serial. */
export function acceptAnswer(caller: Process, serial: number, value: unknown): void {
  const ref = caller.awaited
  if (ref?.serial !== serial) return
  caller.awaited = undefined
  accept(caller, { type: 'answer', ref, value } satisfies AnswerMessage)
}
