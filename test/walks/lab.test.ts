/*
 * The lab in a real browser: the whole system in one page, broken, looked into, repaired and
 * upgraded there. The gateway only served its files, and is gone before anything is tried.
 */
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from '../support/axe'
import { phone, projector, startBrowser } from '../support/browser'
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
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(`${system.url}/lab/`)
  for (const name of ['Processes', 'Console', 'Tree', 'Logs', 'Load', 'Board', 'Sum']) {
    await go(name)
    await room(name).locator('h1').waitFor()
  }
  await page.locator('.cm-content').waitFor()
  // From here on it needs nobody: what asks a server now fails, and is a complaint.
  await system.stop()
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

const room = (name: string): FrameLocator => page.frameLocator(`iframe[title=${name}]`)
const go = (name: string) =>
  page.locator('.rooms nav').getByRole('button', { name, exact: true }).click()
const sums = () => room('Sum').locator('main').innerText()
const seesSum = (text: RegExp) => until(async () => expect(await sums()).toMatch(text))
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const bench = (name: string) =>
  page.getByRole('region', { name: 'Source' }).getByRole('button', { name, exact: true }).click()
const status = (text: RegExp) =>
  until(async () => {
    const region = page.getByRole('region', { name: 'Source' })
    expect(await region.getByRole('status').innerText()).toMatch(text)
  })

async function sum(number: string): Promise<void> {
  await go('Sum')
  await room('Sum').getByRole('textbox').fill(number)
  await room('Sum').getByRole('textbox').press('Enter')
}

async function edit(text: string): Promise<void> {
  await page.locator('.cm-content').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
}

test('the planted bugs are there: a crash, a runaway, and a page that stays quick', async () => {
  await sum('13')
  await seesSum(/13[^]*bad luck/)
  await sum('-5')
  await seesSum(/-5|−5/)
  await sum('5')
  await seesSum(/up to 5\s+15/)
  await go('Logs')
  await until(async () =>
    expect(await room('Logs').locator('main').innerText()).toMatch(
      /sum\.sum[^]*13 brings bad luck[^]*src\/system\/sum\.ts:8/,
    ),
  )
})

test('the runaway is found, looked into, and ended', async () => {
  await go('Processes')
  const table = room('Processes')
  const rows = table.locator('tbody tr')
  await until(async () => expect(await rows.first().innerText()).toMatch(/sum\.sum[^]*add/))
  await rows.first().locator('a').click()
  await until(async () =>
    expect(await table.locator('.frames li').first().innerText()).toMatch(
      /add src\/system\/sum\.ts:\d+[^]*to\s+[-−]5/,
    ),
  )
  await go('Console')
  await room('Console').locator('.xterm').click()
  await page.keyboard.type('Runtime.kill_math()')
  await page.keyboard.press('Enter')
  await go('Sum')
  await seesSum(/5[^]*killed/)
})

test('an upgrade repairs all of it while the session goes on, and a roll back brings it back', async () => {
  await bench('Show the repair')
  await bench('Upgrade')
  await status(/release 2/)
  await sum('13')
  await seesSum(/up to 13\s+91/)
  await sum('99999999999')
  await seesSum(/4\D?999\D?999\D?999\D?950\D?000\D?000\D?000/)
  expect(await sums()).toMatch(/up to 5\s+15/)
  await bench('Roll back')
  await status(/release 1/)
  await sum('13')
  await seesSum(/up to 13\s+(?:[^\d][^]*)?bad luck[^]*up to 99\D?999\D?999\D?999/)
})

