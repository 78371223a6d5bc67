import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accepted, refused } from '../../src/protocol/envelope'
import { refuse } from '../../src/protocol/refusals'
import { upgradeFold, upgradeStream, type UpgradeEvent } from '../../src/protocol/upgrades'
import { until } from '../support/until'
import { inLightAndDark, phone, projector, showPages, type ShownPages } from './shown-pages'

const atMs = 1_700_000_000_000

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})
afterAll(() => shown.close())

beforeEach(() => {
  const { gateway } = shown
  gateway.welcome = { ...gateway.welcome, role: 'audience' }
  gateway.heard.length = 0
  gateway.onWish = () => accepted
  gateway.keep(upgradeStream, upgradeFold, 'g1')
})
afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const open = async (options: BrowserContextOptions = {}) => {
  page = await shown.open('/dashboard/upgrade', { viewport: projector, ...options })
}
const present = () => {
  shown.gateway.welcome = { ...shown.gateway.welcome, role: 'presenter' }
}
const say = (...events: UpgradeEvent[]) => shown.gateway.say(upgradeStream, ...events)
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
const press = (name: string) => page.getByRole('button', { name }).click()
/** As somebody does who does not see that it is not to be pressed now. */
const pressAnyway = (name: string) => page.getByRole('button', { name }).click({ force: true })
const wishes = () =>
  shown.gateway.heard.flatMap(([word, body]) =>
    word === 'wish' ? [(body as { command: unknown }).command] : [],
  )
const figure = async (name: string) =>
  (await page.locator('dl > div', { hasText: name }).locator('dd').innerText()).trim()

const begun: UpgradeEvent = { type: 'upgrade_began', to: 2, modules: ['sum', 'session'] }
const upgraded: UpgradeEvent = {
  ...{ type: 'upgraded', from: 1, to: 2, tookMs: 840, atMs },
  browsers: { before: 312, still: 312 },
}
const counted: UpgradeEvent = { type: 'browsers_counted', connected: 314 }
const lingering: UpgradeEvent = {
  ...{ type: 'host_code', host: 'play-1' },
  ...{ lingering: 2, running: 2, lost: 0 },
}
const problem: UpgradeEvent = {
  type: 'upgrade_refused',
  atMs,
  problem: {
    ...{ sentence: 'Unexpected token', module: 'sum', line: 16, column: 22 },
    excerpt:
      '  15 |   let total = 0n\n> 16 |   while (from !== to {\n     |                      ^',
  },
}

test('an upgrade is told from its beginning to the proof', async () => {
  await open()
  await sees('Nothing was replaced so far.')
  expect(await page.getByRole('button').count()).toBe(0)
  say(counted, begun)
  await sees('A canary tries sum and session …')
  say({ type: 'upgrade_tried', tries: ['1 to 5 made 15'] })
  await sees('The canary is content.')
  say({ type: 'code_loaded', host: 'play-1' })
  await sees('play-1 has it.')
  say(upgraded, lingering)
  await sees('All play hosts run release 2.')
  await until(async () => expect(await figure('Still on old code')).toBe('2'))
  expect(await figure('Release')).toBe('1 → 2')
  expect(await figure('Browsers connected')).toBe('314')
  expect(await figure('Connections dropped')).toBe('0')
  expect(await figure('Sums lost')).toBe('0')
  expect(await figure('It took')).toBe('0.8 s')
  await sees(/Release 1 → 2 in 0\.8 s, 0 of 312 connections dropped/)
})

test('what is lost is said as well', async () => {
  await open()
  say(begun, { ...upgraded, browsers: { before: 312, still: 309 } }, { ...lingering, lost: 4 })
  await until(async () => expect(await figure('Connections dropped')).toBe('3'))
  expect(await figure('Sums lost')).toBe('4')
})

test('a refused one says where, and is forgotten when the next one is done', async () => {
  await open()
  say(begun, problem)
  await sees('Refused: nothing was changed')
  await sees('src/system/sum.ts:16:22')
  await sees(/while \(from !== to \{/)
  say(begun)
  await page.getByText('src/system/sum.ts:16:22').waitFor({ state: 'detached' })
  say(upgraded)
  await sees('All play hosts run release 2.')
})

describe('whoever gives the talk', () => {
  beforeEach(present)

  test('upgrades, goes back by one press, and is asked once before a purge', async () => {
    await open()
    await press('Upgrade')
    await until(() => expect(wishes()).toEqual([{ type: 'upgrade' }]))
    await pressAnyway('Roll back')
    say(begun)
    await sees('A canary tries')
    await pressAnyway('Upgrade')
    say(upgraded, lingering)
    await press('Roll back to release 1')
    await until(() => expect(wishes()).toHaveLength(2))
    expect(wishes().at(-1)).toEqual({ type: 'roll_back' })
    await press('Purge…')
    await press('Let them run')
    await press('Purge…')
    await press('End 2 on old code')
    await until(() => expect(wishes()).toHaveLength(3))
    expect(wishes().at(-1)).toEqual({ type: 'purge' })
    say({ type: 'purged', count: 2, atMs })
    await sees('Purged: 2 processes ended')
  })

  test('reads why it was refused', async () => {
    shown.gateway.onWish = () => refused(refuse('nothing_changed'))
    await open()
    await press('Upgrade')
    await sees('Nothing has changed since the current code was loaded.')
  })
})

test('nothing is serious for axe, or cut off, on a projector or a phone', async () => {
  present()
  shown.gateway.swallow(upgradeStream, counted, begun, upgraded, lingering)
  for (let at = 0; at < 12; at++) shown.gateway.swallow(upgradeStream, upgraded, problem)
  for (const viewport of [phone, projector]) {
    await open({ viewport })
    await sees('Refused: nothing was changed')
    const { width, height } = viewport
    await inLightAndDark(page, async (faults) => {
      expect(faults).toEqual([])
      const size = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.scrollHeight,
      ])
      expect(size[0]).toBe(width)
      if (viewport === projector) expect(size[1]).toBe(height)
    })
    await shown.leave(page)
  }
})
