/*
 * What a deck's Markdown becomes: names, places, times, notes and blocks. That Markdown itself is
 * read as reveal reads it is slides-reveal.test.ts; what is said about faults,
 * slides-problems.test.ts.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileSlides, type Deck } from '../../src/compile/slides'

const compile = (markdown: string): Deck =>
  compileSlides(markdown, { name: 'tea', file: 'slides/tea.md', find: (path) => `/assets/${path}` })

const talk = compile(readFileSync(new URL('fixtures/talk.md', import.meta.url), 'utf8'))

/** The sections of a deck by their names, as text. */
const sections = new Map(
  Array.from(talk.html.matchAll(/<section id="([^"]+)"[^]*?<\/section>/g), ([section, name]) => [
    name,
    section,
  ]),
)

/** What a slide without a fault shows: the inside of its section. */
const inside = (markdown: string): string => {
  const { html, problems } = compile(markdown)
  expect(problems).toEqual([])
  return html.replace(/^<section[^>]*>|<\/section>$/g, '').trim()
}

describe('a whole deck', () => {
  test('has the slides in their places, with names, titles, times and speakers', () => {
    const slides = talk.slides.map((slide) => ({ ...slide, noteHtml: undefined }))
    expect(slides).toEqual([
      {
        name: 'tea-for-many',
        h: 0,
        v: 0,
        title: 'Tea for many',
        startSeconds: 0,
        speaker: 'Ada',
        frames: [],
      },
      {
        name: 'kettle-on-fire',
        h: 1,
        v: 0,
        title: 'A kettle on fire',
        startSeconds: 60,
        frames: [],
      },
      {
        name: 'what-do-you-brew-with',
        h: 2,
        v: 0,
        title: 'What do you brew with?',
        startSeconds: 150,
        speaker: 'Linus',
        frames: [],
        board: 'tools',
      },
      { name: 'the-sum-page', h: 2, v: 1, title: 'The sum page', frames: ['/sum'] },
      {
        name: 'all-answers',
        h: 2,
        v: 2,
        title: 'What do you brew with?',
        startSeconds: 240,
        frames: ['/board/tools/wall'],
        board: 'tools',
      },
      { name: 'the-tree', h: 3, v: 0, title: 'The tree', frames: ['/dashboard/tree', '/hunt'] },
      { name: 'tea-for-many-2', h: 4, v: 0, title: 'Tea for many', frames: [] },
    ])
  })

  test('has its front matter as plain data', () => {
    expect(talk.name).toBe('tea')
    expect(talk.title).toBe('Tea for many')
    expect(talk.front).toEqual({
      title: 'Tea for many',
      short: 'tea.test/pot',
      speakers: ['Ada', 'Linus'],
      contacts: [
        { name: 'Ada Brew', mail: 'ada@tea.test' },
        { name: 'Linus Leaf', mail: 'linus@tea.test' },
      ],
      boards: [{ id: 'tools', question: 'What do you brew with?' }],
    })
  })

  test('has nothing wrong with it but the note without a time', () => {
    expect(talk.problems.map(({ line, severity }) => [line, severity])).toEqual([[47, 'warning']])
  })

  test('can be printed as JSON and read again', () => {
    expect(JSON.parse(JSON.stringify(talk))).toEqual(talk)
  })

  test('puts slides that stand below each other into one section', () => {
    expect(talk.html).toMatch(/<section><section id="what-do-you-brew-with"/)
    expect(talk.html.match(/<section>/g)).toHaveLength(1)
  })

  test('may quote the texts of its front matter', () => {
    const lines = [
      `one: 'it''s: # tea' # said`,
      'two: "a \\"cup\\" \\\\" # said',
      'three: 4 # said',
    ]
    expect(compile(`---\n${lines.join('\n')}\n---\n# Tea\n`).front).toEqual({
      one: "it's: # tea",
      two: 'a "cup" \\',
      three: '4',
    })
  })

  test('counts only the slides that show something', () => {
    const { slides } = compile('# A\n\n\n\n<!-- # B -->\n\n\n\n# C\n\n\n<!-- # D -->\n\n\n# E\n')
    expect(slides.map(({ name, h, v }) => [name, h, v])).toEqual([
      ['a', 0, 0],
      ['c', 1, 0],
      ['e', 1, 1],
    ])
  })

  test('needs no front matter', () => {
    const deck = compile('## Tea\n\n\n\n## Cups\n')
    expect(deck).toMatchObject({ title: 'Tea', front: {}, problems: [] })
    expect(deck.slides.map(({ name }) => name)).toEqual(['tea', 'cups'])
  })
})