test('what does not compile, never ends at load or talks nonsense changes nothing and is shown', async () => {
  await edit('export function* sum() {\n  return 1 +\n}\n')
  await bench('Upgrade')
  await until(async () => expect(await page.locator('main').innerText()).toMatch(/sum\.ts:3/))
  const tells = (text: RegExp) =>
    until(async () => expect(await page.locator('main').innerText()).toMatch(text))
  await edit('for (;;);\nexport function* sum() {}\n')
  await bench('Upgrade')
  await tells(/unyielding[^]*sum\.ts:1:1/)
  // What no check counts is silent, and its worker is ended.
  await edit(`/(a+)+$/.test('${'a'.repeat(40)}b')\nexport function* sum() {}\n`)
  await bench('Upgrade')
  await tells(/did not come back[^]*never ends/)
  // Nor is a host believed that talks as none does.
  await edit('self.postMessage(null)\nexport function* sum() {}\n')
  await bench('Upgrade')
  await tells(/did not survive it: said what no host says/)
  await bench('Start again')
  await sum('6')
  await seesSum(/up to 6\s+21/)
})

const bomb = (kept: string, loop: string) => `${kept}
export function* sum(to) {
  ${loop}
  return (to * (to + 1n)) / 2n
}
`
const fill = 'for (;;) all.push(new Array(1e5).fill(1))'

test('code that takes all memory ends alone, or with its host, and the page says why', async () => {
  await edit(bomb('', `const all = []\n  if (to === 777n) ${fill}`))
  await bench('Upgrade')
  await status(/release 3/)
  await sum('777')
  await seesSum(/up to 777\s[^]*memory: its variables hold \d+ MB of 512 MB[^]*up to 6\s+21/)
  // What modules keep, no process's end gives back.
  await edit(bomb('const all = []', `if (to === 777n) ${fill}`))
  await bench('Upgrade')
  await status(/release 4/)
  await sum('777')
  await seesSum(/play-1[^]*memory: the variables of its modules hold \d+ MB of 512 MB/)
  const tells = (text: RegExp) =>
    until(async () => expect(await page.locator('main').innerText()).toMatch(text))
  // What does so for every number, or at load, comes to its end in the canary.
  await edit(bomb('', `const all = []\n  ${fill}`))
  await bench('Upgrade')
  await tells(/1 to 5 crashed: memory: its variables hold \d+ MB of 512 MB/)
  await edit(`const all = []\n${fill}\nexport function* sum() {}\n`)
  await bench('Upgrade')
  // Which of them it is, depends on how dear memory is just now.
  await tells(/loaded: unyielding|never ends/)
  await bench('Roll back')
  await status(/release 3/)
  // What was wished was sent again to each life, and has its end in a list that began anew.
  await seesSum(/Your sums\s+up to 777\s[^]*512 MB\)\.\s+Your session/)
})

test('virtual clients have jobs done, and the page still answers', async () => {
  await go('Load')
  const load = room('Load')
  await load.locator('#target').fill('2000')
  await load.locator('#target').press('Enter')
  await until(async () =>
    expect(await load.locator('main').innerText()).toMatch(/clients[^]*2\D?000/i),
  )
  await sum('7')
  await seesSum(/up to 7\s+28/)
})

test('a killed host is back, and what was written is still there', async () => {
  await go('Board')
  const board = room('Board')
  await board.getByRole('textbox').fill('It heals by itself.')
  await board.getByRole('textbox').press('Control+Enter')
  const isThere = () =>
    until(async () => expect(await board.locator('main').innerText()).toMatch(/It heals by itself/))
  await isThere()
  for (const host of ['play-1', 'boards', 'load']) {
    await press(`Kill ${host}`)
    await until(async () =>
      expect(await page.locator('.hosts').innerText()).toMatch(
        new RegExp(`${host}\\s+ready\\s+Kill\\s+lost \\d`),
      ),
    )
  }
  await sum('8')
  await seesSum(/up to 8\s+36/)
  await go('Board')
  await isThere()
})

test('it is usable on a phone, and axe finds nothing', async () => {
  expect((await violations(page)).map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  await page.setViewportSize(phone.viewport!)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(
    phone.viewport!.width,
  )
  expect(complaints).toEqual([])
})
