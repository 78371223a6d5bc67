/*
 * One followed stream, as the page has it: the view, and the place that it has reached. It asks for what
 * it misses and nothing else: by its cursor after a loss, and for a snapshot when the numbers show a gap.
 *
 * A stream has one fold, that of its noun; all followers of one page share this feed and its view.
 */
import type { Answer, Cursor, Events, Follow, Snapshot } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import { newAt } from './cursor'
import { growingDelayMs } from './growing-delay'
import type { Followed, Stop } from './source'

export interface FeedDoors {
  /** Sends a follow. `answered` is told undefined when no answer came in time. */
  ask(follow: Follow, answered: (answer: Answer | undefined) => void): void
  after(afterMs: number, act: () => void): Stop
}

export interface Feed<View> {
  /** Asks for all that came after the feed's place: at the start, and whenever the line is back. */
  resume(): void
  snapshot(snapshot: Snapshot): void
  events(events: Events): void
  /** Tells what is known now and at each change. */
  listen(tell: (followed: Followed<View>) => void): Stop
  /** True when nobody listens. */
  isIdle(): boolean
  /** Asks no more. */
  close(): void
}

export function createFeed<View, Event>(
  stream: string,
  fold: Fold<View, Event>,
  doors: FeedDoors,
): Feed<View> {
  let view = fold.empty
  let place: { epoch: string | undefined; seq: number } = { epoch: undefined, seq: 0 }
  let asking = false
  let asked = 0
  let tries = 0
  let ignored = 0
  let stopRetry: Stop = () => {}
  const tells = new Set<(followed: Followed<View>) => void>()

  function ask(cursor: Cursor | undefined) {
    stopRetry()
    asking = true
    const mine = ++asked
    doors.ask({ stream, ...cursor }, (answer) => {
      if (mine !== asked) return
      asking = false
      if (answer?.ok) tries = 0
      else stopRetry = doors.after(growingDelayMs(tries++), resume)
    })
  }

  function resume() {
    ask(place.epoch === undefined ? undefined : { epoch: place.epoch, after: place.seq })
  }

  function tellAll() {
    for (const tell of tells) tell({ view, epoch: place.epoch })
  }

  /** Folds are total; one that throws all the same costs its event and not the page. */
  function step(event: unknown) {
    try {
      view = fold.fold(view, event as Event)
    } catch (error) {
      console.warn(`${stream}: ${++ignored} events ignored so far, the last one for`, error)
    }
  }

  return {
    resume,
    snapshot(snapshot) {
      view = snapshot.view as View
      place = { epoch: snapshot.epoch, seq: snapshot.seq }
      tellAll()
    },
    events(heard) {
      const fresh = newAt(place, heard)
      if (fresh === 'gap') {
        // An answer is on its way already, and it will bring the missing events or a snapshot.
        if (!asking) ask(undefined)
        return
      }
      if (fresh.length === 0) return
      for (const event of fresh) step(event)
      place = { epoch: heard.epoch, seq: heard.seq }
      tellAll()
    },
    listen(tell) {
      tells.add(tell)
      tell({ view, epoch: place.epoch })
      return () => void tells.delete(tell)
    },
    isIdle: () => tells.size === 0,
    close() {
      asked++
      stopRetry()
    },
  }
}
