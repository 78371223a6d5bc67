/*
 * A recorded talk in the real player, over plain http: what its slides' pages show is what the
 * recording has at that moment, it is read-only, its keys are heard, and a hostile recording harms
 * nobody. The recording is the golden one of version 1, of a real system: it is read for ever.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { boardStream } from '../../src/protocol/board'
import type { Fold } from '../../src/protocol/fold'
import { huntFold, huntStream } from '../../src/protocol/hunt'
import { loadFold, loadStream } from '../../src/protocol/load'
import { processesFold } from '../../src/protocol/processes'
import { readRecording, type Recording } from '../../src/protocol/recording'
import { treeFold, treeStream } from '../../src/protocol/tree'
import { wallFold } from '../../src/protocol/wall'
import { foldedTo } from '../source/folded'
import { phone, projector, startBrowser } from '../support/browser'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'

const golden = readFileSync(join(import.meta.dirname, '../golden/recording-1.jsonl.gz'))
const table = 'gateway/processes/reductions_diff/desc/200/2/-'

let system: System
let browser: Browser
let recording: Recording
let page: Page
let url: string
const complaints: string[] = []

beforeAll(async () => {
  recording = readRecording(gunzipSync(golden).toString().split('\n'))!
  ;[system, browser] = await Promise.all([
    startSystem((port) => ({ PUBLIC_URL: `http://talk.test:${port}` })),
    startBrowser(['--host-resolver-rules=MAP talk.test 127.0.0.1']),
  ])
  await system.ready()
  url = `http://talk.test:${system.port}`
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})
afterEach(async () => {
  await page.context().close()
  expect(complaints.splice(0)).toEqual([])
})

async function open(query = '?recording=golden', options: BrowserContextOptions = projector) {
  const context = await browser.newContext(options)
  await context.route('**/recordings/golden.jsonl.gz', (route) => route.fulfill({ body: golden }))
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${url}/replay/${query}`)
}

const play = () => page.getByRole('button', { name: 'Play', exact: true })
const slider = () => page.getByRole('slider', { name: 'Time' })
const atS = async () => Number(await slider().inputValue()) / 1000
const deck = () => page.frameLocator('iframe')
const pageOn = (slide: string): FrameLocator => deck().frameLocator(`#${slide} iframe`)
const seek = (seconds: number) =>
  slider().evaluate((input: HTMLInputElement, ms) => {
    input.value = String(ms)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }, seconds * 1000)
const known = <View, Event>(stream: string, fold: Fold<View, Event>, seconds: number): View =>
  foldedTo(recording, stream, fold, seconds * 1000).view
const isOn = (slide: string) => deck().locator(`section#${slide}.present`).waitFor()
const file = (name: string, lines: readonly unknown[]) => ({
  ...{ name, mimeType: 'application/gzip' },
  buffer: gzipSync(lines.map((line) => JSON.stringify(line)).join('\n')),
})

describe('the golden recording of version 1', () => {
  test('shows at each moment what it has at that moment, back and forth', async () => {
    await open('?recording=golden&t=0:06')
    await isOn('live-load')
    expect(await atS()).toBe(6)
    expect(await page.evaluate(() => isSecureContext)).toBe(false)

    const shows = {
      async load(seconds: number) {
        const { target } = known(loadStream, loadFold, seconds)
        await pageOn('live-load').getByText(`${target} virtual clients live`).waitFor()
      },
      async wall(seconds: number) {
        const { notes } = known(boardStream('building-blocks'), wallFold, seconds)
        const cards = pageOn('how-would-you-build-it').locator('li .room')
        const texts = notes.map(({ text }) => text).sort()
        await until(async () => {
          const shown = await cards.allInnerTexts()
          expect(shown.sort()).toEqual(texts)
        })
      },
      async hunt(seconds: number) {
        const found = Object.values(known(huntStream, huntFold, seconds).found)
        const count = found.filter((bug) => bug.count > 0).length
        await pageOn('hunt').getByText(`${count} of 3 found`).waitFor()
      },
      async table(seconds: number) {
        const rows = known(table, processesFold, seconds).table!.rows
        const pids = pageOn('culprit').locator('tbody .pid')
        const expected = rows.slice(0, 50).map(({ pid }) => pid)
        await until(async () => expect(await pids.allInnerTexts()).toEqual(expected))
      },
      async tree(seconds: number) {
        const stones = known(treeStream, treeFold, seconds).tombstones
        const dead = pageOn('live-tree').locator('li.dead')
        await until(async () => expect(await dead.count()).toBe(stones.length))
      },
    }
    const moments = [
      ...([6, 'load', 9.5, 'wall', 13, 'wall', 17, 'hunt', 23, 'table', 26, 'tree'] as const),
      ...([31, 'tree', 25, 'table', 18.5, 'hunt', 11, 'wall', 7, 'load'] as const),
    ]
    for (let at = 0; at < moments.length; at += 2) {
      const seconds = moments[at] as number
      await seek(seconds)
      await shows[moments[at + 1] as keyof typeof shows](seconds)
    }
  })

  test('plays, faster if one likes, to its end', async () => {
    await open('?recording=golden&t=34s')
    await play().click()
    await page.keyboard.press('>')
    await isOn('feedback')
    await play().waitFor()
    expect(await atS()).toBeCloseTo(recording.words.at(-1)!.atMs / 1000, 2)
  })

  test('is read-only, in windows of their own as well', async () => {
    await open()
    await page.getByRole('button', { name: 'Slides' }).click()
    const opening = page.waitForEvent('popup')
    await page.getByRole('link', { name: 'Hunt', exact: true }).click()
    const other = await opening
    await other.getByText('0 of 3 found').waitFor()
    await seek(25)
    await other.getByText('2 of 3 found').waitFor()
    await other.goto(`${url}/sum`)
    await other.getByText('Recorded').waitFor()
    await other.getByRole('textbox').fill('5')
    await other.keyboard.press('Enter')
    await other.getByText('This is a recording: it can be watched, not changed.').waitFor()
    await page.close()
    await other.getByText('Connection lost').waitFor()
  })

  test('is played by keys, on the slides too, where the deck keeps its own', async () => {
    await open()
    await play().waitFor()
    await page.keyboard.press('5')
    expect(await atS()).toBeCloseTo(recording.words.at(-1)!.atMs / 2000, 1)
    await page.keyboard.press('0')
    await page.keyboard.press('ArrowRight')
    expect(await atS()).toBe(5)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press(']')
    await page.keyboard.press(']')
    await isOn('live-load')
    await page.keyboard.press('.')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')

    await deck()
      .locator('.reveal')
      .click({ position: { x: 5, y: 5 } })
    const before = await atS()
    await page.keyboard.press('ArrowRight')
    expect(await atS()).toBeCloseTo(before + 5, 1)
    await page.keyboard.press('n')
    await deck().getByRole('button', { name: 'Back to the talk' }).click()
    await isOn('live-load')
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })
})

