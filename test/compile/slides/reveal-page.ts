/*
 * A real browser in which reveal's own Markdown and highlight plugins render a deck beside ours.
 * Both results become outlines, plain data that says what a reader would find: tags, attributes and
 * text. What is ours alone by design (names, times, colours of code) is not in them; all else is
 * compared.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compileSlides } from '../../../src/compile/slides'
import { startBrowser } from '../../support/browser'

/** `tag attribute="value" …` with what is in it, or text. */
export type Outline = string | [string, ...Outline[]]

export interface RevealPage {
  /** What reveal's plugins make of a deck. */
  reveal(markdown: string): Promise<Outline[]>
  /** What our compiler makes of it. */
  ours(markdown: string): Promise<Outline[]>
  close(): Promise<void>
}

const plugins = join(dirname(createRequire(import.meta.url).resolve('reveal.js')), 'plugin')

export async function openRevealPage(): Promise<RevealPage> {
  const browser = await startBrowser()
  const page = await browser.newPage()
  await page.setContent('<div class="reveal"><div class="slides"></div></div>')
  await page.addScriptTag({ path: join(plugins, 'markdown.js') })
  await page.addScriptTag({ path: join(plugins, 'highlight.js') })
  return {
    async reveal(markdown) {
      await page.evaluate(renderWithReveal, markdown)
      return page.evaluate(outlineOfSlides)
    },
    async ours(markdown) {
      const deck = compileSlides(markdown, { name: 'test', file: 'test.md', find: (path) => path })
      await page.evaluate((html) => {
        document.querySelector('.slides')!.innerHTML = html
      }, deck.html)
      return page.evaluate(outlineOfSlides)
    },
    close: () => browser.close(),
  }
}

interface RevealPlugin {
  init(reveal: unknown): Promise<void>
  slidify(markdown: string, options: object): string
  convertSlides(): Promise<void>
}

/** Runs in the page: does what reveal does with an external Markdown file. */
async function renderWithReveal(markdown: string): Promise<void> {
  const { RevealMarkdown, RevealHighlight } = globalThis as unknown as Record<
    string,
    () => RevealPlugin
  >
  const root = document.querySelector('.reveal')!
  const slides = document.querySelector('.slides')!
  slides.innerHTML = ''
  const reveal = { getConfig: () => ({}), getRevealElement: () => root, on: () => undefined }
  const plugin = RevealMarkdown!()
  await plugin.init(reveal)
  slides.innerHTML = plugin.slidify(markdown, {
    separator: '^\\n\\n\\n',
    verticalSeparator: '^\\n\\n',
  })
  await plugin.convertSlides()
  await RevealHighlight!().init(reveal)
}

/** Runs in the page, so it stands alone: nothing of this file can be seen from it. */
function outlineOfSlides(): Outline[] {
  const ignored = /^(id|data-timing|data-markdown(-parsed)?|data-highlighted|aria-hidden)$/
  const isCode = (element: Element) => element.tagName === 'CODE' && element.closest('pre') !== null

  const codeLines = (code: Element): Outline[] => {
    const rows = [...code.querySelectorAll('tr')]
    if (rows.length === 0) return [code.textContent]
    return rows.map((row) => {
      const lit = row.classList.contains('highlight-line') ? '> ' : ''
      const number = row.querySelector('.hljs-ln-n')!.getAttribute('data-line-number')
      return `${number} ${lit}${row.querySelector('.hljs-ln-code')!.textContent}`
    })
  }
  const attributesOf = (element: Element): string =>
    [...element.attributes]
      .filter(({ name }) => !ignored.test(name))
      // Links in notes open elsewhere; languages have their own class.
      .filter(({ name }) => name !== 'target' || !element.closest('aside'))
      .map(({ name, value }): [string, string] => {
        if (name !== 'class') return [name, value]
        const classes = value.split(/\s+/).filter((word) => word !== 'hljs')
        const shown = isCode(element)
          ? classes.filter((word) => /^(fragment|has-highlights)$/.test(word))
          : classes
        return [name, shown.toSorted().join(' ')]
      })
      .filter(([name, value]) => name !== 'class' || value !== '')
      .map(([name, value]) => ` ${name}="${value}"`)
      .toSorted()
      .join('')
  const outlineOf = (node: Node): Outline[] => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.nodeValue!.replace(/\s+/g, ' ').trim()
      return text === '' ? [] : [text]
    }
    if (!(node instanceof Element)) return []
    const inside = isCode(node) ? codeLines(node) : childrenOf(node)
    return [[node.tagName.toLowerCase() + attributesOf(node), ...inside]]
  }
  // A comment between two texts is gone in ours, and still there, empty, in reveal's.
  const childrenOf = (element: Element): Outline[] =>
    [...element.childNodes].flatMap(outlineOf).reduce<Outline[]>((merged, next) => {
      const last = merged.at(-1)
      if (typeof last !== 'string' || typeof next !== 'string') return [...merged, next]
      return [...merged.slice(0, -1), `${last} ${next}`]
    }, [])
  return childrenOf(document.querySelector('.slides')!)
}
