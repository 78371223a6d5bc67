/*
 * The hall of a test: the served deck, a real browser, and pages that keep account of what must
 * never happen in any of them (errors in the console, uncaught exceptions, requests to another
 * host).
 */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { projector, startBrowser } from '../support/browser'
import { buildDeck, serveDeck, type ServedDeck } from './served-deck'

export interface Hall {
  readonly deck: ServedDeck
  /** Opens the deck, `?…` and `#/slide-name` appended, in a fresh browser context. */
  open(at?: string, options?: BrowserContextOptions): Promise<Page>
  /** What went wrong in any page so far. */
  readonly faults: string[]
  close(): Promise<void>
}

/** Builds and serves the deck and starts Chromium. */
export async function openHall(options?: { welcomes?: boolean }): Promise<Hall> {
  const deck = await serveDeck(await buildDeck(), options)
  const browser = await startBrowser()
  const faults: string[] = []
  return {
    deck,
    faults,
    async open(at = '', contextOptions = {}) {
      const context = await browser.newContext({
        ...projector,
        colorScheme: 'dark',
        // Transitions are for people; the tests look at what is there when they are over.
        reducedMotion: 'reduce',
        ...contextOptions,
      })
      keepAccount(context, new URL(deck.url).host, faults)
      const page = await context.newPage()
      await page.goto(deck.url + at)
      await page.locator('.reveal.ready').waitFor()
      return page
    },
    async close() {
      await browser.close()
      await deck.close()
    },
  }
}

function keepAccount(context: BrowserContext, host: string, faults: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  context.on('weberror', (error) => faults.push(String(error.error())))
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) faults.push(`asked ${url.href}`)
  })
}

/** The names of all slides, in the order of the talk. */
export const slideNames = (page: Page): Promise<string[]> =>
  page.locator('.slides section[id]').evaluateAll((slides) => slides.map(({ id }) => id))

/** The name of the slide that is shown. */
export const shownSlide = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const present = document.querySelectorAll<HTMLElement>('.slides section.present:not(.stack)')
    return [...present].find((slide) => !slide.closest('.past, .future'))?.id ?? ''
  })

/** Waits until this slide is shown. */
export const untilSlide = (page: Page, name: string): Promise<void> =>
  page.locator(`.slides section#${name}.present`).waitFor()

/** Jumps to a slide by its address. */
export async function jumpTo(page: Page, name: string): Promise<void> {
  await page.evaluate((hash) => {
    // Reveal writes the address with a delay: it may still name the slide that was left.
    if (location.hash === hash) dispatchEvent(new HashChangeEvent('hashchange'))
    else location.hash = hash
  }, `#/${name}`)
  await untilSlide(page, name)
}
