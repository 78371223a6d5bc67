import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { jumpTo, openHall, shownSlide, untilSlide, type Hall } from './hall'
import type { StandInTalk } from './stand-in-talk'
import { hangMs } from '../support/patience'

let hall: Hall
let talk: StandInTalk
beforeAll(async () => {
  hall = await openHall()
  talk = hall.deck.talk
})
afterAll(() => hall.close())
beforeEach(() => {
  talk.begin()
  talk.role = 'presenter'
})

/** Waits until the talk is there. */
const untilTalk = (slide: string, fragment = -1) =>
  expect.poll(() => talk.place, { timeout: hangMs }).toEqual([slide, fragment])

/** A deck whose first word, where it is, has been said. */
async function openDeck(at = ''): Promise<Page> {
  const page = await hall.open(at)
  await expect.poll(() => talk.wishes.length, { timeout: hangMs }).toBe(1)
  talk.wishes.length = 0
  return page
}

/** The slides that the deck turns to from now on. */
async function watchTurns(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const turns: string[] = []
    Object.assign(window, { turns })
    document.querySelector('.reveal')!.addEventListener('slidechanged', (event) => {
      turns.push((event as unknown as { currentSlide: HTMLElement }).currentSlide.id)
    })
  })
  return () => page.evaluate(() => (window as unknown as { turns: string[] }).turns)
}

describe('the presenter’s deck says', () => {
  test('each slide and each fragment that it shows, forth and back', async () => {
    const page = await openDeck('#/robustness')
    await jumpTo(page, 'robust-system')
    await untilTalk('robust-system')
    await page.keyboard.press('n')
    await untilTalk('robust-system', 0)
    await page.keyboard.press('p')
    await untilTalk('robust-system')
    await jumpTo(page, 'robustness')
    await untilTalk('robustness')
    expect(talk.wishes).toEqual([
      ['robust-system', -1],
      ['robust-system', 0],
      ['robust-system', -1],
      ['robustness', -1],
    ])
    await page.context().close()
  })

  test('only the last of the turns that were made while one was under way', async () => {
    const page = await openDeck('#/use-cases')
    talk.hold('wishes')
    for (const next of ['robust-or-pleasant', 'demo', 'live-sum', 'how-would-you-build-it']) {
      await jumpTo(page, next)
    }
    talk.release('wishes')
    await untilTalk('how-would-you-build-it')
    expect(talk.wishes).toEqual([
      ['robust-or-pleasant', -1],
      ['how-would-you-build-it', -1],
    ])
    await page.context().close()
  })

  test('where it is when the connection is back', async () => {
    const page = await openDeck('#/use-cases')
    talk.hold('answers')
    await jumpTo(page, 'robust-or-pleasant')
    await untilTalk('robust-or-pleasant')
    hall.deck.cutSockets()
    await jumpTo(page, 'demo')
    talk.release('answers')
    await untilTalk('demo')
    await page.context().close()
  })

  test('which slide was chosen in the overview, and none of those on the way', async () => {
    const page = await openDeck('#/robustness')
    await page.keyboard.press('o')
    await page.locator('.reveal.overview').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await untilSlide(page, 'use-cases')
    await page.locator('#robust-or-pleasant').click()
    await untilTalk('robust-or-pleasant')
    expect(talk.wishes).toEqual([['robust-or-pleasant', -1]])
    await page.context().close()
  })

  test('nothing more about a slide that the system does not know, and stays there', async () => {
    const page = await openDeck('#/use-cases')
    talk.unknown = 'robust-or-pleasant'
    await jumpTo(page, 'robust-or-pleasant')
    await expect.poll(() => talk.wishes.length).toBe(1)
    await jumpTo(page, 'demo')
    await untilTalk('demo')
    expect(talk.wishes.map(([slide]) => slide)).toEqual(['robust-or-pleasant', 'demo'])
    await page.context().close()
  })
})

