/*
 * Where each note of the wall stands: on which page, in which cell. An arrangement follows from the
 * one before, so that a note keeps its place as long as it can: a new note takes the first free
 * cell, one that leaves leaves its cell free, and one that grows takes the cell below or above from
 * a single neighbour. Only when a page needs another grid all its notes move, in their order.
 *
 * The first page has what is pinned and what most have seconded; the few that most have seconded
 * fill two cells there.
 */
import type { WallNote } from '../../protocol/wall'
import { cellsOf, type Grid } from './grid'

export interface Place {
  readonly note: WallNote
  readonly column: number
  readonly row: number
  /** How many cells it fills, downwards. */
  readonly rows: number
}

export interface Page {
  readonly grid: Grid
  readonly places: readonly Place[]
}

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

const nobody: ReadonlySet<number> = new Set()

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

type IsLarge = (note: WallNote) => boolean

function layPage(
  old: Page | undefined,
  notes: readonly WallNote[],
  isLarge: IsLarge,
  tiers: readonly Grid[],
): Page {
  const needed = notes.reduce((sum, note) => sum + (isLarge(note) ? 2 : 1), 0)
  const kept = old && tiers.find(({ columns, rows }) => isGrid(old.grid, columns, rows))
  // A page shrinks late, so that one note that comes and goes does not move all others each time.
  if (old && kept && needed <= cellsOf(kept) && needed > cellsOf(kept) / 2) {
    if (isAsIs(old, notes, isLarge)) return old
    const places = placed(kept, keptPlaces(old, notes, isLarge, kept), notes, isLarge)
    if (places) return { grid: kept, places }
  }
  const fresh = [
    ...sortedBy(notes.filter(isLarge), byRank(nobody)),
    ...inOrder(old, notes, isLarge),
  ]
  for (const grid of tiers.filter((tier) => cellsOf(tier) >= needed)) {
    const places = placed(grid, [], fresh, isLarge)
    if (places) return { grid, places }
  }
  const grid = tiers.at(-1)!
  return { grid, places: placed(grid, [], fresh, () => false) ?? [] }
}

/** Whether nothing on a page has changed: most of the many pages of a full wall. */
const isAsIs = ({ places }: Page, notes: readonly WallNote[], isLarge: IsLarge): boolean =>
  places.length === notes.length &&
  places.every(({ note, rows }, at) => note === notes[at] && rows > 1 === isLarge(note))

const isGrid = (grid: Grid, columns: number, rows: number): boolean =>
  grid.columns === columns && grid.rows === rows

/** Pinned notes first, then as they stood, then as they came. */
function inOrder(old: Page | undefined, notes: readonly WallNote[], isLarge: IsLarge): WallNote[] {
  const stood = new Map(
    sortedPlaces(old?.places ?? []).map(({ note }, at): [number, number] => [note.id, at]),
  )
  const at = ({ id }: WallNote) => stood.get(id) ?? Infinity
  return notes
    .filter((note) => !isLarge(note))
    .sort((a, b) => Number(b.pinned) - Number(a.pinned) || comparing(at(a), at(b)) || a.id - b.id)
}

const comparing = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

const sortedPlaces = (places: readonly Place[]): Place[] =>
  [...places].sort((a, b) => a.row - b.row || a.column - b.column)

/** Old places that still hold; of one that grows, the cell that it takes is no longer another's. */
function keptPlaces(
  { places }: Page,
  notes: readonly WallNote[],
  isLarge: IsLarge,
  grid: Grid,
): Place[] {
  const now = new Map(notes.map((note) => [note.id, note]))
  const left = places.flatMap((place) => {
    const note = now.get(place.note.id)
    if (!note) return []
    const rows = isLarge(note) ? place.rows : 1
    return [{ ...place, note, rows }]
  })
  for (const place of left.filter(({ note, rows }) => isLarge(note) && rows === 1)) {
    const isFree = (row: number) =>
      row >= 0 &&
      row < grid.rows &&
      !left.some((other) => other.rows === 2 && covers(other, place.column, row))
    const row = [place.row + 1, place.row - 1].find(isFree)
    const at = left.indexOf(place)
    if (at < 0) continue
    if (row === undefined) {
      left.splice(at, 1)
      continue
    }
    left[at] = { ...place, row: Math.min(row, place.row), rows: 2 }
    const robbed = left.findIndex((other, i) => i !== at && covers(other, place.column, row))
    if (robbed >= 0) left.splice(robbed, 1)
  }
  return left
}

const covers = (place: Place, column: number, row: number): boolean =>
  place.column === column && row >= place.row && row < place.row + place.rows

/** Places for all notes: the given ones, and the first free cells for the rest. Undefined: full. */
function placed(
  grid: Grid,
  given: readonly Place[],
  notes: readonly WallNote[],
  isLarge: IsLarge,
): Place[] | undefined {
  const places = [...given]
  const known = new Set(given.map(({ note }) => note.id))
  const taken = new Set(given.flatMap(cellsUnder))
  const missing = notes.filter(({ id }) => !known.has(id))
  for (const note of [...missing.filter(isLarge), ...missing.filter((each) => !isLarge(each))]) {
    const place = firstFree(grid, taken, note, isLarge(note) ? 2 : 1)
    if (!place) return undefined
    places.push(place)
    for (const cell of cellsUnder(place)) taken.add(cell)
  }
  return places
}

function firstFree(
  { columns, rows }: Grid,
  taken: ReadonlySet<string>,
  note: WallNote,
  height: number,
): Place | undefined {
  for (let row = 0; row + height <= rows; row++) {
    for (let column = 0; column < columns; column++) {
      const place = { note, column, row, rows: height }
      if (!cellsUnder(place).some((cell) => taken.has(cell))) return place
    }
  }
  return undefined
}

const cellsUnder = ({ column, row, rows }: Place): string[] =>
  Array.from({ length: rows }, (_, down) => `${column} ${row + down}`)
