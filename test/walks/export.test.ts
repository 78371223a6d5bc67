/*
 * What needs no server, as whoever is at home gets it: one file opened by a double click, and a
 * folder from a plain file server, which is then stopped. The same is done in all of them: watched,
 * scrubbed, taken over, and the guided path gone to its end. Nothing is asked of anybody.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { projector, startBrowser } from '../support/browser'
import { goGuidedPath, pathIds, reachedIn, type LabWindow } from '../support/guide-path'
import { until } from '../support/until'

const root = resolve(import.meta.dirname, '../..')
const file = join(root, 'dist/export/let-it-crash.html')
const folder = join(root, 'dist/export/site')
const buffer = readFileSync(join(root, 'test/golden/recording-1.jsonl.gz'))

let browser: Browser
let page: Page
let requests: string[]
const complaints: string[] = []

beforeAll(async () => {
  execFileSync('node', ['server/export.mjs'], { cwd: root })
  browser = await startBrowser()
})
afterAll(() => browser?.close())
afterEach(async () => {
  await page.context().close()
  expect(complaints.splice(0)).toEqual([])
})

async function openWindow(): Promise<void> {
  const context = await browser.newContext(projector)
  requests = []
  context.on('request', (request) => requests.push(request.url()))
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
}

/**
 * Watches a recording of the reader's own, and takes it over.
 *
 * @param shown the window that shows the replay, and then the lab
 */
async function watchAndTakeOver(shown: LabWindow): Promise<void> {
  // Whoever comes without one sees the rehearsal that ships.
  await shown.getByRole('heading', { name: 'Let it Crash: Designing Robust Systems' }).waitFor()
  const files = { name: 'talk.jsonl.gz', mimeType: 'application/gzip', buffer }
  await shown.locator('input[type=file]').first().setInputFiles(files)
  await shown.getByText('30 November 2026').waitFor()
  const deck = shown.frameLocator('iframe')
  const seek = (seconds: number) =>
    shown.getByRole('slider', { name: 'Time' }).evaluate((input: HTMLInputElement, ms) => {
      input.value = String(ms)
      input.dispatchEvent(new Event('input', { bubbles: true }))
    }, seconds * 1000)
  const sees = async (seconds: number, slide: string, text: string) => {
    await seek(seconds)
    await deck.locator(`section#${slide}.present`).waitFor()
    await deck.frameLocator(`#${slide} iframe`).getByText(text).first().waitFor()
  }
  await sees(23, 'culprit', 'sum.sum')
  await sees(7, 'live-load', 'virtual clients live')
  await sees(17, 'hunt', 'of 3 found')
  await sees(13, 'how-would-you-build-it', 'supervisors')

  await shown.getByRole('button', { name: 'Take over' }).click()
  await shown.getByText('Taken over at 0:13 of “Let it crash”').waitFor()
  await shown.locator('.rooms nav').getByRole('button', { name: 'Wall', exact: true }).click()
  await shown.frameLocator('iframe[title=Wall]').getByText('supervisors').waitFor()
}

/** Starts the lab that took over afresh, and goes its path from the beginning to its end. */
async function goPath(shown: LabWindow): Promise<void> {
  await shown.getByRole('button', { name: 'Start afresh' }).click()
  await until(async () => expect(await shown.getByText('Taken over').count()).toBe(0))
  const path = shown.getByRole('region', { name: 'Guided path' })
  const opener = path.getByRole('button', { name: /^Guided path: / })
  await opener.click()
  // Whoever was here before has gone some of it.
  await path.getByRole('button', { name: 'Start the path anew' }).click()
  expect(await reachedIn(shown)).toBe('')
  await opener.click()
  await goGuidedPath(shown)
  expect(await reachedIn(shown)).toBe(pathIds)
  expect(await path.innerText()).toMatch(/10 of 10[^]*You have seen all of it/)
  expect(await path.getByRole('status').innerText()).toMatch(/Nothing heals that has no time/)
}

test('one file, by a double click, asks nobody for anything', async () => {
  await openWindow()
  const address = pathToFileURL(file).href
  await page.goto(address)
  const shown = page.frameLocator('iframe')
  await watchAndTakeOver(shown)
  await goPath(shown)
  expect(requests.filter((url) => !/^(blob|data):/.test(url))).toEqual([address])
  // What fills the window is in its address.
  expect(page.url()).toMatch(/#\/lab\//)
  expect(statSync(file).size).toBeLessThan(5e6)
})

test('one file that is damaged says so', async () => {
  await openWindow()
  const damaged = join(mkdtempSync(join(tmpdir(), 'damaged-')), 'talk.html')
  writeFileSync(damaged, readFileSync(file, 'utf8').replace('id="packed">H4sI', 'id="packed">H4sX'))
  await page.goto(pathToFileURL(damaged).href)
  await page.getByText('This file is damaged').waitFor()
  rmSync(dirname(damaged), { recursive: true })
  expect(complaints.splice(0)).toHaveLength(1)
})

test('one file opens pages aside, each with the talk of its window', async () => {
  await openWindow()
  await page.goto(`${pathToFileURL(file).href}#/lab/`)
  const lab = page.frameLocator('iframe')
  await lab.frameLocator('iframe[title=Sum]').getByRole('textbox').waitFor()
  await lab.locator('.rooms nav').getByRole('button', { name: 'Processes' }).click()
  const row = lab.frameLocator('iframe[title=Processes]').locator('tbody a').first()
  const opened = page.context().waitForEvent('page')
  await row.click({ modifiers: ['ControlOrMeta'] })
  const aside = (await opened).frameLocator('iframe')
  // It is told by the lab of the window that it was opened from.
  await aside.locator('tbody tr').first().waitFor()
})

test('a folder from a plain file server, and the same without it', async () => {
  const server = await serve(folder)
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  try {
    await openWindow()
    await page.goto(url)
    await watchAndTakeOver(page)
    await goPath(page)
    // One visit is enough: all of it is kept by then.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  } finally {
    server.closeAllConnections()
    server.close()
  }
  await page.goto(`${url}/replay/`)
  await watchAndTakeOver(page)
  await goPath(page)
  expect(requests.filter((each) => !/^(blob|data):/.test(each) && !each.startsWith(url))).toEqual(
    [],
  )
})

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Serves files, and of a folder its `index.html`, as plain servers do. */
async function serve(from: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname, search } = new URL(url, 'http://localhost')
    const path = join(from, pathname)
    if (!existsSync(path)) return void response.writeHead(404).end()
    if (!statSync(path).isDirectory()) return void send(path)
    if (pathname.endsWith('/')) return void send(join(path, 'index.html'))
    response.writeHead(301, { location: `${pathname}/${search}` }).end()

    function send(name: string) {
      const type = types[extname(name)] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type }).end(readFileSync(name))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
