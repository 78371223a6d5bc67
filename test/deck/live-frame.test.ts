import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { jumpTo, openHall, shownSlide, untilSlide, type Hall } from './hall'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(() => hall.close())

const field = (page: Page) => page.frameLocator('#live-sum iframe').getByLabel('Number')
const loads = () => hall.deck.requests.filter((path) => path === '/sum').length

describe('a live frame', () => {
  let loadsBefore: number
  beforeEach(() => {
    loadsBefore = loads()
  })

  test('is one instance through next, previous, far jumps and the overview', async () => {
    const page = await hall.open('#/live-sum')
    await field(page).click()
    await page.keyboard.type('4711')
    await page.locator('#live-sum h3').click()

    await page.keyboard.press('Space')
    await untilSlide(page, 'how-would-you-build-it')
    await page.keyboard.press('PageUp')
    await untilSlide(page, 'live-sum')
    await page.keyboard.press('Home')
    await untilSlide(page, 'let-it-crash')
    await page.keyboard.press('End')
    await untilSlide(page, 'break-the-system')
    await page.keyboard.press('o')
    await page.locator('.reveal.overview').waitFor()
    await page.locator('#live-sum').click()
    await untilSlide(page, 'live-sum')
    await page.locator('.reveal:not(.overview)').waitFor()

    expect(await field(page).inputValue()).toBe('4711')
    expect(loads() - loadsBefore).toBe(1)
    expect(await page.locator('#live-sum iframe').count()).toBe(1)
    await page.context().close()
  })

  test('is loaded before its slide comes, and not from the other end of the talk', async () => {
    const page = await hall.open()
    expect(await page.locator('iframe').count()).toBe(0)
    await jumpTo(page, 'robust-or-pleasant')
    await field(page).waitFor({ state: 'attached' })
    expect(await shownSlide(page)).toBe('robust-or-pleasant')
    await page.context().close()
  })

  test('takes the keys only when somebody goes there, though its page asks for them', async () => {
    const page = await hall.open('#/use-cases')
    for (const next of ['robust-or-pleasant', 'demo', 'live-sum', 'how-would-you-build-it']) {
      await page.keyboard.press('Space')
      await untilSlide(page, next)
      if (next === 'robust-or-pleasant') await field(page).waitFor({ state: 'attached' })
    }
    await page.keyboard.press('PageUp')
    await untilSlide(page, 'live-sum')
    await field(page).evaluate((input) => input.focus())
    await page.waitForFunction(() => document.activeElement === document.body)
    await page.context().close()
  })

  test('takes no keys either while its page is still loading', async () => {
    const page = await hall.open()
    await page.route('**/sum', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<input aria-label="Number"><script src="/page.js"></script><img src="/never.svg">',
      }),
    )
    await page.route('**/never.svg', () => undefined)
    const asked = page.waitForRequest('**/never.svg')
    await jumpTo(page, 'demo')
    await asked
    await page.waitForFunction(() => document.activeElement === document.body)
    await page.keyboard.press('Space')
    await untilSlide(page, 'live-sum')
    await page.context().close()
  })

  test('keeps what is typed in it to itself, and Esc gives the keys back', async () => {
    const page = await hall.open('#/live-sum')
    await field(page).click()
    await page.getByText('Esc returns to the slides').waitFor()
    await page.keyboard.type('n 13 o')
    await page.keyboard.press('ArrowRight')
    expect(await field(page).inputValue()).toBe('n 13 o')
    expect(await shownSlide(page)).toBe('live-sum')

    await page.keyboard.press('Escape')
    await page.getByText('Esc returns to the slides').waitFor({ state: 'hidden' })
    expect(await page.locator('.reveal.overview').count()).toBe(0)
    await page.keyboard.press('ArrowRight')
    await untilSlide(page, 'how-would-you-build-it')
    await page.context().close()
  })

  test('gives the keys back after a page turned into another one inside it', async () => {
    const page = await hall.open('#/live-sum')
    await field(page).click()
    await field(page).evaluate(() => location.assign('/sum?again'))
    await page.waitForFunction(() => {
      const frame = document.querySelector('iframe')?.contentWindow
      return frame?.location.search === '?again' && frame.document.readyState === 'complete'
    })
    await field(page).click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Home')
    await untilSlide(page, 'let-it-crash')
    await page.context().close()
  })

  test('gives the keys back when the deck is clicked, and when its slide is left', async () => {
    const page = await hall.open('#/live-sum')
    await field(page).click()
    await page.locator('#live-sum h3').click()
    await page.keyboard.press('ArrowRight')
    await untilSlide(page, 'how-would-you-build-it')

    await page.keyboard.press('PageUp')
    await untilSlide(page, 'live-sum')
    await field(page).click()
    await jumpTo(page, 'demo')
    await page.keyboard.press('PageUp')
    await untilSlide(page, 'robust-or-pleasant')
    await page.context().close()
  })

  test('says that its page cannot be reached, and shows it once the server is back', async () => {
    const page = await hall.open()
    const faultsBefore = hall.faults.length
    await page.route('**/sum', (route) => route.abort())
    await jumpTo(page, 'live-sum')
    await page.locator('#live-sum live-frame.unreachable').waitFor()
    await page.unroute('**/sum')
    hall.deck.cutSockets()
    await page.locator('#live-sum live-frame:not(.unreachable)').waitFor()
    await field(page).waitFor()
    hall.faults.splice(faultsBefore)
    await page.context().close()
  })

  test.each(['?still', '?print-pdf', '?receiver'])(
    'is a still with title and code for %s',
    async (query) => {
      const page = await hall.open(query)
      await page.locator('#live-sum live-frame.still').waitFor({ state: 'attached' })
      expect(await page.locator('iframe').count()).toBe(0)
      expect(await page.locator('#live-sum .still-title').textContent()).toBe('The sum page')
      expect(await page.locator('#live-sum qr-code').getAttribute('to')).toBe('/sum')
      expect(loads()).toBe(loadsBefore)
      await page.context().close()
    },
  )

  test('has a title and says in words how to get out of it', async () => {
    const page = await hall.open('#/live-sum')
    const frame = page.locator('#live-sum iframe')
    expect(await frame.getAttribute('title')).toBe('The sum page')
    const hint = await frame.getAttribute('aria-describedby')
    expect(await page.locator(`#${hint}`).textContent()).toBe('Esc returns to the slides')
    await page.context().close()
  })

  test('breaks nothing anywhere', () => {
    expect(hall.faults).toEqual([])
  })
})
