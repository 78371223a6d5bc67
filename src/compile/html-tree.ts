/*
 * A slide's HTML as a tree, and back. Markdown's output is HTML with an author's own tags in it;
 * looking at a tree finds each picture, comment and unknown tag, and never one that is only written
 * about in code. Text, and attributes as far as they are not changed, come out as they went in:
 * entities are not touched.
 */

export interface Tag {
  readonly kind: 'tag'
  /** As written, since SVG's names are case-sensitive. */
  name: string
  /** Values as written, entities included. One without a value has an empty one. */
  attributes: Map<string, string>
  children: HtmlNode[]
}

/** Text as written, entities included. */
export interface Text {
  readonly kind: 'text'
  readonly text: string
}

/** What stands between `<!--` and `-->`. */
export interface Comment {
  readonly kind: 'comment'
  readonly text: string
}

export type HtmlNode = Tag | Text | Comment

/** A tag that is opened and never closed, or closed and never opened: `<div>`, `</div>`. */
export type Unbalanced = string

const voidTags = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i

/** Tags whose content is text to the end, whatever it looks like. */
const rawTags = /^(script|style|textarea|title)$/i

/** Tags that HTML lets one leave open. */
const mayStayOpen = /^(p|li|dt|dd|t[rdh]|tbody|thead|tfoot|option|colgroup)$/i

/** A comment, an end tag, a start tag with its attributes, text, or a stray `<`. */
const token = new RegExp(
  [
    /<!--([\s\S]*?)-->/,
    /<\/([a-z][^\s/>]*)\s*>/,
    /<([a-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/,
    /[^<]+|</,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
)

const attribute = /([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g

export const createTag = (
  name: string,
  attributes: Iterable<readonly [string, string]> = [],
  children: HtmlNode[] = [],
): Tag => ({ kind: 'tag', name, attributes: new Map(attributes), children })

/** The attributes that a piece of text names, in HTML's own spelling. */
export function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single, bare] of text.matchAll(attribute)) {
    attributes.set(name, double ?? single?.replaceAll('"', '&quot;') ?? bare ?? '')
  }
  return attributes
}

/**
 * Parses a piece of HTML. A custom element may end with `/>`, which browsers ignore. What is
 * unbalanced is closed where its parent is, or left out.
 */
export function parseHtml(html: string): { nodes: HtmlNode[]; unbalanced: Unbalanced[] } {
  const root = createTag('')
  const open: Tag[] = [root]
  const unbalanced: Unbalanced[] = []
  const parent = (): Tag => open.at(-1) ?? root
  const leave = () => {
    const tag = open.pop()
    if (tag && !mayStayOpen.test(tag.name)) unbalanced.push(`<${tag.name}>`)
  }

  token.lastIndex = 0
  for (let found = token.exec(html); found; found = token.exec(html)) {
    const [written, comment, closing, opening, attributes = ''] = found
    if (comment !== undefined) {
      parent().children.push({ kind: 'comment', text: comment })
    } else if (closing !== undefined) {
      const depth = open.findLastIndex((tag) => sameName(tag.name, closing))
      if (depth < 1) unbalanced.push(`</${closing}>`)
      else {
        while (open.length > depth + 1) leave()
        open.pop()
      }
    } else if (opening !== undefined) {
      const tag = createTag(opening, readAttributes(attributes))
      parent().children.push(tag)
      if (voidTags.test(opening)) continue
      if (attributes.endsWith('/') && (opening.includes('-') || open.some(isDrawing))) continue
      open.push(tag)
      if (rawTags.test(opening)) token.lastIndex = pushRaw(tag, html, token.lastIndex)
    } else {
      parent().children.push({ kind: 'text', text: written })
    }
  }
  while (open.length > 1) leave()
  return { nodes: root.children, unbalanced }
}

/** In drawings, any tag may end with `/>`. */
const isDrawing = (tag: Tag): boolean => /^(svg|math)$/i.test(tag.name)

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

function pushRaw(tag: Tag, html: string, from: number): number {
  const end = html.toLowerCase().indexOf(`</${tag.name.toLowerCase()}`, from)
  const to = end < 0 ? html.length : end
  tag.children.push({ kind: 'text', text: html.slice(from, to) })
  return to
}

/** The HTML of these nodes. */
export function writeHtml(nodes: readonly HtmlNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      if (node.kind === 'comment') return `<!--${node.text}-->`
      const attributes = Array.from(node.attributes, ([name, value]) => ` ${name}="${value}"`)
      const start = `<${node.name}${attributes.join('')}>`
      if (voidTags.test(node.name)) return start
      return `${start}${writeHtml(node.children)}</${node.name}>`
    })
    .join('')
}

/** Whether a node is a tag with one of these names. */
export const isTag = (node: HtmlNode | undefined, names: RegExp): node is Tag =>
  node?.kind === 'tag' && names.test(node.name)

/** Every tag in these nodes, parents before their children, in the order of the text. */
export function* tagsIn(nodes: readonly HtmlNode[]): Generator<Tag> {
  for (const node of nodes) {
    if (node.kind !== 'tag') continue
    yield node
    yield* tagsIn(node.children)
  }
}

/** The text that a reader sees in these nodes, on one line. */
export function plainText(nodes: readonly HtmlNode[]): string {
  const text = (node: HtmlNode): string =>
    node.kind === 'text' ? node.text : node.kind === 'tag' ? node.children.map(text).join('') : ''
  return decodeEntities(nodes.map(text).join('')).replace(/\s+/g, ' ').trim()
}

/** Text as it must be written to be read as nothing else, in an attribute too. */
export const encodeEntities = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
])

/** Text with its entities replaced: the numbered ones, and those that Markdown itself writes. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/gi, (written, decimal, hex, name) => {
    if (name) return entities.get(name) ?? written
    const code = decimal ? Number(decimal) : parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : written
  })
}
