/*
 * Which page of the wall each note stands on. An arrangement follows from the one before, so that a
 * note keeps its place as long as it can (page-places.ts): a new note goes to the first page with a
 * free cell, and one that leaves leaves its cell free.
 *
 * The first page has what is pinned and what most have seconded; the few that most have seconded
 * fill two cells there.
 */
import type { WallNote } from '../../protocol/wall'
import { cellsOf, type Grid } from './grid'
import { layPage, type Page, type Place } from './page-places'

/** Never without a page; that of an empty board has no places. */
export type Arrangement = readonly Page[]

export const emptyArrangement: Arrangement = [{ grid: { columns: 1, rows: 1 }, places: [] }]

/** A further page is not filled by its first note, as if that were the most important one. */
const leastOfFurther = 6
/** A note that fills two cells was seconded so often at least. */
const leastVotesOfLarge = 3
/** One of so many notes may fill two cells. */
const notesPerLarge = 6
/**
 * So much more another must have to take a favourite's place: votes that come in turns move none.
 */
const headStart = 1.5

/** The next arrangement, with these notes, for pages that can have these grids. */
export function arrange(
  old: Arrangement,
  notes: readonly WallNote[],
  tiers: readonly Grid[],
): Arrangement {
  const largest = tiers.at(-1)!
  const cells = cellsOf(largest)
  const large = largest.rows > 1 ? largeOf(old, notes, cells) : new Set<number>()
  const members = membersOf(old, notes, { large, cells })
  return members.map((onPage, at) => {
    const isLarge = (note: WallNote) => at === 0 && large.has(note.id)
    const further = tiers.find((grid) => cellsOf(grid) >= leastOfFurther) ?? largest
    const allowed = at === 0 ? tiers : tiers.slice(tiers.indexOf(further))
    return layPage(old[at], onPage, isLarge, allowed)
  })
}

/** Ids of the notes that fill two cells. */
function largeOf(old: Arrangement, notes: readonly WallNote[], cells: number): Set<number> {
  const count = Math.floor(Math.min(notes.length, cells) / notesPerLarge)
  const are = idsOf(old[0]?.places.filter(({ rows }) => rows > 1) ?? [])
  const wanted = notes.filter(({ votes }) => votes >= leastVotesOfLarge)
  return new Set(
    sortedBy(wanted, byVotes(are))
      .slice(0, count)
      .map(({ id }) => id),
  )
}

type Order = (a: WallNote, b: WallNote) => number

/** Most votes first; those that `are` where others want to be have a head start. */
const byVotes = (are: ReadonlySet<number>): Order => {
  const weight = ({ id, votes }: WallNote) => votes + (are.has(id) ? headStart : 0)
  return (a, b) => weight(b) - weight(a) || a.id - b.id
}

const byRank =
  (are: ReadonlySet<number>): Order =>
  (a, b) =>
    Number(b.pinned) - Number(a.pinned) || byVotes(are)(a, b)

const sortedBy = (notes: readonly WallNote[], order: Order): WallNote[] => [...notes].sort(order)

const idsOf = (places: readonly Place[]): Set<number> => new Set(places.map(({ note }) => note.id))

interface Room {
  readonly large: ReadonlySet<number>
  /** Cells of a full page. */
  readonly cells: number
}

/** Which notes stand on which page: where they did, but for favourites and those without a page. */
function membersOf(old: Arrangement, notes: readonly WallNote[], room: Room): WallNote[][] {
  const unplaced = new Map(notes.map((note) => [note.id, note]))
  const take = (id: number): WallNote[] => {
    const note = unplaced.get(id)
    unplaced.delete(id)
    return note ? [note] : []
  }
  const favourites = favouritesOf(old, notes, room)
  const wanted = new Set(favourites.map(({ id }) => id))
  const [first = [], ...further] = old.map(({ places }) => places.map(({ note }) => note.id))
  const pages = [
    first.flatMap(take),
    ...further.map((ids) => ids.filter(isNot(wanted)).flatMap(take)),
  ]
  pages[0]!.push(...favourites.flatMap(({ id }) => take(id)))
  const evicted: WallNote[] = []
  pages.forEach((page, at) => {
    while (freeCells(pages, at, room) < 0) evicted.push(...dropLeastWanted(page, wanted))
  })
  for (const note of [...evicted, ...unplaced.values()]) addWhereFree(pages, note, room)
  return withoutThinEnd(pages, room)
}

const isNot = (ids: ReadonlySet<number>) => (id: number) => !ids.has(id)

/** The notes that belong on the first page, as many as have room there. */
function favouritesOf(
  old: Arrangement,
  notes: readonly WallNote[],
  { large, cells }: Room,
): WallNote[] {
  let left = cells
  return sortedBy(
    notes.filter(({ pinned, votes }) => pinned || votes > 0),
    byRank(idsOf(old[0]?.places ?? [])),
  ).filter(({ id }) => (left -= large.has(id) ? 2 : 1) >= 0)
}

function freeCells(pages: readonly WallNote[][], at: number, { large, cells }: Room): number {
  const grown = at === 0 ? pages[at]!.filter(({ id }) => large.has(id)).length : 0
  return cells - pages[at]!.length - grown
}

/** Takes off the oldest note of those that fewest have seconded. */
function dropLeastWanted(notes: WallNote[], wanted: ReadonlySet<number>): WallNote[] {
  const [least] = notes
    .filter(({ id }) => !wanted.has(id))
    .sort((a, b) => a.votes - b.votes || a.id - b.id)
  return notes.splice(least ? notes.indexOf(least) : notes.length - 1, 1)
}

function addWhereFree(pages: WallNote[][], note: WallNote, room: Room): void {
  const page = pages.find((_, at) => freeCells(pages, at, room) > 0)
  if (page) page.push(note)
  else pages.push([note])
}

/** When the pages before have room for the notes of the last one, these move there. */
function withoutThinEnd(pages: WallNote[][], room: Room): WallNote[][] {
  while (pages.length > 1) {
    const last = pages.at(-1)!
    const before = pages.slice(0, -1)
    const free = before.reduce((sum, _, at) => sum + Math.max(0, freeCells(pages, at, room)), 0)
    if (free < last.length) break
    pages.pop()
    for (const note of last) addWhereFree(pages, note, room)
  }
  return pages
}
