/*
 * A visitor's session: reads what was typed, has each sum calculated by a process of its own, and
 * writes down what came of it. It never counts itself, so it answers at once whatever it has been
 * asked. The missing check of the range is the third planted bug.
 */
import { become, describeReason, qualified, receive, settle, startTask, timeout } from '../runtime'
import type { Body, Down, Ref, Result } from '../runtime'
import { sessionStream } from '../protocol/envelope'
import { sumFold, type StartSum, type SumEvent, type SumView } from '../protocol/sum'
import { announce, close, openStream, say, show, type Stream, type Streams } from './stream'
import { accept, decline, type Follow, type Wish } from './wish'

const Session = qualified<typeof import('./session')>('session')
const Sum = qualified<typeof import('./sum')>('sum')

/** A session that nobody spoke to for four hours ends. */
const idleMs = 4 * 60 * 60 * 1000
const maxRunning = 20

type Sums = Stream<SumView, SumEvent>
/** Which sum a calculation belongs to. */
type Running = Map<Ref, string>

export function* session(visitor: string, streams: Streams): Body {
  const sums: Sums = openStream(streams, sessionStream(visitor), sumFold)
  announce(sums)
  return become(Session.serve, sums, new Map())
}

export function* serve(sums: Sums, running: Running): Body {
  const message = yield* receive<Follow | Wish<StartSum> | Result<bigint> | Down>(undefined, idleMs)
  if (message === timeout) return close(sums)
  if (message.type === 'follow') show(sums, message)
  if (message.type === 'wish') yield* start(sums, running, message)
  if (message.type === 'result') finish(sums, running, message)
  if (message.type === 'down') fail(sums, running, message)
  return become(Session.serve, sums, running)
}

function* start(sums: Sums, running: Running, wish: Wish<StartSum>): Body {
  const text = wish.command.text.trim()
  if (sums.view.lines.some(({ id }) => id === wish.id)) return accept(wish)
  if (!/^[+-]?[0-9]+$/.test(text)) return decline(wish, 'not_a_number')
  if (running.size >= maxRunning) return decline(wish, 'too_many_running')
  const number = BigInt(text)
  // repair: if (number < 1n) return decline(wish, 'not_positive')
  const task = yield* startTask('sums', Sum.sum, number)
  if (!task.ok) return decline(wish, 'too_busy')
  running.set(task.ref, wish.id)
  say(sums, { type: 'sum_started', id: wish.id, number: String(number) })
  accept(wish)
}

function finish(sums: Sums, running: Running, result: Result<bigint>): void {
  const id = running.get(result.ref)
  settle(result)
  running.delete(result.ref)
  if (id) say(sums, { type: 'sum_finished', id, result: String(result.value) })
}

function fail(sums: Sums, running: Running, down: Down): void {
  const id = running.get(down.ref)
  running.delete(down.ref)
  if (id) say(sums, { type: 'sum_failed', id, reason: describeReason(down.reason) })
}
