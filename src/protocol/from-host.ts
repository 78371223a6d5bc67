/*
 * Shape checks for whatever a host says to the gateway, before it is believed: the audience may
 * have broken that host. Of each word, what the gateway goes by; of a session's, all of it, since
 * it goes on to a phone or to another host. Lengths come first: a list may say that it is endless.
 */
import {
  array,
  check,
  custom,
  is,
  literal,
  maxLength,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  safeInteger,
  strictObject,
  string,
  unknown,
  variant,
  type GenericSchema,
} from 'valibot'
import { sessionStream, type FromHost } from './envelope'
import { seenSchema } from './seen-check'
import { maxLines } from './sum'

/** More than a host keeps events of any stream, or tells in one turn. */
const maxEvents = 10_000
/** As many wishes as a session remembers. */
const maxGranted = 1_000
/** A result has fewer digits; a reason may be long. */
const maxOutcome = 10_000

const atMost = (length: number) => pipe(string(), maxLength(length))
const few = <Item extends GenericSchema>(most: number, item: Item) =>
  pipe(
    custom<unknown[]>((list) => Array.isArray(list) && list.length <= most),
    array(item),
  )
const count = pipe(number(), safeInteger(), minValue(0))

const name = atMost(80)
const place = { epoch: atMost(40), seq: count }
const [snapshot, events] = [literal('snapshot'), literal('events')]

const refusal = strictObject({ code: atMost(40) })
const answer = variant('ok', [
  strictObject({ ok: literal(true) }),
  strictObject({ ok: literal(false), refusal }),
])

const word = variant('type', [
  object({ type: literal('answer'), ref: count, answer }),
  object({ type: snapshot, ref: optional(count), stream: name, ...place }),
  object({
    type: events,
    ref: optional(count),
    stream: name,
    ...place,
    events: few(maxEvents, unknown()),
  }),
  object({ type: literal('handed_over'), stream: name }),
  strictObject({ type: literal('seen'), ref: count, seen: seenSchema }),
])

const id = atMost(40)
const digits = pipe(string(), maxLength(41), regex(/^-?[0-9]+$/))
const outcome = atMost(maxOutcome)

const line = strictObject({
  id,
  number: digits,
  state: picklist(['calculating', 'finished', 'failed']),
  outcome: optional(outcome),
})
const view = strictObject({ lines: few(maxLines, line) })

const event = variant('type', [
  strictObject({ type: literal('sum_started'), id, number: digits }),
  strictObject({ type: literal('sum_finished'), id, result: outcome }),
  strictObject({ type: literal('sum_failed'), id, reason: outcome }),
])

const left = strictObject({
  list: strictObject({ ...place, view }),
  granted: few(maxGranted, id),
})

const begin = sessionStream('')
const session = pipe(
  name,
  check((text) => text.startsWith(begin) && text !== begin),
)

const sessionWord = variant('type', [
  strictObject({ type: snapshot, ref: optional(count), stream: session, ...place, view }),
  strictObject({
    type: events,
    ref: optional(count),
    stream: session,
    ...place,
    events: few(maxEvents, event),
  }),
  // Only sessions move.
  strictObject({ type: literal('handed_over'), stream: session, state: left }),
])

/** Whether a host may have said that; what it may not is as if it were never said. */
export function isFromHost(raw: unknown): raw is FromHost {
  if (!is(word, raw)) return false
  if (raw.type === 'answer' || raw.type === 'seen') return true
  return raw.type === 'handed_over' || raw.stream.startsWith(begin) ? is(sessionWord, raw) : true
}
