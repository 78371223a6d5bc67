/*
 * Nasty texts in every view and field of the boards' pages, raw, as if nothing had tidied them:
 * nothing executes or becomes an element, no card leaves its box, no neighbour moves or is painted
 * over.
 */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  adminStream,
  boardFold,
  boardStream,
  ownStream,
  type BoardView,
  type Note,
} from '../../src/protocol/board'
import { accepted } from '../../src/protocol/envelope'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { ownFold } from '../../src/protocol/own-notes'
import { wallFold, type WallEvent, type WallNote, type WallView } from '../../src/protocol/wall'
import { nastyTexts } from '../support/nasty-texts'
import { hangMs } from '../support/patience'
import { phone, showPages, type ShownPages } from './shown-pages'
import { until } from '../support/until'

const question = 'Is all well here?'
const stream = boardStream('tools')
const visitor = '7f3a91c2d4'
/** Quicker to take pictures of than a hall's. */
const small = { width: 1280, height: 720 }

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

beforeEach(() => {
  shown.gateway.onWish = () => accepted
  shown.gateway.welcome = { ...shown.gateway.welcome, role: 'audience' }
  shown.gateway.keep(stream, wallFold, 'log1')
  shown.gateway.keep(ownStream('tools', visitor), ownFold, 'log1')
  shown.gateway.keep(adminStream('tools'), boardFold, 'log1')
  shown.gateway.keep(hostsStream, hostsFold, 'g1')
  shown.gateway.swallow(hostsStream, { type: 'host_ready', host: 'boards' })
})

