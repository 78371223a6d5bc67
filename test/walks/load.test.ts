/*
 * The load through the real system: the presenter turns the dial, jobs flow between two hosts, and
 * whichever of them is killed, the rate comes back and no browser is cut off.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projector, startBrowser } from '../support/browser'
import { openPhone } from '../support/sum-page'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let browser: Browser
let page: Page
/** How many the page has opened. */
let lines = 0

beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem(), startBrowser()])
  page = await (await browser.newContext(projector)).newPage()
  await page.goto(`${system.url}/enter#${token}`)
  await page.waitForURL(/\/deck\//)
  page.on('websocket', () => lines++)
  await page.goto(`${system.url}/dashboard/load_control`)
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

/** The large figure under a heading of the page. */
const figure = async (name: string): Promise<number> => {
  const text = await page.locator('dl > div', { hasText: name }).locator('b').first().innerText()
  return Number(text.replaceAll(/\D/g, ''))
}

async function turnTo(target: string): Promise<void> {
  await page.getByLabel('Virtual clients').fill(target)
  await page.getByLabel('Virtual clients').press('Enter')
}

/** Waits until nearly all that is wanted is done. */
const flows = (target: number) =>
  until(async () => {
    expect(await figure('Wanted')).toBe(target)
    expect(await figure('Achieved')).toBeGreaterThan(0.97 * target)
  })

/** Kills a host, and waits until another life of it is ready. */
async function kill(host: string): Promise<void> {
  const pid = await system.pidOf(host)
  process.kill(pid, 'SIGKILL')
  await until(async () => expect(await system.pidOf(host)).not.toBe(pid))
  await system.ready()
}

describe('two thousand virtual clients', () => {
  test('are started by the dial, and each has a job a second done', async () => {
    await turnTo('2000')
    await flows(2_000)
    await page.getByText('2\u2009000 virtual clients live').waitFor()
  })

  test.each(['load', 'play-1'])(
    'are there again when %s was killed, on the same line',
    async (host) => {
      const before = lines
      await kill(host)
      await flows(2_000)
      expect(lines).toBe(before)
      expect(await page.getByText(/Connection lost/).count()).toBe(0)
    },
  )

  test('fail with a reason when play dies with their jobs, and that is shown', async () => {
    // A spare takes over so soon that a kill may meet no job.
    await until(async () => {
      await kill('play-1')
      expect(await page.getByText(/not sent: play was away|lost with play/).count()).not.toBe(0)
    })
  })

  test('leave a phone as quick as it was', async () => {
    const phone = await openPhone(browser, system.url)
    await phone.sum('5')
    await phone.sees('5', /→ 15$/)
    await phone.page.context().close()
  })

  test('end by one key', async () => {
    await page.getByRole('heading', { name: 'Load control' }).click()
    await page.keyboard.press('0')
    await page.getByText('0 virtual clients live', { exact: true }).waitFor()
    await until(async () => expect(await figure('Achieved')).toBe(0))
  })
})

test('a target that is none is refused in one sentence, and the old one stays', async () => {
  await turnTo('300')
  await flows(300)
  for (const text of ['-1', '1.5', 'abc', '1000000000000']) {
    await turnTo(text)
    await page.getByText('That must be a whole number from 0 to 1,000,000.').waitFor()
    expect(await figure('Wanted')).toBe(300)
  }
})
