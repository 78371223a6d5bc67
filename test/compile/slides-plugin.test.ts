/*
 * Decks in a build and in development, with real Vite on a small project of its own: which pictures
 * are part of it, what fails it, and what an edit does.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, createServer, type Rolldown } from 'vite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { slidesPlugin } from '../../src/compile/slides-plugin'
import { until } from '../support/until'

let project: string
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'slides-')))
  for (const folder of ['slides', 'img/deep', 'src']) {
    mkdirSync(join(project, folder), { recursive: true })
  }
  write('img/cup.svg', '<svg xmlns="http://www.w3.org/2000/svg"><text>cup</text></svg>')
  write('img/deep/pot.svg', '<svg xmlns="http://www.w3.org/2000/svg"><text>pot</text></svg>')
  write('src/main.js', "import deck from 'virtual:deck/tea'\nglobalThis.deck = deck\n")
})
afterEach(() => rmSync(project, { recursive: true }))

const write = (path: string, text: string): void => writeFileSync(join(project, path), text)

const config = () => ({
  root: join(project, 'src'),
  configFile: false as const,
  logLevel: 'silent' as const,
  plugins: [slidesPlugin({ folder: join(project, 'slides') })],
})

/** Builds the project and gives its files by name. */
async function built(): Promise<Map<string, string>> {
  const input = join(project, 'src/main.js')
  const result = (await build({
    ...config(),
    build: { write: false, assetsInlineLimit: 0, minify: false, rollupOptions: { input } },
  })) as Rolldown.RolldownOutput
  return new Map(
    result.output.map((file) => [
      file.fileName,
      file.type === 'chunk' ? file.code : String(file.source),
    ]),
  )
}

describe('a build', () => {
  test('makes the pictures of a deck its own', async () => {
    write(
      'slides/tea.md',
      '![A "cup"](img/cup.svg)\n\n![A cup](img/cup.svg)\n\n' +
        'Note:\n00:00\n![A pot](img/deep/pot.svg)\n',
    )
    const files = await built()
    const [cup, pot] = ['cup', 'pot'].map((name) =>
      [...files.keys()].find((file) => file.startsWith(`assets/${name}-`)),
    )
    expect(files.get(cup!)).toContain('cup')
    expect(files.get(pot!)).toContain('pot')

    const script = [...files].find(([name]) => name.endsWith('.js'))![1]
    const host: { deck?: { html: string; slides: { noteHtml: string }[] } } = {}
    new Function('globalThis', script)(host)
    expect(host.deck!.html.match(new RegExp(`src="/${cup}"`, 'g'))).toHaveLength(2)
    expect(host.deck!.html).toContain('alt="A &quot;cup&quot;"')
    expect(host.deck!.slides[0]!.noteHtml).toContain(`src="/${pot}"`)
  })

  test('fails with every problem of a deck, by file and line', async () => {
    write('slides/tea.md', '# A\n\n![x](img/CUP.svg)\n\n<tea-pot></tea-pot>\n\n![](img/cup.svg)\n')
    const failure = await built().catch((error: Error) => error.message)
    expect(failure).toContain('slides/tea.md:3: error: There is no img/CUP.svg.')
    expect(failure).toContain('slides/tea.md:5: error: There is no block <tea-pot>.')
    expect(failure).toContain('slides/tea.md:7: warning: ')
  })

  test('goes on with warnings', async () => {
    write('slides/tea.md', '# A\n\n![](img/cup.svg)\n')
    expect((await built()).size).toBe(2)
  })

  test('fails without the deck, and says which decks there are', async () => {
    write('slides/coffee.md', '# A\n')
    await expect(built()).rejects.toThrow('There is no deck slides/tea.md. There are: coffee.md.')
  })
})

describe('what a deck declares', () => {
  const talk =
    '---\nboards:\n- id: milk\n  question: Milk?\n  slow: 5\nwords:\n- pot\n---\n' +
    '# A "cup"\n\n![A cup](img/cup.svg)\n\n\n\n<!-- .slide: id="milk" -->\n' +
    '<board-wall name="milk"></board-wall>\n\nNote: 00:00\n'

  test('is a module of its own, with nothing else in it', async () => {
    write(
      'src/main.js',
      "import declared from 'virtual:declared/tea'\nglobalThis.deck = declared\n",
    )
    write('slides/tea.md', talk)
    const files = await built()
    const [[, script] = []] = files
    expect(files.size).toBe(1)
    const host: { deck?: unknown } = {}
    new Function('globalThis', script!)(host)
    const settings = { open: false, approveFirst: false, slowSeconds: 5, filter: 'hold' }
    expect(host.deck).toEqual({
      title: 'A "cup"',
      boards: [{ id: 'milk', question: 'Milk?', settings }],
      slides: { 'a-cup': null, milk: 'milk' },
      words: ['pot'],
    })
  })

  test('fails a build as the deck itself does', async () => {
    write(
      'src/main.js',
      "import declared from 'virtual:declared/tea'\nglobalThis.deck = declared\n",
    )
    write('slides/tea.md', talk.replace('img/cup', 'img/can').replace('slow: 5', 'slow: never'))
    const failure = await built().catch((error: Error) => error.message)
    expect(failure).toContain('slides/tea.md:5: error: This board’s “slow” cannot be read.')
    expect(failure).toContain('slides/tea.md:11: error: There is no img/can.svg.')
  })
})

describe('in development', () => {
  /**
   * The module of the deck, as soon as it contains `text`, when `edit` is done to a running server.
   */
  async function moduleAfter(
    edit: () => void,
    text: string,
    module = 'virtual:deck/tea',
  ): Promise<void> {
    const server = await createServer({ ...config(), server: { middlewareMode: true, ws: false } })
    try {
      const watched = () => server.watcher.getWatched()[join(project, 'slides')]
      await until(() => expect(watched()).toContain('tea.md'), 20_000)
      const before = await server.transformRequest(module)
      expect(before?.code).not.toContain(text)
      edit()
      await until(async () => {
        const after = await server.transformRequest(module)
        expect(after?.code).toContain(text)
      }, 20_000)
    } finally {
      await server.close()
    }
  }

  test('a deck carries its problems and goes on with the rest', async () => {
    write('slides/tea.md', '# Tea\n\n<tea-pot></tea-pot>\n' + '\n![A cup](img/cup.svg)\n'.repeat(2))
    const server = await createServer({ ...config(), server: { middlewareMode: true, ws: false } })
    const { code } = (await server.transformRequest('virtual:deck/tea'))!
    await server.close()
    expect(code).toContain('<h1>Tea</h1>')
    expect(code.match(/^import /gm)).toHaveLength(1)
    expect(code).toContain('"problems":[{"file":"slides/tea.md","line":3')
  })

  test('an edited deck is made anew', async () => {
    write('slides/tea.md', '# Tea\n')
    await moduleAfter(() => write('slides/tea.md', '# Coffee\n'), '<h1>Coffee</h1>')
  })

  test('what an edited deck declares is made anew', async () => {
    write('slides/tea.md', '# Tea\n')
    await moduleAfter(
      () => write('slides/tea.md', '# Coffee\n'),
      '"coffee"',
      'virtual:declared/tea',
    )
  })

  test('a picture that was missing is found when it comes', async () => {
    write('slides/tea.md', '![A leaf](img/leaf.svg)\n')
    await moduleAfter(() => write('img/leaf.svg', '<svg/>'), '"problems":[]')
  })
})
