/*
 * What the demo system promises, in each of its homes: the same code runs there, over the same
 * rules of hosts and upgrades, and whoever presents does the same on the same pages.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowser } from '../support/browser'
import { homes, type Home } from '../support/homes'
import { until } from '../support/until'

let browser: Browser

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe.each(Object.entries(homes))('%s', (_name, openHome) => {
  let home: Home

  beforeAll(async () => {
    home = await openHome(browser)
  })
  afterAll(() => home?.close())

  const shows = (path: string, text: RegExp) =>
    until(async () => {
      const main = (await home.page(path)).locator('main')
      expect((await main.innerText()).replaceAll(/[\u2009\u202f]/g, '')).toMatch(text)
    })
  const press = async (path: string, name: string | RegExp) =>
    await (await home.page(path)).getByRole('button', { name, exact: true }).click()

  async function sum(number: string): Promise<void> {
    const field = (await home.page('/sum')).getByRole('textbox')
    await field.fill(number)
    await field.press('Enter')
  }

  async function openFirst(): Promise<void> {
    const row = (await home.page('/dashboard/processes')).locator('tbody tr').first()
    await until(async () => expect(await row.innerText()).toMatch(/sum\.sum/))
    await row.locator('a').click()
  }

  test('13 ends its own process, and the log has the line', async () => {
    await sum('5')
    await shows('/sum', /up to 5\s+15/)
    await sum('13')
    await shows('/sum', /up to 13\s+[^\d][^]*bad luck[^]*up to 5\s+15/)
    await shows('/dashboard/logs', /sum\.sum[^]*13 brings bad luck[^]*src\/system\/sum\.ts:8/)
  })

  test('a sum that never ends holds nobody up, and is found with where it counts', async () => {
    await sum('-5')
    await shows('/sum', /up to [-−]5\s+calculating/)
    await sum('1000000')
    await shows('/sum', /up to 1000000\s+500000500000/)
    await openFirst()
    await shows('/dashboard/processes', /add src\/system\/sum\.ts:\d+[^]*to\s+[-−]5/)
  })

  test('an upgrade repairs all while that sum goes on, and a purge ends it', async () => {
    await home.upgrade()
    await shows('/dashboard/upgrade', /All play hosts run release 2\./)
    await sum('13')
    await shows('/sum', /up to 13\s+91/)
    await sum('99999999999')
    await shows('/sum', /up to 99999999999\s+4999999999950000000000/)
    await shows('/sum', /up to [-−]5\s+calculating[^]*up to 5\s+15/)
    await press('/dashboard/upgrade', 'Purge…')
    await press('/dashboard/upgrade', /^End \d+ on old code$/)
    await shows('/dashboard/upgrade', /Purged: 1 process ended/)
    await shows('/sum', /up to [-−]5\s+[^c]/)
  })

  test('rolled back, the bugs are there again', async () => {
    await press('/dashboard/upgrade', /^Roll back/)
    await shows('/dashboard/upgrade', /All play hosts run release 1\./)
    await sum('13')
    await shows('/sum', /up to 13\s+[^\d][^]*bad luck/)
  })

  test('a supervisor whose child dies too often gives up, and its host begins anew', async () => {
    const tree = await home.page('/dashboard/tree')
    const jobs = tree.locator('[aria-label^="play-1"] [aria-label^="jobs, process"]').first()
    await jobs.waitFor()
    const typed = (await home.page('/dashboard/console')).locator('.xterm-helper-textarea')
    let killed = ''
    await until(async () => {
      if (/play-1\s+gave up: /.test(await tree.locator('main').innerText())) return
      const [, pid = killed] =
        /<0\.(\d+)\.0>/.exec((await jobs.getAttribute('aria-label')) ?? '') ?? []
      if (pid !== killed) await typed.pressSequentially(`Runtime.kill(pid(0, ${pid}, 0))\n`)
      killed = pid
      throw new Error(`${pid} was killed, and nobody gave up`)
    })
    await sum('9')
    await shows('/sum', /up to 9\s+45/)
  })

  test('a killed host is back, and adds up', async () => {
    await home.kill('play-1')
    await sum('6')
    await shows('/sum', /up to 6\s+21/)
  })
})