describe('the presenter’s deck', () => {
  test('goes where another window turns, and does not say so again', async () => {
    const page = await openDeck('#/use-cases')
    talk.turn(['robust-system', 0])
    await page.locator('#robust-system.present .fragment.visible').first().waitFor()
    await jumpTo(page, 'words')
    await untilTalk('words')
    expect(talk.wishes).toEqual([['words', -1]])
    await page.context().close()
  })

  test('does not turn back when it is told of its own earlier turn', async () => {
    const page = await openDeck('#/use-cases')
    talk.hold('events')
    await jumpTo(page, 'robust-or-pleasant')
    await expect.poll(() => talk.wishes.length).toBe(1)
    await jumpTo(page, 'demo')
    await expect.poll(() => talk.wishes.length).toBe(2)
    const turns = await watchTurns(page)
    talk.release('events')
    talk.turn(['words', -1])
    await untilSlide(page, 'words')
    expect(await turns()).toEqual(['words'])
    await page.context().close()
  })

  test('ends where the talk is when another window turned first', async () => {
    const page = await openDeck('#/use-cases')
    talk.hold('wishes')
    await jumpTo(page, 'robust-or-pleasant')
    await expect.poll(() => talk.wishes.length).toBe(1)
    const turns = await watchTurns(page)
    talk.turn(['words', -1])
    talk.release('wishes')
    await untilTalk('robust-or-pleasant')
    // What another window does next shows that all before it has been heard.
    talk.turn(['columns', -1])
    await untilSlide(page, 'columns')
    expect((await turns()).slice(-2)).toEqual(['robust-or-pleasant', 'columns'])
    await page.context().close()
  })

  test('ends where the talk is when another window turned last, before the answer', async () => {
    const page = await openDeck('#/use-cases')
    talk.hold('answers')
    await jumpTo(page, 'robust-or-pleasant')
    await untilTalk('robust-or-pleasant')
    talk.turn(['words', -1])
    talk.release('answers')
    await untilSlide(page, 'words')
    expect(talk.wishes.length).toBe(1)
    await page.context().close()
  })

  test('lets its own later turn win over that of another window', async () => {
    const page = await openDeck('#/use-cases')
    talk.hold('answers')
    await jumpTo(page, 'robust-or-pleasant')
    await untilTalk('robust-or-pleasant')
    const turns = await watchTurns(page)
    talk.turn(['words', -1])
    await jumpTo(page, 'demo')
    talk.release('answers')
    await untilTalk('demo')
    talk.turn(['columns', -1])
    await untilSlide(page, 'columns')
    expect(await turns()).toEqual(['demo', 'columns'])
    await page.context().close()
  })
})

describe('when it is opened, the presenter’s deck', () => {
  const minuteMs = 60_000

  test('says where it is if the talk has not begun', async () => {
    const page = await hall.open()
    await untilTalk('let-it-crash')
    await page.context().close()
  })

  test('says where it is if the talk stands still for more than half an hour', async () => {
    talk.turn(['demo', -1], 31 * minuteMs)
    const page = await hall.open()
    await untilTalk('let-it-crash')
    expect(await shownSlide(page)).toBe('let-it-crash')
    await page.context().close()
  })

  test.each(['', '#/'])('goes where the talk is if its address “%s” names no slide', async (at) => {
    talk.turn(['robust-system', 0], 29 * minuteMs)
    const page = await hall.open(at)
    await page.locator('#robust-system.present .fragment.visible').first().waitFor()
    expect(talk.wishes).toEqual([])
    await page.context().close()
  })

  test('stays at the slide of its address, and says nothing until it is turned', async () => {
    talk.turn(['demo', -1])
    const page = await hall.open('#/words')
    // A second deck has heard where the talk is, and this one was there before it.
    const other = await hall.open()
    await untilSlide(other, 'demo')
    expect(await shownSlide(page)).toBe('words')
    expect(talk.wishes).toEqual([])
    await jumpTo(page, 'the-wall')
    await untilTalk('the-wall')
    await untilSlide(other, 'the-wall')
    await Promise.all([page.context().close(), other.context().close()])
  })

  test('has the fragments of its slide again after it was loaded anew', async () => {
    const page = await openDeck('#/robust-system')
    await page.keyboard.press('n')
    await untilTalk('robust-system', 0)
    await page.reload()
    await page.locator('#robust-system.present .fragment.visible').first().waitFor()
    expect(talk.wishes).toEqual([['robust-system', 0]])
    await page.context().close()
  })

  test('says where it was turned before it heard of the talk', async () => {
    talk.turn(['demo', -1])
    talk.hold('snapshots')
    const page = await hall.open()
    await jumpTo(page, 'robustness')
    talk.release('snapshots')
    await untilTalk('robustness')
    await page.context().close()
  })
})

describe('nothing is said', () => {
  test.each(['?still', '?print-pdf', '?receiver', '?follow'])(
    'by the window of %s',
    async (query) => {
      talk.turn(['demo', -1])
      const page = await hall.open(query)
      if (query !== '?print-pdf') await page.keyboard.press('n')
      // What this window had said would be there before.
      const other = await hall.open('#/words')
      await jumpTo(other, 'the-wall')
      await untilTalk('the-wall')
      expect(talk.wishes).toEqual([['the-wall', -1]])
      await Promise.all([page.context().close(), other.context().close()])
    },
  )

  test('by whoever is not the presenter, and their deck goes nowhere', async () => {
    talk.turn(['demo', -1])
    talk.role = 'audience'
    const page = await hall.open()
    await jumpTo(page, 'robustness')
    talk.role = 'presenter'
    const other = await hall.open()
    await untilSlide(other, 'demo')
    await jumpTo(other, 'live-sum')
    await untilTalk('live-sum')
    expect(talk.wishes).toEqual([['live-sum', -1]])
    expect(await shownSlide(page)).toBe('robustness')
    await Promise.all([page.context().close(), other.context().close()])
  })
})

test('nothing broke on the way', () => {
  expect(hall.faults).toEqual([])
})
