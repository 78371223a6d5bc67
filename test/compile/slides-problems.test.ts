/*
 * What is said about faulty decks: the line, and what to write instead. One row for each thing that
 * can be wrong, and some for what only looks wrong.
 */
import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../src/compile/problem'
import { compileSlides, type Deck } from '../../src/compile/slides'

const compile = (markdown: string): Deck =>
  compileSlides(markdown, {
    name: 'tea',
    file: 'slides/tea.md',
    find: (path) => (path === 'img/tea.svg' ? `/${path}` : undefined),
  })

const told = (markdown: string): string[] => compile(markdown).problems.map(formatProblem)

/** Name, deck, line, severity, a piece of the sentence. */
type Row = [string, string, number, 'error' | 'warning', string]

const front = (...lines: string[]): string => `---\n${lines.join('\n')}\n---\n# Tea\n`

const board = (...lines: string[]): string =>
  front('boards:', '  - id: tea', '    question: Which?', ...lines.map((line) => `    ${line}`))

const rows: Row[] = [
  ['an empty file', '\n', 1, 'error', 'Write one: ## A heading'],
  ['a byte order mark', '\uFEFF# Tea\n', 1, 'warning', 'UTF-8 without one'],
  ['emoji read as MacRoman', '# Tea\n\nbugs üêû\n', 3, 'error', 'Write 🐞'],
  ['emoji read as Windows-1252', '# ðŸ\u0090ž\n', 1, 'error', 'Write 🐞'],
  ['a check mark read as MacRoman', '```\n‚úÖ\n```\n', 2, 'error', 'Write ✅'],
  ['a globe read as MacRoman', '# Tea üåê\n', 1, 'error', 'Write 🌐'],
  ['an apostrophe read as Windows-1252', '# Donâ€™t\n', 1, 'error', 'Write ’'],
  ['an umlaut read as Latin-1', '# fÃ¼r\n', 1, 'error', 'Write ü'],
  ['what is left of an emoji', '# ðŸ tea\n', 1, 'error', 'what is left'],
  ['a character that was lost', '# te\uFFFD\n', 1, 'error', 'what is left'],
  ['an open code block', '# Tea\n\n```ts\nlet a\n', 3, 'error', 'End it with ```'],
  ['a code block that swallows another', '```\na\n```ts\nb\n```\n', 3, 'warning', 'longer fence'],
  ['an open comment', '# Tea\n<!-- hm\n', 2, 'error', '-->'],
  ['an open front matter', '---\ntitle: Tea\n\n# Tea\n', 1, 'error', 'a line ---'],
  ['front matter that is no entry', front('title'), 2, 'error', 'key: value'],
  ['front matter with a key twice', front('a: 1', 'a: 2'), 3, 'error', 'twice'],
  ['front matter with a tab', front('a:', '\t- b'), 3, 'error', 'spaces'],
  ['front matter that stands askew', front('a: 1', '   b: 2'), 3, 'error', 'by 0, not by 3'],
  ['front matter with a colon in it', front('title: Tea: hot'), 2, 'error', "'Tea: hot'"],
  ['front matter with a flow list', front('a: [b, c]'), 2, 'error', '- item'],
  ['front matter over several lines', front('a: |', '  b'), 2, 'error', 'one line'],
  ['front matter with an anchor', front('a: &b c'), 2, 'error', "'&b c'"],
  ['an unknown placeholder', '---\nshort: x\n---\n# {{shrot}}\n', 4, 'error', 'Known are: short'],
  ['a placeholder without front matter', '# {{short}}\n', 1, 'error', 'short: …'],
  ['a second Note:', '# A\n\nNote:\n01:00\n\nNote: more\n', 6, 'warning', 'three empty lines'],
  ['a note without a time', '# A\n\nNote:\n\n- tea\n', 5, 'warning', 'MM:SS'],
  ['an impossible time', '# A\n\nNote:\n01:60\n', 4, 'warning', 'MM:SS'],
  [
    'times that go backwards',
    '# A\n\nNote: 02:00\n\n\n\n# B\n\nNote:\n01:30\n',
    10,
    'error',
    '(02:00)',
  ],
  ['a missing picture', '# A\n\n![x](img/cup.svg)\n', 3, 'error', 'no img/cup.svg'],
  [
    'a missing background',
    '# A\n<!-- .slide: data-background-image="img/b.svg" -->\n',
    2,
    'error',
    'img/b.svg',
  ],
  ['a picture elsewhere', '![x](https://a.test/cup.svg)\n', 1, 'error', 'img/cup.svg'],
  [
    'a picture without words',
    '# A\n\n![](img/tea.svg)\n',
    3,
    'warning',
    '![what it shows](img/tea.svg)',
  ],
  ['a picture without alt', '# A\n<img src="img/tea.svg">\n', 2, 'warning', 'alt="what it shows"'],
  ['an unknown block', '# A\n\n<tea-pot></tea-pot>\n', 3, 'error', '<live-page>, <qr-code>'],
  ['an unknown block in a note', '# A\n\nNote: 00:00\n\n<tea-pot />\n', 5, 'error', '<tea-pot>'],
  [
    'a live page of another host',
    '<live-page src="//a.test" title="x"></live-page>',
    1,
    'error',
    'src="/sum"',
  ],
  ['a live page without a title', '<live-page src="/sum"></live-page>', 1, 'warning', 'title="…"'],
  ['a code that leads nowhere', '<qr-code></qr-code>', 1, 'error', 'to="/sum"'],
  ['a wall of no board', '# A\n<board-wall></board-wall>', 2, 'error', 'name="…"'],
  ['a wall of an unknown board', '<board-wall name="cups"></board-wall>', 1, 'error', '- id: cups'],
  ['a code to an unknown board', '<qr-code to="/board/cups"></qr-code>', 1, 'error', '- id: cups'],
  ['a link to an unknown board', '# A\n\n[x](/board/cups/admin)', 3, 'error', '- id: cups'],
  ['boards that are none', front('boards: tea'), 2, 'error', '- id: tools'],
  ['a board without an id', front('boards:', '  - question: Why?'), 3, 'error', 'has no id'],
  ['a board without a question', front('boards:', '  - id: tea'), 3, 'error', 'no question'],
  ['a board twice', front('boards:', '- id: a', '  question: b', '- id: a'), 5, 'error', 'twice'],
  ['a board of two minds', board('open: maybe'), 5, 'error', 'open: yes, or open: no'],
  ['a board that is open: true', board('open: true'), 5, 'error', 'open: yes, or open: no'],
  ['an approval that is none', board('approve: later'), 5, 'error', 'approve: yes, or approve: no'],
  ['a setting without a value', board('approve:'), 5, 'error', 'approve: yes, or approve: no'],
  ['a board too slow', board('slow: 601'), 5, 'error', '0 to 600'],
  ['a board slower than nothing', board('slow: -1'), 5, 'error', '0 to 600'],
  ['a slowness with a unit', board('open: yes', 'slow: 30s'), 6, 'error', 'slow: 30'],
  ['an unknown filter', board('filter: on'), 5, 'error', 'filter: mark, or filter: hold'],
  ['a setting of several', board('filter:', '  - off'), 5, 'error', 'filter: off'],
  ['a misspelt setting', board('aprove: yes'), 5, 'error', 'question, open, approve, slow, filter'],
  ['words that are none', front('words: tea'), 2, 'error', '- word'],
  ['words as a map', front('words:', '  tea: yes'), 2, 'error', '- word'],
  ['a word of no letters', front('words:', '  - tea', '  - "!"'), 4, 'error', '- word'],
  ['a word that is a map', front('words:', '  - tea: hot'), 3, 'error', '- word'],
  ['a plain frame', '# A\n\n<iframe src="/sum"></iframe>\n', 3, 'warning', '<live-page'],
  ['a misspelt comment', '# A <!-- .elemnt: class="x" -->\n', 1, 'error', '.element:'],
  ['an open tag', '# A\n\n<div>\n\ntext\n', 3, 'error', 'Write </div>'],
  ['a tag that nothing opens', '# A\n\n</div>\n', 3, 'error', 'Take it out'],
  [
    'a name twice',
    '<!-- .slide: id="a" -->\nx\n\n\n\n<!-- .slide: id="a" -->\ny\n',
    6,
    'error',
    'line 1',
  ],
  ['a name that is a number', 'x\n<!-- .slide: id="12" -->\n', 2, 'error', 'slide-12'],
  ['a name with a space', '<!-- .slide: data-name="my tea" -->\nx\n', 1, 'error', 'my-tea'],
  ['code in an unknown language', '# A\n\n```cobol\nx\n```\n', 3, 'warning', 'typescript'],
  ['a step beyond the code', '```ts [1|7]\nx\n```\n', 1, 'warning', 'it has 1'],
]

