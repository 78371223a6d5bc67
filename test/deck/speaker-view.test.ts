import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { openHall, shownSlide, untilSlide, type Hall } from './hall'
import { audienceAddress } from './served-deck'
import { openSpeakerWindow } from '../support/speaker-window'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(() => hall.close())

const current = (speaker: Page) => speaker.frameLocator('#current-slide iframe')
const upcoming = (speaker: Page) => speaker.frameLocator('#upcoming-slide iframe')

describe('the speaker view', () => {
  test('shows the next slide also when that preview comes up last', async () => {
    const page = await hall.open('#/demo')
    let letGo = () => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await page.context().route(/receiver.*controls=false/, async (route) => {
      await held
      await route.continue()
    })
    const speaker = await openSpeakerWindow(page)
    await speaker.getByText('100_000').waitFor()
    letGo()
    await upcoming(speaker).locator('#live-sum.present').waitFor()
    await page.context().close()
  })

  test('shows the notes, this slide, the next one and the pace', async () => {
    const page = await hall.open('#/demo')
    const speaker = await openSpeakerWindow(page)
    await speaker.getByText('100_000').waitFor()
    await current(speaker).locator('#demo.present').waitFor()
    await upcoming(speaker).locator('#live-sum.present').waitFor()
    await speaker.locator('.pacing.ahead').waitFor()
    await page.context().close()
  })

  test('loads no live page, opens no socket and knows the address all the same', async () => {
    const page = await hall.open('#/live-sum')
    await page.frameLocator('#live-sum iframe').getByLabel('Number').waitFor()
    const loads = () => hall.deck.requests.filter((path) => path === '/sum').length
    const before = { loads: loads(), sockets: hall.deck.socketsOpened() }

    const speaker = await openSpeakerWindow(page)
    await current(speaker)
      .getByRole('link', { name: `${audienceAddress}/sum` })
      .waitFor()
    await current(speaker).getByAltText(`QR code for ${audienceAddress}/sum`).waitFor()
    await upcoming(speaker).locator('#how-would-you-build-it.present').waitFor()

    expect({ loads: loads(), sockets: hall.deck.socketsOpened() }).toEqual(before)
    expect(await current(speaker).locator('iframe').count()).toBe(0)
    await page.context().close()
  })

  test('turns the slides of the hall, and lays the code over them', async () => {
    const page = await hall.open('#/use-cases')
    const speaker = await openSpeakerWindow(page)
    await current(speaker).locator('#use-cases.present').waitFor()
    await speaker.keyboard.press('ArrowRight')
    await untilSlide(page, 'robust-or-pleasant')
    await speaker.keyboard.press('q')
    await page.locator('.qr-overlay').waitFor()
    await page.context().close()
  })
})

describe('the deck', () => {
  const turns = [
    JSON.stringify({ method: 'slide', args: [3] }),
    JSON.stringify({ method: 'setState', args: [{ indexh: 3, indexv: 0 }] }),
  ]

  /** In pages that come: marks them when a message arrives, ahead of what the deck does with it. */
  const markMessages = (page: Page) =>
    page.context().addInitScript(() => {
      addEventListener('message', () => {
        // The other pages of the context may hear one before they have a body; ours come later.
        const dataset = document.body?.dataset
        if (!dataset) return
        dataset['told'] = `${dataset['told'] ?? ''}|`
      })
    })

  test.each(['', '?postMessage=true'])('obeys no foreign window (%s)', async (query) => {
    const stranger = await hall.open()
    const faultsBefore = hall.faults.length
    await markMessages(stranger)
    await stranger.goto(hall.deck.url.replace('127.0.0.1', 'localhost').replace('/deck/', '/sum'))
    const [page] = await Promise.all([
      stranger.context().waitForEvent('page'),
      stranger.evaluate(
        (url) => void Object.assign(window, { deck: open(url) }),
        hall.deck.url + query,
      ),
    ])
    await page.locator('.reveal.ready').waitFor()
    await stranger.evaluate((messages) => {
      const { deck } = window as unknown as { deck: Window }
      for (const message of messages) deck.postMessage(message, '*')
    }, turns)
    await page.locator('body[data-told="||"]').waitFor()
    expect(await shownSlide(page)).toBe('let-it-crash')
    hall.faults.splice(faultsBefore)
    await stranger.context().close()
  })

  test('obeys no page in its live frame', async () => {
    const page = await hall.open('?postMessage=true#/live-sum')
    await markMessages(page)
    await page.reload()
    const inside = page.frameLocator('#live-sum iframe').getByLabel('Number')
    await inside.evaluate((_, messages) => {
      for (const message of messages) parent.postMessage(message, '*')
    }, turns)
    await page.locator('body[data-told="||"]').waitFor()
    expect(await shownSlide(page)).toBe('live-sum')
    await page.context().close()
  })
})

test('nothing broke on the way', () => {
  expect(hall.faults).toEqual([])
})
