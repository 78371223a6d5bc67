/*
 * A deck as lines that know their number and what they are part of. Everything that looks for a
 * pattern in a deck's text (blank lines, `Note:`, placeholders) looks at lines of kind 'text' only,
 * so that code and commented-out slides are never taken for something else.
 */
import { findMojibake } from './mojibake'
import type { Report } from './problem'

/**
 * `code`: a fenced block with its two fences. `comment`: what follows the first line of a `<!--`.
 */
export type LineKind = 'text' | 'code' | 'comment'

export interface DeckLine {
  /** Counted from 1 in the file. */
  readonly number: number
  readonly text: string
  readonly kind: LineKind
}

const fence = /^[ \t>]*(`{3,}(?=[^`]*$)|~{3,})(.*)$/

/**
 * Reads a file's text: strips a byte order mark, takes any line ending, reports what was misread.
 */
export function readLines(text: string, report: Report): DeckLine[] {
  if (text.startsWith('\uFEFF')) {
    report.warn(1, 'The file begins with a byte order mark. Save it as UTF-8 without one.')
    text = text.slice(1)
  }
  const texts = text.split(/\r\n|\n|\r/)
  texts.forEach((line, index) => {
    for (const message of findMojibake(line)) report.error(index + 1, message)
  })
  const kinds = kindsOf(texts, report)
  return texts.map((line, index) => ({
    number: index + 1,
    text: line,
    kind: kinds[index] ?? 'text',
  }))
}

/** True for a line that separates: empty to the eye, and not part of code or of a comment. */
export const isBlank = (line: DeckLine): boolean => line.kind === 'text' && line.text.trim() === ''

/**
 * A code block or comment that is never closed is not taken for one, and reported: the damage is
 * then one slide and not the rest of the talk.
 */
function kindsOf(texts: readonly string[], report: Report): LineKind[] {
  const kinds: LineKind[] = []
  while (kinds.length < texts.length) {
    const at = kinds.length
    const text = texts[at] ?? ''
    const opening = fence.exec(text)
    if (opening) {
      const length = codeLength(texts, at, opening[1] ?? '', report)
      kinds.push(...Array<LineKind>(length).fill(length === 1 ? 'text' : 'code'))
      continue
    }
    kinds.push('text')
    if (!opensComment(text)) continue
    const end = texts.findIndex((line, index) => index > at && line.includes('-->'))
    if (end < 0) report.error(at + 1, 'This comment is never closed. End it with -->.')
    else kinds.push(...Array<LineKind>(end - at).fill('comment'))
  }
  return kinds
}

/** How many lines the code block has that begins at `at`; 1 when it is never closed. */
function codeLength(texts: readonly string[], at: number, mark: string, report: Report): number {
  for (let index = at + 1; index < texts.length; index++) {
    const [, found, info] = fence.exec(texts[index] ?? '') ?? []
    if (!found || found[0] !== mark[0] || found.length < mark.length) continue
    if (info?.trim() === '') return index - at + 1
    report.warn(
      index + 1,
      `This line is inside the code block of line ${at + 1}. If that should have ended before, ` +
        `close it with ${mark}; if not, give the outer block a longer fence.`,
    )
  }
  report.error(at + 1, `This code block is never closed. End it with ${mark} on a line of its own.`)
  return 1
}

function opensComment(text: string): boolean {
  const plain = text.replace(/`[^`]*`/g, '')
  const open = plain.lastIndexOf('<!--')
  return open >= 0 && !plain.includes('-->', open + 4)
}

/**
 * Finds the line that holds a piece of text; asked again for the same piece, the next such line.
 */
export type Locate = (piece: string) => number

/** A locator in these lines. What is in none of them is said to be in the first. */
export function createLocate(lines: readonly DeckLine[]): Locate {
  const first = lines.find((line) => !isBlank(line))?.number ?? 1
  const seen = new Map<string, number>()
  return (piece) => {
    const from = seen.get(piece) ?? 0
    const next = lines.find((line) => line.number > from && line.text.includes(piece))
    if (next) seen.set(piece, next.number)
    return next?.number ?? (from || first)
  }
}
