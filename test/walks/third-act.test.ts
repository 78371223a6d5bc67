/*
 * The third act of the talk, in a real browser and with all its pages open: the audience finds the
 * planted bugs under load, the presenter finds the culprit, looks into it, ends it, repairs the
 * sources and upgrades the running system, goes back again, and no page is loaded anew.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projector, startBrowser } from '../support/browser'
import { hotSources, type HotSources } from '../support/hot-sources'
import { openPhone, type SumPhone } from '../support/sum-page'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let sources: HotSources
let browser: Browser
let desk: BrowserContext
let hunt: Page
let processes: Page
let terminal: Page
let upgrade: Page
let phones: [SumPhone, SumPhone, SumPhone]

const table = '/dashboard/processes?limit=50&search=&sort_by=reductions_diff&sort_dir=desc'

beforeAll(async () => {
  sources = hotSources()
  ;[system, browser] = await Promise.all([
    startSystem(() => ({ HOT_SOURCES: sources.folder })),
    startBrowser(),
  ])
  desk = await browser.newContext(projector)
  const open = async (path: string) => {
    const page = await desk.newPage()
    await page.goto(system.url + path)
    return page
  }
  const entrance = await open(`/enter#${token}`)
  await entrance.waitForURL(/\/deck\//)
  await entrance.close()
  hunt = await open('/hunt')
  processes = await open(table)
  terminal = await open('/console')
  upgrade = await open('/dashboard/upgrade')
  const visit = () => openPhone(browser, system.url)
  phones = [await visit(), await visit(), await visit()]
  for (const page of allPages()) await page.evaluate(() => Object.assign(window, { isFirst: true }))
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
  sources?.remove()
})

const allPages = () => [hunt, processes, terminal, upgrade, ...phones.map(({ page }) => page)]

const prints = (text: RegExp) =>
  until(async () => expect(await terminal.locator('.xterm-rows').innerText()).toMatch(text))

async function type(line: string): Promise<void> {
  await terminal.bringToFront()
  await terminal.locator('.xterm').click()
  await terminal.keyboard.type(line)
  await terminal.keyboard.press('Enter')
}

const firstRow = () => processes.locator('tbody tr').first()

test('under load three phones find the three bugs', async () => {
  await type('Load.set(2_000)')
  await prints(/2[ ,_\u2009]?000/)
  const [one, two, three] = phones
  await one.sum('13')
  await one.sees('13', /bad luck/)
  await two.sum('-5')
  await three.sum('99999999999')
  await hunt.getByText('3 of 3 found', { exact: true }).waitFor()
  await one.sum('5')
  await one.sees('5', /→ 15$/)
})

test('the culprit is at the top, and shows where it counts, from where and to where', async () => {
  await processes.bringToFront()
  await until(async () => expect(await firstRow().innerText()).toMatch(/sum\.sum[^]*add/))
  const search = processes.getByRole('searchbox')
  await search.fill('sum.sum')
  await until(async () => expect(await processes.locator('tbody tr').count()).toBe(2))
  const variables = async () => (await processes.locator('.frames li').first().innerText()) ?? ''
  const pids = processes.locator('tbody tr a')
  for (const at of [0, 1]) {
    await pids.nth(at).click()
    await until(async () => expect(await variables()).toMatch(/add src\/system\/sum\.ts:\d+/))
    if (/to\s+[-−]5/.test(await variables())) break
  }
  const before = await variables()
  expect(before).toMatch(/from\s+[\d\s]+to\s+[-−]5/)
  await until(async () => expect(await variables()).not.toBe(before))
  await processes.getByRole('button', { name: 'Trace' }).click()
  await until(async () => expect(await processes.locator('.trace li').count()).toBe(50))
  expect(await processes.locator('.trace li').first().innerText()).toMatch(/turns\s+add/)
})

test('is ended from the console, and those who asked read it', async () => {
  await type('Runtime.kill_math()')
  await prints(/2 processes/)
  await phones[1].sees('-5', /killed/)
  await phones[2].sees('99999999999', /killed/)
  await processes.getByText(/It is gone/).waitFor()
})

test('is repaired while all runs: exact answers, a friendly refusal, nothing dropped', async () => {
  sources.repair('all')
  await upgrade.bringToFront()
  await upgrade.getByRole('button', { name: 'Upgrade', exact: true }).click()
  await upgrade.getByText('All play hosts run release 2.').waitFor()
  const proof = await upgrade.locator('dl').first().innerText()
  expect(proof).toMatch(/Connections dropped\s+0\s/)
  expect(proof).toMatch(/Sums lost\s+0\s/)
  const [one, two, three] = phones
  await one.sum('13')
  await one.sees('13', /→ 91$/)
  await two.sum('-7')
  await two.reads(/Only whole numbers from 1 on/)
  await three.sum('99999999999')
  await three.sees('99999999999', /→ 4999999999950000000000$/)
  expect(await one.list()).toContain('up to 5 → 15')
})

test('a roll back brings the bugs back, and no page was loaded anew', async () => {
  await upgrade.getByRole('button', { name: 'Roll back to release 1' }).click()
  await upgrade.getByText('All play hosts run release 1.').waitFor()
  await phones[0].sum('13')
  await phones[0].sees('13', /bad luck/)
  await type('Load.set(0)')
  for (const page of allPages()) {
    expect(await page.evaluate(() => 'isFirst' in window)).toBe(true)
    expect(await page.getByText('Connection lost').count()).toBe(0)
  }
  // The wishes that were refused on purpose are no errors of a page.
  expect(phones.flatMap(({ complaints }) => complaints)).toEqual([])
})
