/*
 * A stream that is kept in the log and outlives its writer: a restarted one folds the log and goes
 * on under the same epoch with the next number, so followers resume as if nothing had happened.
 * Its writer appends a group first (committed, or not at all), and only then takes, tells and
 * answers.
 *
 * A checkpoint spares the fold its beginning. It lags behind by as many events as the store keeps
 * for followers, so that the events which a restarted writer reads again are those they may ask
 * for.
 */
import type { Body } from '../runtime'
import type { Fold } from '../protocol/fold'
import type { Log } from '../protocol/log'
import type { Store } from '../protocol/store'
import { take, type Stream } from './stream'

/** Events between two checkpoints, and behind the last one. */
export const checkpointEvery = 200

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

/** Folds what the log has after the checkpoint; `each` hears of every event before it is taken. */
export function* catchUp<View, Event>(
  kept: KeptStream<View, Event>,
  each: (event: Event, view: View) => void = () => {},
): Body {
  const { log, name, told } = kept
  for (const event of log.read(name, told.seq) as Event[]) {
    const view = told.fold.fold(told.view, event)
    each(event, view)
    takeKept(kept, event, view)
  }
}

/** Takes an event that is in the log, and that led to `view`. */
export function takeKept<View, Event>(
  kept: KeptStream<View, Event>,
  event: Event,
  view: View,
): void {
  const { log, name, told, version, due } = kept
  take(told, event, view)
  if (due && told.seq >= due.seq + checkpointEvery) {
    log.checkpoint(name, { seq: due.seq, view: { version, view: due.view } })
    kept.due = undefined
  }
  kept.due ??= { seq: told.seq, view }
}
