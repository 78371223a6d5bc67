import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { boardCode } from '../../src/protocol/board-code'
import { readQr } from '../support/browser'
import { jumpTo, openHall, untilSlide, type Hall } from './hall'
import { audienceAddress } from './served-deck'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(() => hall.close())

const short = `${audienceAddress}/${boardCode('building-blocks')}`
const loads = () => hall.deck.requests.filter((path) => path.endsWith('/wall')).length
const code = (page: Page) => page.locator('#the-wall qr-code img')
const wall = (page: Page) => page.locator('#the-wall live-frame')

/** The whole window, as wide and high as a part of it. */
async function pictureOf(page: Page, scale: number): Promise<Buffer> {
  const session = await page.context().newCDPSession(page)
  const clip = { x: 0, y: 0, width: 1920, height: 1080, scale }
  const { data } = await session.send('Page.captureScreenshot', { clip })
  await session.detach()
  return Buffer.from(data, 'base64')
}

describe('a board on a slide', () => {
  test.each([1, 0.25])(
    'has a code that is read from a picture of %s of its size',
    async (scale) => {
      const page = await hall.open('#/the-wall')
      await code(page).evaluate((image: HTMLImageElement) => image.decode())
      expect(await readQr(page, await pictureOf(page, scale))).toBe(short.toUpperCase())
      await page.context().close()
    },
  )

  test('has its short link in large type below the code, which fills 60 % of the height', async () => {
    const page = await hall.open('#/the-wall')
    await code(page).waitFor()
    const { width = 0, height = 0, x = 0, y = 0 } = (await code(page).boundingBox()) ?? {}
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(0.6 * 1080)
    const link = page.locator('#the-wall qr-code').getByRole('link')
    expect(await link.textContent()).toBe(short)
    expect(await link.getAttribute('href')).toBe(short)
    const written = (await page.locator('#the-wall .qr-path').boundingBox())!
    expect(written.height).toBeGreaterThan(100)
    expect(written.y).toBeGreaterThan(y + height)

    const shown = (await wall(page).boundingBox())!
    expect(shown.width).toBeGreaterThan(0.6 * 1920)
    expect(shown.x + shown.width).toBeLessThan(x)
    await page.context().close()
  })

  test('has one wall, however the slides turn, and it says how to get out of it', async () => {
    const before = loads()
    const page = await hall.open('#/the-wall')
    const field = page.frameLocator('#the-wall iframe').getByLabel('Number')
    await field.click()
    await page.keyboard.type('4711')
    await page.getByText('Esc returns to the slides').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Esc returns to the slides').waitFor({ state: 'hidden' })
    await page.keyboard.press('Home')
    await untilSlide(page, 'let-it-crash')
    await jumpTo(page, 'the-wall')
    expect(await field.inputValue()).toBe('4711')
    expect(loads() - before).toBe(1)
    await page.context().close()
  })

  test.each(['?still', '?receiver', '?print-pdf'])(
    'is a still with its code for %s',
    async (query) => {
      const before = loads()
      // A preview learns the address from the hall, and this one has none.
      const knows = query !== '?receiver'
      const page = await hall.open(query)
      await page.locator('#the-wall live-frame.still').waitFor({ state: 'attached' })
      expect(await page.locator('#the-wall .still-title').textContent()).toBe(
        'Which building blocks?',
      )
      expect(await page.locator('#the-wall qr-code').getAttribute('to')).toBe(
        new URL(short).pathname,
      )
      if (knows) await code(page).waitFor({ state: 'attached' })
      expect(await page.locator('iframe').count()).toBe(0)
      expect(loads()).toBe(before)
      await page.context().close()
    },
  )

  test('breaks nothing anywhere', () => {
    expect(hall.faults).toEqual([])
  })
})
