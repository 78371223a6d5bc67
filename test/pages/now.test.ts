import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { slidesPlugin } from '../../src/compile/slides-plugin'
import { boardStream, ownStream } from '../../src/protocol/board'
import { deckFold, deckStream } from '../../src/protocol/deck'
import { accepted, refused, type Wish } from '../../src/protocol/envelope'
import { ownFold } from '../../src/protocol/own-notes'
import { refuse } from '../../src/protocol/refusals'
import { sumFold } from '../../src/protocol/sum'
import { wallFold } from '../../src/protocol/wall'
import { inLightAndDark, mine, projector, showPages, type ShownPages } from './shown-pages'
import { until } from '../support/until'

const questions = { tools: 'What are your tools?', design: 'How would you build it?' }

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

beforeEach(() => {
  const { gateway } = shown
  gateway.heard.length = 0
  gateway.onWish = () => accepted
  gateway.onFollow = () => accepted
  gateway.keep(deckStream, deckFold, 'log1')
  gateway.keep(mine, sumFold, 'h1.1')
  for (const [board, question] of Object.entries(questions)) {
    const face = { question, open: true, wasOpened: true }
    gateway.keep(boardStream(board), wallFold, 'log1')
    gateway.keep(ownStream(board, '7f3a91c2d4'), ownFold, 'log1')
    gateway.swallow(boardStream(board), { type: 'wall_changed', face })
  }
})

afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const slide = (board?: keyof typeof questions) => {
  const at = { slide: board ?? 'intro', fragment: -1, wish: 'w', atMs: 0 }
  return { type: 'slide_shown', ...at, ...(board && { board }) }
}
const show = (board?: keyof typeof questions) => shown.gateway.say(deckStream, slide(board))
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const sum = () => heading(/How much is/).waitFor()
const asks = (board: keyof typeof questions) => heading(questions[board]).waitFor()
const number = () => page.getByLabel('n, a whole number')
const note = () => page.getByRole('textbox', { name: 'Your note' })
const goOn = () => page.getByRole('button', { name: 'Go on' })

async function open(options?: BrowserContextOptions, prepare?: (page: Page) => unknown) {
  page = await shown.open('/', options, prepare)
}

/** Keeps every heading that was ever in the page. */
const watchHeadings = (page: Page) =>
  page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll('h1'))
        if (textContent && !seen.includes(textContent)) seen.push(textContent)
    }).observe(document, { childList: true, subtree: true, characterData: true })
  })
const headingsSeen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen)

describe('the front door', () => {
  test('shows the sum page while the deck asks to no board', async () => {
    shown.gateway.swallow(deckStream, slide())
    await open({}, watchHeadings)
    await sum()
    expect(await headingsSeen()).toEqual(['How much is 1 + 2 + … + n?'])
  })

  test('shows the sum page before the first slide of all', async () => {
    await open()
    await sum()
  })

  test('shows the board that the deck asks to, and nothing else before it', async () => {
    shown.gateway.swallow(deckStream, slide('tools'))
    await open({}, watchHeadings)
    await asks('tools')
    expect(await headingsSeen()).toEqual([questions.tools])
  })

  test('shows the sum page when nobody knows where the deck is, and goes along later', async () => {
    shown.gateway.onFollow = ({ stream }) =>
      stream === deckStream ? refused(refuse('host_down')) : accepted
    await open()
    await sum()
    shown.gateway.swallow(deckStream, slide('tools'))
    shown.gateway.onFollow = () => accepted
    await asks('tools')
  })

  test('goes along with the deck while nothing is typed', async () => {
    await open()
    await sum()
    show('tools')
    await asks('tools')
    await page.getByText('The page shows a question now.').waitFor({ state: 'attached' })
    show('design')
    await asks('design')
    show()
    await sum()
    expect(await goOn().count()).toBe(0)
  })

  test('tears nobody away from a number: it offers to go on', async () => {
    await open()
    await sum()
    await number().fill('12')
    show('tools')
    await goOn().waitFor()
    await sum()
    expect(await number().inputValue()).toBe('12')
    await goOn().click()
    await asks('tools')
    expect(await goOn().count()).toBe(0)
    show()
    await sum()
    expect(await number().inputValue()).toBe('12')
  })

  test('tears nobody away from a note, and keeps it for the board it answers', async () => {
    shown.gateway.swallow(deckStream, slide('tools'))
    await open()
    await asks('tools')
    await note().fill('half a tho')
    show('design')
    await goOn().click()
    await asks('design')
    expect(await note().inputValue()).toBe('')
    show('tools')
    await asks('tools')
    expect(await note().inputValue()).toBe('half a tho')
  })

  test('offers nothing any more when the deck comes back', async () => {
    await open()
    await number().fill('12')
    show('tools')
    await goOn().waitFor()
    show()
    await until(async () => expect(await goOn().count()).toBe(0))
    expect(await number().inputValue()).toBe('12')
  })

  test('goes along with the next slide once the text is sent', async () => {
    shown.gateway.swallow(deckStream, slide('tools'))
    await open()
    await asks('tools')
    await note().fill('vim')
    show()
    await goOn().waitFor()
    await note().press('Enter')
    await until(async () => expect(await note().inputValue()).toBe(''))
    await asks('tools')
    show()
    await sum()
  })

  test('sends a note on from another page, once', async () => {
    const answered: string[] = []
    shown.gateway.swallow(deckStream, slide('tools'))
    shown.gateway.onWish = () => undefined
    await open()
    await note().fill('vim')
    await note().press('Enter')
    await page.getByText('Sending…').waitFor()
    show()
    await sum()
    shown.gateway.onWish = ({ id }: Wish) => {
      answered.push(id)
      return accepted
    }
    shown.gateway.sendAway()
    await until(() => expect(answered).toHaveLength(1))
    show('tools')
    await page.getByText('Stored').waitFor()
    expect(answered).toHaveLength(1)
  })

  test('has nothing serious for axe, whatever it offers', async () => {
    for (const viewport of [undefined, projector]) {
      shown.gateway.keep(deckStream, deckFold, 'log1')
      await open(viewport && { viewport })
      await number().fill('12')
      show('tools')
      await goOn().waitFor()
      await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
      await goOn().click()
      await asks('tools')
      await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
      await shown.leave(page)
    }
  })

  test.each([390, 195])('stays within %i px with its offer', async (width) => {
    await open({ viewport: { width, height: 422 } })
    await number().fill('12')
    show('tools')
    await goOn().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    const button = (await goOn().boundingBox())!
    expect(button.x + button.width).toBeLessThanOrEqual(width - 16)
  })

  test('needs at most 45 kB of code', async () => {
    const sizes = (await buildAlone()).map((code) => gzipSync(code, { level: 9 }).length)
    expect(sizes.length).toBeGreaterThan(0)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(45_000)
  })
})

/** All code of the page, built without the other pages, whose chunks it shares otherwise. */
async function buildAlone(): Promise<string[]> {
  const src = resolve(import.meta.dirname, '../../src')
  // Vitest's own NODE_ENV would make a development build, which is not what is shipped.
  vi.stubEnv('NODE_ENV', 'production')
  const built = await build({
    root: src,
    configFile: false,
    logLevel: 'warn',
    plugins: [svelte(), slidesPlugin({ folder: resolve(src, '../slides') })],
    build: { write: false, rollupOptions: { input: resolve(src, 'pages/now/index.html') } },
  })
  vi.unstubAllEnvs()
  const { output } = built as Extract<typeof built, { output: unknown }>
  return output.flatMap((file) => (file.type === 'chunk' ? [file.code] : []))
}
