import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  failuresIn,
  joinLives,
  lastOf,
  latencyCurve,
  rateCurve,
  secondsIn,
} from '../../src/pages/load/load-history'
import { milliseconds, share, typedTarget } from '../../src/pages/load/load-words'
import { accepted, refused } from '../../src/protocol/envelope'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { loadFold, loadStream, type LoadEvent, type LoadSample } from '../../src/protocol/load'
import { refuse } from '../../src/protocol/refusals'
import { until } from '../support/until'
import { phone, projector, seriousFaults, showPages, type ShownPages } from './shown-pages'

const address = '/dashboard/load_control'
const startMs = 1_700_000_000_000

const sample = (at: number, more: Partial<LoadSample> = {}): LoadSample => ({
  ...{ atMs: startMs + at * 100, target: 100, clients: 100, due: 10, done: 10, failed: {} },
  latencyMs: { p50: 1, p90: 2, p99: 5, p999: 8, max: 9 },
  backsOff: false,
  ...more,
})
const samples = (from: number, to: number, more: Partial<LoadSample> = {}): LoadSample[] =>
  Array.from({ length: to - from }, (_, at) => sample(from + at, more))
const sampled = (all: readonly LoadSample[]): LoadEvent[] =>
  all.map((each) => ({ type: 'load_sampled', sample: each }))

describe('the history', () => {
  test('joins the lives of the host, and keeps the last minute', () => {
    const before = samples(0, 300)
    const after = samples(320, 700)
    const joined = joinLives(before, after)
    expect(joined.map(({ atMs }) => (atMs - startMs) / 100)).toEqual(
      [...Array(700).keys()].slice(99).filter((at) => at < 300 || at >= 320),
    )
    expect(joinLives(joined, [])).toBe(joined)
    expect(joinLives(after, after)).toEqual(after)
  })

  test('of a rate is a mean over ten samples and the time they took', () => {
    expect(lastOf(rateCurve([]))).toBeNull()
    expect(rateCurve(samples(0, 30)).values.map((each) => Math.round(each!))).toEqual(
      Array(30).fill(100),
    )
    const late = [...samples(0, 20), sample(30, { done: 10 })]
    expect(lastOf(rateCurve(late))).toBeCloseTo(50)
  })

  test('of a latency is a mean over ten samples, without those in which nothing was done', () => {
    const none = { done: 0, latencyMs: undefined } as unknown as Partial<LoadSample>
    expect(latencyCurve(samples(0, 3, none), 'p99').values).toEqual([null, null, null])
    expect(lastOf(latencyCurve([...samples(0, 20), ...samples(20, 25, none)], 'p99'))).toBe(5)
    expect(lastOf(latencyCurve([...samples(0, 20), ...samples(20, 30, none)], 'p99'))).toBeNull()
  })

  test('counts failures by reason, and by full seconds', () => {
    const all = samples(0, 35, { failed: { crashed: 1, host_lost: 2 } })
    expect(failuresIn(all)).toEqual([
      ['host_lost', 70],
      ['crashed', 35],
    ])
    expect(secondsIn(all, 2)).toEqual([
      { atMs: startMs + 2_000, clients: 100, due: 100, done: 100, failed: 30, p99Ms: 5 },
      { atMs: startMs + 1_000, clients: 100, due: 100, done: 100, failed: 30, p99Ms: 5 },
    ])
  })
})

test.each([
  ['100000', 100_000],
  [' 100 000 ', 100_000],
  ['100,000', 100_000],
  ['0', 0],
  ...['', ' ', ',', 'abc', '1.5', '-1', '1e5', '0x10', '５'].map((text) => [text, NaN] as const),
] as const)('what was typed, %j, is read as %d', (text, target) => {
  expect(typedTarget(text)).toBe(target)
})

test('figures are as exact as anybody wants them, and never too good', () => {
  expect([0.341, 4.84, 132.4, null].map(milliseconds)).toEqual(['0.34', '4.8', '132', '–'])
  expect([99_996, 100_000, 100_200].map((rate) => share(rate, 100_000))).toEqual([
    '99.9\u00a0%',
    '100.0\u00a0%',
    '100.0\u00a0%',
  ])
})

