/*
 * How large a note's text is in its card: as the tier gives it, larger for a note that many
 * seconded, smaller for a long one, and never below what is legible. It is reckoned from the text
 * alone, without asking the browser to lay anything out, so that a note that comes costs nothing;
 * what does not fit all the same is clipped.
 */
import type { Size } from './grid'

export const lineHeight = 1.25

/** Widths in em: a common letter, and those of scripts and pictures that fill a square. */
const letterEm = 0.55
const squareEm = 1.05
const squares = new RegExp(
  '[\\u1100-\\u11ff\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\uff00-\\uff60' +
    '\\u{12000}-\\u{1342f}\\u{1f000}-\\u{3ffff}]',
  'u',
)

/** Bold letters are so much wider. */
const boldness = 1.09

/** Lines are never filled to their end; so much of a card is words. */
const filled = 0.82

/** Characters of a common note: a tier's text is as large as lets such a one fit. */
const commonLength = 40

/** So much larger than the smallest is the common size at most: two notes shall not shout. */
const mostOfLeast = 4

/** How many characters of a text are looked at; a kept note has fewer. */
const maxLooked = 2_000

/** The common size of text in a card of `inner` size, in pixels. */
export function tierText(inner: Size, leastPx: number): number {
  const area = inner.width * inner.height * filled
  const fitting = Math.sqrt(area / (commonLength * letterEm * lineHeight))
  const threeLines = inner.height / (3 * lineHeight)
  return Math.max(leastPx, Math.min(fitting, threeLines, leastPx * mostOfLeast))
}

/** How much larger a note is written that so many seconded: 1 for none, at most 1.6. */
export const growthOf = (votes: number): number => Math.min(1.6, 1 + 0.12 * Math.log2(1 + votes))

/** The largest text of at most `wantedPx` that shows all of a note, or else `leastPx`. */
export function fittingText(
  text: string,
  inner: Size,
  { wantedPx, leastPx, isBold }: { wantedPx: number; leastPx: number; isBold: boolean },
): number {
  const em = (word: string) => widthEm(word) * (isBold ? boldness : 1)
  const lines = text
    .slice(0, maxLooked)
    .split('\n')
    .map((line) => line.split(/\s+/).map(em))
  const longestWord = Math.max(1, ...lines.flat())
  // A word is not broken to be written larger, as long as it is legible in one piece.
  let px = Math.min(wantedPx, inner.width / longestWord)
  const fits = () => rowsOf(lines, inner.width / px) * px * lineHeight <= inner.height
  while (px > leastPx && !fits()) px *= 0.95
  return Math.max(leastPx, px)
}

/** Rows that lines of words fill, each word where it still has room. */
function rowsOf(lines: readonly (readonly number[])[], widthEm: number): number {
  let rows = 0
  for (const line of lines) {
    let usedEm = Infinity
    for (const wordEm of line) {
      const joinedEm = usedEm + letterEm / 2 + wordEm
      if (joinedEm <= widthEm) usedEm = joinedEm
      else {
        rows += Math.max(1, Math.ceil(wordEm / widthEm))
        usedEm = wordEm % widthEm
      }
    }
  }
  return rows
}

function widthEm(text: string): number {
  let em = 0
  for (const letter of text) em += squares.test(letter) ? squareEm : letterEm
  return em
}
