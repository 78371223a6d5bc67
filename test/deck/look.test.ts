import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readQr } from '../support/browser'
import { jumpTo, openHall, slideNames, type Hall } from './hall'
import { unreadable } from './last-row'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(() => hall.close())

describe('from the last row', () => {
  test('no word is smaller than 28 pixels of 1080, and none leaves its slide', async () => {
    const page = await hall.open()
    for (const name of await slideNames(page)) {
      await jumpTo(page, name)
      expect([name, await unreadable(page)]).toEqual([name, { small: [], outside: [] }])
    }
    await page.context().close()
  })

  test.each([
    { name: 'how-would-you-build-it', text: 'HTTP://TALK.TEST:4000/BOARD/BUILDING-BLOCKS' },
    { name: 'break-the-system', text: 'HTTP://TALK.TEST:4000/' },
  ])('a phone reads the code on $name, which fills 60 % of the height', async ({ name, text }) => {
    const page = await hall.open(`#/${name}`)
    const code = page.locator(`#${name} qr-code img`)
    await code.waitFor()
    const { width = 0, height = 0 } = (await code.boundingBox()) ?? {}
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(0.6 * 1080)
    expect(await readQr(page, await page.screenshot())).toBe(text)
    await page.context().close()
  })
})

// The print view shows all slides at once; a slide with a live page looks different in the hall.
test.each(['dark', 'light'] as const)('axe finds no fault in the %s deck', async (colorScheme) => {
  for (const at of [`?print-pdf&${colorScheme}`, '#/live-sum']) {
    const page = await hall.open(at, { colorScheme })
    await page.locator('#break-the-system qr-code img').waitFor({ state: 'attached' })
    const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze()
    const faults = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    expect([at, faults]).toEqual([at, []])
    await page.context().close()
  }
})

test('the scroll view shows a still beside its words, whole', async () => {
  const page = await hall.open('?view=scroll#/live-sum')
  await page.locator('#live-sum qr-code img').waitFor()
  const slide = await page.locator('.scroll-page:has(#live-sum)').boundingBox()
  const still = await page.locator('#live-sum live-frame').boundingBox()
  expect(still!.y).toBeGreaterThan(slide!.y)
  expect(still!.y + still!.height).toBeLessThan(slide!.y + slide!.height)
  await page.context().close()
})

test('the address overrides the system: ?light and ?dark', async () => {
  const groundOf = async (query: string) => {
    const page = await hall.open(query)
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.context().close()
    return ground
  }
  const [light, dark, system] = await Promise.all(['?light', '?dark', ''].map(groundOf))
  expect(dark).toBe(system)
  expect(light).not.toBe(dark)
})

test('a printed deck is light, on white, and its links lead there from anywhere', async () => {
  const page = await hall.open('?print-pdf#/', { colorScheme: 'dark' })
  await page.locator('.pdf-page').last().waitFor()
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(ground).toBe('rgb(255, 255, 255)')
  await page.locator('#use-cases a[href="http://talk.test:4000/sum"]').waitFor()
  await page.locator('#use-cases a[href="#live-sum"]').waitFor()
  // Steps of lines would lie upon each other.
  expect(await page.locator('#code code:visible').count()).toBe(1)
  await page.context().close()
})

test('every letter is the deck’s own, from the deck’s own server', async () => {
  const page = await hall.open()
  const faces = await page.evaluate(() =>
    [...document.fonts].map(({ family, status }) => [family.replaceAll('"', ''), status]),
  )
  expect(faces.toSorted()).toEqual([
    ['Atkinson Hyperlegible Mono', 'loaded'],
    ['Atkinson Hyperlegible Next', 'loaded'],
  ])
  expect(hall.deck.requests.filter((path) => path.endsWith('.woff2')).length).toBeGreaterThan(0)
  await page.context().close()
})

test('a printed deck has one page for each slide', async () => {
  const page = await hall.open('?print-pdf')
  await page.locator('.pdf-page').last().waitFor()
  expect(await page.locator('.pdf-page').count()).toBe((await slideNames(page)).length)
  await page.context().close()
})

test('nothing broke on the way', () => {
  expect(hall.faults).toEqual([])
})
