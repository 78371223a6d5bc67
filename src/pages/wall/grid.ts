/*
 * Into how many columns and rows a page of the wall is divided. Grids grow in tiers with the number
 * of notes, so that notes keep their places within a tier; the last tier is what is legible. All is
 * reckoned in the smallest text that may stand there, so a frame and a hall's screen are alike.
 */

export interface Grid {
  readonly columns: number
  readonly rows: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** The wall's window, in pixels, at which the smallest text has its nominal size. */
const reference = { width: 1920, height: 1080, textPx: 28 }
/** In a slide's frame, which is seen twice as large, and on a phone, which is near. */
const leastTextPx = 14

/** A card holds four words a line and three lines, or is no better than a list. */
const leastCard = { widthEm: 11, heightEm: 5.2 }
/** Wide enough for a sentence of two lines. */
const idealRatio = 1.8
/** More on one page nobody reads. */
const maxCards = 25

/** The smallest text on a wall of a window's size, in pixels. */
export function leastTextOf({ width, height }: Size): number {
  const share = Math.min(width / reference.width, height / reference.height)
  return Math.max(leastTextPx, reference.textPx * share)
}

export const cellsOf = ({ columns, rows }: Grid): number => columns * rows

/** The tiers for a page of that size, smallest first; each has a column or a row more. */
export function tiersFor({ width, height }: Size, leastTextPx: number): readonly Grid[] {
  const most = {
    columns: Math.max(1, Math.floor(width / (leastCard.widthEm * leastTextPx))),
    rows: Math.max(1, Math.floor(height / (leastCard.heightEm * leastTextPx))),
  }
  const oddness = ({ columns, rows }: Grid) =>
    Math.abs(Math.log((width * rows) / (height * columns * idealRatio)))
  const tiers: Grid[] = [{ columns: 1, rows: 1 }]
  for (;;) {
    const { columns, rows } = tiers.at(-1)!
    const larger = [
      { columns: columns + 1, rows },
      { columns, rows: rows + 1 },
    ].filter(
      (grid) => grid.columns <= most.columns && grid.rows <= most.rows && cellsOf(grid) <= maxCards,
    )
    const [first, second] = larger
    if (!first) return tiers
    tiers.push(second && oddness(second) < oddness(first) ? second : first)
  }
}
