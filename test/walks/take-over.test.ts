/*
 * From a replay into the lab: what ran at a moment of a recording goes on in the page, with its
 * walls, its load and its repairs. The recording is the golden one, and what it lacks is put in.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { boardStream } from '../../src/protocol/board'
import { loadFold, loadStream } from '../../src/protocol/load'
import { readRecording, type RecordedWord } from '../../src/protocol/recording'
import { upgradeStream } from '../../src/protocol/upgrades'
import { violations } from '../support/axe'
import { projector, startBrowser } from '../support/browser'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'
import { foldedTo } from '../source/folded'

const golden = readFileSync(join(import.meta.dirname, '../golden/recording-1.jsonl.gz'))
const { head, words } = readRecording(gunzipSync(golden).toString().split('\n'))!

/** So many events more on a stream that the recording has. */
function further(atMs: number, stream: string, ...events: unknown[]): RecordedWord {
  const last = words.findLast((word) => 'stream' in word && word.stream === stream)
  if (!last || last.type === 'gap') throw new Error(`nothing is recorded of ${stream}`)
  const { epoch, seq } = last
  return { atMs, type: 'events', stream, epoch, seq: seq + events.length, events }
}
const repairs = { repaired: ['13', 'large'], hasMore: true }
const added = [
  further(14_000, upgradeStream, { type: 'upgraded', from: 1, to: 3, tookMs: 9, atMs: 9, repairs }),
  further(14_000, boardStream('building-blocks'), {
    type: 'wall_changed',
    put: [{ id: 4, text: 'a queue', votes: 2, pinned: true }],
    face: { spotlight: 5 },
  }),
]
const all = [...words, ...added].sort((one, other) => one.atMs - other.atMs)
const body = gzipSync([head, ...all].map((line) => JSON.stringify(line)).join('\n'))
const { target } = foldedTo({ head, words } as never, loadStream, loadFold, 14_300).view

let system: System
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem(), startBrowser()])
  await system.ready()
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})
afterEach(async () => {
  await page.context().close()
  expect(complaints.splice(0)).toEqual([])
})

async function open(address: string) {
  const context = await browser.newContext(projector)
  await context.route('**/recordings/then.jsonl.gz', (route) => route.fulfill({ body }))
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(system.url + address)
}

const room = (name: string): FrameLocator => page.frameLocator(`iframe[title=${name}]`)
const go = (name: string) =>
  page.locator('.rooms nav').getByRole('button', { name, exact: true }).click()
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const says = (text: RegExp) =>
  until(async () => {
    const region = page.getByRole('region', { name: 'Source' })
    expect(await region.getByRole('status').innerText()).toMatch(text)
  })
const shows = (name: string, text: RegExp) =>
  until(async () => expect(await room(name).locator('main').innerText()).toMatch(text))

async function sum(number: string): Promise<void> {
  await go('Sum')
  await room('Sum').getByRole('textbox').fill(number)
  await room('Sum').getByRole('textbox').press('Enter')
}

/** The notes of others on the board's page, with their votes. */
async function notes(): Promise<string[]> {
  await go('Board')
  await room('Board').locator('h1').waitFor()
  const texts = await room('Board').locator('main li').allInnerTexts()
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim())
}

test('what ran at that moment goes on in the lab: walls, load, and the code with its repairs', async () => {
  await open('/replay/?recording=then&t=14.3')
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  await page.frameLocator('iframe').locator('section.present').waitFor()
  await page.keyboard.press('t')
  await page.waitForURL('**/lab/')
  await page.getByText('Taken over at 0:14 of “Let it crash”.').waitFor()
  await page.getByText('Release 3 had other changes too, which could not be').waitFor()

  await says(/release 3/i)
  expect(await page.locator('.cm-content').innerText()).not.toMatch(/bad luck/)
  await sum('13')
  await shows('Sum', /up to 13\s+91/)
  await go('Load')
  await shows('Load', new RegExp(`${target} virtual clients live`))
  expect(target).toBeGreaterThan(0)

  const then = [
    ...['retries with a limit +1 0', 'one thing at a time +1 0', '<b>timeouts</b> +1 0'],
    ...['supervisors +1 0', 'a queue +1 2', 'processes +1 1'],
  ]
  await until(async () => expect(await notes()).toEqual(then))
  await go('Wall')
  await room('Wall').getByText('supervisors').waitFor()
  expect(await room('Wall').locator('main').innerText()).not.toMatch(/a queue/)
  await go('Board')
  const board = room('Board')
  await board.locator('li', { hasText: 'processes' }).getByRole('button').click()
  await until(async () => expect((await notes()).join()).toMatch(/processes 2$/))
  await board.getByRole('textbox').fill('It goes on.')
  await board.getByRole('textbox').press('Control+Enter')
  await shows('Board', /It goes on/)
  expect((await violations(page)).map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])

  await press('Roll back')
  await says(/release 1/i)
  await sum('13')
  await shows('Sum', /up to 13\s+[^\d][^]*bad luck/)

  await page.reload()
  await says(/release 3/i)
  await until(async () => expect((await notes()).join()).toMatch(/processes (\+1 )?1$/))

  await press('Start afresh')
  await until(async () => expect(await page.getByText('Taken over').count()).toBe(0))
  await go('Board')
  await room('Board').getByRole('textbox').waitFor()
  expect((await notes()).join('\n')).not.toMatch(/retries with a limit/)
})

test.each([
  ['no JSON', '{"moment":1'],
  ['of another shape', JSON.stringify({ moment: 1, title: 7, atMs: 'now' })],
])('a kept moment that is %s starts the lab afresh, and that is said once', async (_, kept) => {
  await open('/lab/')
  await page.evaluate((text) => sessionStorage.setItem('taken-moment', text), kept)
  await page.reload()
  await page.getByText('no moment of a recording, so the lab has started afresh').waitFor()
  await sum('5')
  await shows('Sum', /up to 5\s+15/)
  await page.reload()
  await page.locator('.cm-content').waitFor()
  expect(await page.getByText('started afresh').count()).toBe(0)
})

test('of one that is unfit in parts the rest is taken', async () => {
  await open('/lab/')
  const script = '<img src=x onerror="top.hacked=1">'
  const note = { id: 1, text: script, votes: 3, pinned: true }
  const wall = { question: 'Why?', open: true, wasOpened: true, approveFirst: false }
  const kept = {
    ...{ moment: 1, title: script, atMs: 61_000 },
    boards: [
      null,
      { id: '../x', wall: {} },
      { id: 'no-such-board', wall: { ...wall, slowSeconds: 0, blank: false, notes: [] } },
      {
        id: 'building-blocks',
        wall: {
          ...{ ...wall, slowSeconds: 0, blank: false, spotlight: 'x' },
          notes: [
            note,
            7,
            { ...note, id: 'x' },
            { ...note, id: 2, votes: -1 },
            { ...note, id: 1e9 },
          ],
        },
      },
    ],
    load: { target: 1e9, playHosts: 'x' },
    code: { version: 2, repairs: { repaired: ['rm -rf'], hasMore: false } },
  }
  await page.evaluate((text) => sessionStorage.setItem('taken-moment', text), JSON.stringify(kept))
  await page.reload()
  await page.getByText(`Taken over at 1:01 of “${script}”.`).waitFor()
  await page.getByText('1 board is left out').waitFor()
  await until(async () => expect((await notes()).length).toBeGreaterThanOrEqual(2))
  await shows('Board', /Why\?/)
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
})
