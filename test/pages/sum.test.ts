import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accepted, refused, type Wish } from '../../src/protocol/envelope'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { refuse } from '../../src/protocol/refusals'
import { sumFold } from '../../src/protocol/sum'
import { inLightAndDark, mine, projector, showPages, type ShownPages } from './shown-pages'
import { until } from '../support/until'

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

beforeEach(() => {
  const { gateway } = shown
  gateway.heard.length = 0
  gateway.onWish = () => accepted
  gateway.deaf = false
  gateway.keep(mine, sumFold, 'h1.1')
  gateway.keep(hostsStream, hostsFold, 'g1')
  gateway.swallow(hostsStream, { type: 'host_ready', host: 'play' })
})

afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const field = () => page.getByLabel('n, a whole number')
const send = () => page.getByRole('button', { name: 'Add up' })
const notices = () => page.getByLabel('What happened')
const lines = () => page.getByRole('list', { name: 'Your sums' }).getByRole('listitem')
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
const wishes = () =>
  shown.gateway.heard.filter(([word]) => word === 'wish').map(([, body]) => body as Wish)

async function open(...more: [options?: object, prepare?: (page: Page) => unknown]) {
  page = await shown.open('/sum', ...more)
  await sees('Connected')
  await sees('None yet')
}

const started = (id: string, number: string) => ({ type: 'sum_started', id, number })

describe('the sum page', () => {
  test('wishes a sum by the text as typed, and empties the field once it is accepted', async () => {
    await open()
    await field().fill(' 5 ')
    await field().press('Enter')
    await until(async () => expect(await field().inputValue()).toBe(''))
    expect(wishes()).toMatchObject([{ stream: mine, command: { type: 'start_sum', text: ' 5 ' } }])
  })

  test('lists what calculates, what has a result and what failed, newest first', async () => {
    await open()
    shown.gateway.say(mine, started('a', '50000'), started('b', '13'), started('c', '-5'))
    shown.gateway.say(
      mine,
      { type: 'sum_finished', id: 'a', result: '1250025000' },
      { type: 'sum_failed', id: 'b', reason: 'Error: bad luck' },
    )
    await sees('1\u2009250\u2009025\u2009000')
    const texts = await lines().allInnerTexts()
    expect(texts.map((text) => text.split(/\s*\n\s*/))).toEqual([
      ['up to \u22125', 'calculating'],
      ['up to 13', 'No result: its process crashed (bad luck).'],
      ['up to 50\u2009000', '1\u2009250\u2009025\u2009000'],
    ])
  })

  test('keeps the text and says why when the wish is refused', async () => {
    shown.gateway.onWish = () => refused(refuse('not_a_number'))
    await open()
    await field().fill('five')
    await send().click()
    await sees('That is not a whole number.')
    expect(await field().inputValue()).toBe('five')
    expect(await field().getAttribute('aria-invalid')).toBe('true')
    await field().pressSequentially('6')
    await until(async () => expect(await field().getAttribute('aria-invalid')).toBe('false'))
  })

  test('puts a minus before the number with the ± key, and takes it away', async () => {
    await open()
    await field().fill('5')
    const key = page.getByRole('button', { name: '±' })
    await key.click()
    expect(await field().inputValue()).toBe('-5')
    await key.click()
    expect(await field().inputValue()).toBe('5')
  })

  test('takes a typographic minus for a minus', async () => {
    await open()
    await field().fill('\u22125')
    await send().click()
    await until(() => expect(wishes()).toMatchObject([{ command: { text: '-5' } }]))
  })

  test('shows the same list and the same draft after a reload', async () => {
    await open()
    shown.gateway.say(mine, started('a', '7'))
    await sees('up to 7')
    await field().fill('12345')
    await page.reload()
    await sees('up to 7')
    expect(await field().inputValue()).toBe('12345')
  })

  test('works where all storage is forbidden', async () => {
    await open({}, (page) =>
      page.addInitScript(() =>
        Object.defineProperty(window, 'sessionStorage', {
          get() {
            throw new DOMException('forbidden', 'SecurityError')
          },
        }),
      ),
    )
    await field().fill('5')
    await send().click()
    await until(() => expect(wishes()).toHaveLength(1))
  })

  test('works in no secure context', async () => {
    await open()
    expect(await page.evaluate(() => isSecureContext)).toBe(false)
  })

  test('takes the focus on a laptop, but neither in a frame nor on a phone', async () => {
    const focused = (frame: { evaluate: Page['evaluate'] }) =>
      frame.evaluate(() => document.activeElement?.id)
    await open()
    expect(await focused(page)).toBe('number')
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.src = '/sum'
      document.body.append(frame)
    })
    await page.frameLocator('iframe').getByText('None yet').waitFor()
    expect(await focused(page.frames()[1]!)).not.toBe('number')
    await shown.leave(page)
    await open({ hasTouch: true, isMobile: true })
    expect(await focused(page)).not.toBe('number')
  })

  test.each([390, 320, 195])('stays within %i px, whatever the results', async (width) => {
    await open({ viewport: { width, height: 700 } })
    shown.gateway.say(mine, started('a', '9'.repeat(40)), started('b', 'x'.repeat(40)))
    shown.gateway.say(
      mine,
      { type: 'sum_finished', id: 'a', result: '4'.repeat(80) },
      { type: 'sum_failed', id: 'b', reason: 'e'.repeat(300) },
    )
    await sees('No result')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  })

  test('needs at most 45 kB of code', async () => {
    const asked: string[] = []
    await open({}, (page) =>
      page.on('request', (request) => asked.push(new URL(request.url()).pathname)),
    )
    const assets = await readdir(join(shown.folder, 'assets'))
    const used = assets.filter((name) => asked.includes(`/assets/${name}`))
    const sizes = await Promise.all(
      used.map(async (name) => gzipSync(await readFile(join(shown.folder, 'assets', name))).length),
    )
    expect(used.length).toBeGreaterThan(2)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(45_000)
  })
})

