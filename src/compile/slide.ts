/*
 * One slide: its Markdown becomes a tree of HTML, in which comments set attributes, our own blocks
 * become the elements that the deck knows, and pictures get their addresses. What it offers as its
 * name and title is read off the tree before the addresses come in, since those are the build's.
 */
import { wrapCode } from './code-block'
import { createLocate, isBlank, type DeckLine, type Locate } from './deck-line'
import type { DeclaredBoard } from './declared-board'
import { boardAskedBy, emitDirectives } from './directive'
import {
  createTag,
  decodeEntities,
  parseHtml,
  plainText,
  tagsIn,
  writeHtml,
  type HtmlNode,
  type Tag,
} from './html-tree'
import { fileOf, findPictures, type FindPicture } from './picture'
import type { Report } from './problem'
import { applyComments } from './slide-comment'
import { renderMarkdown } from './slide-markdown'
import { readCue, type Cue } from './slide-note'
import type { SlideText } from './split'

/** What a deck's slides have in common while they are compiled. */
export interface SlideContext {
  readonly boards: readonly DeclaredBoard[]
  readonly find: FindPicture
  readonly report: Report
}

export interface Slide {
  /** Its notes are the last of its children. */
  readonly section: Tag
  readonly note: Tag | undefined
  readonly cue: Cue
  /** The line of its time. */
  readonly cueLine: number
  /** The name that the author gave, if any. */
  readonly givenName: string | undefined
  /** What a name can be made of, the best first. */
  readonly namedAfter: readonly string[]
  /** Empty when it shows nothing that has words. */
  readonly title: string
  /** Addresses of its live pages. */
  readonly frames: readonly string[]
  /** The board that it asks the audience to, if any. */
  readonly board: string | undefined
  readonly locate: Locate
}

/**
 * Compiles one slide. Undefined when it shows nothing, as one does whose whole text is a comment.
 */
export function compileSlide(text: SlideText, context: SlideContext): Slide | undefined {
  const { report } = context
  const locate = createLocate([...text.body, ...(text.note ?? [])])
  const error = (piece: string, message: string) => report.error(locate(piece), message)
  const warn = (piece: string, message: string) => report.warn(locate(piece), message)
  const parse = (lines: readonly DeckLine[]): HtmlNode[] => {
    const { nodes, unbalanced } = parseHtml(renderMarkdown(lines, warn))
    for (const tag of unbalanced) reportUnbalanced(tag, error)
    return nodes
  }

  const shown = parse(text.body)
  const note = text.note && createTag('aside', [['class', 'notes']], parse(text.note))
  const section = createTag('section', [], note ? [...shown, note] : shown)
  applyComments(section, ({ text: comment }, message) => error(firstLine(comment), message))
  const { attributes, children } = section
  if (attributes.size === 0 && writeHtml(children).trim() === '') return undefined

  wrapCode(children)
  emitDirectives(children, { boards: context.boards, error, warn })
  section.children = children.map(unwrapStretched)
  openLinksOutside(note)
  const inView = section.children.filter((node) => node !== note)
  const words = wordsOf(inView)
  findPictures(section, context.find, { error, warn })
  return {
    section,
    note,
    cue: text.note ? readCue(text.note, report) : {},
    cueLine: text.note?.find((line) => !isBlank(line))?.number ?? 1,
    givenName: attributes.get('id') ?? attributes.get('data-name'),
    ...words,
    board: boardAskedBy(inView, context),
    locate,
  }
}

/** What a slide says about itself: its first heading, picture and live page, or its first words. */
function wordsOf(shown: readonly HtmlNode[]): Pick<Slide, 'namedAfter' | 'title' | 'frames'> {
  const tags = [...tagsIn(shown)]
  const first = (names: RegExp) => tags.find((tag) => names.test(tag.name))
  const valueOf = (tag: Tag | undefined, attribute: string) =>
    decodeEntities(tag?.attributes.get(attribute) ?? '')
  const heading = plainText(first(/^h[1-6]$/i)?.children ?? [])
  const picture = first(/^img$/i)
  const pictureName = fileOf(valueOf(picture, 'src')).replace(/\.\w+$/, '')
  const frames = tags.filter((tag) => tag.name === 'live-frame')
  const frameTitle = valueOf(frames[0], 'title')
  const firstWords = plainText(shown).split(' ').slice(0, 5).join(' ')
  return {
    namedAfter: [heading, pictureName, frameTitle, firstWords],
    title: heading || valueOf(picture, 'alt') || frameTitle || (picture ? '' : firstWords),
    frames: frames.map((frame) => valueOf(frame, 'src')),
  }
}

function reportUnbalanced(tag: string, error: (piece: string, message: string) => void): void {
  if (tag.startsWith('</')) error(tag, `Nothing is open that ${tag} could close. Take it out.`)
  else
    error(
      tag.slice(0, -1),
      `${tag} is never closed. Write ${tag.replace('<', '</')} where it ends.`,
    )
}

/**
 * A stretched element must stand in the slide itself, where reveal looks for it, not in a
 * paragraph.
 */
function unwrapStretched(node: HtmlNode): HtmlNode {
  if (node.kind !== 'tag' || node.name !== 'p' || node.attributes.size > 0) return node
  const [only, ...others] = node.children.filter(
    (child) => child.kind !== 'text' || child.text.trim() !== '',
  )
  if (only?.kind !== 'tag' || others.length > 0) return node
  return /\br-stretch\b/.test(only.attributes.get('class') ?? '') ? only : node
}

/** A click on a link in the notes must not take the speaker's own window away. */
function openLinksOutside(note: Tag | undefined): void {
  for (const tag of tagsIn(note?.children ?? [])) {
    if (/^a$/i.test(tag.name) && !tag.attributes.has('target'))
      tag.attributes.set('target', '_blank')
  }
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0] ?? ''
