/*
 * Our slides beside what reveal's own Markdown plugin makes of the same file, in a real browser.
 * They are the same; where they are not, the difference has a name below, and both sides of it are
 * written down.
 */
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRevealPage, type Outline, type RevealPage } from './slides/reveal-page'

let page: RevealPage
beforeAll(async () => {
  page = await openRevealPage()
})
afterAll(() => page.close())

const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}.md`, import.meta.url), 'utf8')

describe('slides are what reveal makes of them', () => {
  test.each(['story', 'attributes', 'code'])('in the deck %s', async (name) => {
    const markdown = fixture(name)
    expect(await page.ours(markdown)).toEqual(await page.reveal(markdown))
  })

  test('in any order and at any distance', async () => {
    const piece = fc.constantFrom(
      '## Heading',
      'text with *emphasis* and **weight**',
      '- item\n- item <!-- .element: class="fragment" data-fragment-index="2" -->\n  - nested',
      '1. one\n2. two\n<!-- .element: class="last" -->',
      '<img src="img/a.svg" alt="A" class="r-stretch" />',
      '![A](img/a.svg) <!-- .element: class="small" -->',
      '<div class="row">\n\n- in a row\n\n</div>',
      '<!-- .element: class="fragment" -->',
      '<!-- .slide: class="wide" data-x="1" -->\ntext below',
      '> quoted\n> twice <!-- .element: class="quote" -->',
      '---',
      '| a | b |\n|---|---|\n| 1 | 2 |',
      '```ts [1|2]\nlet a = 1\nlet b = 2\n```',
      '<h3 class="fragment">raw</h3>',
      'a \\* b &amp; <b>c</b> `d < e` 🐞 [link](/x "t")',
    )
    const part = fc.tuple(fc.constantFrom('\n\n', '\n\n', '\n\n\n', '\n\n\n\n'), piece)
    const deck = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean())
      .map(
        ([parts, noted]) =>
          `Top${parts.flat().join('')}\n${noted ? '\nNote:\n01:00 Ada\n- said\n' : ''}`,
      )
    await fc.assert(
      fc.asyncProperty(deck, async (markdown) => {
        expect(await page.ours(markdown)).toEqual(await page.reveal(markdown))
      }),
      { seed: 25, numRuns: 60 },
    )
  })
})

/** A named difference: what reveal makes of it, and what we do. */
interface Difference {
  readonly because: string
  readonly markdown: string
  readonly reveal: Outline[]
  readonly ours: Outline[]
}

const note = (...inside: Outline[]): Outline => ['aside class="notes"', ...inside]

const differences: Difference[] = [
  {
    because: 'empty lines in code separate nothing',
    markdown: '```\none\n\n\n\ntwo\n```\n',
    reveal: [
      ['section', ['pre class="code-wrapper"', ['code', 'one']]],
      ['section', ['p', 'two'], ['pre class="code-wrapper"', ['code', '']]],
    ],
    ours: [['section', ['pre class="code-wrapper"', ['code', 'one\n\n\n\ntwo']]]],
  },
  {
    because: 'empty lines in a comment separate nothing',
    markdown: 'one\n\n<!--\nleft out\n\n\n\n## also left out\n-->\n\ntwo\n',
    reveal: [
      ['section', ['p', 'one']],
      ['section', ['h2', 'also left out'], ['p', '-->'], ['p', 'two']],
    ],
    ours: [['section', ['p', 'one'], ['p', 'two']]],
  },
  {
    because: 'lines may end as Windows ends them',
    markdown: 'one\r\n\r\n\r\n\r\ntwo\r\n\r\nNote:\r\n01:00\r\n',
    reveal: [['section', ['p', 'one'], ['p', 'two'], note(['p', '01:00'])]],
    ours: [
      ['section', ['p', 'one']],
      ['section', ['p', 'two'], note(['p', '01:00'])],
    ],
  },
  {
    because: 'a line of spaces is an empty line',
    markdown: 'one\n\n  \n\ntwo\n',
    reveal: [['section', ['p', 'one'], ['p', 'two']]],
    ours: [
      ['section', ['p', 'one']],
      ['section', ['p', 'two']],
    ],
  },
  {
    because: 'many empty lines, and some at the end, make no empty slides',
    markdown: 'one\n\n\n\n\n\ntwo\n\n\n',
    reveal: [
      ['section', ['p', 'one']],
      ['section', ['section'], ['section', ['p', 'two']], ['section']],
    ],
    ours: [
      ['section', ['p', 'one']],
      ['section', ['p', 'two']],
    ],
  },
  {
    because: 'a slide whose whole text is a comment is no slide',
    markdown: 'one\n\n\n\n<!-- two -->\n',
    reveal: [['section', ['p', 'one']], ['section']],
    ours: [['section', ['p', 'one']]],
  },
  {
    because: 'a second Note: belongs to the notes',
    markdown: 'shown\n\nNote:\n01:00\n\nNote: and this\n',
    reveal: [['section', ['p', 'shown'], ['p', 'Note: 01:00'], ['p', 'Note: and this']]],
    ours: [['section', ['p', 'shown'], note(['p', '01:00'], ['p', 'Note: and this'])]],
  },
  {
    because: 'a line note: in code opens no notes',
    markdown: '```\ntitle: tea\nnote: hot\n```\n',
    reveal: [
      [
        'section',
        [
          'pre class="code-wrapper"',
          ['code', 'title: tea\n<aside class="notes"><p>hot\n```</p>\n</aside>'],
        ],
      ],
    ],
    ours: [['section', ['pre class="code-wrapper"', ['code', 'title: tea\nnote: hot']]]],
  },
  {
    because: 'notes are rendered once',
    markdown: 'shown\n\nNote:\n```\na\n\n*b*\n```\n',
    reveal: [
      [
        'section',
        ['p', 'shown'],
        note([
          'pre class="code-wrapper"',
          ['code', 'a\n\n'],
          ['p class="code-wrapper"', ['code', '<em>b</em>']],
        ]),
        ['p'],
      ],
    ],
    ours: [['section', ['p', 'shown'], note(['pre class="code-wrapper"', ['code', 'a\n\n*b*']])]],
  },
  {
    because: '.element after a word in bold is about the whole line',
    markdown: '- **bold** <!-- .element: class="fragment" -->\n',
    reveal: [['section', ['ul', ['li', ['strong class="fragment"', 'bold']]]]],
    ours: [['section', ['ul', ['li class="fragment"', ['strong', 'bold']]]]],
  },
  {
    because: '.element after text is about the whole line, whatever is in it',
    markdown: 'a [link](/sum) in it <!-- .element: class="fragment" -->\n',
    reveal: [['section', ['p', 'a', ['a class="fragment" href="/sum"', 'link'], 'in it']]],
    ours: [['section', ['p class="fragment"', 'a', ['a href="/sum"', 'link'], 'in it']]],
  },
  {
    because: 'attributes in a comment may stand on several lines and in single quotes',
    markdown: `<!-- .slide: class="wide"\n  data-x='1' -->\ntext\n`,
    reveal: [['section class="wide"', ['p', 'text']]],
    ours: [['section class="wide" data-x="1"', ['p', 'text']]],
  },
  {
    because: 'a list goes on after an <hr>',
    markdown: `- hot\n<hr class="fragment" />\n- *fresh* tea <!-- .element: class="fragment" -->\n`,
    reveal: [['section', ['ul', ['li', 'hot']], ['hr class="fragment"'], '- *fresh* tea']],
    ours: [
      [
        'section',
        ['ul', ['li', 'hot']],
        ['hr class="fragment"'],
        ['ul', ['li class="fragment"', ['em', 'fresh'], 'tea']],
      ],
    ],
  },
  {
    because: 'a stretched picture stands in the slide itself',
    markdown: '- hot\n\n![A](img/a.svg) <!-- .element: class="r-stretch" -->\n',
    reveal: [
      ['section', ['ul', ['li', 'hot']], ['p', ['img alt="A" class="r-stretch" src="img/a.svg"']]],
    ],
    ours: [['section', ['ul', ['li', 'hot']], ['img alt="A" class="r-stretch" src="img/a.svg"']]],
  },
  {
    because: 'our blocks are elements that the deck fills, and empty ones in plain reveal',
    markdown: '- hot\n<live-page src="/sum" title="Sum"></live-page>\n',
    reveal: [['section', ['ul', ['li', 'hot']], ['p', ['live-page src="/sum" title="Sum"']]]],
    ours: [
      ['section', ['ul', ['li', 'hot']], ['live-frame class="r-stretch" src="/sum" title="Sum"']],
    ],
  },
  {
    because: 'code that is indented at the beginning of a slide is code',
    markdown: '    npm start\n',
    reveal: [['section', ['p', 'npm start']]],
    ours: [['section', ['pre class="code-wrapper"', ['code', 'npm start']]]],
  },
]

describe('slides differ from reveal where reveal is at fault', () => {
  test.each(differences)('$because', async ({ markdown, reveal, ours }) => {
    expect(await page.ours(markdown)).toEqual(ours)
    expect(await page.reveal(markdown)).toEqual(reveal)
  })
})