describe('the sum page says what happened', () => {
  test('when the session was restarted: the list is empty, and why', async () => {
    await open()
    shown.gateway.say(mine, started('a', '7'))
    await sees('up to 7')
    shown.gateway.restart(mine, 'h1.2')
    await sees('Your session was restarted')
    expect(await lines().count()).toBe(0)
    await sees('None yet')
  })

  test('when the session was restarted while the page was reloaded', async () => {
    await open()
    shown.gateway.keep(mine, sumFold, 'h1.2')
    await page.reload()
    await sees('Your session was restarted')
  })

  test('when its host died: that it is down, why, and that the list starts anew', async () => {
    await open()
    shown.gateway.say(hostsStream, {
      type: 'host_lost',
      host: 'play',
      reason: 'killed (SIGKILL)',
    })
    await sees('Connected, but host play is being restarted')
    await sees('The host play is down. Reason: killed (SIGKILL).')
    shown.gateway.say(hostsStream, { type: 'host_starting', host: 'play' })
    shown.gateway.say(hostsStream, { type: 'host_ready', host: 'play' })
    shown.gateway.restart(mine, 'h2.1')
    await sees(
      'The host play was restarted. Reason: killed (SIGKILL). Your session lived in it, so your list starts anew.',
    )
    expect(await notices().getByRole('listitem').count()).toBe(1)
    await sees(/^\s*Connected\s*$/)
  })

  test('when its host is in quarantine', async () => {
    await open()
    shown.gateway.say(hostsStream, { type: 'host_lost', host: 'play', reason: 'exit 1' })
    shown.gateway.say(hostsStream, { type: 'host_quarantined', host: 'play', reason: 'exit 1' })
    await sees('Connected, but host play is in quarantine')
    await sees('The host play died again and again and is in quarantine')
  })

  test('when the connection was lost and came back; the wish made meanwhile goes out', async () => {
    await open()
    await shown.gateway.kill()
    await sees('Connection lost, trying again…')
    await sees('The connection was lost. The page tries again by itself.')
    await field().fill('5')
    await send().click()
    await sees('It is sent as soon as the connection is back.')
    await shown.gateway.live()
    await sees(/The connection was lost and came back after/)
    await until(() => expect(wishes()).toMatchObject([{ command: { text: '5' } }]))
  })

  test('when it became older than the system, and loads itself again only if told to', async () => {
    await open()
    shown.gateway.welcome = { ...shown.gateway.welcome, version: '2' }
    shown.gateway.sendAway()
    await sees('The system has a newer version than this page.')
    await page.evaluate(() => Object.assign(window, { same: true }))
    await page.getByRole('button', { name: 'Load the page again' }).click()
    await until(async () => expect(await page.evaluate(() => 'same' in window)).toBe(false))
    await sees('Connected')
    expect(await page.getByText('newer version').count()).toBe(0)
  })

  test('until each notice is dismissed', async () => {
    await open()
    shown.gateway.restart(mine, 'h1.2')
    await sees('Your session was restarted')
    await page.getByRole('button', { name: /^Dismiss/ }).click()
    await until(async () => expect(await notices().getByRole('listitem').count()).toBe(0))
  })
})

describe('a phone that wakes', () => {
  test.each(['visibilitychange', 'pageshow', 'online', 'offline'])(
    'looks after its connection at once on %s',
    async (type) => {
      await open()
      const looked = () =>
        shown.gateway.heard.filter(([word]) => word === 'unfollow').length +
        shown.gateway.welcomed()
      const before = looked()
      await page.evaluate((type) => {
        const target = type === 'visibilitychange' ? document : window
        target.dispatchEvent(new Event(type))
      }, type)
      await until(() => expect(looked()).toBeGreaterThan(before))
    },
  )

  test('gets a new connection when the old one is dead and looks open', async () => {
    await open()
    shown.gateway.deaf = true
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await sees('The connection was lost')
    shown.gateway.deaf = false
    await sees('came back after')
  })
})

describe('axe finds nothing serious on the sum page', () => {
  test('whatever it shows', async () => {
    for (const viewport of [undefined, projector]) {
      await open(viewport && { viewport })
      await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
      shown.gateway.onWish = () => refused(refuse('too_busy'))
      await field().fill('13')
      await send().click()
      await sees('The system is as full as it may be.')
      shown.gateway.restart(mine, 'h1.2')
      shown.gateway.say(mine, started('a', '7'), started('b', '13'), started('c', '-5'))
      shown.gateway.say(
        mine,
        { type: 'sum_finished', id: 'a', result: '28' },
        { type: 'sum_failed', id: 'b', reason: 'Error: bad luck' },
      )
      shown.gateway.say(hostsStream, {
        type: 'host_lost',
        host: 'play',
        reason: 'killed (SIGKILL)',
      })
      await sees('The host play is down')
      await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
      shown.gateway.keep(mine, sumFold, 'h1.1')
      shown.gateway.keep(hostsStream, hostsFold, 'g2')
      await shown.leave(page)
    }
  })
})
