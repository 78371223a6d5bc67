import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lastOf, movingMeans, onGrid, type Curve } from '../../src/pages/load/curve'
import { busiestPlayHost, busyCurve, hostRows, hostsIn } from '../../src/pages/load/gauges-history'
import {
  failuresIn,
  joinLives,
  latencyCurve,
  rateCurve,
  secondsIn,
} from '../../src/pages/load/load-history'
import { downHosts, milliseconds, share, typedNumber } from '../../src/pages/load/load-words'
import { placeNames } from '../../src/pages/load/name-places'
import { accepted, refused, type Wish } from '../../src/protocol/envelope'
import { gaugesFold, gaugesStream, type GaugesSample } from '../../src/protocol/gauges'
import { hostsFold, hostsStream, type HostLine } from '../../src/protocol/hosts'
import {
  loadFold,
  loadStream,
  type LatencyMs,
  type LoadEvent,
  type LoadSample,
} from '../../src/protocol/load'
import { refuse } from '../../src/protocol/refusals'
import { until } from '../support/until'
import { inLightAndDark, phone, projector, showPages, type ShownPages } from './shown-pages'

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

type Busy = Readonly<Record<string, number>>
const allHosts: Busy = { root: 0.01, gateway: 0.2, boards: 0, load: 0.5, 'play-1': 0.9 }
const sums: LatencyMs & { count: number } = {
  ...{ p50: 0.5, p90: 1, p99: 2.5, p999: 4, max: 7, count: 1_234 },
}
const gauge = (at: number, busy = allHosts, more: Partial<GaugesSample> = {}): GaugesSample => ({
  atMs: startMs + at * 100,
  hosts: Object.entries(busy).map(([host, share]) => ({
    ...{ host, busy: share, cores: share + 0.1, rssMb: 100 },
    ...(host === 'gateway' || host === 'root' ? {} : { processes: 1_500 }),
  })),
  ...more,
})
const gauges = (from: number, to: number, busy?: Busy, more?: Partial<GaugesSample>) =>
  Array.from({ length: to - from }, (_, at) => gauge(from + at, busy, more))
const gauged = (all: readonly GaugesSample[]) =>
  all.map((each) => ({ type: 'gauges_sampled', sample: each }))

describe('a curve', () => {
  const at = (...tenths: number[]) => tenths.map((tenth) => startMs + tenth * 100)
  const valuesOf = ({ values }: Curve) => values

  test('is made of means that begin anew after a gap', () => {
    const values = [1, 3, 10, 20]
    expect(valuesOf(movingMeans({ atMs: at(0, 1, 5, 6), values }))).toEqual([1, 2, 10, 15])
    expect(valuesOf(movingMeans({ atMs: at(0, 1, 2, 3), values }, 2))).toEqual([1, 2, 6.5, 15])
  })

  test('goes on where nothing was measured, or ends there', () => {
    const curve = { atMs: at(0, 1, 2), values: [1, null, 3] }
    expect(valuesOf(movingMeans(curve))).toEqual([1, 1, 2])
    expect(valuesOf(movingMeans(curve, 10, 'ending'))).toEqual([1, null, 3])
  })

  test('lies on the grid of its clock, whoever is a bit late', () => {
    const curve = { atMs: [startMs, startMs + 120, startMs + 290], values: [1, 2, 3] }
    expect(onGrid(curve, startMs + 300).slice(-5)).toEqual([null, 1, 2, undefined, 3])
    expect(onGrid(curve, startMs + 330).slice(-5)).toEqual([null, 1, 2, undefined, 3])
    expect(onGrid(curve, startMs + 500).slice(-4)).toEqual([undefined, 3, null, null])
  })

  test('has a gap where samples are missing, and where nothing was measured', () => {
    const missing = { atMs: at(0, 3), values: [1, 2] }
    expect(onGrid(missing, startMs + 300).slice(-4)).toEqual([1, null, null, 2])
    const dead = { atMs: at(0, 2, 3), values: [1, null, 2] }
    expect(onGrid(dead, startMs + 300).slice(-4)).toEqual([1, null, null, 2])
  })
})

