/*
 * The one bridge from a source to Svelte: what a source tells becomes a value that components read,
 * and following ends with the component. Everything else in src/pages is components and plain
 * functions.
 */
import type { Welcome } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import type { Connection, Followed, Stop } from '../source/source'
import { getSource } from './page-source'

/** A value that changes by itself; reading `now` in markup or in a rune follows it. */
export interface Told<T> {
  readonly now: T
}

/**
 * What `listen` tells, as a value: `first` until it has told anything. Called while a component is
 * set up; whatever `listen` reads that changes makes it listen anew. Without a stop it waits for
 * such a change.
 */
export function toldBy<T>(first: T, listen: (tell: (now: T) => void) => Stop | undefined): Told<T> {
  let now = $state.raw(first)
  $effect(() => listen((next) => (now = next)))
  return {
    get now() {
      return now
    },
  }
}

export function connectionNow(): Told<Connection> {
  const source = getSource()
  return toldBy<Connection>('connecting', (tell) => source.onConnection(tell))
}

export function welcomeNow(): Told<Welcome | undefined> {
  const source = getSource()
  return toldBy<Welcome | undefined>(undefined, (tell) => source.onWelcome(tell))
}

/** The view of the stream that `stream` names; the empty one while it names none. */
export function viewOf<View, Event>(
  stream: () => string | undefined,
  fold: Fold<View, Event>,
): Told<Followed<View>> {
  const source = getSource()
  const empty: Followed<View> = { view: fold.empty, epoch: undefined }
  return toldBy(empty, (tell) => {
    const name = stream()
    if (name !== undefined) return source.follow(name, fold, tell)
    tell(empty)
    return undefined
  })
}
