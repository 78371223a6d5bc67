/*
 * A note goes from a phone to the wall through the real system, moderated by somebody at a
 * keyboard, while the deck says what is on; and hosts are killed meanwhile.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { boardCode } from '../../src/protocol/board-code'
import { phone, projector, startBrowser } from '../support/browser'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

const board = 'building-blocks'
const slide = 'how-would-you-build-it'
const turn = { type: 'show_slide', slide, fragment: -1 }

let folder: string
let system: System
let browser: Browser
let presenter: BrowserContext
let contexts: BrowserContext[] = []

const start = (again?: number) => startSystem(() => ({ DATA_DIR: join(folder, 'data') }), again)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'board-'))
  ;[system, browser] = await Promise.all([start(), startBrowser()])
  presenter = await browser.newContext(projector)
  const page = await presenter.newPage()
  await page.goto(`${system.url}/enter#${token}`)
  await page.waitForURL(/\/deck\//)
  await page.close()
})

afterAll(async () => {
  await browser?.close()
  await system?.stop()
  rmSync(folder, { recursive: true, force: true })
})

afterEach(async () => {
  for (const context of contexts) await context.close()
  contexts = []
})

async function scan(path = '/'): Promise<Page> {
  const context = await browser.newContext(phone)
  contexts.push(context)
  const page = await context.newPage()
  await page.goto(system.url + path)
  return page
}

async function open(path: string): Promise<Page> {
  const page = await presenter.newPage()
  await page.goto(system.url + path)
  return page
}

async function post(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox').fill(text)
  await page.getByRole('button', { name: 'Send' }).tap()
}

/** The presenter turns the deck to the board's slide, by hand. */
async function turnToBoard(): Promise<Page> {
  const deck = await open('/deck/#/break-the-system')
  await deck.locator('#break-the-system.present').waitFor()
  await deck.keyboard.press('ArrowLeft')
  await deck.locator(`#${slide}.present`).waitFor()
  return deck
}

const shows = (page: Page, text: string) => page.getByText(text).first().waitFor()
const lacks = (page: Page, text: string) =>
  until(async () => expect(await page.getByText(text).count()).toBe(0))

describe('the deck', () => {
  test('leads the audience to what it shows, and opens the board on the way', async () => {
    const visitor = await scan()
    await visitor.getByLabel('n, a whole number').waitFor()
    const deck = await turnToBoard()
    await shows(visitor, 'Which building blocks would you need?')
    const late = await scan()
    await post(late, 'supervisors')
    await shows(visitor, 'supervisors')
    await deck.frameLocator(`#${slide} iframe`).getByText('supervisors').waitFor()
    await deck.close()
  })

  test('is followed on a phone, and by nobody told', async () => {
    const follower = await scan('/deck/?follow')
    await follower.locator(`#${slide}.present`).waitFor()
    await follower.keyboard.press('ArrowRight')
    const late = await scan()
    await shows(late, 'Which building blocks would you need?')
  })
})

describe('a board', () => {
  test('has a short address, in any case', async () => {
    const code = boardCode(board).toLowerCase()
    const page = await scan(`/${code}`)
    expect(new URL(page.url()).pathname).toBe(`/board/${board}`)
    const unknown = await fetch(`${system.url}/board/of-nobody`)
    expect(unknown.status).toBe(404)
  })

  test('is moderated by keyboard: what is hidden vanishes everywhere, what is blank is blank', async () => {
    const [writer, reader] = [await scan(`/board/${board}`), await scan(`/board/${board}`)]
    const wall = await open(`/board/${board}/wall`)
    await post(writer, 'a rude remark')
    await shows(reader, 'a rude remark')
    await shows(wall, 'a rude remark')
    const admin = await open(`/board/${board}/admin`)
    await shows(admin, 'a rude remark')
    await admin.keyboard.press('ArrowDown')
    await admin.keyboard.press('h')
    await lacks(reader, 'a rude remark')
    await lacks(wall, 'a rude remark')
    await shows(writer, 'a rude remark')
    await writer
      .getByText(/hidden/i)
      .first()
      .waitFor()
    await admin.keyboard.press('b')
    await lacks(wall, 'supervisors')
    await admin.keyboard.press('b')
    await shows(wall, 'supervisors')
    await admin.keyboard.press('u')
    await admin.keyboard.press('u')
    await admin.keyboard.press('u')
    await shows(reader, 'a rude remark')
    for (const page of [wall, admin]) await page.close()
  })

  test('answers a phone that moderates with a refusal, and its admin page with 404', async () => {
    expect((await fetch(`${system.url}/board/${board}/admin`)).status).toBe(404)
    const socket = io(system.url, { forceNew: true })
    const ask = (word: string, body: object) =>
      socket.timeout(5_000).emitWithAck(word, body) as Promise<unknown>
    const stream = `boards/board/${board}`
    for (const [word, body] of [
      ['wish', { stream, command: { type: 'blank_wall', blank: true } }],
      ['wish', { stream, command: { type: 'reset_board' } }],
      ['wish', { stream: 'boards/deck', command: { ...turn } }],
      ['follow', { stream: `${stream}/admin` }],
      ['follow', { stream: `${stream}/export` }],
    ] as const) {
      const asked = word === 'wish' ? { id: 'by-a-phone', ...body } : body
      expect(await ask(word, asked)).toEqual({ ok: false, refusal: { code: 'presenter_only' } })
    }
    const foreign = await ask('follow', { stream: `${stream}/own/0123456789ab` })
    expect(foreign).toEqual({ ok: false, refusal: { code: 'not_yours' } })
    socket.disconnect()
  })

  test('killed while notes are sent loses none that was ticked, and doubles none', async () => {
    const writers = await Promise.all(Array.from({ length: 3 }, () => scan(`/board/${board}`)))
    const reader = await scan(`/board/${board}`)
    for (const [at, writer] of writers.entries()) {
      await writer.getByText('Connected').waitFor()
      process.kill(await system.pidOf('boards'), 'SIGKILL')
      await post(writer, `sent into a crash ${at}`)
    }
    for (const [at, writer] of writers.entries()) {
      await writer
        .getByText(/on the wall/i)
        .first()
        .waitFor()
      await shows(reader, `sent into a crash ${at}`)
      expect(await reader.getByText(`sent into a crash ${at}`).count()).toBe(1)
    }
    await system.ready()
  })

  test('is there after a restart of the whole system, with its votes and its voters', async () => {
    const voter = await scan(`/board/${board}`)
    const vote = voter.getByRole('listitem').filter({ hasText: 'supervisors' }).getByRole('button')
    await vote.tap()
    await until(async () => expect(await vote.innerText()).toMatch(/1$/))
    await system.stop()
    system = await start(system.port)
    await voter.evaluate(() => localStorage.clear())
    await voter.reload()
    await until(async () => expect(await vote.innerText()).toMatch(/1$/))
    await vote.tap()
    await until(async () => expect(await vote.isDisabled()).toBe(true))
    expect(await vote.innerText()).toMatch(/1$/)
  })
})
