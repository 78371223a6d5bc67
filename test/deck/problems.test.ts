import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createServer, type ViteDevServer } from 'vite'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { slidesPlugin } from '../../src/compile/slides-plugin'
import { startBrowser } from '../support/browser'

// While a talk is written: Vite's development server, with slides that have a fault on line 3.
const talk = '# Fine\n\n<no-such-block></no-such-block>\n\n\n\n# Fine as well\n'
let project: string
let server: ViteDevServer
let browser: Browser

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'let-it-crash-'))
  mkdirSync(join(project, 'slides'))
  writeFileSync(join(project, 'slides/let-it-crash.md'), talk)
  server = await createServer({
    configFile: false,
    root: resolve(import.meta.dirname, '../../src'),
    cacheDir: join(project, 'cache'),
    logLevel: 'silent',
    plugins: [slidesPlugin({ folder: join(project, 'slides') })],
    server: { port: 0, host: '127.0.0.1' },
  })
  await server.listen()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  rmSync(project, { recursive: true })
})

test('a problem is listed with file and line over a deck that goes on with the rest', async () => {
  const page = await browser.newPage()
  await page.goto(`${server.resolvedUrls?.local[0]}deck/`)
  await page.getByRole('alert').getByText('slides/let-it-crash.md:3: ').waitFor()
  await page.keyboard.press('End')
  await page.locator('#fine-as-well.present').waitFor()

  await page.getByRole('alert').click()
  expect(await page.getByRole('alert').count()).toBe(0)
})