afterEach(async () => {
  expect(await page.evaluate(() => (window as { pwned?: unknown }).pwned)).toBeUndefined()
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

async function open(path: string, options: BrowserContextOptions) {
  page = await shown.open(path, options, (page) => {
    page.on('dialog', (dialog) => {
      shown.complaints.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('popup', (popup) => shown.complaints.push(`a window: ${popup.url()}`))
  })
  await page.getByText(question).first().waitFor({ state: 'attached' })
}

const batchSize = 12
/** All of them take minutes: `ALL_TEXTS=yes npm test test/pages/nasty.test.ts`. */
const everySoMany = process.env['ALL_TEXTS'] ? 1 : 3
const allTexts = nastyTexts.filter((_, at) => at % everySoMany === 0).map(({ text }) => text)
/** One text at a time takes long: there each of two fields takes every other of them. */
const halfOfTexts = (first: 0 | 1) => allTexts.filter((_, at) => at % 2 === first)
/** The last batch is filled up from the first one. */
const batches = Array.from({ length: Math.ceil(allTexts.length / batchSize) }, (_, at) =>
  [...allTexts, ...allTexts].slice(at * batchSize, (at + 1) * batchSize),
)

/**
 * Calm notes have even ids, nasty ones odd ids, so that they stand between each other. Calm ones are
 * one more, so that they alone are still more than half a page, and the wall keeps its grid.
 */
const isNasty = `:nth-child(odd):nth-child(-n + ${2 * batchSize})`
const calmNotes: WallNote[] = Array.from({ length: batchSize + 1 }, (_, at) => {
  return { id: 2 * at + 2, text: `a calm note ${at}`, votes: 1, pinned: false }
})
const nastyNotes = (texts: readonly string[]): WallNote[] =>
  texts.map((text, at) => ({ id: 2 * at + 1, text, votes: 1, pinned: false }))
const nastyIds = nastyNotes(batches[0]!).map(({ id }) => id)
const inOrder = (notes: readonly WallNote[]) => notes.toSorted((a, b) => a.id - b.id)
const wall = (more: Partial<WallView> = {}): WallView => {
  return { ...wallFold.empty, question, open: true, wasOpened: true, ...more }
}
const say = (change: Omit<WallEvent, 'type'>) =>
  shown.gateway.say(stream, { type: 'wall_changed', ...change })

/** Halves of characters do not travel to the browser that is asked. */
const asShown = (texts: readonly string[]) => texts.map((text) => text.replace(/\p{Cs}/gu, '?'))

/**
 * Waits until the elements of a selector hold exactly these texts, as text and as nothing else. The
 * page itself looks, frame by frame: a question from here for each look would take minutes in all.
 */
async function untilTexts(selector: string, texts: readonly string[]): Promise<void> {
  const found = await page.evaluate(
    async ([selector, wanted, hangMs]) => {
      const look = () =>
        [...document.querySelectorAll(selector)].map((element) => {
          const inner = element.childElementCount > 0 ? ' and elements' : ''
          return ((element.textContent ?? '') + inner).replace(/\p{Cs}/gu, '?')
        })
      const giveUpAt = performance.now() + hangMs
      let found = look()
      while (found.join('\0') !== wanted && performance.now() < giveUpAt) {
        await new Promise(requestAnimationFrame)
        found = look()
      }
      return found
    },
    [selector, asShown(texts).join('\0'), hangMs] as const,
  )
  expect(found).toEqual(asShown(texts))
}

const finishMoves = () =>
  page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()))

const boxesOf = (elements: Locator) =>
  elements.evaluateAll((all) =>
    all.map((element) => {
      const { x, y, right, bottom } = element.getBoundingClientRect()
      return { x, y, right, bottom }
    }),
  )

/** The picture of the page without the cards that are nasty: what these do to all the others. */
const pictureBeside = async (cards: Locator) => {
  await finishMoves()
  return await page.screenshot({ mask: [cards], animations: 'disabled', caret: 'hide' })
}

/** Edges are drawn with softness that may differ by a breath; letters differ by much more. */
const breath = 8

/** How many pixels of two pictures differ visibly. */
async function differing(a: Buffer, b: Buffer): Promise<number> {
  if (a.equals(b)) return 0
  const scratch = await page.context().newPage()
  const urls = [a, b].map((png) => `data:image/png;base64,${png.toString('base64')}`)
  const count = await scratch.evaluate(
    async ([urls, breath]) => {
      const [first, second] = await Promise.all(
        urls.map(async (url) => {
          const image = new Image()
          image.src = url
          await image.decode()
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!
          context.drawImage(image, 0, 0)
          return context.getImageData(0, 0, image.width, image.height).data
        }),
      )
      return first!.filter((value, at) => Math.abs(value - second![at]!) > breath).length
    },
    [urls, breath] as const,
  )
  await scratch.close()
  return count
}

describe('nasty texts on the wall', () => {
  const hall: BrowserContextOptions = { viewport: small, reducedMotion: 'reduce' }
  const cards = () => page.locator('main li')
  const nastyCards = () => page.locator(`main li${isNasty}`)
  const nastyWords = `main li${isNasty} p`

  test(
    'arrive without touching a neighbour or leaving their box',
    { timeout: 300_000 },
    async () => {
      const placeholders = nastyNotes(Array.from({ length: batchSize }, () => 'calm as well'))
      shown.gateway.show(stream, wall({ notes: inOrder([...calmNotes, ...placeholders]) }))
      await open('/board/tools/wall', hall)
      await untilTexts(
        nastyWords,
        placeholders.map(({ text }) => text),
      )
      const calmPicture = await pictureBeside(nastyCards())
      const calmBoxes = await boxesOf(cards())
      for (const texts of batches) {
        say({ drop: nastyIds })
        say({ put: nastyNotes(texts) })
        await untilTexts(nastyWords, texts)
        expect(await boxesOf(cards())).toEqual(calmBoxes)
        const picture = await pictureBeside(nastyCards())
        expect(await differing(picture, calmPicture), `beside ${JSON.stringify(texts)}`).toBe(0)
      }
    },
  )

  test(
    'fill the spotlight and nothing else, and are a question like any other',
    {
      timeout: 300_000,
    },
    async () => {
      shown.gateway.show(stream, wall({ notes: nastyNotes(['calm']), spotlight: 1 }))
      await open('/board/tools/wall', hall)
      const light = page.locator('main .light')
      const lit = 'main .light .room p'
      await untilTexts(lit, ['calm'])
      const calmPicture = await pictureBeside(light)
      for (const [at, text] of halfOfTexts(0).entries()) {
        say({ put: nastyNotes([text]), face: { question: text } })
        await untilTexts(lit, [text])
        await untilTexts('h1', [text])
        if (at % batchSize > 0) continue
        const picture = await pictureBeside(light)
        expect(await differing(picture, calmPicture), `beside ${JSON.stringify(text)}`).toBe(0)
      }
    },
  )

  test('leave room for notes as a question', { timeout: 300_000 }, async () => {
    shown.gateway.show(stream, wall({ notes: calmNotes }))
    await open('/board/tools/wall', hall)
    for (const [text] of batches) {
      say({ face: { question: text! } })
      await untilTexts('h1', [text!])
      // A wall knows its new height when the browser draws next.
      await until(async () => {
        await finishMoves()
        const [asked] = await boxesOf(page.locator('h1'))
        const boxes = await boxesOf(cards())
        expect(boxes).toHaveLength(calmNotes.length)
        for (const { y, right, bottom } of boxes) {
          expect(y).toBeGreaterThan(asked!.bottom)
          expect(right).toBeLessThanOrEqual(small.width)
          expect(bottom).toBeLessThanOrEqual(small.height)
        }
      })
    }
  })
})

/** Cards that stand out of the window sideways, or over the card before them. */
async function faultsOfList(cards: Locator, width: number) {
  const boxes = await boxesOf(cards)
  return boxes.filter(({ x, y, right, bottom }, at) => {
    const before = boxes[at - 1]
    const isOver = before !== undefined && y < before.bottom - 0.5 && bottom > before.y + 0.5
    return x < 0 || right > width || (isOver && before.right > x + 0.5 && right > before.x + 0.5)
  })
}

const widthNeeded = () => page.evaluate(() => document.documentElement.scrollWidth)

describe('nasty texts on a phone', () => {
  const others = '.others li > p:first-child'
  const own = '[aria-labelledby=own-notes] li > p:first-child'

  async function checkList() {
    expect(await widthNeeded()).toBeLessThanOrEqual(phone.width)
    expect(await faultsOfList(page.locator('main li'), phone.width)).toEqual([])
  }

  test('are notes of others, and one’s own, like any other', { timeout: 300_000 }, async () => {
    shown.gateway.show(stream, wall())
    await open('/board/tools', { viewport: phone, reducedMotion: 'reduce' })
    for (const [at, texts] of batches.entries()) {
      shown.gateway.show(stream, wall({ notes: nastyNotes(texts) }))
      const notes = texts.map((text, place) => {
        const wish = `${at} ${place}`
        return { id: 1_001 + place, wish, text, state: 'shown' as const, votes: 1 }
      })
      shown.gateway.show(ownStream('tools', visitor), { notes })
      if (at === 0) await page.getByRole('button', { name: 'Show all' }).click()
      await untilTexts(others, texts.toReversed())
      await untilTexts(own, texts.toReversed())
      await checkList()
    }
  })

  test('are a question, and typed into the field', { timeout: 300_000 }, async () => {
    shown.gateway.show(stream, wall())
    await open('/board/tools', { viewport: phone, reducedMotion: 'reduce' })
    const field = page.getByRole('textbox', { name: 'Your note' })
    for (const [at, text] of halfOfTexts(1).entries()) {
      say({ face: { question: text } })
      await untilTexts('h1', [text])
      // Set as a whole: a browser takes seconds to type thousands of lines into any field.
      const width = await field.evaluate((element: HTMLTextAreaElement, typed) => {
        element.value = typed
        element.dispatchEvent(new Event('input', { bubbles: true }))
        return document.documentElement.scrollWidth
      }, text)
      expect(width).toBeLessThanOrEqual(phone.width)
      if (at % batchSize === 0) await field.press('Enter')
    }
  })
})

describe('nasty texts at the moderator’s', () => {
  const desk = { width: 1280, height: 800 }
  const admin = adminStream('tools')

  const board = (texts: readonly string[], more: Partial<BoardView> = {}): BoardView => {
    const notes = texts.map((text, at): Note => {
      const state = at % 2 ? 'shown' : 'waiting'
      const author = `a${at % 5}b7`
      const asked = { id: at + 1, wish: `wish${at}`, author, atMs: 1_700_000_000_000 + at }
      return { ...asked, text, state, votes: at % 3, pinned: at % 5 === 0, marked: at % 4 === 0 }
    })
    const settings = { ...boardFold.empty.settings, open: true }
    return { ...boardFold.empty, question, settings, wasOpened: true, notes, ...more }
  }

  test('are listed, merged, lit and asked like any other', { timeout: 300_000 }, async () => {
    shown.gateway.welcome = { ...shown.gateway.welcome, role: 'presenter' }
    shown.gateway.show(admin, board([]))
    await open('/board/tools/admin', { viewport: desk, reducedMotion: 'reduce' })
    for (const texts of batches) {
      shown.gateway.show(admin, board(texts, { question: texts[0]!, spotlight: 2 }))
      await until(async () => {
        const listed = await page.locator('p.text').evaluateAll((all) =>
          all.map(({ textContent, childElementCount }) => {
            return `${(textContent ?? '').replace(/\p{Cs}/gu, '?')}${childElementCount || ''}`
          }),
        )
        expect(listed.toSorted()).toEqual(asShown(texts).toSorted())
      })
      expect(await widthNeeded()).toBeLessThanOrEqual(desk.width)
      expect(await faultsOfList(page.locator('[role=option]'), desk.width)).toEqual([])
    }
  })
})
