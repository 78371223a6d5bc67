/*
 * A stream that is kept in the log and outlives its writer: a restarted one folds the log and goes
 * on under the same epoch with the next number, so followers resume as if nothing had happened.
 * Its writer keeps a group first (committed, or not at all), and only then folds, tells and
 * answers.
 *
 * A checkpoint spares the fold its beginning. It lags behind by as many events as the store keeps
 * for followers, so that the events which a restarted writer reads again are those they may ask
 * for.
 */
import type { Fold } from '../protocol/fold'
import type { Entry, Log } from '../protocol/log'
import type { Store } from '../protocol/store'
import { say, take, type Stream } from './stream'

/** Events between two checkpoints, and behind the last one. */
export const checkpointEvery = 400

export interface KeptStream<View, Event> {
  readonly log: Log
  /** The stream's name in the log. */
  readonly name: string
  readonly told: Stream<View, Event>
  readonly version: number
  /** A view of some events ago that is to become the next checkpoint. */
  due: { readonly seq: number; readonly view: View } | undefined
}

/** Where a kept stream comes from and goes to. */
export interface Keeping<View, Event> {
  readonly log: Log
  readonly store: Store
  readonly name: string
  readonly fold: Fold<View, Event>
  /** Raised when the fold or its view changes: an older checkpoint is not understood any more. */
  readonly version: number
}

/** Opens the stream at its last checkpoint; its events are told as the stream `as`. */
export function openKept<View, Event>(
  { log, store, name, fold, version }: Keeping<View, Event>,
  as = name,
): KeptStream<View, Event> {
  const restored = log.restore(name)
  const start = restored?.view as { readonly version: number; readonly view: View } | undefined
  const isUsable = start?.version === version
  const seq = isUsable ? (restored?.seq ?? 0) : 0
  const view = isUsable ? start.view : fold.empty
  const told = { name: as, epoch: log.id, store, fold, seq, view }
  return { log, name, told, version, due: undefined }
}

/** Folds what the log has after the checkpoint; `each` is called after every event. */
export function catchUp<View, Event>(
  kept: KeptStream<View, Event>,
  each: (view: View) => void = () => {},
): void {
  const { log, name, told } = kept
  for (const event of log.read(name, told.seq) as Event[]) {
    take(told, event)
    noteCheckpoint(kept)
    each(told.view)
  }
}

/**
 * Keeps a group of events and tells it. False when it could not be kept: then nothing has happened.
 */
export function keep<View, Event>(
  kept: KeptStream<View, Event>,
  entries: readonly (Entry & { readonly event: Event })[],
): boolean {
  const { log, name, told } = kept
  if (!log.append(name, told.seq, entries)) return false
  say(told, ...entries.map(({ event }) => event))
  noteCheckpoint(kept)
  return true
}

function noteCheckpoint<View, Event>(kept: KeptStream<View, Event>): void {
  const { log, name, told, version, due } = kept
  if (due && told.seq >= due.seq + checkpointEvery) {
    log.checkpoint(name, { seq: due.seq, view: { version, view: due.view } })
    kept.due = undefined
  }
  kept.due ??= { seq: told.seq, view: told.view }
}
