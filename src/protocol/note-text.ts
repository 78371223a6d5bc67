/*
 * What people type on a board, made decent to show: composed letters, no controls, no characters
 * that turn the direction of their neighbours, no towers of marks, few lines. What a note says is
 * left alone. The rules are Unicode's own properties, so they hold for every script.
 */

/** Longest note, in graphemes: what a reader counts as characters. */
export const maxNoteGraphemes = 280

/** Longest text that is looked at, in UTF-16 units; a family of emoji takes eleven. */
export const maxNoteUnits = 2_000

const maxLines = 6
/** Vietnamese needs two, biblical Hebrew four; a tower begins above. */
const maxMarks = 4

const lineBreaks = /\r\n?|[\u2028\u2029\u0085\v\f]/g
const controls = /(?!\n)\p{Cc}/gu
/** Marks and overrides of direction: each note stands isolated in a direction of its own. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
/** Characters that take no place or show nothing: with them a note looks empty, or like another. */
const invisible =
  /[\u00ad\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu
const privateUse = /\p{Co}/gu
const spaces = /[\p{Zs}\t\u2800]+/gu
/** Joiners count too: they keep a tower of marks one grapheme. */
const towers = new RegExp(`((?:\\p{M}|[\\u200c\\u200d]){${maxMarks}})[\\p{M}\\u200c\\u200d]+`, 'gu')
/** Half of a character that takes two units. */
const loneHalves = /\p{Cs}/gu

/** The text as it is kept and shown. Empty when nothing of it can be seen. */
export function tidyNote(raw: string): string {
  const text = raw
    .slice(0, maxNoteUnits)
    .replace(loneHalves, '')
    .replace(lineBreaks, '\n')
    .replace(controls, '')
    .replace(directions, '')
    .replace(invisible, '')
    .replace(privateUse, '')
    .normalize('NFC')
    .replace(towers, '$1')
    .replace(spaces, ' ')
  const lines = text.split('\n').map((line) => line.trim())
  const said = lines.filter((line) => isVisible(line))
  return [...said.slice(0, maxLines - 1), said.slice(maxLines - 1).join(' ')].join('\n').trim()
}

/** A line of marks and joiners alone shows nothing that belongs to it. */
const isVisible = (line: string): boolean => /[^\p{M}\p{Cf}\p{Z}]/u.test(line)

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** How many characters a reader counts. */
export function countGraphemes(text: string): number {
  let count = 0
  for (const segment of segmenter.segment(text)) if (segment) count++
  return count
}
