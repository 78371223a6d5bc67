/*
 * Where one slide ends and the next begins. Three empty lines separate slides, two separate slides
 * that stand below each other (a stack), and a line that begins with `Note:` opens the speaker
 * notes. It is reveal's Markdown plugin with data-separator="^\n\n\n" and
 * data-separator-vertical="^\n\n", but code and comments are never split, a line of spaces is an
 * empty line, and no number of empty lines makes an empty slide.
 */
import { isBlank, type DeckLine } from './deck-line'
import type { Report } from './problem'

/** The lines of one slide. */
export interface SlideText {
  readonly body: readonly DeckLine[]
  /** What follows `Note:`, its own line included; undefined when there is none. */
  readonly note: readonly DeckLine[] | undefined
}

/** Slides below each other; most have one. */
export type Stack = readonly SlideText[]

const opensNote = /^notes?:[ \t]*/i

/** Splits the body of a deck into its stacks of slides. */
export function splitSlides(lines: readonly DeckLine[], report: Report): Stack[] {
  const stacks: DeckLine[][][] = []
  let blanks: DeckLine[] = []
  for (const line of lines) {
    if (isBlank(line)) {
      blanks.push(line)
      continue
    }
    const slides = stacks.at(-1)
    const slide = slides?.at(-1)
    if (!slides || !slide || blanks.length > 2) stacks.push([[line]])
    else if (blanks.length === 2) slides.push([line])
    else slide.push(...blanks, line)
    blanks = []
  }
  return stacks.map((slides) => slides.map((slide) => splitNote(slide, report)))
}

function splitNote(lines: readonly DeckLine[], report: Report): SlideText {
  const isNote = (line: DeckLine) => line.kind === 'text' && opensNote.test(line.text)
  const at = lines.findIndex(isNote)
  const opening = lines[at]
  if (!opening) return { body: lines, note: undefined }
  const more = lines.slice(at + 1)
  const second = more.find(isNote)
  if (second) {
    report.warn(
      second.number,
      `The notes of this slide begin on line ${opening.number}. ` +
        'If another slide begins in between, put three empty lines before it; ' +
        'if not, leave out this “Note:”.',
    )
  }
  const first = { ...opening, text: opening.text.replace(opensNote, '') }
  return { body: lines.slice(0, at), note: [first, ...more] }
}