describe("a stranger's file", () => {
  const head = { recording: 1, title: '<i>Mine</i>', version: 'x', beganAtMs: 1_700_000_000_000 }
  const script = '<img src=x onerror="top.hacked=1"><script>top.hacked=1</script>'
  const board = boardStream('building-blocks')
  const word = { epoch: 'a.1', type: 'events' }
  const note = (id: number) => ({
    type: 'wall_changed',
    put: [{ id, text: script, votes: 0, pinned: false }],
  })
  const shows = (slide: string) => ({
    type: 'slide_shown',
    slide,
    fragment: -1,
    wish: 'w',
    atMs: 0,
  })

  const openFile = async (one: ReturnType<typeof file>) =>
    await page.locator('input[type=file]').setInputFiles(one)

  test('that is hostile shows what can be shown, executes nothing, and freezes nothing', async () => {
    await open('?recording=none')
    await page.getByText('There is no recording of that name here.').waitFor()
    const crowd = Array.from({ length: 100_000 }, (_, at) => note((at % 600) + 1))
    await openFile(
      file('hostile.jsonl.gz', [
        head,
        { ...word, atMs: 0, stream: 'boards/deck', seq: 1, events: [shows(script)] },
        {
          ...word,
          atMs: 0,
          stream: treeStream,
          seq: 1,
          events: [{ type: 'costs_taken', costs: 7 }],
        },
        { ...word, atMs: 0, stream: table, seq: 1, events: [{ type: 'table_taken', table: 7 }] },
        { ...word, atMs: 10, stream: 'boards/deck', seq: 2, events: [shows('live-tree')] },
        { ...word, atMs: 1e300, stream: board, seq: 1, events: [] },
        { ...word, atMs: 'soon', stream: board, seq: 1, events: [] },
        { ...word, atMs: 1_000, stream: board, seq: crowd.length, events: crowd },
        { ...word, atMs: 2_000, stream: 'boards/deck', seq: 3, events: [shows('culprit')] },
        ...[{ ...word, atMs: 3_000, stream: 'boards/deck', seq: 4 }].map((last) => ({
          ...last,
          events: [shows('how-would-you-build-it')],
        })),
        { ...word, atMs: 4_000, stream: board, seq: crowd.length + 1, events: [null] },
      ]),
    )
    await page.getByText('2 lines of it were unreadable, and left out.').waitFor()
    await page.getByRole('heading', { name: '<i>Mine</i>' }).waitFor()
    await seek(0.5)
    await isOn('live-tree')
    await pageOn('live-tree').getByText('This part of the recording cannot be shown.').waitFor()
    await seek(4)
    await isOn('how-would-you-build-it')
    await page.keyboard.press('k')
    await pageOn('how-would-you-build-it').getByText(script).first().waitFor()
    for (const frame of page.frames()) {
      expect(await frame.evaluate(() => (window.top as unknown as { hacked?: 1 }).hacked)).toBe(
        undefined,
      )
    }
  })

  test('that nobody asked for by name may be missing, without a word of alarm', async () => {
    const context = await browser.newContext(projector)
    await context.route('**/recordings/*', (route) => route.fulfill({ status: 404 }))
    page = await context.newPage()
    await page.goto(`${url}/replay/`)
    await page.getByText('None is offered here yet. Open one of your own:').waitFor()
    expect(await page.getByRole('alert').innerText()).toBe('')
  })

  test('that is no recording is told to be none', async () => {
    await open('?recording=none')
    await page.getByText('There is no recording of that name here.').waitFor()
    await openFile({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no recording') })
    await page.getByText('That file is no recording of a talk.').waitFor()
    const buffer = golden.subarray(0, golden.length / 2)
    await openFile({ name: 'half.jsonl.gz', mimeType: 'application/gzip', buffer })
    await page.getByText('The file was cut off: its end is missing.').waitFor()
  })
})

test.each([
  ['light', phone],
  ['dark', phone],
  ['light', projector],
  ['dark', projector],
] as const)('nothing is serious for axe in %s, or cut off', async (colorScheme, screen) => {
  await open('?recording=golden&t=12', { ...screen, colorScheme })
  await isOn('how-would-you-build-it')
  if (screen === projector) await page.getByRole('button', { name: 'Slides' }).click()
  const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  const size = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.scrollHeight,
  ])
  expect(size).toEqual([screen.viewport!.width, screen.viewport!.height])
})
