/*
 * The way of a number through the whole system, in a real browser: how long a phone waits for its 5
 * beside sums that never end, and how long everybody waits when a host or the gateway is killed or
 * a host is blocked. Prints a line of JSON each.
 */
import type { Page } from 'playwright-core'
import { phone, startBrowser } from '../support/browser'
import buildFixtures from '../support/build'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'

await buildFixtures()
const [system, browser] = await Promise.all([startSystem(), startBrowser()])

async function open(): Promise<Page> {
  const page = await (await browser.newContext(phone)).newPage()
  await page.goto(system.url)
  await page.getByText('Connected', { exact: true }).waitFor()
  return page
}

/**
 * Sends a number as a thumb would, and gives the milliseconds until the page shows its line done.
 */
const sumMs = (page: Page, text: string, isDone = '15') =>
  page.evaluate(
    async ([typed, done]) => {
      const field = document.querySelector('input')!
      const before = new Set(document.querySelectorAll('section li'))
      field.value = typed!
      field.dispatchEvent(new Event('input', { bubbles: true }))
      await new Promise(requestAnimationFrame)
      const beganMs = performance.now()
      field.form!.requestSubmit()
      await new Promise<void>((resolve) => {
        const look = () => {
          const lines = [...document.querySelectorAll('section li')]
          if (!lines.some((line) => !before.has(line) && line.textContent.includes(done!))) return
          observer.disconnect()
          resolve()
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
        look()
      })
      return performance.now() - beganMs
    },
    [text, isDone] as const,
  )

function say(measure: string, tookMs: readonly number[], given: object = {}): void {
  const sorted = [...tookMs].sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1]! * 10) / 10
  const fields = { n: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
  process.stdout.write(`${JSON.stringify({ measure, ...given, ...fields })}\n`)
}

async function promptness(endless: number): Promise<void> {
  const breaker = await open()
  for (let sum = 0; sum < endless; sum++) await sumMs(breaker, '-5', 'calculating')
  if (endless > 0) await sumMs(breaker, '9999999999', 'calculating')
  const fourth = await open()
  const tookMs: number[] = []
  // The list keeps 50 lines; the visitor's share is ten wishes a second.
  for (let sum = 0; sum < 40; sum++) {
    tookMs.push(await sumMs(fourth, '5'))
    await fourth.waitForTimeout(120)
  }
  say('5 in the page', tookMs, { endless, large: endless > 0 ? 1 : 0 })
  await breaker.context().close()
  await fourth.context().close()
}

/** Milliseconds from `act` until a page's next sum is answered. */
async function healing(
  measure: string,
  act: (system: System) => unknown,
  rounds = 5,
): Promise<void> {
  const pages = await Promise.all(Array.from({ length: 10 }, open))
  const tookMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    await system.ready()
    const beganMs = performance.now()
    await act(system)
    await Promise.all(pages.map((page) => sumMs(page, '5')))
    tookMs.push(performance.now() - beganMs)
    await pages[0]!.waitForTimeout(500)
  }
  say(measure, tookMs, { pages: pages.length })
  for (const page of pages) await page.context().close()
}

const kill = (host: string) => async (system: System) => {
  process.kill(await system.pidOf(host), 'SIGKILL')
}

/** A wish that was accepted by the old life would look answered: the kill must be seen first. */
const killSeen = (host: string) => async (system: System) => {
  const pid = await system.pidOf(host)
  await kill(host)(system)
  await until(async () => {
    const hosts = await fetch(`${system.url}/health`).then(
      (response) => response.json() as Promise<{ hosts: { name: string; pid: number }[] }>,
    )
    if (hosts.hosts.some((line) => line.name === host && line.pid === pid)) throw new Error('alive')
  })
}

try {
  await promptness(0)
  await promptness(2)
  await healing('play killed, answered again on ten pages', killSeen('play-1'))
  await healing('gateway killed, answered again on ten pages', killSeen('gateway'))
  await healing('play blocked by a regular expression, answered again', async () => {
    await system.sabotage({ do: 'block', how: 'regex' })
  })
} finally {
  await browser.close()
  await system.stop()
}
