/*
 * The server is lost in the middle of the talk: the live pages on the slides go on from the
 * recorded rehearsal, say so, and are live again by themselves. Phones are told of a lost
 * connection, as ever.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFold, loadStream } from '../../src/protocol/load'
import { readRecording } from '../../src/protocol/recording'
import { foldedTo } from '../source/folded'
import { phone, projector, startBrowser } from '../support/browser'
import { startSystem, token, type System } from '../support/system'

const body = readFileSync(join(import.meta.dirname, '../golden/recording-1.jsonl.gz'))
const recording = readRecording(gunzipSync(body).toString().split('\n'))!
const { target } = foldedTo(recording, loadStream, loadFold, 8_000).view
const data = mkdtempSync(join(tmpdir(), 'lic-data-'))
const env = () => ({ DATA_DIR: data })

let system: System
let browser: Browser
let deck: Page
let audience: Page
const complaints: string[] = []

beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem(env), startBrowser()])
  await system.ready()
  const context = await browser.newContext(projector)
  await context.route('**/recordings/index.json', (route) => route.fulfill({ json: ['rehearsal'] }))
  await context.route('**/recordings/rehearsal.jsonl.gz', (route) => route.fulfill({ body }))
  deck = await context.newPage()
  deck.on('pageerror', (error) => complaints.push(String(error)))
  await deck.goto(`${system.url}/enter#${token}`)
  await deck.waitForURL('**/deck/')
  const fetched = deck.waitForResponse('**/recordings/rehearsal.jsonl.gz')
  await deck.goto(`${system.url}/deck/#/live-load`)
  await deck.reload()
  await (await fetched).finished()
  audience = await (await browser.newContext(phone)).newPage()
  await audience.goto(`${system.url}/sum`)
  await audience.getByText('Connected').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
  rmSync(data, { recursive: true })
})

const on = (slide: string): FrameLocator => deck.frameLocator(`#${slide} iframe`)
const badge = (slide: string) => deck.locator(`#${slide} .frame-badge`)
const isOn = (slide: string) => deck.locator(`section#${slide}.present`).waitFor()

test('the pages on slides go on from the rehearsal, where that came to the slide', async () => {
  await on('live-load').getByText('0 virtual clients live').waitFor()
  await on('live-load').getByLabel('Virtual clients').first().waitFor()
  await on('how-would-you-build-it').locator('h1').waitFor({ state: 'attached' })
  await system.stop()

  await badge('live-load').getByText('Recorded').waitFor()
  await on('live-load').getByText(`${target} virtual clients live`).waitFor()
  // What the presenter could do there, a recording does not offer.
  expect(await on('live-load').getByLabel('Virtual clients').count()).toBe(0)
  await deck.keyboard.press('PageDown')
  await isOn('how-would-you-build-it')
  await badge('how-would-you-build-it').getByText('Recorded').waitFor()
  await on('how-would-you-build-it').getByText('supervisors').waitFor()

  await audience.getByText('Connection lost, trying again…').waitFor()
  expect(await audience.getByText('Recorded').count()).toBe(0)
})

test('a page that was never loaded cannot be shown, and says so', async () => {
  await deck.evaluate(() => (location.hash = '#/hunt'))
  await isOn('hunt')
  await deck.locator('#hunt live-frame.unreachable').waitFor()
})

test('once the server is back, all of them are live again by themselves', async () => {
  system = await startSystem(env, system.port)
  await on('hunt').getByText('0 of 3 found').waitFor()
  for (const slide of ['how-would-you-build-it', 'live-load']) {
    await deck.keyboard.press('PageUp')
    if (slide === 'how-would-you-build-it') await deck.keyboard.press('PageUp')
    await isOn(slide)
    await badge(slide).waitFor({ state: 'hidden' })
  }
  await on('live-load').getByText('0 virtual clients live').waitFor()
  await on('live-load').getByLabel('Virtual clients').first().waitFor()
  await audience.getByText('Connected').waitFor()
  expect(complaints).toEqual([])
})
