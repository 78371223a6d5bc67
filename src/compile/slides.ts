/*
 * A talk's Markdown → the sections of a reveal.js deck. Text in, text out: no file is read here, so
 * it runs in a build, in a test and in a browser alike. In the order of the work:
 *
 *   deck-line           lines, and which of them are code or comment
 *   deck-front-matter   what the deck says about itself; declared-board: its boards;
 *                       declared-word: words for their filter
 *   placeholder         {{names}} for it
 *   split               slides, and their notes
 *   slide               Markdown → HTML (slide-markdown, code-block) → a tree (html-tree), in which
 *                       slide-comment, directive and picture do their work
 *   slide-name, slide-note   names and times, for which all slides must be known
 *
 * Whatever is wrong with a deck is in its list of problems, never an exception.
 */
import { readLines } from './deck-line'
import { readFrontMatter, type FrontMatter } from './deck-front-matter'
import { declaredBoards, type DeclaredBoard } from './declared-board'
import { declaredWords } from './declared-word'
import { writeHtml } from './html-tree'
import type { FindPicture } from './picture'
import { fillPlaceholders } from './placeholder'
import { createReport, type Problem, type Report } from './problem'
import { compileSlide, type Slide, type SlideContext } from './slide'
import { nameSlides } from './slide-name'
import { secondsPerSlide } from './slide-note'
import { splitSlides } from './split'

export interface SlideInfo {
  /** Unique in the deck, and the id of its section: `#/your-tools`. */
  readonly name: string
  /** Its place in reveal: the stack, and the slide in it. Both count from 0. */
  readonly h: number
  readonly v: number
  readonly title: string
  /** When the slide begins, in seconds from the beginning of the talk. */
  readonly startSeconds?: number
  /** Who speaks from here on; missing where the speaker does not change. */
  readonly speaker?: string
  readonly noteHtml?: string
  /** Addresses of the live pages on it. */
  readonly frames: readonly string[]
  /** Id of the board that it asks the audience to; missing where it asks to none. */
  readonly board?: string
}

export interface Deck {
  readonly name: string
  readonly title: string
  /** The front matter as plain data: texts, lists, maps. Numbers are texts too. */
  readonly front: FrontMatter
  readonly slides: readonly SlideInfo[]
  readonly boards: readonly DeclaredBoard[]
  /** Further words for the boards' filter. */
  readonly words: readonly string[]
  /** The `<section>`s for reveal's `.slides`. */
  readonly html: string
  readonly problems: readonly Problem[]
}

export interface SlidesOptions {
  /** The deck's name. */
  readonly name: string
  /** The file, as problems shall name it. */
  readonly file: string
  /** Finds the address of a file in img/. */
  readonly find: FindPicture
}

/** Compiles a deck. Never throws: what is wrong with it is in `problems`. */
export function compileSlides(text: string, { name, file, find }: SlidesOptions): Deck {
  const report = createReport(file)
  const part = readFrontMatter(readLines(text, report), report)
  const { front, body } = part
  const boards = declaredBoards(part, report)
  const words = declaredWords(part, report)
  const context: SlideContext = { boards, find, report }
  const stacks = splitSlides(fillPlaceholders(body, front, report), report)
    .map((stack) => stack.flatMap((slide) => compileSlide(slide, context) ?? []))
    .filter((stack) => stack.length > 0)
  const slides = stacks.flat()
  if (slides.length === 0)
    report.error(1, 'There is no slide in this file. Write one: ## A heading.')

  const names = nameAll(slides, report)
  timeAll(slides, report)
  const infos = stacks.flatMap((stack, h) =>
    stack.map((slide, v) => infoOf(slide, names[slides.indexOf(slide)] ?? '', h, v)),
  )
  return {
    name,
    title: typeof front['title'] === 'string' ? front['title'] : (infos[0]?.title ?? name),
    front,
    slides: infos,
    boards,
    words,
    html: stacks.map(htmlOf).join('\n'),
    problems: report.problems(),
  }
}

function nameAll(slides: readonly Slide[], report: Report): string[] {
  const names = nameSlides(
    slides.map(({ givenName, namedAfter, locate }) => {
      const line = locate(givenName ?? '')
      return givenName === undefined
        ? { sources: namedAfter, line }
        : { explicit: givenName, sources: namedAfter, line }
    }),
    report,
  )
  slides.forEach(({ section }, index) => {
    section.attributes.delete('id')
    section.attributes = new Map([['id', names[index] ?? ''], ...section.attributes])
  })
  return names
}

/** Writes how long each slide takes where reveal's speaker view reads it. */
function timeAll(slides: readonly Slide[], report: Report): void {
  const cues = slides.map(({ cue, cueLine }) => ({ ...cue, line: cueLine }))
  const seconds = secondsPerSlide(cues, report)
  slides.forEach(({ section: { attributes } }, index) => {
    const own = seconds[index]
    if (own !== undefined && !attributes.has('data-timing')) attributes.set('data-timing', `${own}`)
  })
}

function infoOf(
  { title, cue, note, frames, board }: Slide,
  name: string,
  h: number,
  v: number,
): SlideInfo {
  const noteHtml = note && writeHtml(note.children).trim()
  const told = { ...(noteHtml && { noteHtml }), frames, ...(board && { board }) }
  return { name, h, v, title: title || name, ...cue, ...told }
}

/** The section of a slide; of slides below each other, with one around them. */
function htmlOf(stack: readonly Slide[]): string {
  const html = writeHtml(stack.map(({ section }) => section))
  return stack.length > 1 ? `<section>${html}</section>` : html
}