describe('times', () => {
  test('say how long a slide takes, and a slide without one takes none', () => {
    const seconds = [...sections].map(([name, section]) => [
      name,
      /data-timing="(\d+)"/.exec(section)?.[1],
    ])
    expect(seconds).toEqual([
      ['tea-for-many', '60'],
      ['kettle-on-fire', '90'],
      ['what-do-you-brew-with', '90'],
      ['the-sum-page', '0'],
      ['all-answers', undefined],
      ['the-tree', undefined],
      ['tea-for-many-2', undefined],
    ])
  })

  test('may be given for reveal itself', () => {
    const { html } = compile(
      '<!-- .slide: data-timing="7" -->\n# A\n\nNote: 00:00\n\n\n\n# B\n\nNote: 01:00\n',
    )
    expect(html).toContain('data-timing="7"')
    expect(html).not.toContain('data-timing="60"')
  })

  test.each([
    ['05:00 Marcus', { startSeconds: 300, speaker: 'Marcus' }],
    ['25:00 Marcus, ad lib', { startSeconds: 1500, speaker: 'Marcus' }],
    ['5:07 Jean-Luc O’Neil', { startSeconds: 307, speaker: 'Jean-Luc O’Neil' }],
    ['100:00', { startSeconds: 6000 }],
    ['01:00 Who needs this? Show of hands.', { startSeconds: 60 }],
  ])('are read from “%s”', (line, cue) => {
    const { startSeconds, speaker } = compile(`# A\n\nNote:\n${line}\n`).slides[0]!
    expect({ startSeconds, speaker }).toEqual(cue)
  })
})

describe('notes', () => {
  test('are rendered, whole, in the section and by themselves', () => {
    const { noteHtml } = talk.slides[0]!
    expect(noteHtml).toMatch(/^<p>00:00 Ada<\/p>\n<ul>/)
    expect(sections.get('tea-for-many')).toContain(`<aside class="notes">${noteHtml}`)
  })

  test('open their links elsewhere, and slides do not', () => {
    const { noteHtml } = talk.slides[0]!
    expect(noteHtml).toContain('<a href="/dashboard/load_control" target="_blank">')
    expect(noteHtml).toContain('<a href="/sum" target="_blank">')
    expect(sections.get('what-do-you-brew-with')).not.toContain('target')
  })
})

describe('names', () => {
  const names = (markdown: string) => compile(markdown).slides.map(({ name }) => name)

  test.each([
    ['## Über Größe & Mut, dont’t!', 'uber-große-mut-dontt'],
    ['## 100,000 *processes* 🐞', '100-000-processes'],
    ['## 2024', 'slide-2024'],
    ['## 茶', '茶'],
    ['<h3 class="fragment">Raw &amp; ready</h3>', 'raw-ready'],
    ['![](img/deep/tea_pot.v2.svg)', 'tea-pot-v2'],
    ['just some words and then many more', 'just-some-words-and-then'],
    ['<!-- .slide: class="dark" -->', 'slide'],
  ])('come from “%s”', (markdown, name) => {
    expect(names(markdown)).toEqual([name])
  })

  test('are made unique, and a name that an author gave is not the one to change', () => {
    const deck = '## Tea\n\n\n\n## Tea\n\n\n\n<!-- .slide: id="tea" -->\n## Cups\n'
    expect(names(deck)).toEqual(['tea-2', 'tea-3', 'tea'])
  })
})

