/*
 * Visits to pages of one origin, each as from a browser of its own. To open a context, a page and
 * the OS processes behind it costs more than most tests do there: so a page that was left is emptied
 * and kept for the next visitor of its kind.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export interface Visits {
  /**
   * Gives a blank page of nobody's.
   *
   * @param prepare does something to the page that outlasts a visit, so it is kept for nobody
   */
  begin(options: BrowserContextOptions, prepare?: (page: Page) => unknown): Promise<Page>
  /** Nothing of the visit is left: no storage, no cookie, no history, no socket. */
  end(page: Page): Promise<void>
}

/**
 * @param emptyUrl an address of the origin whose answer has no script; where it gives none, pages
 *   are closed
 * @param watch called once for each page, before anything is opened there
 */
export function createVisits(
  browser: Browser,
  emptyUrl: () => string,
  watch: (page: Page) => unknown,
): Visits {
  const kept = new Map<string, Page>()
  const kinds = new WeakMap<Page, string>()

  async function empty(page: Page): Promise<void> {
    await page.mouse.move(-1, -1)
    await page.goto(emptyUrl())
    await page.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
    await page.context().clearCookies()
    const session = await page.context().newCDPSession(page)
    await session.send('Page.resetNavigationHistory')
    await session.detach()
  }

  return {
    async begin({ viewport, colorScheme, reducedMotion, ...options }, prepare) {
      const look = {
        colorScheme: colorScheme ?? 'light',
        reducedMotion: reducedMotion ?? 'no-preference',
      } as const
      const kind = JSON.stringify(options)
      const again = prepare ? undefined : kept.get(kind)
      if (again) {
        kept.delete(kind)
        if (viewport) await again.setViewportSize(viewport)
        await again.emulateMedia(look)
        return again
      }
      const context = await browser.newContext({
        ...options,
        ...look,
        ...(viewport && { viewport }),
      })
      const page = await context.newPage()
      watch(page)
      await prepare?.(page)
      if (!prepare) kinds.set(page, kind)
      return page
    },
    async end(page) {
      const kind = kinds.get(page)
      if (kind !== undefined && kept.get(kind) === page) return
      const context = page.context()
      const isAlone = !page.isClosed() && context.pages().length === 1
      if (kind === undefined || kept.has(kind) || !isAlone) return context.close()
      const isEmpty = await empty(page).then(
        () => true,
        () => false,
      )
      if (!isEmpty) return context.close()
      kept.set(kind, page)
    },
  }
}