describe('the page', () => {
  let shown: ShownPages
  let page: Page

  beforeAll(async () => {
    shown = await showPages(['load'])
  })
  afterAll(() => shown.close())

  beforeEach(() => {
    const { gateway } = shown
    gateway.welcome = { ...gateway.welcome, role: 'presenter' }
    gateway.heard.length = 0
    gateway.onWish = () => accepted
    gateway.keep(loadStream, loadFold, 'l1.1')
    gateway.keep(hostsStream, hostsFold, 'g1')
    gateway.swallow(
      hostsStream,
      { type: 'host_ready', host: 'play' },
      { type: 'host_ready', host: 'load' },
    )
    gateway.swallow(loadStream, { type: 'target_set', target: 100 }, ...sampled(samples(0, 100)))
  })
  afterEach(async () => {
    await page.context().close()
    expect(shown.complaints.splice(0)).toEqual([])
  })

  const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const dial = () => page.getByLabel('Virtual clients')
  const wishes = () =>
    shown.gateway.heard.flatMap(([word, body]) =>
      word === 'wish' ? [(body as { command: unknown }).command] : [],
    )
  const wished = (target: number | null) => ({ type: 'set_target', target })

  test('turns to what was typed on Enter, and shows what is wanted', async () => {
    page = await shown.open(address)
    await dial().fill('2,000')
    await dial().press('Enter')
    await until(() => expect(wishes()).toEqual([wished(2_000)]))
    shown.gateway.say(loadStream, { type: 'target_set', target: 2_000 })
    await until(async () => {
      expect(await dial().inputValue()).toBe('')
      expect(await dial().getAttribute('placeholder')).toBe('2\u2009000')
    })
  })

  test('turns to nothing by one key, but not while a number is typed', async () => {
    page = await shown.open(address)
    await dial().pressSequentially('100')
    await page.getByRole('heading', { name: 'Load control' }).click()
    await page.keyboard.press('0')
    await until(() => expect(wishes()).toEqual([wished(0)]))
  })

  test('turns to nothing by a button', async () => {
    page = await shown.open(address)
    await page.getByRole('button', { name: 'Set to 0' }).click()
    await until(() => expect(wishes()).toEqual([wished(0)]))
  })

  test('tells why a target is refused, beside the field, and keeps what was typed', async () => {
    shown.gateway.onWish = () => refused(refuse('not_a_target'))
    page = await shown.open(address)
    await dial().fill('abc')
    await dial().press('Enter')
    await sees('That must be a whole number from 0 to 1,000,000.')
    expect(await dial().inputValue()).toBe('abc')
    expect(wishes()).toEqual([wished(null)])
  })

  test('has no dial for the audience, and no key either', async () => {
    shown.gateway.welcome = { ...shown.gateway.welcome, role: 'audience' }
    page = await shown.open(address)
    await sees(/100.0\s%/)
    await page.keyboard.press('0')
    expect(await dial().count()).toBe(0)
    expect(wishes()).toEqual([])
  })

  test('shows what is achieved, how long it takes, and what fails for which reason', async () => {
    page = await shown.open(address)
    await sees('100.0\u00a0% of what is wanted')
    await page.getByRole('img', { name: /100 now, 100 wanted/ }).waitFor()
    await page.getByRole('img', { name: /5.0 milliseconds now/ }).waitFor()
    const failed = { host_lost: 1_234, held_back: 5 }
    shown.gateway.say(loadStream, ...sampled([sample(100, { failed, backsOff: true })]))
    await sees('1\u2009234 lost with play')
    await sees('5 held back: too many were open')
    await sees(/Backing off/)
  })

  test('draws two charts that move', async () => {
    page = await shown.open(address)
    await until(async () => expect(await page.locator('canvas').count()).toBe(2))
    const picture = () =>
      page
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
    await sees('100.0\u00a0% of what is wanted')
    const before = await picture()
    shown.gateway.say(loadStream, ...sampled(samples(100, 105, { done: 20 })))
    await until(async () => expect(await picture()).not.toBe(before))
  })

  test('has the last seconds as a table', async () => {
    page = await shown.open(address)
    await page.getByText('The last ten seconds as a table').click()
    await until(async () => expect(await page.getByRole('row').count()).toBe(10))
    const cells = await page.getByRole('row').nth(1).getByRole('cell').allInnerTexts()
    expect(cells).toEqual(['100', '100', '100', '0', '5.0'])
  })

  test('shows the dip of a host that was killed, and that it is down', async () => {
    page = await shown.open(address)
    await sees('100.0\u00a0% of what is wanted')
    shown.gateway.say(hostsStream, { type: 'host_lost', host: 'load', reason: 'killed' })
    await sees('Connected, but not ready: load (lost)')
    shown.gateway.restart(loadStream, 'l2.1')
    shown.gateway.say(
      loadStream,
      { type: 'target_set', target: 100 },
      ...sampled(samples(110, 112)),
    )
    await sees(/^5\d\.\d\s% of what is wanted$|^6\d\.\d\s% of what is wanted$/)
  })

  test.each(['light', 'dark'] as const)(
    'has nothing serious for axe in %s, and nothing is cut off',
    async (colorScheme) => {
      for (const viewport of [phone, projector]) {
        page = await shown.open(address, { colorScheme, viewport })
        await sees('100.0\u00a0% of what is wanted')
        await page.getByText('The last ten seconds as a table').click()
        expect(await seriousFaults(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)
        await page.context().close()
      }
    },
  )
})
