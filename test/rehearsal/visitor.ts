/* A visitor of a rehearsal: the front door in a real browser, on a phone of its own. */
import type { Browser, Page } from 'playwright-core'
import { phone } from '../support/browser'

export interface Visitor {
  /** Writes a note on the board that the deck asks to. */
  post(text: string): Promise<void>
  /** Seconds a note of somebody else. */
  second(text: string): Promise<void>
  /** Types a number and sends it, whatever comes of it. */
  sum(number: string): Promise<void>
  /** Waits for a text on the page. */
  reads(text: RegExp | string): Promise<void>
}

export async function openVisitor(browser: Browser, url: string): Promise<Visitor> {
  const page: Page = await (await browser.newContext(phone)).newPage()
  await page.goto(url)
  await page.getByText('Connected', { exact: true }).waitFor()
  const reads = (text: RegExp | string) => page.getByText(text).first().waitFor()
  return {
    reads,
    async post(text) {
      await page.getByRole('textbox').fill(text)
      await page.getByRole('button', { name: 'Send' }).tap()
      await reads(text)
    },
    async second(text) {
      await page.getByRole('listitem').filter({ hasText: text }).getByRole('button').tap()
    },
    async sum(number) {
      await page.getByLabel('n, a whole number').fill(number)
      await page.getByRole('button', { name: 'Add up' }).tap()
    },
  }
}
