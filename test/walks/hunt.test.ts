/*
 * The bug hunt through the real system: phones trigger the planted bugs, the projected page shows
 * which are found and by how many, and no killed host forgets it.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projector, startBrowser } from '../support/browser'
import { openPhone, type SumPhone } from '../support/sum-page'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let browser: Browser
let page: Page
let phones: SumPhone[]

beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem(), startBrowser()])
  page = await (await browser.newContext(projector)).newPage()
  await page.goto(`${system.url}/enter#${token}`)
  await page.waitForURL(/\/deck\//)
  await page.goto(`${system.url}/hunt`)
  phones = [await openPhone(browser, system.url), await openPhone(browser, system.url)]
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

const sees = (text: string) => page.getByText(text, { exact: true }).waitFor()

test('a bug is found when a phone triggers it, and counts once for each phone', async () => {
  const [one, two] = phones as [SumPhone, SumPhone]
  await one.sum('5')
  await one.sees('5', /→ 15$/)
  await sees('0 of 3 found')
  await one.sum('13')
  await one.sees('13', /bad luck/)
  await sees('1 of 3 found')
  await one.sum('-5')
  await sees('2 of 3 found')
  await one.sum('9999999999')
  await sees('3 of 3 found')
  await one.sum('-7')
  await two.sum('0')
  await sees('found by 2 visitors, 1 of them with 0')
})

test('what was found is there after hosts were killed', async () => {
  for (const host of ['boards', 'gateway']) {
    const pid = await system.pidOf(host)
    process.kill(pid, 'SIGKILL')
    await until(async () => expect(await system.pidOf(host)).not.toBe(pid))
    await system.ready()
  }
  await page.reload()
  await sees('3 of 3 found')
  await sees('found by 2 visitors, 1 of them with 0')
})

test('the hunt begins anew, and what was found once can be found again', async () => {
  await page.getByRole('button', { name: 'Begin anew…' }).click()
  await page.getByRole('button', { name: 'Forget all that was found' }).click()
  await sees('0 of 3 found')
  await phones[0]!.sum('13')
  await sees('1 of 3 found')
})

test('nobody in the audience can find a bug but by triggering it', async () => {
  const { page: visitor } = phones[1]!
  await visitor.goto(`${system.url}/hunt`)
  await visitor.getByText('1 of 3 found').waitFor()
  expect(await visitor.getByRole('button').count()).toBe(0)
})
