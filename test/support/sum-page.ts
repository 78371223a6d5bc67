/*
 * The sum page as a person meets it on a phone: what they can read and press, by the names they
 * would use.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { phone } from './browser'
import { until } from './until'

export interface SumPhone {
  readonly page: Page
  /** Types a number and sends it. */
  sum(text: string): Promise<void>
  /** Waits until the list shows a line for that number with that outcome. */
  sees(number: string, outcome: RegExp): Promise<void>
  /** The list, newest first: `up to 5 → 15`. */
  list(): Promise<string[]>
  /** Waits for a sentence anywhere on the page. */
  reads(text: RegExp): Promise<void>
  /** Console errors and uncaught errors of the page so far. */
  readonly complaints: string[]
}

/** Opens the sum page on a phone of its own: another visitor. */
export async function openPhone(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<SumPhone> {
  const context = await browser.newContext({ ...phone, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  const self: SumPhone = {
    page,
    complaints,
    async sum(text) {
      await page.getByLabel('n, a whole number').fill(text)
      await page.getByRole('button', { name: 'Add up' }).tap()
    },
    async sees(number, outcome) {
      await until(async () => {
        const line = (await self.list()).find((each) => each.startsWith(`up to ${number} →`))
        expect(line).toMatch(outcome)
      })
    },
    async list() {
      const items = page.getByRole('list', { name: 'Your sums' }).getByRole('listitem')
      return (await items.allInnerTexts()).map((text) =>
        text
          .replaceAll('\u2009', '')
          .replaceAll('\u2212', '-')
          .split(/\s*\n\s*/)
          .join(' → '),
      )
    },
    reads: (text) => page.getByText(text).first().waitFor(),
  }
  await page.getByText('Connected', { exact: true }).waitFor()
  return self
}
