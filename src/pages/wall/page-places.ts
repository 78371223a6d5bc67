/*
 * Where each note stands on its page. A new note takes the first free cell, one that grows takes
 * the cell below or above from a single neighbour; only when the page needs another grid all its
 * notes move, in their order.
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

type IsLarge = (note: WallNote) => boolean

/** The next state of a page, with these notes, in one of these grids. */
export function layPage(
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
  const large = notes.filter(isLarge).sort((a, b) => b.votes - a.votes || a.id - b.id)
  const fresh = [...large, ...inOrder(old, notes, isLarge)]
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
