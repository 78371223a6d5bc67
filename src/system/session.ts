/*
 * A visitor's session: reads what was typed, has each sum calculated by a process of its own, and
 * writes down what came of it. It never counts itself, so it answers at once whatever it was asked.
 */
import { become, describeReason, qualified, receiveWithin, sendExit, settle } from '../runtime'
import {
  startTask,
  timeout,
  type Body,
  type Down,
  type Ref,
  type Result,
  type Task,
} from '../runtime'
import { sessionStream } from '../protocol/envelope'
import { sumFold, type StartSum, type SumEvent, type SumLine, type SumView } from '../protocol/sum'
import { handOver, noLegacy, type HandOver } from './hand-over'
import { announce, close, openStream, say, show, type Stream, type Streams } from './stream'
import { accept, decline, type Follow, type Granted, type Wish } from './wish'

const Session = qualified<typeof import('./session')>('session')
const Sum = qualified<typeof import('./sum')>('sum')

/** How long a session waits for its visitor: with nothing to remember, not for long. */
const idleMs = 4 * 60 * 60 * 1000
const idleEmptyMs = 10 * 60 * 1000
const maxRunning = 20

type Message = Follow | Wish<StartSum> | Result<bigint> | Down | HandOver

interface State {
  readonly list: Stream<SumView, SumEvent>
  /** The calculations under way, and the wishes that they belong to. */
  readonly running: Map<Ref, Task & { readonly id: string }>
  readonly granted: Granted
}

/** @param legacy what the visitor's session in another host has left */
export function* session(visitor: string, streams: Streams, legacy = noLegacy): Body {
  const { left, life = streams.life } = legacy()
  const list = openStream({ ...streams, life }, sessionStream(visitor), sumFold, left?.list)
  announce(list)
  const state: State = { list, running: new Map(), granted: new Set(left?.granted) }
  for (const line of list.view.lines) if (line.state === 'calculating') yield* goOn(state, line)
  return become(Session.serve, state)
}

export function* serve(state: State): Body {
  const isEmpty = state.list.view.lines.length === 0
  const message = yield* receiveWithin<Message>(isEmpty ? idleEmptyMs : idleMs)
  if (message === timeout) return end(state)
  if (message.type === 'hand_over') return move(state)
  if (message.type === 'follow') show(state.list, message)
  if (message.type === 'wish') yield* startSum(state, message)
  if (message.type === 'result') finishSum(state, message)
  if (message.type === 'down') failSum(state, message)
  return become(Session.serve, state)
}

function* startSum({ list, running, granted }: State, wish: Wish<StartSum>): Body {
  const text = wish.command.text.trim()
  if (granted.has(wish.id)) return accept(wish, granted)
  if (!/^[+-]?[0-9]+$/.test(text)) return decline(wish, 'not_a_number')
  if (running.size >= maxRunning) return decline(wish, 'too_many_running')
  const number = BigInt(text)
  // The third planted bug: nothing asks for a number from 1 on.
  // repair: if (number < 1n) return decline(wish, 'not_positive')
  const task = yield* startTask('sums', Sum.sum, number)
  if (!task.ok) return decline(wish, 'too_busy')
  running.set(task.ref, { ...task, id: wish.id })
  say(list, { type: 'sum_started', id: wish.id, number: String(number) })
  accept(wish, granted)
}

function finishSum({ list, running }: State, result: Result<bigint>): void {
  const sum = running.get(result.ref)
  settle(result)
  running.delete(result.ref)
  if (sum) say(list, { type: 'sum_finished', id: sum.id, result: String(result.value) })
}

function failSum({ list, running }: State, down: Down): void {
  const sum = running.get(down.ref)
  running.delete(down.ref)
  if (sum) say(list, { type: 'sum_failed', id: sum.id, reason: describeReason(down.reason) })
}

/** Begins a sum anew that another host was calculating. */
function* goOn({ list, running }: State, { id, number }: SumLine): Body {
  const task = yield* startTask('sums', Sum.sum, BigInt(number))
  if (task.ok) running.set(task.ref, { ...task, id })
  else say(list, { type: 'sum_failed', id, reason: 'moved to a host that has no room for it' })
}

/** Leaves all to the session of another host. */
function move({ list, running, granted }: State): void {
  stopCounting(running)
  handOver(list, granted)
}

/** Nobody came back: what still counts for nobody ends too. */
function end({ list, running }: State): void {
  stopCounting(running)
  close(list)
}

function stopCounting(running: State['running']): void {
  for (const { pid } of running.values()) sendExit(pid, 'kill')
}
