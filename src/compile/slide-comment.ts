/*
 * Comments that set attributes, as in reveal's Markdown plugin: `<!-- .slide: class="wide" -->` on
 * the slide, `<!-- .element: class="fragment" -->` on what stands before it. Which element that is:
 *
 *   after a list, no empty line between    its last item
 *   after any other block                  that block
 *   in a line, right after a tag           that tag (a picture, a link, `**bold**` without a space)
 *   in a line, after text or a formatted   the whole line: its paragraph, list item, heading, cell
 *   word and a space
 *
 * The last row is ours: reveal would take the last formatted word of the line instead.
 */
import { isTag, readAttributes, type Comment, type Tag } from './html-tree'

/** Tells of a comment that looks as if it should set attributes, and does not. */
export type ReportComment = (comment: Comment, message: string) => void

/** Tags that Markdown writes around a word. */
const formats = /^(b|code|del|em|i|kbd|mark|s|small|strong|sub|sup|u)$/i

/** Carries out the comments in a slide and takes every comment out of it. */
export function applyComments(section: Tag, report: ReportComment): void {
  visit(section, section, report)
}

function visit(parent: Tag, section: Tag, report: ReportComment): void {
  parent.children.forEach((node, index) => {
    if (node.kind === 'tag') visit(node, section, report)
    if (node.kind !== 'comment') return
    const [, word = '', rest = ''] = /^\s*\.(\w*)\s*:?\s*([\s\S]*)$/.exec(node.text) ?? []
    if (word === 'slide') set(section, rest)
    else if (word === 'element') set(targetOf(parent, index, section), rest)
    else if (word) {
      report(node, `There is no comment “.${word}”. Write .slide: or .element:, and attributes.`)
    }
  })
  parent.children = parent.children.filter((node) => node.kind !== 'comment')
}

/** The element that an `.element` comment is about: the `index`th child of `parent`. */
function targetOf(parent: Tag, index: number, section: Tag): Tag {
  const before = parent.children.slice(0, index)
  const at = before.findLastIndex((node) => node.kind === 'tag' && !/^br$/i.test(node.name))
  const tag = before[at]
  if (tag?.kind !== 'tag') return parent
  const between = before
    .slice(at + 1)
    .map((node) => (node.kind === 'text' ? node.text : ''))
    .join('')
  if (isTag(tag, /^[uo]l$/i)) {
    if (/\n[ \t]*\n/.test(between)) return tag
    return tag.children.findLast((node) => node.kind === 'tag') ?? tag
  }
  if (parent === section) return tag
  if (between.trim() !== '') return parent
  return between !== '' && isTag(tag, formats) ? parent : tag
}

function set(tag: Tag, text: string): void {
  for (const [name, value] of readAttributes(text)) tag.attributes.set(name, value)
}
