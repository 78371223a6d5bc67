/*
 * Code on slides, coloured when the deck is built: classes of highlight.js, no script in the page.
 * With `[1-2|3]` behind the language the lines are numbered, and the deck goes through them in
 * steps: the block stands there once for each step, the later ones as fragments, which is what
 * reveal's own highlight plugin makes of it while the page loads, and what reveal.css styles.
 */
import highlighter from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import elixir from 'highlight.js/lib/languages/elixir'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import markdown from 'highlight.js/lib/languages/markdown'
import typescript from 'highlight.js/lib/languages/typescript'
import { encodeEntities, isTag, tagsIn, type HtmlNode } from './html-tree'

const languages = { bash, elixir, javascript, json, markdown, typescript }
for (const [name, language] of Object.entries(languages)) {
  highlighter.registerLanguage(name, language)
}

/** `[5: 1-2|3]`: the number of the first line, and the lines of each step. */
const lineSteps = /\[\s*(?:(\d*):)?\s*([\s\d,|-]*)\]/

/**
 * Renders a fenced block. `info` is what stands behind its fence; `warn` is told of a language that
 * is not known and of lines that do not exist.
 */
export function renderCode(text: string, info: string, warn: (message: string) => void): string {
  const [written, startFrom, steps] = lineSteps.exec(info) ?? []
  const [language = ''] = info
    .replace(written ?? '', '')
    .trim()
    .split(/\s+/)
  const html = highlight(text.replace(/\n$/, ''), language, warn)
  const name = highlighter.getLanguage(language)?.name?.toLowerCase() ?? language
  const classes = language ? `hljs language-${encodeEntities(name)}` : 'hljs'
  if (steps === undefined) return `<pre><code class="${classes}">${html}</code></pre>`

  const rows = splitLines(html)
  const blocks = steps.split('|').map((step, index) => {
    const lit = rangesOf(step)
    if (lit.some(({ end }) => end > rows.length)) {
      warn(`“${step.trim()}” names a line that this code does not have: it has ${rows.length}.`)
    }
    const first = index === 0
    const classNames = [classes, first ? '' : 'fragment', lit.length > 0 ? 'has-highlights' : '']
    const start = startFrom ? ` data-ln-start-from="${startFrom}"` : ''
    // A screen reader has read the same code in the first block.
    const hidden = first ? '' : ' aria-hidden="true"'
    const numbers = ` data-line-numbers="${step.replace(/\s/g, '')}"`
    const table = tableOf(rows, lit, Number(startFrom || 1))
    const attributes = `class="${classNames.filter(Boolean).join(' ')}"${numbers}${start}${hidden}`
    return `<code ${attributes}>${table}</code>`
  })
  return `<pre>${blocks.join('')}</pre>`
}

/**
 * Gives each block of code in these nodes the class by which reveal.css knows it, beside its own.
 */
export function wrapCode(nodes: readonly HtmlNode[]): void {
  for (const { name, attributes, children } of tagsIn(nodes)) {
    const isCode = /^pre$/i.test(name) && children.some((node) => isTag(node, /^code$/i))
    if (isCode) attributes.set('class', `code-wrapper ${attributes.get('class') ?? ''}`.trim())
  }
}

function highlight(text: string, language: string, warn: (message: string) => void): string {
  if (language === '' || /^(text|plaintext|txt)$/.test(language)) return encodeEntities(text)
  if (highlighter.getLanguage(language)) return highlighter.highlight(text, { language }).value
  warn(`“${language}” is not known here. Known are: ${Object.keys(languages).join(', ')}, text.`)
  return encodeEntities(text)
}

/** Lines of highlighted code; a colour that spans lines is ended and begun again at each break. */
function splitLines(html: string): string[] {
  const lines: string[] = ['']
  const open: string[] = []
  for (const [piece] of html.matchAll(/<span[^>]*>|<\/span>|\n|[^<\n]+/g)) {
    const last = lines.length - 1
    if (piece === '\n') {
      lines[last] += '</span>'.repeat(open.length)
      lines.push(open.join(''))
      continue
    }
    lines[last] += piece
    if (piece === '</span>') open.pop()
    else if (piece.startsWith('<')) open.push(piece)
  }
  return lines
}

/** Lines from `start` to `end`, counted from the block's first. */
interface Range {
  readonly start: number
  readonly end: number
}

/** The lines in `1-2,5`. */
function rangesOf(step: string): Range[] {
  return step.split(',').flatMap((range) => {
    const [start = NaN, end = NaN] = range.split('-').map((part) => parseInt(part, 10))
    return Number.isNaN(start) ? [] : [{ start, end: Number.isNaN(end) ? start : end }]
  })
}

function tableOf(rows: readonly string[], lit: readonly Range[], startFrom: number): string {
  const html = rows.map((row, index) => {
    const number = `data-line-number="${startFrom + index}"`
    const isLit = lit.some(({ start, end }) => start <= index + 1 && index < end)
    return (
      `<tr${isLit ? ' class="highlight-line"' : ''}>` +
      `<td class="hljs-ln-line hljs-ln-numbers" ${number}>` +
      `<div class="hljs-ln-n" ${number}></div></td>` +
      `<td class="hljs-ln-line hljs-ln-code" ${number}>${row || ' '}</td></tr>`
    )
  })
  return `<table class="hljs-ln" role="presentation"><tbody>${html.join('')}</tbody></table>`
}
