/*
 * A stream as its writer holds it: each event is numbered, kept, folded, and told to the gateway,
 * in this order. A writer that is restarted opens it anew, under a new epoch. The state belongs to
 * one process and is changed in place.
 */
import { self, send } from '../runtime'
import type { FromHost, ToHost } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import type { Store } from '../protocol/store'

/** What every writer of a host is given. */
export interface Streams {
  readonly store: Store
  /** Which life of its host this is: the first part of every epoch. */
  readonly life: string
}

export interface Stream<View, Event> {
  readonly name: string
  readonly epoch: string
  readonly store: Store
  readonly fold: Fold<View, Event>
  seq: number
  view: View
}

/** A stream as one writer leaves it and another takes it up. */
export type Left<View> = Pick<Stream<View, never>, 'epoch' | 'seq' | 'view'>

/** The name of the port that leads to the gateway. */
export const gatewayPort = 'gateway'

/** A fresh stream of the running process, its epoch is this process's life; or one that goes on. */
export function openStream<View, Event>(
  { store, life }: Streams,
  name: string,
  fold: Fold<View, Event>,
  left: Left<View> = { epoch: `${life}.${self().serial}`, seq: 0, view: fold.empty },
): Stream<View, Event> {
  return { ...left, name, store, fold }
}

/** Says that something happened. */
export function say<View, Event>(stream: Stream<View, Event>, event: Event): void {
  take(stream, event, stream.fold.fold(stream.view, event))
  tellLast(stream, [event])
}

/** Numbers and keeps an event that led to `view`, and tells nobody. */
export function take<View, Event>(stream: Stream<View, Event>, event: Event, view: View): void {
  stream.store.append(stream.name, stream.epoch, stream.seq + 1, event)
  stream.seq++
  stream.view = view
}

/** Tells the last events, all that were taken since the last word, as one word. */
export function tellLast<View, Event>(
  { name, epoch, seq }: Stream<View, Event>,
  events: readonly Event[],
  isUrgent = false,
): void {
  tell({ type: 'events', stream: name, epoch, seq, events, ...(isUrgent && { urgent: true }) })
}

/** Tells all followers where the stream stands: said once by each new life of its writer. */
export function announce<View, Event>(stream: Stream<View, Event>): void {
  const { name, epoch, seq, view } = stream
  tell({ type: 'snapshot', stream: name, epoch, seq, view })
}

/** Tells all followers how far the stream is: whoever is not there asks for what it missed. */
export const tellPlace = <View, Event>(stream: Stream<View, Event>): void => tellLast(stream, [])

/**
 * Gives one follower what it misses: the events after its cursor, or the view when that is no
 * longer possible. `mend` may change what is told late, not how many events it is.
 */
export function show<View, Event>(
  stream: Stream<View, Event>,
  follow: Extract<ToHost, { type: 'follow' }>,
  mend: (events: readonly Event[]) => readonly Event[] = (events) => events,
): void {
  const { name, epoch, seq, view } = stream
  const { ref, after } = follow
  tell({ type: 'answer', ref, answer: { ok: true } })
  const isSameLife = follow.epoch === epoch && after !== undefined && after <= seq
  const missed = isSameLife ? missedAfter(stream, after) : undefined
  if (missed) tell({ type: 'events', ref, stream: name, epoch, seq, events: mend(missed) })
  else tell({ type: 'snapshot', ref, stream: name, epoch, seq, view })
}

function missedAfter<View, Event>(
  { name, epoch, seq, store }: Stream<View, Event>,
  after: number,
): readonly Event[] | undefined {
  return after === seq ? [] : (store.read(name, epoch, after) as readonly Event[] | undefined)
}

/** Ends the stream: its writer ends, and its events are forgotten. */
export const close = <View, Event>(stream: Stream<View, Event>): void =>
  stream.store.forget(stream.name)

/** Hands a word to the gateway. */
export const tell = (word: FromHost): void => send(gatewayPort, word)
