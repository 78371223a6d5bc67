/*
 * `receive`: the one place where a process waits. It is made for being entered by `yield*` a
 * hundred thousand times a second, so it is an iterator written by hand instead of a generator, it
 * gives results that it uses again, and a process uses one such iterator again and again. Selective
 * receive and its limit are those of the Erlang Reference Manual ('Expressions', 'Receive').
 */
import { nothing, type Cell } from './mailbox'
import { givesWay, me, waiting, type Body, type Process, type Step } from './process'
import { reductions } from './reductions'

/** What `receive` gives when its limit passed; no message can be mistaken for it. */
export const timeout: unique symbol = Symbol('timeout')
export type Timeout = typeof timeout

/** Accepts or leaves a message. It must not receive or wait itself. */
export type Match<Message> =
  ((message: unknown) => message is Message) | ((message: unknown) => boolean)

const preempts: IteratorResult<Step> = { done: false, value: givesWay }
const waits: IteratorResult<Step> = { done: false, value: waiting }
/** Read at once by whoever entered; one for all. */
const gives: { done: true; value: unknown } = { done: true, value: undefined }

/** How far a receive has come. */
type Stage = 'free' | 'made' | 'entered' | 'limited'

/** One receive under way. */
export class Receiving {
  private readonly process: Process
  private match: Match<unknown> | undefined = undefined
  private limitMs = Infinity
  private stage: Stage = 'free'
  /** The last message that it has looked at. */
  private seen: Cell | undefined = undefined

  constructor(process: Process) {
    this.process = process
  }

  get isFree(): boolean {
    return this.stage === 'free'
  }

  begin(match: Match<unknown> | undefined, limitMs: number): void {
    this.match = match
    this.limitMs = limitMs
    this.stage = 'made'
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<Step> {
    if (reductions.looking) return waits
    const { process } = this
    if (this.stage === 'made') {
      this.stage = 'entered'
      // Taking a message counts as a step, or a full mailbox would keep the processor for ever.
      if (--reductions.left <= 0) return preempts
    }
    const message = process.mailbox.take(this.match, this.seen)
    if (message !== nothing) return this.give(message)
    const { limitMs } = this
    if (this.stage === 'limited' ? process.limitPassed : limitMs <= 0) return this.give(timeout)
    if (this.stage === 'entered' && limitMs !== Infinity) {
      this.stage = 'limited'
      process.runtime.startLimit(process, limitMs)
    }
    this.seen = process.mailbox.last
    return waits
  }

  private give(value: unknown): IteratorResult<Step> {
    const { process } = this
    if (this.stage === 'limited') process.runtime.endLimit(process)
    this.stage = 'free'
    this.match = this.seen = undefined
    gives.value = value
    return gives
  }
}

/**
 * Waits for the first message that `match` accepts (any, without one), and takes it out of the
 * mailbox; the others stay in their order. With a limit in milliseconds it gives `timeout` once
 * that has passed; a limit of 0 looks and does not wait.
 */
export function receive<Message = unknown>(match?: Match<Message>): Body<Message>
export function receive<Message = unknown>(
  match: Match<Message> | undefined,
  limitMs: number,
): Body<Message | Timeout>
export function receive<Message>(match?: Match<Message>, limitMs = Infinity): Body<Message> {
  const process = me()
  let receiving = process.receiving
  // One that was made and not entered, or that its match threw out of, is left to its maker.
  if (!receiving?.isFree) receiving = process.receiving = new Receiving(process)
  receiving.begin(match, limitMs)
  return receiving as unknown as Body<Message>
}

/** Waits for the next message, whatever it is, at most `limitMs` milliseconds. */
export const receiveWithin = <Message>(limitMs: number): Body<Message | Timeout> =>
  receive<Message>(undefined, limitMs)

/** Waits at least `ms` milliseconds; messages wait too. */
export const sleep = (ms: number): Body => receive(noMessage, ms) as Body<unknown> as Body

const noMessage = (): boolean => false
