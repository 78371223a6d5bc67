import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { inLightAndDark, phone, projector, showPages, type ShownPages } from './shown-pages'
import { until } from '../support/until'

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

beforeEach(() => {
  shown.gateway.welcome = { ...shown.gateway.welcome, role: 'presenter' }
  shown.gateway.keep(hostsStream, hostsFold, 'g1')
  shown.gateway.swallow(
    hostsStream,
    { type: 'host_ready', host: 'play' },
    { type: 'host_ready', host: 'boards' },
  )
})

afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
const rows = async () => {
  const texts = await page.getByRole('row').allInnerTexts()
  return texts.map((text) => text.split(/\s*[\n\t]\s*/).filter(Boolean))
}

describe('the presenter page', () => {
  test('shows where the audience finds the system, with its QR code', async () => {
    page = await shown.open('/presenter')
    await page.getByRole('link', { name: '192.168.1.5:4000' }).waitFor()
    const code = page.getByRole('img', { name: 'QR code' })
    const width = () => code.evaluate((image: HTMLImageElement) => image.naturalWidth)
    await until(async () => expect(await width()).toBeGreaterThan(0))
    expect(await code.getAttribute('src')).toBe('/qr.svg?to=/')
  })

  test('has the whole QR code on a projector, however long the boards’ list', async () => {
    page = await shown.open('/presenter', { viewport: projector })
    await sees('boards')
    const code = (await page.getByRole('img', { name: 'QR code' }).boundingBox())!
    expect(code.y + code.height).toBeLessThanOrEqual(projector.height)
  })

  test('lists the hosts: their state in words, their losses and the last reason', async () => {
    page = await shown.open('/presenter')
    await sees('boards')
    shown.gateway.say(hostsStream, { type: 'host_lost', host: 'play', reason: 'killed (SIGKILL)' })
    await sees('play was last lost: killed (SIGKILL)')
    expect(await rows()).toEqual([
      ['Host', 'State', 'Losses'],
      ['play', 'lost', '1'],
      ['play was last lost: killed (SIGKILL)'],
      ['boards', 'ready', '0'],
    ])
  })

  test('leads to each board: moderated, projected, on a phone', async () => {
    page = await shown.open('/presenter')
    const board = page.getByRole('navigation', { name: 'Which building blocks would you need?' })
    const links = await board
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href')]))
    expect(links).toEqual([
      ['Moderate', '/board/building-blocks/admin'],
      ['Wall', '/board/building-blocks/wall'],
      ['On a phone', '/board/building-blocks'],
    ])
  })

  test('says so when the browser has no presenter rights', async () => {
    shown.gateway.welcome = { ...shown.gateway.welcome, role: 'audience' }
    page = await shown.open('/presenter')
    await sees('This browser has no presenter')
  })

  test('says when the connection is lost, and comes back', async () => {
    page = await shown.open('/presenter')
    await sees('Connected')
    await shown.gateway.kill()
    await sees('Connection lost, trying again…')
    await shown.gateway.live()
    await sees('Connected')
  })

  test('has nothing serious for axe', async () => {
    for (const viewport of [phone, projector]) {
      page = await shown.open('/presenter', { viewport })
      await sees('boards')
      shown.gateway.say(
        hostsStream,
        { type: 'host_lost', host: 'play', reason: 'silent for 512 ms' },
        { type: 'host_quarantined', host: 'play', reason: 'exit 1' },
        { type: 'host_starting', host: 'load' },
      )
      await sees('load')
      await inLightAndDark(page, async (faults) => {
        expect(faults).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)
      })
      await shown.leave(page)
    }
  })
})
