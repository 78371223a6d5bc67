/*
 * The guided path in a real browser: hints are there for whoever asks; how far somebody is outlives
 * a reload and travels in a link. And the visitors of the lab. The path itself is gone, to its end,
 * by the walk through what is exported.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from '../support/axe'
import { phone, projector, startBrowser } from '../support/browser'
import { reachedIn } from '../support/guide-path'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem(), startBrowser()])
  page = await (await browser.newContext(projector)).newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

const go = (name: string) =>
  page.locator('.rooms nav').getByRole('button', { name, exact: true }).click()
const room = (name: string) => page.frameLocator(`iframe[title=${name}]`)
const path = () => page.getByRole('region', { name: 'Guided path' })
const open = async (address: string) => {
  await page.goto('about:blank')
  await page.goto(system.url + address)
  await path().waitFor()
}

test('a link says how far somebody is, is read as far as it is known, and outlives a reload', async () => {
  await open('/lab/#done=thirteen,no_such_thing,<script>,first_sum')
  expect(await reachedIn(page)).toBe('first_sum,thirteen')
  expect(await path().innerText()).toMatch(/2 of 10\s+Next: Find a number that is counted up/)
  await page.evaluate(() => (location.hash = 'done=huge'))
  await until(async () => expect(await reachedIn(page)).toBe('first_sum,thirteen,huge'))
  await open('/lab/')
  expect(await reachedIn(page)).toBe('first_sum,thirteen,huge')
  await path().getByRole('button', { name: 'Guided path: 3 of 10' }).press('Enter')
  await path().getByRole('button', { name: 'Start the path anew' }).press('Enter')
  expect(await reachedIn(page)).toBe('')
  await open('/lab/')
  expect(await reachedIn(page)).toBe('')
})

test('hints are opened one after the other', async () => {
  expect(await path().innerText()).not.toContain('type a small number')
  await path().getByRole('button', { name: 'Hint' }).first().press('Enter')
  expect(await path().innerText()).toContain('type a small number')
  await expect.poll(() => path().getByRole('button', { name: 'Another hint' }).count()).toBe(0)
})

test('visitors come and go as they are wanted, and leave notes and broken sums', async () => {
  const visitors = page.getByRole('switch', { name: /Visitors/ })
  const lines = async () => {
    const text = await room('Upgrade').locator('main').innerText()
    return Number(/Browsers connected\s+(\d+)/.exec(text)?.[1])
  }
  await visitors.press('Enter')
  await go('Board')
  await until(async () =>
    expect(await room('Board').locator('main').innerText()).toMatch(
      /A process for each visitor|nothing shared|restarts what died|Limits on|says no when|crashed/,
    ),
  )
  await go('Upgrade')
  await until(async () => expect(await lines()).toBe(13))
  await visitors.press('Enter')
  await until(async () => expect(await lines()).toBe(1))
})

test('it is usable on a phone, and axe finds nothing', async () => {
  await path()
    .getByRole('button', { name: /Guided path/ })
    .press('Enter')
  await page.setViewportSize(phone.viewport!)
  const found = await violations(page)
  expect(found.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(
    phone.viewport!.width,
  )
  expect(complaints).toEqual([])
})
