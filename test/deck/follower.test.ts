import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { phone } from '../support/browser'
import { jumpTo, openHall, shownSlide, slideNames, untilSlide, type Hall } from './hall'
import { unreadable } from './last-row'
import type { StandInTalk } from './stand-in-talk'

let hall: Hall
let talk: StandInTalk
beforeAll(async () => {
  hall = await openHall()
  talk = hall.deck.talk
})
afterAll(() => hall.close())
beforeEach(() => talk.begin())

const open = (at = '') => hall.open(`?follow${at}`, phone)
const back = (page: Page) => page.getByRole('button', { name: 'Back to the talk' })

/** A picture of a phone's screen is as large as a phone: words below this are not read on it. */
const leastPx = 9

/** Whether the slide's words and pictures have as much room above them as below. */
const isInTheMiddle = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const slides = [...document.querySelectorAll('section.present:not(.stack)')]
    const shown = slides.find((slide) => !slide.closest('.past, .future'))!
    const { top, bottom } = shown.getBoundingClientRect()
    return Math.abs(innerHeight - bottom - top) < innerHeight / 50
  })

describe('a follower', () => {
  test('who comes late lands where the talk is, and goes along', async () => {
    talk.turn(['robust-system', 0], 60 * 60_000)
    const page = await open()
    await page.locator('#robust-system.present .fragment.visible').first().waitFor()
    talk.turn(['code', -1])
    await untilSlide(page, 'code')
    talk.turn(['code', 0])
    await page.locator('#code .current-fragment').waitFor()
    talk.turn(['code', -1])
    await page.locator('#code .current-fragment').waitFor({ state: 'detached' })
    expect(await back(page).isVisible()).toBe(false)
    await page.context().close()
  })

  test('lands there also from the address of another slide', async () => {
    talk.turn(['demo', -1])
    const page = await open('#/words')
    await untilSlide(page, 'demo')
    await page.context().close()
  })

  test('may leaf on their own, and comes back by a button', async () => {
    talk.turn(['use-cases', -1])
    const page = await open()
    await untilSlide(page, 'use-cases')
    await page.keyboard.press('p')
    await back(page).waitFor()
    const here = await shownSlide(page)
    const other = await open()
    talk.turn(['words', -1])
    await untilSlide(other, 'words')
    expect(await shownSlide(page)).toBe(here)

    await back(page).click()
    await untilSlide(page, 'words')
    await back(page).waitFor({ state: 'hidden' })
    talk.turn(['columns', -1])
    await untilSlide(page, 'columns')
    await Promise.all([page.context().close(), other.context().close()])
  })

  test('who leafs back to the talk goes along again', async () => {
    talk.turn(['use-cases', -1])
    const page = await open()
    await untilSlide(page, 'use-cases')
    await page.keyboard.press('n')
    await back(page).waitFor()
    await page.keyboard.press('p')
    await back(page).waitFor({ state: 'hidden' })
    talk.turn(['words', -1])
    await untilSlide(page, 'words')
    await page.context().close()
  })

  test('stays where they are when their deck has no such slide', async () => {
    talk.turn(['use-cases', -1])
    const page = await open()
    await untilSlide(page, 'use-cases')
    talk.turn(['put-in-later', -1])
    talk.turn(['words', -1])
    await untilSlide(page, 'words')
    await page.context().close()
  })

  test('is told that the talk has not begun, and goes along when it does', async () => {
    const page = await open()
    await page.getByText('The talk has not begun').waitFor()
    await page.keyboard.press('n')
    talk.turn(['demo', -1])
    await untilSlide(page, 'demo')
    await page.getByText('The talk has not begun').waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('is told of a lost connection, and catches up when it is back', async () => {
    talk.turn(['use-cases', -1])
    const page = await open()
    await untilSlide(page, 'use-cases')
    await page.context().setOffline(true)
    const faultsBefore = hall.faults.length
    hall.deck.cutSockets()
    await page.getByText('The connection is lost').waitFor()
    talk.turn(['demo', -1])
    await page.context().setOffline(false)
    await untilSlide(page, 'demo')
    await page.getByText('The connection is lost').waitFor({ state: 'detached' })
    hall.faults.splice(faultsBefore)
    await page.context().close()
  })

  test('wishes nothing, whoever they are', async () => {
    talk.role = 'presenter'
    talk.turn(['use-cases', -1])
    const page = await open()
    await untilSlide(page, 'use-cases')
    await page.keyboard.press('n')
    await back(page).waitFor()
    await back(page).click()
    // What the follower had wished would be there before.
    const deck = await hall.open('#/words')
    await deck.keyboard.press('n')
    await untilSlide(page, 'the-wall')
    expect(talk.wishes).toEqual([['the-wall', -1]])
    await Promise.all([page.context().close(), deck.context().close()])
  })

  test('has a link where the hall has a live page, and loads none', async () => {
    const before = hall.deck.requests.filter((path) => /sum|wall/.test(path)).length
    const page = await open('#/live-sum')
    await untilSlide(page, 'live-sum')
    const link = page.locator('#live-sum').getByRole('link', { name: 'Open /sum' })
    const { height } = (await link.boundingBox())!
    // A finger is 24 pixels wide at least.
    expect(height).toBeGreaterThan(24)
    const [opened] = await Promise.all([page.context().waitForEvent('page'), link.tap()])
    await opened.getByLabel('Number').waitFor()
    expect(new URL(opened.url()).pathname).toBe('/sum')
    expect(await page.locator('iframe').count()).toBe(0)
    expect(hall.deck.requests.filter((path) => /sum|wall/.test(path)).length).toBe(before + 1)
    await page.context().close()
  })

  test('comes to a board by a tap on its code', async () => {
    const page = await open('#/the-wall')
    const code = page.locator('#the-wall qr-code')
    const href = await code.getByRole('link').getAttribute('href')
    const { x, y, width, height } = (await code.locator('img').boundingBox())!
    const hit = await page.evaluate(
      ([left = 0, top = 0]) => document.elementFromPoint(left, top)?.closest('a')?.href,
      [x + width / 2, y + height / 2],
    )
    expect(hit).toBe(href)
    await page.context().close()
  })
})

describe('on a phone', () => {
  test.each([
    ['upright', 390, 844],
    ['on its side', 844, 390],
    ['that is small and upright', 360, 640],
  ])('%s every slide can be read, and none leaves the screen', async (_, width, height) => {
    const page = await hall.open('?follow', { ...phone, viewport: { width, height } })
    await page.locator('#break-the-system qr-code img').waitFor({ state: 'attached' })
    for (const name of await slideNames(page)) {
      await jumpTo(page, name)
      expect([name, await unreadable(page, leastPx)]).toEqual([name, { small: [], outside: [] }])
    }
    await page.context().close()
  })

  test('a slide is in the middle when its code has come', async () => {
    const page = await open('#/the-wall')
    await page.locator('#the-wall qr-code img').waitFor()
    await expect.poll(() => isInTheMiddle(page)).toBe(true)
    await page.context().close()
  })

  test('slides take the shape of the screen when it is turned, and stay where they are', async () => {
    talk.turn(['robust-system', 0])
    const page = await open()
    const shape = () =>
      page.locator('.slides').evaluate((slides) => slides.clientWidth / slides.clientHeight)
    await page.locator('#robust-system.present .fragment.visible').first().waitFor()
    expect(await shape()).toBeCloseTo(390 / 844, 1)
    await page.setViewportSize({ width: 844, height: 390 })
    await expect.poll(shape).toBeCloseTo(16 / 9, 1)
    await page.locator('#robust-system.present .fragment.visible').first().waitFor()
    expect(await back(page).isVisible()).toBe(false)
    await page.context().close()
  })

  test('axe finds no fault in the slides of a follower', async () => {
    talk.turn(['use-cases', -1])
    const page = await open()
    await untilSlide(page, 'use-cases')
    await page.keyboard.press('n')
    await back(page).waitFor()
    for (const slide of ['live-sum', 'the-wall', 'use-cases']) {
      await jumpTo(page, slide)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const faults = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
      expect([slide, faults]).toEqual([slide, []])
    }
    await page.context().close()
  })
})

test('nothing broke on the way', () => {
  expect(hall.faults).toEqual([])
})
