import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { logsFold, logsStream, maxEntries, type LogEntry } from '../../src/protocol/logs'
import { inLightAndDark, phone, projector, showPages, type ShownPages } from './shown-pages'

const address = '/dashboard/logs'

let shown: ShownPages
let page: Page
let number = 0

beforeAll(async () => {
  shown = await showPages()
})
afterAll(() => shown.close())

beforeEach(() => {
  shown.gateway.keep(logsStream, logsFold, 'g1')
})
afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const entry = (more: Partial<LogEntry>): LogEntry => {
  number++
  const atMs = 1_700_000_000_000 + number * 1_000
  return { number, atMs, level: 'info', event: 'host_ready', host: 'boards', pid: '4711', ...more }
}
const crash = (more: Partial<LogEntry> = {}) =>
  entry({
    level: 'error',
    event: 'process_crashed',
    host: 'play-1',
    pid: '<0.12.0>',
    call: 'sum.sum',
    reason: 'Error: 13 brings bad luck',
    stack: ['sum (src/system/sum.ts:8:25)', 'Object.task (src/runtime/task.ts:63:36)'],
    ancestors: [{ pid: '<0.5.0>', call: 'sums' }, { pid: '<0.3.0>' }],
    ...more,
  })
const lost = () =>
  entry({ level: 'warn', event: 'host_lost', host: 'play-1', reason: 'killed (SIGKILL)' })
const gaveUp = () =>
  entry({
    level: 'warn',
    event: 'gave_up',
    supervisor: 'sessions <1.3.0>',
    child: 'deck',
    details: { intensity: 3, periodSeconds: 5 },
  })
const leftOut = (count: number) =>
  entry({ level: 'error', event: 'left_out', of: 'process_crashed', host: 'play-1', count })

const open = async (query = '', options: BrowserContextOptions = {}) => {
  page = await shown.open(`${address}${query}`, { viewport: projector, ...options })
}
const say = (...records: LogEntry[]) => shown.gateway.say(logsStream, { type: 'logged', records })
const swallow = (...records: LogEntry[]) =>
  shown.gateway.swallow(logsStream, { type: 'logged', records })
const log = () => page.getByRole('log')
const lines = () => log().locator('summary').allInnerTexts()
const sees = (text: string | RegExp) => log().getByText(text).first().waitFor()
const query = () => new URL(page.url()).search

test('a record opens to its stack, its ancestors and what else is known', async () => {
  swallow(crash(), gaveUp())
  await open()
  await sees(/13 brings bad luck/)
  await sees('supervisor sessions <1.3.0> gave up on deck: more than 3 restarts in 5 s')
  await sees('in sum (src/system/sum.ts:8:25)')
  const below = page.getByText('Object.task (src/runtime/task.ts:63:36)')
  expect(await below.isVisible()).toBe(false)
  await log()
    .getByText(/13 brings bad luck/)
    .click()
  await below.waitFor()
  await sees('<0.5.0> sums')
  await sees('<0.3.0> (dead already)')
  await page.keyboard.press('Enter')
  await below.waitFor({ state: 'hidden' })
})

test('what is shown is chosen, found and kept in the address', async () => {
  swallow(entry({}), crash(), lost(), leftOut(99_980))
  await open()
  await page.getByText('99\u2009980 more were counted in storms, and left out.').waitFor()
  await sees('… and 99,980 more like this in the last second')
  await page.getByLabel('Level').selectOption('error')
  await expect.poll(lines).toHaveLength(2)
  expect(query()).toBe('?level=error')
  await page.getByLabel('Level').selectOption('info')
  await page.getByLabel('Kind').selectOption('host')
  await page.getByLabel('Host').selectOption('play-1')
  await expect.poll(lines).toHaveLength(1)
  expect(query()).toBe('?kind=host&host=play-1')
  await page.reload()
  await sees('is lost: killed (SIGKILL)')
  expect(await page.getByLabel('Kind').inputValue()).toBe('host')
  await page.getByLabel('Search').fill('nothing like that')
  await page.getByText('None of the last 4 records is like that.').waitFor()
  await page.getByRole('button', { name: 'Show everything' }).click()
  await expect.poll(lines).toHaveLength(4)
  expect(query()).toBe('')
  await page.getByLabel('Search').fill('SUM.TS:8')
  await expect.poll(lines).toHaveLength(1)
})

test('what an address says that is nothing is as if it did not say it', async () => {
  swallow(entry({}), crash())
  await open('?level=worse&kind=__proto__&host=%3Cscript%3E&search=&limit=9')
  await expect.poll(lines).toHaveLength(2)
  await page.getByLabel('Level').selectOption('warn')
  expect(query()).toBe('?level=warn')
})

test('it follows the end, and stays where one has scrolled to', async () => {
  swallow(...Array.from({ length: 100 }, () => entry({})))
  await open('', { viewport: phone })
  await expect.poll(lines).toHaveLength(100)
  const toEnd = () =>
    log().evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight)
  await expect.poll(toEnd).toBeLessThan(2)
  say(crash())
  await expect.poll(lines).toHaveLength(101)
  await expect.poll(toEnd).toBeLessThan(2)
  await log().evaluate((list) => (list.scrollTop = 0))
  await expect.poll(toEnd).toBeGreaterThan(1_000)
  say(lost(), entry({}))
  await page.getByRole('button', { name: '2 new' }).click()
  await expect.poll(toEnd).toBeLessThan(2)
  await page.getByRole('button', { name: /new/ }).waitFor({ state: 'hidden' })
  say(...Array.from({ length: maxEntries }, () => entry({})))
  await expect.poll(lines).toHaveLength(maxEntries)
  await expect.poll(toEnd).toBeLessThan(2)
})

test('what is no text of ours is text, and nothing else', async () => {
  const nasty = '<img src=x onerror=alert(1)>'
  swallow(crash({ reason: nasty, stack: [nasty], ancestors: [], call: nasty, host: nasty }))
  await open()
  await sees(nasty)
  expect(await page.locator('img').count()).toBe(0)
})

test('who cannot see it is told now and then, and not of what was there', async () => {
  swallow(entry({}))
  await open()
  await sees('is ready as OS process 4711')
  const heard = page.getByRole('status').last()
  expect(await heard.innerText()).toBe('')
  say(crash())
  await expect.poll(() => heard.innerText(), { timeout: 20_000 }).toMatch(/^1 new: play-1 sum\.sum/)
})

test('nothing is serious for axe, or cut off, on a projector or a phone', async () => {
  swallow(...Array.from({ length: 12 }, () => entry({})), gaveUp(), lost(), leftOut(5), crash())
  for (const viewport of [phone, projector]) {
    await open('', { viewport })
    await log()
      .getByText(/13 brings bad luck/)
      .click()
    await sees('Object.task (src/runtime/task.ts:63:36)')
    await inLightAndDark(page, async (faults) => {
      expect(faults).toEqual([])
      const size = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.scrollHeight,
      ])
      expect(size).toEqual([viewport.width, viewport.height])
    })
    await shown.leave(page)
  }
})
