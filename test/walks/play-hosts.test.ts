/*
 * The second dial through the real system: a second play host takes its share of visitors and jobs,
 * nobody loses a list by it, and when it is killed only its own visitors do.
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
const phones: SumPhone[] = []

beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem(), startBrowser()])
  page = await (await browser.newContext(projector)).newPage()
  await page.goto(`${system.url}/enter#${token}`)
  await page.waitForURL(/\/deck\//)
  await page.goto(`${system.url}/dashboard/load_control`)
  await page.getByLabel('Virtual clients').fill('1000')
  await page.getByLabel('Virtual clients').press('Enter')
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

const mostPhones = 20
const newList = /so your list starts anew/

/** How many sessions live in a play host. */
const sessionsIn = async (host: string): Promise<number> =>
  ((await system.sabotage({ do: 'list' }, host)) as string[]).filter((name) =>
    name.startsWith('play/session/'),
  ).length

const playHosts = async (): Promise<string[]> =>
  (await system.health()).hosts
    .filter(({ name, state }) => name.startsWith('play-') && state === 'ready')
    .map(({ name }) => name)

async function turnTo(count: number): Promise<void> {
  await page.getByLabel('Schedulers').fill(String(count))
  await page.getByLabel('Schedulers').press('Enter')
  const wanted = ['play-1', 'play-2'].slice(0, count)
  await until(async () => expect(await playHosts()).toEqual(wanted))
}

/** All are answered, and their lists begin with the first number that they typed. */
async function allSum(number: string, result: string): Promise<void> {
  await Promise.all(phones.map((phone) => phone.sum(number)))
  await Promise.all(phones.map((phone) => phone.sees(number, new RegExp(`→ ${result}$`))))
}

test('a second play host takes its share, and every visitor keeps their list', async () => {
  phones.push(await openPhone(browser, system.url), await openPhone(browser, system.url))
  await allSum('5', '15')
  await phones[0]!.sum('-5')
  await turnTo(2)
  // By chance the first few may all belong to one of both.
  while (phones.length < mostPhones && (await sharesOf()).includes(0)) {
    const phone = await openPhone(browser, system.url)
    await phone.sum('5')
    await phone.sees('5', /→ 15$/)
    phones.push(phone)
  }
  await allSum('6', '21')
  for (const phone of phones) {
    expect(await phone.list()).toContain('up to 5 → 15')
    expect(await phone.page.getByText(newList).count()).toBe(0)
  }
  expect(await phones[0]!.list()).toContainEqual(expect.stringMatching(/^up to -5 → calculating/))
})

const sharesOf = async (): Promise<number[]> =>
  await Promise.all(['play-1', 'play-2'].map(sessionsIn))

test('the jobs flow over both', async () => {
  await until(async () => {
    const rows = page.getByRole('table', { name: 'OS processes' }).getByRole('row')
    for (const host of ['play-1', 'play-2']) {
      const cells = await rows.filter({ hasText: host }).getByRole('cell').allInnerTexts()
      expect(Number(cells.at(-1))).toBeGreaterThan(0)
    }
  })
})

test('when one of two is killed, its visitors are told and answered, and no socket is lost', async () => {
  const [sockets, before] = [(await system.health()).sockets, await sharesOf()]
  const pid = await system.pidOf('play-2')
  process.kill(pid, 'SIGKILL')
  await until(async () => expect(await system.pidOf('play-2')).not.toBe(pid))
  await system.ready()
  await until(async () => {
    const told = await Promise.all(phones.map(({ page }) => page.getByText(newList).count()))
    expect(told.filter((count) => count > 0)).toHaveLength(before[1]!)
  })
  await allSum('7', '28')
  expect((await system.health()).sockets).toBe(sockets)
  const lists = await Promise.all(phones.map((phone) => phone.list()))
  expect(lists.filter((list) => list.includes('up to 5 → 15'))).toHaveLength(before[0]!)
})

test('one less is wanted, and every visitor keeps their list', async () => {
  const before = await Promise.all(phones.map((phone) => phone.list()))
  await turnTo(1)
  await allSum('8', '36')
  for (const [at, phone] of phones.entries()) {
    expect((await phone.list()).slice(1)).toEqual(before[at])
  }
  expect(await sessionsIn('play-1')).toBe(phones.length)
})

test('a number of hosts that cannot be is refused beside its field, and the old one stays', async () => {
  for (const text of ['0', '-1', '1.5', 'abc', '1000000000000']) {
    await page.getByLabel('Schedulers').fill(text)
    await page.getByLabel('Schedulers').press('Enter')
    await page
      .getByText('That must be a whole number from 1 to the number of processor cores here.')
      .waitFor()
    expect(await playHosts()).toEqual(['play-1'])
  }
})
