/*
 * What of the wall is shown now: its notes, held still while the presenter points at it, on pages
 * that turn by themselves. It takes what happens (a view, a pointer, a key, a size) and tells the
 * whole show anew; clock and timers are the source's.
 *
 * Held means: nothing arrives, moves, grows or turns. What leaves the wall leaves at once all the
 * same, since somebody hid it for a reason.
 */
import type { WallNote, WallView } from '../../protocol/wall'
import type { Source, Stop } from '../../source/source'
import { arrange, emptyArrangement, type Arrangement } from './arrangement'
import type { Grid } from './grid'

export interface Show {
  readonly pages: Arrangement
  /** Which page is shown, from 0 on. */
  readonly at: number
  /** Ids of the notes that came last. */
  readonly fresh: ReadonlySet<number>
  /** Why the wall holds still, if it does. */
  readonly held: 'pointed' | 'asked' | undefined
  /** How many notes wait for the end of that. */
  readonly waiting: number
}

export interface WallShow {
  see(view: WallView): void
  /** The grids that a page may have. */
  fit(tiers: readonly Grid[]): void
  /** The pointer moved over the wall. */
  point(): void
  /** The pointer left the wall. */
  unpoint(): void
  /** Holds the wall until asked again. */
  toggleHold(): void
  turn(by: 1 | -1): void
  stop(): void
}

/** How long a page is shown, and how long at least when new notes wait on another. */
export const pageMs = 10_000
export const shortPageMs = 4_000
/** A pointer that lies still for so long, or has left for so long, no longer points. */
export const restMs = 6_000
export const leftMs = 1_500

export const emptyShow: Show = {
  pages: emptyArrangement,
  at: 0,
  fresh: new Set(),
  held: undefined,
  waiting: 0,
}

type Clock = Pick<Source, 'now' | 'after'>

const nothingYet: readonly WallNote[] = []

export function createWallShow(clock: Clock, tell: (show: Show) => void): WallShow {
  let show = emptyShow
  let view: WallView | undefined
  let tiers: readonly Grid[] | undefined
  let notes = nothingYet
  let isPointed = false
  let isAsked = false
  const turning = createTurning(clock)
  let stopRest: Stop = () => {}

  function update(change: Partial<Show> = {}) {
    const held = isAsked ? 'asked' : isPointed ? 'pointed' : undefined
    const waiting = view && notes !== nothingYet ? view.notes.length - notes.length : 0
    show = { ...show, ...change, held, waiting }
    const isCovered = view !== undefined && (view.blank || view.spotlight !== null)
    turning.plan(held || isCovered ? 1 : show.pages.length, show.at, (at) => update({ at }))
    tell(show)
  }

  /** Takes over what the view has, or, while the wall is held, only what it has no more. */
  function takeNotes() {
    if (!view || !tiers) return update()
    const isFirst = notes === nothingYet
    const before = new Set(notes.map(({ id }) => id))
    const isHeld = (isAsked || isPointed) && !isFirst
    notes = isHeld ? stillIn(view.notes, notes) : view.notes
    const came = isFirst ? [] : notes.filter(({ id }) => !before.has(id)).map(({ id }) => id)
    const pages = arrange(show.pages, notes, tiers)
    const newest = came.at(-1)
    if (newest !== undefined) turning.want(pageOf(pages, newest))
    const fresh = newest === undefined ? show.fresh : new Set(came)
    update({ pages, fresh, at: Math.min(show.at, pages.length - 1) })
  }

  function restFor(ms: number) {
    stopRest()
    stopRest = clock.after(ms, () => {
      isPointed = false
      takeNotes()
    })
  }

  return {
    see(now) {
      view = now
      takeNotes()
    },
    fit(now) {
      tiers = now
      takeNotes()
    },
    point() {
      const wasPointed = isPointed
      isPointed = true
      restFor(restMs)
      if (!wasPointed) update()
    },
    unpoint() {
      if (isPointed) restFor(leftMs)
    },
    toggleHold() {
      isAsked = !isAsked
      takeNotes()
    },
    turn(by) {
      const { length } = show.pages
      turning.turned()
      update({ at: (show.at + by + length) % length })
    },
    stop() {
      turning.stop()
      stopRest()
    },
  }
}

/** What of `notes` a view still has. */
function stillIn(view: readonly WallNote[], notes: readonly WallNote[]): readonly WallNote[] {
  const ids = new Set(view.map(({ id }) => id))
  return notes.filter(({ id }) => ids.has(id))
}

const pageOf = (pages: Arrangement, id: number): number =>
  pages.findIndex(({ places }) => places.some(({ note }) => note.id === id))

/** When the pages turn by themselves, and to which. */
function createTurning(clock: Clock) {
  let turnedMs = clock.now()
  let isStill = false
  /** The page that has notes which nobody has seen yet. */
  let wanted: number | undefined
  let stopTimer: Stop = () => {}

  function turned() {
    turnedMs = clock.now()
  }

  return {
    turned,
    want(page: number) {
      wanted = page
    },
    /** Plans the next turn of so many pages; a single one, or one that is to stay, has none. */
    plan(count: number, at: number, turn: (at: number) => void) {
      stopTimer()
      if (wanted === at) wanted = undefined
      const wasStill = isStill
      isStill = count < 2
      if (isStill) return
      // After a hold the page stays a little longer, unless new notes wait on another.
      if (wasStill) turnedMs = Math.max(turnedMs, clock.now() - (pageMs - shortPageMs))
      const dueMs = turnedMs + (wanted === undefined ? pageMs : shortPageMs)
      stopTimer = clock.after(Math.max(0, dueMs - clock.now()), () => {
        turned()
        const next = wanted !== undefined && wanted < count ? wanted : (at + 1) % count
        wanted = undefined
        turn(next)
      })
    },
    stop: () => stopTimer(),
  }
}