test.each(rows)(
  '%s is told with its line and what to write',
  (_, markdown, line, severity, piece) => {
    const lines = told(markdown)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(new RegExp(`^slides/tea\\.md:${line}: ${severity}: `))
    expect(lines[0]).toContain(piece)
  },
)

describe('nothing is wrong', () => {
  test.each([
    [
      'with letters of any language',
      '# Größe „Spaß“ façade ‚äußerst‘ √π à « château » Привет 日本 ✅🐞\n',
    ],
    ['with text in code that looks like a note', '# A\n\n```text\nnote: tea\n```\n'],
    [
      'with a picture that is decoration',
      '# A\n<img src="img/tea.svg" alt="" role="presentation">\n',
    ],
    ['with a drawing', '# A\n\n<svg viewBox="0 0 1 1"><font-face /><path d="M0 0" /></svg>\n'],
    ['with what HTML lets one leave open', '# A\n\n<ul><li>a<li>b</ul>\n'],
    ['with a comment of several lines', '# A\n\n<!--\n{{x}}\n<tea-pot>\n\n\n\nNote: y -->\n'],
    ['with a comment that is written about', '# `<!--` opens a comment\n'],
    ['with a style that mentions a tag', '# A\n\n<style>\n/* <div> */\n</style>\n'],
    ['with signs that mean nothing in another encoding', '# â°€ ï„”\n'],
    ['with times that stand still', '# A\n\nNote: 01:00\n\n\n\n# B\n\nNote: 01:00\n'],
    ['with a longer fence around a shorter', '````md\n```ts\nx\n```\n````\n'],
    [
      'with a quoted text of many signs',
      '---\nt: \'it\'\'s: [a] # b\'\nu: "\\"q\\"" # c\n---\n# {{t}} {{u}}\n',
    ],
    ['with a board that is declared', '---\nboards:\n- id: a\n  question: b\n---\n[x](/board/a)\n'],
  ])('%s', (_, markdown) => {
    expect(told(markdown)).toEqual([])
  })
})

describe('a deck with a fault goes on with the rest', () => {
  test('a setting that cannot be read is as if it were left out', () => {
    const { boards } = compile(board('open: yes', 'slow: long', 'filter: on'))
    expect(boards[0]?.settings).toEqual(compile(board('open: yes')).boards[0]?.settings)
  })

  test('a board without a question is a board, and one without an id is none', () => {
    const { boards } = compile(front('boards:', '- id: a', '- question: b', '- id: a'))
    expect(boards.map(({ id, question }) => [id, question])).toEqual([['a', '']])
  })

  test('a code block that is never closed costs one slide', () => {
    const { slides } = compile('# A\n\n\n\n```ts\nlet a\n\n\n\n# C\n')
    expect(slides.map(({ name }) => name)).toEqual(['a', 'let-a', 'c'])
  })

  test('each fault on a line of its own is told with its own line', () => {
    const deck =
      '![a](img/x.svg)\n\n![b](img/x.svg)\n\n<tea-pot></tea-pot>\n\n<tea-pot></tea-pot>\n'
    expect(compile(deck).problems.map(({ line }) => line)).toEqual([1, 3, 5, 7])
  })
})
