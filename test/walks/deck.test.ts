/*
 * The whole talk, whatever is in it just now, on the real system: a hall with the speaker view open
 * beside it walks through every slide once, and the deck is printed. How many slides there are, and
 * what they hold, is read from the page.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shownSlide, slideNames } from '../deck/hall'
import { unreadable } from '../deck/last-row'
import { projector, readQr, startBrowser } from '../support/browser'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'
import { openSpeakerWindow } from '../support/speaker-window'

let system: System
let browser: Browser
/** What the audience's phones call the system. */
let address: string

beforeAll(async () => {
  ;[system, browser] = await Promise.all([
    startSystem((port) => ({ PUBLIC_URL: `http://talk.test:${port}` })),
    startBrowser(),
  ])
  address = `http://talk.test:${system.port}`
  await system.ready()
})

afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

/** What the code for a path says. */
const codeFor = (path: string): string => `${address}${path === '/' ? '' : path}`.toUpperCase()

/** What one slide was seen to do, beside its name. */
interface Seen {
  readonly name: string
  /** The codes on it, from the hall's picture and from one of a quarter of its size. */
  readonly codes: readonly (string | undefined)[]
  /** The code that `Q` lays over it, from a picture of a quarter of its size. */
  readonly overlay: string | undefined
  readonly unreadable: Awaited<ReturnType<typeof unreadable>>
  /** What the speaker view shows of it. */
  readonly notes: string
  readonly beginsAt: string | undefined
}

describe('the whole talk, with the speaker view open', () => {
  let account: Account
  let hall: Page
  let seen: Seen[]

  beforeAll(async () => {
    const context = await browser.newContext({ ...projector, reducedMotion: 'reduce' })
    account = keepAccount(context, new URL(system.url).host)
    hall = await context.newPage()
    await hall.goto(`${system.url}/deck/`)
    await hall.locator('.reveal.ready').waitFor()
    await hall.locator('.qr-overlay img').waitFor({ state: 'attached' })
    const speaker = await openSpeakerWindow(hall)
    const desk = await (await browser.newContext()).newPage()
    seen = await walk(hall, speaker, desk)
  }, 300_000)

  test('comes to every slide once, in order', async () => {
    expect(seen.map(({ name }) => name)).toEqual(await slideNames(hall))
  })

  test('no word is smaller than 28 pixels of 1080, and nothing leaves its slide', () => {
    const poor = seen.filter(({ unreadable: { small, outside } }) => small.length + outside.length)
    expect(poor.map(({ name, unreadable }) => [name, unreadable])).toEqual([])
  })

  test('each code on a slide leads to its page, also from the last row', async () => {
    const wanted = await hall
      .locator('.slides section[id]')
      .evaluateAll((slides) =>
        slides.map((slide) =>
          [...slide.querySelectorAll('qr-code')].map((code) => code.getAttribute('to') ?? ''),
        ),
      )
    expect(wanted.flat()).not.toEqual([])
    const read = seen.map(({ name, codes }) => [name, codes])
    expect(read).toEqual(
      seen.map(({ name }, at) => {
        const texts = (wanted[at] ?? []).map(codeFor)
        return [name, texts.flatMap((text) => [text, text])]
      }),
    )
  })

  test('Q shows the code of the front door on every slide', () => {
    const wrong = seen.filter(({ overlay }) => overlay !== codeFor('/'))
    expect(wrong.map(({ name, overlay }) => [name, overlay])).toEqual([])
  })

  test('the speaker view shows the notes of each slide, and when it begins', async () => {
    const notes = await hall
      .locator('.slides section[id]')
      .evaluateAll((slides) =>
        slides.map((slide) => (slide.querySelector('aside.notes')?.textContent ?? '').trim()),
      )
    expect(seen.map(({ notes }) => notes)).toEqual(notes)
    const cues = seen.map(({ name, notes }) => [name, /^\d{2,3}:\d\d/.exec(notes)?.[0]])
    expect(seen.map(({ name, beginsAt }) => [name, beginsAt])).toEqual(cues)
    expect(seen[0]?.beginsAt).toBe('00:00')
  })

  test('each live page was loaded once, in the hall', async () => {
    const pages = await hall
      .locator('live-frame')
      .evaluateAll((frames) => frames.map((frame) => frame.getAttribute('src') ?? ''))
    expect(pages).not.toEqual([])
    expect(account.framesOf(hall).toSorted()).toEqual(pages.toSorted())
    expect(account.framesElsewhere(hall)).toEqual([])
  })

  test('no page complained, and none asked another host', () => {
    expect(account.faults).toEqual([])
  })
})

test('the printed talk has a page for each slide, each with the links of its slide', async () => {
  const file = join(tmpdir(), `let-it-crash-${system.port}.pdf`)
  const tool = resolve(import.meta.dirname, '../../server/pdf.mjs')
  const words = [tool, '--from', system.url, '--to', file]
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, expect.stringContaining(file)])

  const page = await browser.newPage()
  await page.goto(`${system.url}/deck/?print-pdf`)
  await page.locator('.pdf-page').last().waitFor()
  const names = await slideNames(page)
  expect(new Set(names).size).toBe(names.length)
  const links = await page
    .locator('.slides a:not(aside *)')
    .evaluateAll((all) =>
      all.flatMap((link) =>
        link.getAttribute('href')?.startsWith('#') ? [] : [(link as HTMLAnchorElement).href],
      ),
    )

  // Chromium writes pages and links in plain text.
  const pdf = readFileSync(file, 'latin1')
  rmSync(file)
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(names.length)
  const written = [...pdf.matchAll(/\/URI \((.*?)\)/g)].map(([, target]) => target)
  expect(links).toContain(`${address}/`)
  expect(links.filter((link) => !written.includes(link))).toEqual([])
  await page.close()
})

