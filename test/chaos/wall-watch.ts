/*
 * What one visitor sees of a board's wall, watched: which notes are there, and whether each arrived
 * once and in its turn. It stands where a page has its fold, so it hears exactly what a page hears;
 * but it keeps prints of notes and changes them in place, since a thousand pages in one machine
 * cannot each copy their list for each note.
 */
import type { Fold } from '../../src/protocol/fold'
import { wallFold, type WallEvent, type WallNote, type WallView } from '../../src/protocol/wall'
import type { Followed } from '../../src/source/source'
import { addPrint, printOf, type Stretch } from './history'

/** Stands for the watched view where a page has a view. */
const inPlace = Symbol('watched')
export type Watched = WallView | typeof inPlace

export interface WallWatchHears {
  /** A note arrived as new. */
  note(note: WallNote): void
  /** A note arrived as new that had been there. */
  again(note: number): void
  /** Notes arrived without a snapshot between them. */
  stretch(stretch: Stretch): void
  /** A note was taken away, and none came in its place: somebody hid it. */
  gone?(note: number): void
  /** The wall is blank from now on. */
  blank?(): void
}

export class WallWatch {
  readonly fold: Fold<Watched, WallEvent> = {
    empty: wallFold.empty,
    fold: (view, event) => this.step(view, event),
  }
  /** Number of the newest note that was ever there. */
  newest = 0
  private readonly hears: WallWatchHears
  private readonly prints = new Map<number, number>()
  private snapshot: WallView = wallFold.empty
  private from = 0
  private count = 0
  private sum = 0
  /** Something of which nothing is told any more: a note among it may be missing in a stretch. */
  private isUnsure = false

  constructor(hears: WallWatchHears) {
    this.hears = hears
  }

  /** Takes what the source tells; of a snapshot nobody tells the fold. */
  hear({ view, epoch }: Followed<Watched>): void {
    if (epoch !== undefined) this.adopt(view)
  }

  /** The notes that are there, by id, and the sum of their prints. */
  last(): { readonly notes: readonly number[]; readonly sum: number } {
    const notes = [...this.prints.keys()].sort((a, b) => a - b)
    return { notes, sum: [...this.prints.values()].reduce(addPrint, 0) }
  }

  /** Tells the stretch that is under way. */
  endStretch(): void {
    const { from, newest, count, sum } = this
    if (count > 0) this.hears.stretch({ from, to: newest, count, sum })
    this.from = newest
    this.count = 0
    this.sum = 0
    this.isUnsure = false
  }

  private adopt(view: Watched): void {
    if (view === inPlace || view === this.snapshot) return
    this.endStretch()
    this.snapshot = view
    this.prints.clear()
    for (const note of view.notes) this.prints.set(note.id, printOf(note))
    this.newest = Math.max(this.newest, view.notes.at(-1)?.id ?? 0)
    this.from = this.newest
  }

  private step(view: Watched, { put, drop = [], face }: WallEvent): Watched {
    this.adopt(view)
    for (const id of drop) this.prints.delete(id)
    if (!put) for (const id of drop) this.hears.gone?.(id)
    if (put?.length === 0) this.skip()
    for (const note of put ?? []) this.put(note)
    if (face?.blank) this.hears.blank?.()
    return inPlace
  }

  /** A note came and went while this visitor was away; the next stretch begins after it. */
  private skip(): void {
    this.endStretch()
    this.isUnsure = true
  }

  private put(note: WallNote): void {
    const known = this.prints.get(note.id)
    const print = printOf(note)
    this.prints.set(note.id, print)
    if (known === print || (known === undefined && note.id <= this.newest)) {
      this.hears.again(note.id)
    } else if (known === undefined) {
      if (this.isUnsure) this.from = note.id - 1
      this.isUnsure = false
      this.newest = note.id
      this.count++
      this.sum = addPrint(this.sum, print)
      this.hears.note(note)
    }
  }
}
