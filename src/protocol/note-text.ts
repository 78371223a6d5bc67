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
/** A black flag, the letters of a region in signs that show nothing alone, and their end. */
const regionFlag = '\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{4,6}\\u{e007f}'
/**
 * Characters that take no place or show nothing: with them a note looks empty, or like another.
 * Unicode counts marks and overrides of direction among them: each note stands isolated in a
 * direction of its own. Joiners and variants are kept, scripts and emoji are written with them.
 */
const invisible = new RegExp(
  `(${regionFlag})|(?![\\u034f\\u200c\\u200d\\ufe00-\\ufe0f])\\p{Default_Ignorable_Code_Point}` +
    '|[\\ufff9-\\ufffd]',
  'gu',
)
/** Of private use, or no characters at all: nobody else sees what the writer saw. */
const unshared = /[\p{Co}\p{Noncharacter_Code_Point}]/gu
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
    .replace(invisible, '$1')
    .replace(unshared, '')
    .normalize('NFC')
    .replace(towers, '$1')
    .replace(spaces, ' ')
  const lines = text.split('\n').map((line) => line.trim())
  const said = lines.filter((line) => isVisible(line))
  return [...said.slice(0, maxLines - 1), said.slice(maxLines - 1).join(' ')].join('\n').trim()
}

/** A line of marks and joiners alone shows nothing that belongs to it. */
const isVisible = (line: string): boolean => /[^\p{M}\p{Cf}\p{Z}]/u.test(line)

/** Missing in a browser of some years ago, which then counts a little more; the board does not. */
const segmenter =
  'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : undefined

/** How many characters a reader counts. */
export function countGraphemes(text: string): number {
  let count = 0
  for (const segment of segmenter?.segment(text) ?? text) if (segment) count++
  return count
}