/** Goes from the first slide to the last by `Space`, and gives what it saw of each. */
async function walk(hall: Page, speaker: Page, desk: Page): Promise<Seen[]> {
  const last = (await slideNames(hall)).at(-1)
  const seen: Seen[] = []
  for (;;) {
    const name = await shownSlide(hall)
    if (name !== seen.at(-1)?.name) seen.push(await look(name, hall, speaker, desk))
    if (name === last) return seen
    await hall.keyboard.press('Space')
  }
}

async function look(name: string, hall: Page, speaker: Page, desk: Page): Promise<Seen> {
  const slide = hall.locator(`section[id="${name}"]`)
  const codes: (string | undefined)[] = []
  for (const code of await slide.locator('qr-code img').all()) {
    await code.evaluate((image: HTMLImageElement) => image.decode())
    const { x, y, width, height } = (await code.boundingBox())!
    const clip = { x, y, width, height }
    codes.push(await readQr(desk, await hall.screenshot({ clip })))
    codes.push(await readQr(desk, await quarterOf(hall, clip)))
  }
  const poor = await unreadable(hall)
  await hall.keyboard.press('q')
  const whole = { x: 0, y: 0, width: 1920, height: 1080 }
  const overlay = await readQr(desk, await quarterOf(hall, whole))
  await hall.keyboard.press('q')
  return { name, codes, overlay, unreadable: poor, ...(await prompts(name, hall, speaker)) }
}

/** What the speaker reads on their screen, once it has come to the slide of the hall. */
async function prompts(name: string, hall: Page, speaker: Page) {
  const current = speaker.frameLocator('#current-slide iframe')
  await current.locator(`section[id="${name}"].present`).waitFor({ state: 'attached' })
  const wanted = await hall
    .locator(`section[id="${name}"] aside.notes`)
    .evaluateAll(([note]) => (note?.textContent ?? '').trim())
  const note = speaker.locator('.speaker-controls-notes .value')
  const notes = await until(async () => {
    const text = (await note.textContent())?.trim() ?? ''
    if (text !== wanted) throw new Error(`on ${name} the speaker reads: ${text}`)
    return text
  })
  // A click on the time sets it to where this slide begins; some seconds pass until it is read.
  const time = speaker.locator('.speaker-controls-time .timer')
  await time.click()
  const cue = /^\d{2,3}:\d\d/.exec(notes)?.[0]
  if (cue === undefined) return { notes, beginsAt: undefined }
  const beginsAt = await until(async () => {
    const [hours = 0, minutes = 0, seconds = 0] = ((await time.textContent()) ?? '')
      .trim()
      .split(':')
      .map(Number)
    const shown = `${hours * 60 + minutes}:${seconds}`.replace(/\b\d\b/g, '0$&')
    if (shown === cue) return shown
    await time.click()
    throw new Error(`on ${name} the speaker's time is ${shown}, and its note says ${cue}`)
  })
  return { notes, beginsAt }
}

/** A picture of a part of the page, as wide and high as a quarter of it. */
async function quarterOf(
  page: Page,
  clip: { x: number; y: number; width: number; height: number },
): Promise<Buffer> {
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { clip: { ...clip, scale: 0.25 } })
  await session.detach()
  return Buffer.from(data, 'base64')
}

interface Account {
  /** Errors, and requests to another host, in any window. */
  readonly faults: readonly string[]
  /** The paths that frames of this page loaded, in order. */
  framesOf(page: Page): string[]
  /** Live pages that any other window loaded. */
  framesElsewhere(page: Page): string[]
}

function keepAccount(context: BrowserContext, host: string): Account {
  const faults: string[] = []
  const loads: { page: Page; path: string }[] = []
  const checkHost = (text: string) => {
    const url = new URL(text)
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) faults.push(`asked ${text}`)
  }
  context.on('console', (line) => {
    if (line.type() === 'error') faults.push(line.text())
  })
  context.on('weberror', (error) => faults.push(String(error.error())))
  context.on('page', (page) => page.on('websocket', (socket) => checkHost(socket.url())))
  context.on('request', (request) => {
    checkHost(request.url())
    const { pathname, search } = new URL(request.url())
    if (!request.isNavigationRequest() || request.frame().parentFrame() === null) return
    loads.push({ page: request.frame().page(), path: pathname + search })
  })
  const pathsOf = (isWanted: (page: Page) => boolean) =>
    loads.filter(({ page }) => isWanted(page)).map(({ path }) => path)
  return {
    faults,
    framesOf: (page) => pathsOf((each) => each === page),
    // The speaker view's own frames are the two previews of the deck.
    framesElsewhere: (page) =>
      pathsOf((each) => each !== page).filter((path) => !path.startsWith('/deck/')),
  }
}