describe('the gauges', () => {
  const lines: HostLine[] = ['play-10', 'play-2', 'load', 'gateway'].map((host) => ({
    ...{ host, state: 'ready', losses: 0 },
  }))
  const rowsOf = (all: readonly GaugesSample[], playHosts = 10) =>
    hostRows(all, lines, playHosts).map(({ host, cores }) => [host, cores && cores.toFixed(2)])

  test('give each OS process a row, always in the same place', () => {
    const busy = { load: 0.5, 'play-10': 0.1, root: 0, 'play-2': 0.2, gateway: 0.1 }
    const places = ['root', 'gateway', 'load', 'play-2', 'play-10']
    const cores = ['0.10', '0.20', '0.60', '0.30', '0.20']
    expect(rowsOf(gauges(0, 10, busy))).toEqual(places.map((host, at) => [host, cores[at]]))
    expect(hostsIn([gauge(0, { 'play-2': 1 }), gauge(1, busy)])).toEqual(places)
    const dead = rowsOf([...gauges(0, 9, busy), gauge(9, { root: 0 })])
    expect(dead).toEqual(places.map((host) => [host, host === 'root' ? '0.10' : undefined]))
  })

  test('tell what an OS process takes as a mean of the last second', () => {
    const all = [...gauges(0, 20, { root: 0 }), ...gauges(20, 25, { root: 1 })]
    expect(rowsOf(all)[0]).toEqual(['root', '0.60'])
  })

  test('have no row for a play host that is no longer wanted and has ended', () => {
    const hostsOf = (busy: Busy) => rowsOf(gauges(0, 20, busy), 2).map(([host]) => host)
    expect(hostsOf({ 'play-10': 1 })).toContain('play-10')
    expect(hostsOf({ 'play-1': 1 })).toEqual(['gateway', 'load', 'play-1', 'play-2'])
  })

  test('show how busy a host was, at most wholly, and nothing while it was away', () => {
    const all = [
      ...gauges(0, 20, { 'play-1': 0.5 }),
      ...gauges(20, 22, {}),
      ...gauges(22, 24, { 'play-1': 1.1 }),
    ]
    expect(busyCurve(all, 'play-1').values.slice(-5)).toEqual([50, null, null, 100, 100])
  })

  test('know the busiest play host of a time', () => {
    const all = [gauge(0, { load: 1, 'play-1': 0.2, 'play-2': 0.9 }), gauge(1, { 'play-1': 0.6 })]
    expect(busiestPlayHost(all)).toBe(0.9)
    expect(busiestPlayHost(gauges(0, 5, { load: 1 }))).toBeUndefined()
  })
})

describe('names beside lines', () => {
  const placed = (ends: readonly number[], to = 100) =>
    placeNames(
      ends.map((at) => ({ name: `${at}`, at })),
      { from: 0, to, each: 20 },
    ).map(({ line, at }) => [line.name, at])

  test('stand at the ends of their lines, and none over another or outside', () => {
    expect(placed([30, 70])).toEqual([
      ['30', 30],
      ['70', 70],
    ])
    expect(placed([95, 2, 96, 40, 45]).flat()).toEqual([
      '2',
      10,
      '40',
      30,
      '45',
      50,
      '95',
      70,
      '96',
      90,
    ])
  })

  test('are left out from below where there is no room', () => {
    expect(placed([35, 30, 20], 45).map(([name]) => name)).toEqual(['20', '30'])
  })
})

