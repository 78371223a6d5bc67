import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHall, shownSlide, slideNames, untilSlide, type Hall } from './hall'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(() => hall.close())

describe('the keys of the deck', () => {
  test('lead through the whole talk, and the address carries the name of the slide', async () => {
    const page = await hall.open()
    const seen = [await shownSlide(page)]
    while (!(await page.evaluate(() => document.querySelector('.navigate-right:disabled')))) {
      await page.keyboard.press('Space')
      const shown = await shownSlide(page)
      if (shown !== seen.at(-1)) seen.push(shown)
    }
    expect(seen).toEqual(await slideNames(page))
    await page.waitForURL(`**/deck/#/${seen.at(-1)}`)
    await page.context().close()
  })

  test('spare a field, a text area and a choice that have the focus', async () => {
    const page = await hall.open('#/use-cases')
    for (const name of ['input', 'textarea', 'select']) {
      await page.evaluate((tag) => {
        const element = document.createElement(tag)
        document.querySelector('#use-cases')?.append(element)
        element.focus()
      }, name)
      await page.keyboard.press('n')
      expect([name, await shownSlide(page)]).toEqual([name, 'use-cases'])
    }
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('n')
    await untilSlide(page, 'robust-or-pleasant')
    await page.context().close()
  })

  test('Q lays the code of the front door over any slide; slides turn beneath it', async () => {
    const page = await hall.open('#/robustness')
    const overlay = page.getByRole('dialog', { name: 'Join in' })
    await page.keyboard.press('q')
    await overlay.getByAltText('QR code for http://talk.test:4000/').waitFor()
    await page.keyboard.press('ArrowRight')
    await untilSlide(page, 'robust-system')
    expect(await overlay.isVisible()).toBe(true)
    await page.keyboard.press('q')
    await overlay.waitFor({ state: 'hidden' })
    await page.context().close()
  })

  test('Esc takes the code away and does nothing else', async () => {
    const page = await hall.open('#/robustness')
    const overlay = page.getByRole('dialog', { name: 'Join in' })
    await page.keyboard.press('q')
    await overlay.waitFor()
    await page.keyboard.press('Escape')
    await overlay.waitFor({ state: 'hidden' })
    expect(await page.locator('.reveal.overview').count()).toBe(0)
    await page.context().close()
  })

  test('are all listed in the help, ours too', async () => {
    const page = await hall.open()
    await page.keyboard.press('Shift+Slash')
    await page.getByRole('row', { name: 'Q QR code of this talk' }).waitFor()
    expect(await page.getByRole('row', { name: /^Q / }).count()).toBe(1)
    await page.context().close()
  })
})

test('nothing broke on the way', () => {
  expect(hall.faults).toEqual([])
})
