/*
 * The two homes of the demo system, for what shall be the same in both: OS processes that Node
 * supervises, and workers of a page. Whoever looks at them sees the same pages.
 */
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { projector } from './browser'
import { hotSources } from './hot-sources'
import { startSystem, token } from './system'
import { until } from './until'

export interface Home {
  /** The page of the system that stands at an address, as the presenter sees it. */
  page(path: string): Promise<Page | FrameLocator>
  /** Has all planted bugs repaired, and upgrades what runs. */
  upgrade(): Promise<void>
  /** Ends a host as `kill -9` does. */
  kill(host: string): Promise<void>
  close(): Promise<void>
}

export const homes: Readonly<Record<string, (browser: Browser) => Promise<Home>>> = {
  'OS processes': openProcesses,
  'workers of a page': openLab,
}

async function openProcesses(browser: Browser): Promise<Home> {
  const sources = hotSources()
  const system = await startSystem(() => ({ HOT_SOURCES: sources.folder }))
  const context = await browser.newContext(projector)
  const entrance = await context.newPage()
  await entrance.goto(`${system.url}/enter#${token}`)
  await entrance.waitForURL(/\/deck\//)
  await entrance.close()
  const pages = new Map<string, Page>()
  const page = async (path: string): Promise<Page> => {
    const known = pages.get(path)
    await known?.bringToFront()
    if (known) return known
    const fresh = await context.newPage()
    pages.set(path, fresh)
    await fresh.goto(system.url + path)
    return fresh
  }
  return {
    page,
    async upgrade() {
      sources.repair('all')
      const keys = await page('/dashboard/upgrade')
      await keys.getByRole('button', { name: 'Upgrade', exact: true }).click()
    },
    async kill(host) {
      const pid = await system.pidOf(host)
      process.kill(pid, 'SIGKILL')
      await until(async () => expect(await system.pidOf(host)).not.toBe(pid))
      await system.ready()
    },
    async close() {
      await system.stop()
      sources.remove()
    },
  }
}

/** Of the lab's pages, what the buttons that show them say. */
const rooms: Readonly<Record<string, string>> = {
  '/sum': 'Sum',
  '/dashboard/processes': 'Processes',
  '/dashboard/logs': 'Logs',
  '/dashboard/console': 'Console',
  '/dashboard/tree': 'Tree',
  '/dashboard/upgrade': 'Upgrade',
}

async function openLab(browser: Browser): Promise<Home> {
  const system = await startSystem()
  const lab = await (await browser.newContext(projector)).newPage()
  await lab.goto(`${system.url}/lab/`)
  await lab.locator('.cm-content').waitFor()
  const source = lab.getByRole('region', { name: 'Source' })
  const press = (name: string) => source.getByRole('button', { name, exact: true }).click()
  return {
    async page(path) {
      const name = rooms[path]!
      await lab.locator('.rooms nav').getByRole('button', { name, exact: true }).click()
      return lab.frameLocator(`iframe[title=${name}]`)
    },
    async upgrade() {
      await press('Show the repair')
      await press('Upgrade')
    },
    async kill(host) {
      const line = lab.locator('.hosts li').filter({ hasText: host })
      const losses = async () => Number(/lost (\d+)/.exec(await line.innerText())?.[1] ?? 0)
      const before = await losses()
      await lab.getByRole('button', { name: `Kill ${host}`, exact: true }).click()
      await until(async () => {
        expect(await losses()).toBeGreaterThan(before)
        expect(await line.innerText()).toContain('ready')
      })
    },
    close: () => system.stop(),
  }
}