test('hosts that are down are named, each play host too, but none that nobody wants', () => {
  const view = (hosts: Record<string, HostLine['state']>) => ({
    hosts: Object.entries(hosts).map(([host, state]) => ({ host, state, losses: 1 })),
  })
  const down = view({ boards: 'lost', 'play-1': 'ready', 'play-2': 'lost', load: 'starting' })
  expect(downHosts(down)).toBe('Connected, but not ready: play-2 (lost), load (starting)')
  expect(downHosts(down, 1)).toBe('Connected, but not ready: load (starting)')
  expect(downHosts(view({ play: 'lost' }), 1)).toBe('Connected, but not ready: play (lost)')
  expect(downHosts(view({ boards: 'lost', play: 'ready' }))).toBeUndefined()
})

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
    const second = { clients: 100, due: 100, done: 100, failed: 30, p99Ms: 5 }
    expect(secondsIn(all, gauges(20, 30), 2)).toEqual([
      { ...second, atMs: startMs + 2_000, busiest: expect.closeTo(0.9) },
      { ...second, atMs: startMs + 1_000, busiest: undefined },
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
  expect(typedNumber(text)).toBe(target)
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
    shown = await showPages()
  })
  afterAll(() => shown.close())

  beforeEach(() => {
    const { gateway } = shown
    gateway.welcome = { ...gateway.welcome, role: 'presenter' }
    gateway.heard.length = 0
    gateway.onWish = () => accepted
    gateway.keep(loadStream, loadFold, 'l1.1')
    gateway.keep(hostsStream, hostsFold, 'g1')
    gateway.keep(gaugesStream, gaugesFold, 'g1.1')
    for (const host of ['gateway', 'boards', 'load', 'play-1'])
      gateway.swallow(hostsStream, { type: 'host_ready', host })
    gateway.swallow(
      loadStream,
      { type: 'target_set', target: 100 },
      { type: 'play_hosts_set', count: 1, most: 4 },
      ...sampled(samples(0, 100)),
    )
    gateway.swallow(gaugesStream, ...gauged(gauges(0, 100, allHosts, { sums })))
  })
  afterEach(async () => {
    await shown.leave(page)
    expect(shown.complaints.splice(0)).toEqual([])
  })

  const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const dial = () => page.getByLabel('Virtual clients')
  const schedulers = () => page.getByLabel('Schedulers')
  const wishes = () =>
    shown.gateway.heard.flatMap(([word, body]) =>
      word === 'wish' ? [(body as { command: unknown }).command] : [],
    )
  const wished = (target: number | null) => ({ type: 'set_target', target })
  const wishedHosts = (count: number | null) => ({ type: 'set_play_hosts', count })

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

  test('tells a refusal at the dial that was turned, and not at the other', async () => {
    shown.gateway.onWish = ({ command }: Wish) =>
      (command as { type: string }).type === 'set_target'
        ? refused(refuse('not_a_target'))
        : refused(refuse('not_a_host_count'))
    page = await shown.open(address)
    const told = (id: string) => page.locator(`#${id}-answer`).innerText()
    await schedulers().fill('9')
    await schedulers().press('Enter')
    await until(async () => expect(await told('play-hosts')).toMatch(/from 1 to the number of/))
    expect(await told('target')).toBe('')
    expect(await schedulers().inputValue()).toBe('9')
    expect(await schedulers().getAttribute('placeholder')).toBe('1')
    await dial().fill('x')
    await dial().press('Enter')
    await until(async () => expect(await told('target')).toMatch(/from 0 to 1,000,000/))
    expect(await told('play-hosts')).toMatch(/from 1 to the number of/)
    expect(wishes()).toEqual([wishedHosts(9), wished(null)])
  })

  test('turns to as many play hosts as were typed, each with a scheduler', async () => {
    page = await shown.open(address)
    await sees('play hosts, one each, up to 4')
    await schedulers().fill('3')
    await schedulers().press('Enter')
    await until(() => expect(wishes()).toEqual([wishedHosts(3)]))
    shown.gateway.say(loadStream, { type: 'play_hosts_set', count: 3, most: 4 })
    await until(async () => {
      expect(await schedulers().inputValue()).toBe('')
      expect(await schedulers().getAttribute('placeholder')).toBe('3')
    })
  })

  test('turns to one play host more or less by a thumb, and no further than there are', async () => {
    page = await shown.open(address, { hasTouch: true })
    const [less, more] = ['less', 'more'].map((way) =>
      page.getByRole('button', { name: `One play host ${way}` }),
    )
    const turnsTo = async (count: number) => {
      await until(() => expect(wishes().at(-1)).toEqual(wishedHosts(count)))
      shown.gateway.say(loadStream, { type: 'play_hosts_set', count, most: 4 })
      const now = () => schedulers().getAttribute('placeholder')
      await until(async () => expect(await now()).toBe(`${count}`))
    }
    await until(async () => expect(await more!.getAttribute('aria-disabled')).toBe('false'))
    for (const count of [2, 3, 4]) {
      await more!.tap()
      await turnsTo(count)
    }
    expect(await more!.getAttribute('aria-disabled')).toBe('true')
    await more!.tap({ force: true })
    for (const count of [3, 2, 1]) {
      await less!.tap()
      await turnsTo(count)
    }
    expect(await less!.getAttribute('aria-disabled')).toBe('true')
    expect(wishes()).toEqual([2, 3, 4, 3, 2, 1].map(wishedHosts))
    for (const key of [less!, more!])
      expect((await key.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  })

  test('keeps what is typed while an older wish is answered', async () => {
    shown.gateway.onWish = () => undefined
    page = await shown.open(address)
    await dial().fill('500')
    await dial().press('Enter')
    await until(() => expect(wishes()).toEqual([wished(500)]))
    await dial().fill('700')
    shown.gateway.onWish = () => accepted
    shown.gateway.sendAway()
    const submit = page.getByRole('button', { name: 'Set', exact: true }).first()
    await until(async () => expect(await submit.getAttribute('aria-disabled')).toBe('false'))
    expect(await dial().inputValue()).toBe('700')
  })

  test('has no dial for the audience, and no key either', async () => {
    shown.gateway.welcome = { ...shown.gateway.welcome, role: 'audience' }
    page = await shown.open(address)
    await sees(/100.0\s%/)
    await page.keyboard.press('0')
    expect(await page.getByRole('textbox').count()).toBe(0)
    expect(await page.getByRole('button').count()).toBe(0)
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

  test('shows how long the audience waits for small sums, while it asks for any', async () => {
    page = await shown.open(address)
    const figures = page.locator('dl > div', { hasText: 'Audience' })
    await until(async () =>
      expect((await figures.locator('b, p').allInnerTexts()).join(' ')).toBe(
        '0.50 half in 2.5 99 % 7.0 longest 1\u2009234 in 10 s',
      ),
    )
    await page.getByRole('img', { name: /Of the audience’s small sums: 2.5 milli/ }).waitFor()
    shown.gateway.say(gaugesStream, ...gauged([gauge(100)]))
    await figures.getByText('no sums lately').waitFor()
    await page.getByRole('img', { name: /Of the audience’s small sums: no sums lately/ }).waitFor()
  })

  test('shows how busy each host is', async () => {
    page = await shown.open(address)
    const busy = ['root 1', 'gateway 20', 'boards 0', 'load 50', 'play-1 90']
    const name = `${busy.map((each) => `${each}\u00a0%`).join(', ')} now`
    await page.getByRole('img', { name }).waitFor()
  })

  test('has a table of the OS processes, whose rows stay when one dies', async () => {
    page = await shown.open(address)
    const rows = page.getByRole('table', { name: 'OS processes' }).getByRole('row')
    const row = async (at: number) =>
      (await rows.nth(at).locator('th, td').allInnerTexts()).map((text) => text.trim())
    await until(async () => {
      expect(await rows.count()).toBe(6)
      expect(await row(1)).toEqual(['root', 'runs', '–', '–', '100', '0.11'])
      expect(await row(5)).toEqual(['play-1', 'ready', '0', '1\u2009500', '100', '1.00'])
    })
    const { 'play-1': _, ...others } = allHosts
    shown.gateway.say(hostsStream, { type: 'host_lost', host: 'play-1', reason: 'killed' })
    shown.gateway.say(gaugesStream, ...gauged(gauges(100, 103, others)))
    await until(async () => {
      expect(await row(4)).toEqual(['load', 'ready', '0', '1\u2009500', '100', '0.60'])
      expect(await row(5)).toEqual(['play-1', 'lost', '1', '–', '–', '–'])
    })
  })

  test('says that a dead load tells nothing, while the gauges go on', async () => {
    page = await shown.open(address)
    await sees('100.0\u00a0% of what is wanted')
    shown.gateway.say(gaugesStream, ...gauged(gauges(100, 115)))
    await sees('no samples now')
    shown.gateway.say(loadStream, ...sampled(samples(115, 130)))
    await sees('100.0\u00a0% of what is wanted')
  })

  test('shows a gap where samples are missing, and draws no line over it', async () => {
    shown.gateway.swallow(loadStream, ...sampled([...samples(100, 300), ...samples(400, 600)]))
    page = await shown.open(address, { viewport: projector, colorScheme: 'light' })
    await sees('100.0\u00a0% of what is wanted')
    await until(async () => {
      const [empty, wide] = await page.locator('canvas').first().evaluate(widestGap)
      // Ten seconds of sixty, less what the ends of the lines are wide.
      expect(empty! / wide!).toBeGreaterThan(9 / 60)
      expect(empty! / wide!).toBeLessThan(11 / 60)
    })
  })

  test('says nothing by itself while samples come in', async () => {
    page = await shown.open(address)
    await sees('100.0\u00a0% of what is wanted')
    await page.evaluate(() => {
      const heard = new MutationObserver((changes) => (document.title += changes.length))
      const regions = document.querySelectorAll('[aria-live], [role=status], [role=alert]')
      for (const region of regions)
        heard.observe(region, { subtree: true, childList: true, characterData: true })
    })
    const title = await page.title()
    for (let at = 100; at < 110; at++) {
      shown.gateway.say(loadStream, ...sampled([sample(at, { done: 30 })]))
      shown.gateway.say(gaugesStream, ...gauged([gauge(at, { ...allHosts, load: 1 })]))
    }
    await page.getByRole('img', { name: /load 100/ }).waitFor()
    await page.locator('dl').getByText('300').waitFor()
    expect(await page.title()).toBe(title)
  })

  test('draws three charts that move', async () => {
    page = await shown.open(address)
    await until(async () => expect(await page.locator('canvas').count()).toBe(3))
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
    const rows = page.locator('details').getByRole('row')
    await until(async () => expect(await rows.count()).toBe(10))
    const cells = await rows.nth(1).getByRole('cell').allInnerTexts()
    expect(cells).toEqual(['100', '100', '100', '0', '5.0', '90\u00a0%'])
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

  test('stands on a projector as a whole, failures and six OS processes too', async () => {
    const failed = { host_lost: 1_234, held_back: 5 }
    const busy = { ...allHosts, 'play-2': 0.9 }
    shown.gateway.swallow(loadStream, ...sampled([sample(100, { failed })]))
    shown.gateway.swallow(gaugesStream, ...gauged(gauges(100, 120, busy, { sums })))
    page = await shown.open(address, { viewport: projector })
    await sees('1\u2009234 lost with play')
    await until(async () => expect(await page.getByRole('row').count()).toBe(7))
    const size = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement
      return [scrollWidth, scrollHeight]
    })
    expect(size).toEqual([1920, 1080])
  })

  test('has nothing serious for axe, and nothing is cut off', async () => {
    for (const viewport of [phone, projector, { width: 920, height: 391 }]) {
      page = await shown.open(address, { viewport })
      await sees('100.0\u00a0% of what is wanted')
      await page.getByText('The last ten seconds as a table').click()
      await inLightAndDark(page, async (faults) => {
        expect(faults).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)
      })
      await shown.leave(page)
    }
  })
})

/**
 * How many columns of a chart's picture have nothing of the blue line between its ends at most, and
 * from where to where it reaches.
 */
function widestGap(chart: HTMLCanvasElement | SVGElement): number[] {
  const canvas = chart as HTMLCanvasElement
  const { data, width, height } = canvas
    .getContext('2d')!
    .getImageData(...([0, 0, canvas.width, canvas.height] as const))
  const hasBlue = (x: number) => {
    for (let y = 0; y < height; y++) {
      const [red, , blue, opacity] = data.subarray(4 * (y * width + x))
      if (opacity! > 200 && blue! - red! > 100) return true
    }
    return false
  }
  const columns = Array.from({ length: width }, (_, x) => x).filter(hasBlue)
  const gaps = columns.map((x, at) => x - (columns[at - 1] ?? x))
  return [Math.max(...gaps), columns.at(-1)! - columns[0]!]
}