describe('placeholders', () => {
  test('stand for the front matter, and not in code', () => {
    expect(sections.get('tea-for-many')).toContain('by Ada, Linus')
    expect(sections.get('what-do-you-brew-with')).toContain(
      '<a href="https://tea.test/pot">tea.test/pot</a>',
    )
    expect(sections.get('tea-for-many-2')).toContain('Linus Leaf: <a href="mailto:linus@tea.test"')
    expect(sections.get('tea-for-many-2')).toContain('{{short}}')
  })
})

describe('blocks', () => {
  test('become the elements that the deck knows', () => {
    expect(sections.get('what-do-you-brew-with')).toContain(
      '<qr-code class="r-stretch" to="/board/tools"></qr-code>',
    )
    expect(sections.get('the-sum-page')).toContain(
      '<live-frame class="r-stretch" src="/sum" title="The sum page"></live-frame>',
    )
    expect(sections.get('all-answers')).toContain(
      '<board-wall class="r-stretch" board="tools">' +
        '<live-frame src="/board/tools/wall" title="What do you brew with?"></live-frame>' +
        '</board-wall>',
    )
    expect(sections.get('the-tree')).toContain('<supervision-tree></supervision-tree>')
    expect(sections.get('the-tree')).toContain(
      '<live-frame class="wide r-stretch" src="/dashboard/tree"',
    )
  })

  test('stand in the slide itself, where reveal stretches them', () => {
    expect(inside('- tea\n<qr-code to="/" />\nmore *tea*')).toBe(
      '<ul>\n<li>tea</li>\n</ul>\n\n\n' +
        '<qr-code class="r-stretch" to="/"></qr-code>\n<p>more <em>tea</em></p>',
    )
  })

  test('that are only written about are left alone', () => {
    const deck = compile('Write `<tea-pot>`:\n\n```\n<tea-pot></tea-pot>\n```\n')
    expect(deck.problems).toEqual([])
    expect(deck.html).toContain('<code>&lt;tea-pot&gt;</code>')
  })
})

describe('boards', () => {
  const declared = (...lines: string[]) => {
    const board = ['- id: tea', '  question: Which tea?', ...lines.map((line) => `  ${line}`)]
    const { boards, problems } = compile(`---\nboards:\n${board.join('\n')}\n---\n# Tea\n`)
    expect(problems).toEqual([])
    return boards
  }

  test('are closed, take every note, and hold back what has a listed word', () => {
    const settings = { open: false, approveFirst: false, slowSeconds: 0, filter: 'hold' }
    expect(declared()).toEqual([{ id: 'tea', question: 'Which tea?', settings }])
  })

  test('are set as the deck says', () => {
    const settings = { open: true, approveFirst: true, slowSeconds: 600, filter: 'mark' }
    const lines = ['open: yes', 'approve: yes', 'slow: 600', 'filter: mark']
    expect(declared(...lines)).toMatchObject([{ settings }])
    const said = ['open: no', 'approve: "no"', 'slow: 0', 'filter: hold']
    expect(declared(...said)).toEqual(declared())
    expect(declared('filter: off')).toMatchObject([{ settings: { filter: 'off' } }])
  })

  test.each([
    ['<board-wall name="b"></board-wall>\n\n<qr-code to="/board/a"></qr-code>', 'b'],
    ['<qr-code to="/" />\n\n<qr-code to="/board/a" />\n\n<board-wall name="b" />', 'a'],
    ['<live-page src="/board/b/wall?calm" title="x" />\n\n<qr-code to="/board/a" />', 'b'],
    ['- x\n  - y <qr-code to="/board/a?x"></qr-code>', 'a'],
    ['[x](/board/a)\n\n<qr-code to="/boards" />', undefined],
    ['x\n\nNote: 00:00\n\n<qr-code to="/board/a"></qr-code>', undefined],
  ])('are asked to by the first block of a slide that leads to one', (slide, board) => {
    const boards = ['a', 'b'].map((id) => `- id: ${id}\n  question: ${id}?`).join('\n')
    const { slides, problems } = compile(`---\nboards:\n${boards}\n---\n${slide}\n`)
    expect(problems).toEqual([])
    expect(slides[0]!.board).toBe(board)
  })

  test('that are not declared are asked to by no slide', () => {
    expect(compile('<board-wall name="a" />\n').slides[0]).not.toHaveProperty('board')
  })

  test('may have a question of any signs', () => {
    const question = 'Tea & "cake" <now>?'
    const { html, boards } = compile(
      `---\nboards:\n- id: a\n  question: '${question}'\n---\n<board-wall name="a" />\n`,
    )
    expect(boards[0]!.question).toBe(question)
    expect(html).toContain('title="Tea &amp; &quot;cake&quot; &lt;now&gt;?"')
  })
})

describe('words for the filter', () => {
  test('are listed in the front matter, and are text', () => {
    const { words, problems } = compile(
      '---\nwords:\n  - voldemort\n  - "he who: must"\n  - 42\n  - voldemort\n---\n# A\n',
    )
    expect(problems).toEqual([])
    expect(words).toEqual(['voldemort', 'he who: must', '42'])
    expect(compile('# A\n').words).toEqual([])
    expect(compile('---\nwords:\n---\n# A\n')).toMatchObject({ words: [], problems: [] })
  })
})

describe('pictures', () => {
  test('get the address that the build gives them, wherever they are named', () => {
    expect(sections.get('kettle-on-fire')).toContain('src="/assets/img/kettle_on.fire.svg"')
    expect(sections.get('the-tree')).toContain('data-background-image="/assets/img/leaf.svg"')
    expect(inside('![A](<img/a b.svg>)')).toContain('src="/assets/img/a b.svg"')
    expect(inside('<p style="background: url(img/a.svg)">x</p>')).toContain(
      'url(/assets/img/a.svg)',
    )
    expect(inside('[large](img/a.svg)')).toContain('href="/assets/img/a.svg"')
  })
})

describe('code', () => {
  test('is coloured by classes', () => {
    const html = inside('```ts\nconst tea = "hot" // <b>\n```')
    expect(html).toContain('<pre class="code-wrapper"><code class="hljs language-typescript">')
    expect(html).toContain('<span class="hljs-keyword">const</span>')
    expect(html).toContain('&lt;b&gt;')
    expect(html).not.toContain('style=')
  })

  test('ends a colour with its line and begins it again on the next', () => {
    const html = inside('```js [1|2]\n/* one\ntwo */\n```')
    expect(html).toContain('<span class="hljs-comment">/* one</span></td>')
    expect(html).toContain('<span class="hljs-comment">two */</span></td>')
  })

  test('is read out once, however many steps it has', () => {
    const html = inside('```js [1|2|1-2]\nlet a\nlet b\n```')
    expect(html.match(/<code/g)).toHaveLength(3)
    expect(html.match(/<code [^>]*aria-hidden="true"/g)).toHaveLength(2)
  })
})

describe('a file from elsewhere', () => {
  const markdown = '---\ntitle: Tea\n---\n# Hot\n\n\n\n```\na\n\n\n\nb\n```\n\nNote:\n01:00\n'

  test('may end its lines as Windows does', () => {
    expect(compile(markdown.replaceAll('\n', '\r\n'))).toEqual(compile(markdown))
  })

  test('may begin with a byte order mark', () => {
    const { problems, ...deck } = compile(`\uFEFF${markdown}`)
    expect({ ...deck, problems: [] }).toEqual(compile(markdown))
    expect(problems).toHaveLength(1)
  })

  test('is never thrown out, whatever is in it', () => {
    for (const text of [
      '',
      '---',
      '```',
      '<!--',
      '<',
      '</p>',
      '<div',
      'Note:',
      '{{',
      '\0',
      '<a b="',
    ]) {
      expect(() => compile(text)).not.toThrow()
      expect(() => compile(`# A\n\n\n\n${text}`)).not.toThrow()
    }
  })
})
