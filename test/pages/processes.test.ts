/*
 * The process table of a whole running system, in a real browser: the culprit is found, looked at,
 * traced and killed by the presenter, and looked at by everybody.
 */
import { array, assert, constantFrom, integer, option, property, record, string } from 'fast-check'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queryOf, readPlace, type Place } from '../../src/pages/processes/place'
import { age, downHosts, hostTrouble, howMany } from '../../src/pages/processes/process-words'
import type { HostState } from '../../src/protocol/hosts'
import { sortKeys } from '../../src/protocol/observe'
import {
  processesStream,
  readPid,
  readTableStream,
  refreshSeconds,
  rowLimits,
  searchedText,
  tableStream,
  usualParams,
} from '../../src/protocol/processes'
import { createLiveSource } from '../../src/source/live'
import { takeCookies } from '../chaos/presenter'
import { phone, projector, startBrowser } from '../support/browser'
import { openPhone, type SumPhone } from '../support/sum-page'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'
import { seriousFaults } from './shown-pages'

/** As the talk's notes have it. */
const address = '/dashboard/processes?limit=50&search=&sort_by=reductions_diff&sort_dir=desc'

describe('the address', () => {
  const anyPlace = record({
    params: record({
      limit: constantFrom(...rowLimits),
      search: string({ unit: 'binary' }).map(searchedText),
      sortBy: constantFrom(...sortKeys),
      descending: constantFrom(true, false),
      refreshS: constantFrom(...refreshSeconds),
    }),
    info: option(record({ host: integer({ min: 0, max: 999 }), serial: integer({ min: 0 }) }), {
      nil: undefined,
    }),
  }).map(({ params, info }): Place => ({ params, ...(info && { info }) }))

  test('says where one is, and so does the name of the table’s stream', () => {
    assert(
      property(anyPlace, (place) => {
        expect(readPlace(queryOf(place))).toEqual(place)
        expect(readTableStream(tableStream(place.params))).toEqual(place.params)
      }),
    )
    expect(`/dashboard/processes${queryOf({ params: usualParams })}`).toBe(address)
  })

  test('may say anything, and what it says wrongly is as usual', () => {
    const keys = ['limit', 'search', 'sort_by', 'sort_dir', 'refresh', 'info', '%', '']
    const anyQuery = array(record({ key: constantFrom(...keys), text: string({ unit: 'binary' }) }))
    assert(
      property(anyQuery, (given) => {
        const query = given.map(({ key, text }) => `${key}=${text}`).join('&')
        const { params } = readPlace(query)
        expect(readTableStream(tableStream(params))).toEqual(params)
      }),
    )
    const odd = '?limit=7&sort_by=evil&sort_dir=up&refresh=0&info=<1.2.3>'
    expect(readPlace(odd)).toEqual({ params: usualParams })
  })
})

test('processes in words', () => {
  expect([400, 90_000, 5_900_000, 9_000_000].map(age)).toEqual(['0.4 s', '90 s', '98 min', '2.5 h'])
  const table = { atMs: 0, rows: [], hosts: [], processes: 100_342 }
  expect(howMany({ ...table, matched: 312 })).toBe('0 of 312 found, of 100\u2009342 processes')
  expect(howMany({ ...table, matched: 100_342 })).toBe('0 of 100\u2009342 processes')
  const view = (states: Record<string, HostState>) => ({
    hosts: Object.entries(states).map(([host, state]) => ({ host, state, losses: 0 })),
  })
  const hosts = view({ gateway: 'lost', boards: 'ready', 'play-1': 'lost', 'play-2': 'ready' })
  expect(downHosts(hosts)).toBe('Connected, but without the processes of play-1 (lost)')
  expect(downHosts(view({ boards: 'ready' }))).toBeUndefined()
  const troubles = [0, 1, 3, 4].map((host) => hostTrouble(hosts, { host, serial: 5 }))
  const [lost, missing] = ['Its host, play-1, is lost.', 'Its host, play-3, is not there.']
  expect(troubles).toEqual([lost, undefined, undefined, missing])
})

describe('the page', () => {
  let system: System
  let browser: Browser
  let page: Page
  let sums: SumPhone
  const complaints: string[] = []

  beforeAll(async () => {
    ;[system, browser] = await Promise.all([startSystem(), startBrowser()])
    await system.ready()
    page = await open(projector)
    await page.goto(`${system.url}/enter#${token}`)
    await page.waitForURL(/\/deck\//)
    sums = await openPhone(browser, system.url)
    await sums.sum('-5')
    await page.goto(system.url + address)
    await first(page).getByText('sum.sum').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await system?.stop()
    expect(complaints).toEqual([])
  })

  async function open(options: BrowserContextOptions): Promise<Page> {
    const opened = await (await browser.newContext(options)).newPage()
    opened.on('pageerror', (error) => complaints.push(String(error)))
    opened.on('console', (line) => {
      // A page that is left in the middle of its handshake cannot help it.
      const isLeaving = /^WebSocket connection to .* failed/.test(line.text())
      if (/error|warning/.test(line.type()) && !isLeaving) complaints.push(line.text())
    })
    return opened
  }

  const rows = (on = page) => on.locator('tbody tr')
  const first = (on: Page) => rows(on).first()
  const names = (on = page) => rows(on).locator('.name').allInnerTexts()
  const runaways = async (on = page) =>
    (await names(on)).filter((name) => name === 'sum.sum').length
  const button = (name: string, on = page) => on.getByRole('button', { name, exact: true })
  const reads = (text: string | RegExp, on = page) => on.getByText(text).first().waitFor()
  const details = (on = page) => on.getByRole('region')
  /** A variable of the innermost function. */
  const variable = async (name: string, on = page) => {
    const [shown] = await on.locator('.innermost dl').allInnerTexts()
    return new RegExp(`^${name}\\n(.*)$`, 'm').exec(shown ?? '')?.[1]?.replaceAll('\u2009', '')
  }
  const pidOfFirst = () => first(page).locator('.pid').innerText()

  test('has who burns at the top, and where', async () => {
    const row = await first(page).locator('td').allInnerTexts()
    expect(row[0]).toMatch(/^<0\.\d+\.0>$/)
    expect([row[2], row[5], row[6]]).toEqual(['play-1', '0', expect.stringMatching(/^run/)])
    expect(row[7]).toMatch(/^add sum\.ts:\d+$/)
    await reads(/^\d+ of \d+ processes$/)
    const sorted = page.locator('th[aria-sort]')
    expect(await sorted.getAttribute('aria-sort')).toBe('descending')
    expect(await sorted.innerText()).toContain('reductions/s')
    await page
      .getByRole('status')
      .getByText(/^The busiest of these is sum\.sum, </)
      .waitFor({
        state: 'attached',
      })
  })

  test('is sorted by keyboard, and keeps it in its address without a step back', async () => {
    const steps = await page.evaluate(() => history.length)
    await button('pid').focus()
    await page.keyboard.press('Enter')
    const pids = async () => {
      const shown = await rows(page).locator('.pid').allInnerTexts()
      return shown.map((pid) => readPid(pid)!.serial)
    }
    const sorts = async (way: 'asc' | 'desc') => {
      expect(page.url()).toContain(`sort_by=pid&sort_dir=${way}`)
      const order = await pids()
      const sorted = order.toSorted((one, other) => (way === 'asc' ? one - other : other - one))
      expect(order).toEqual(sorted)
    }
    await until(() => sorts('asc'))
    await page.keyboard.press('Enter')
    await until(() => sorts('desc'))
    expect(await page.evaluate(() => history.length)).toBe(steps)
    await page.reload()
    await first(page).waitFor()
    await sorts('desc')
    await button('reductions/s').click()
    await until(async () => expect((await names())[0]).toBe('sum.sum'))
  })

  test('is searched, and Escape takes the search back', async () => {
    const field = page.getByRole('searchbox')
    await field.pressSequentially('OBSERver')
    await reads(/^3 of 3 found, of \d+ processes$/)
    expect(await names()).toEqual(['observer', 'observer', 'observer'])
    expect(page.url()).toContain('search=OBSERver&')
    await field.fill('nobody')
    await reads('No process has “nobody” in its name, its initial call or its pid.')
    await field.press('Escape')
    await until(async () => expect((await names())[0]).toBe('sum.sum'))
    expect(await field.inputValue()).toBe('')
    expect(page.url()).toContain('search=&')
  })

  test('stands still while it is frozen, and says so', async () => {
    await page.getByRole('heading', { name: 'Processes' }).click()
    await page.keyboard.press('f')
    await reads(/Frozen at \d\d:\d\d:\d\d$/)
    const before = await rows().allInnerTexts()
    const other = await open(projector)
    await other.goto(system.url + address)
    await sums.sum('-7')
    await until(async () => expect(await runaways(other)).toBe(2))
    await other.context().close()
    expect(await rows().allInnerTexts()).toEqual(before)
    expect(await button('Freeze').getAttribute('aria-pressed')).toBe('true')
    await button('Freeze').click()
    await until(async () => expect(await runaways()).toBe(2))
  })

  test('holds still for a moment when somebody points at a row', async () => {
    const box = (await rows().nth(1).boundingBox())!
    await page.mouse.move(box.x + 40, box.y + 10)
    await reads(/Held for a moment/)
    await reads(/Rows stand still for 3 s/)
  })

  test('opens a row’s details: its stack, whose variables change', async () => {
    const pid = await pidOfFirst()
    await page.getByRole('link', { name: pid }).focus()
    await page.keyboard.press('Enter')
    await details()
      .getByRole('heading', { name: `${pid} sum.sum` })
      .waitFor()
    expect(new URL(page.url()).searchParams.get('info')).toBe(pid)
    await until(async () => expect(await variable('to')).toMatch(/^−[57]$/))
    const from = await variable('from')
    await until(async () => expect(await variable('from')).not.toBe(from))
    expect(Number(await variable('from'))).toBeGreaterThan(Number(from))
    await details().getByText('play-1', { exact: true }).waitFor()

    await details().getByRole('link').first().click()
    await details().getByRole('heading', { name: 'sums' }).waitFor()
    await page.goBack()
    await details()
      .getByRole('heading', { name: `${pid} sum.sum` })
      .waitFor()
    await page.reload()
    await details()
      .getByRole('heading', { name: `${pid} sum.sum` })
      .waitFor()
    await first(page).waitFor()
    const steps = await page.evaluate(() => history.length)
    await page.keyboard.press('Escape')
    await until(async () => expect(await details().count()).toBe(0))
    await until(() => expect(new URL(page.url()).searchParams.has('info')).toBe(false))
    expect(
      await page.evaluate(() => [history.length, document.activeElement?.textContent]),
    ).toEqual([steps, pid])
  })

  test('traces a process, or says why not', async () => {
    await page.getByRole('link', { name: await pidOfFirst() }).click()
    await button('Trace').click()
    await reads('Fifty events were seen.')
    const events = await page.locator('.trace li').allInnerTexts()
    expect(events).toHaveLength(50)
    expect(events[0]).toMatch(/turns\s+add\s+from\s+[\d\u2009]+\s+to\s+−[57]/)
    await page.keyboard.press('Escape')

    // Whoever waits is traced for a whole second.
    await page.getByRole('link', { name: /^<1\.2\.0>$/ }).click()
    await details().getByRole('heading', { name: '<1.2.0> top' }).waitFor()
    const cookie = await takeCookies(system.url)
    const source = createLiveSource({ url: system.url, wakes: () => () => {}, cookie })
    await until(async () => {
      void source.wish(processesStream, { type: 'trace_process', host: 1, serial: 2 })
      await button('Trace').click()
      await details().getByText('Somebody is tracing').waitFor({ timeout: 2_000 })
    })
    source.close()
    await page.keyboard.press('Escape')
  })

  test('kills a process, after it has asked once', async () => {
    const pid = await pidOfFirst()
    await page.getByRole('link', { name: pid }).click()
    const to = await until(async () => {
      const shown = await variable('to')
      expect(shown).toMatch(/^−[57]$/)
      return shown!.replace('−', '-')
    })
    await button('Kill').click()
    await reads(`Kill ${pid}?`)
    await page.keyboard.press('Escape')
    await button('Kill').waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Kill')
    await button('Kill').click()
    await button('Leave it').click()
    await button('Kill').click()
    await button('Kill it').click()
    await sums.sees(to, /killed/)
    await details()
      .getByText(/It is gone: .* This was seen last, at/)
      .waitFor()
    expect(await variable('to')).toBe(to.replace('-', '−'))
    expect(await button('Kill').getAttribute('aria-disabled')).toBe('true')
    await page.mouse.move(5, 5)
    await until(async () => expect(await runaways()).toBe(1))
    await page.keyboard.press('Escape')
  })

  test('shows all of it to a visitor, who can do nothing to anybody', async () => {
    const visitor = await open(phone)
    const odd = address.replace('50', '7').replace('reductions_diff', 'evil')
    await visitor.goto(`${system.url}${odd}&refresh=x&info=nobody`)
    await until(async () => expect((await names(visitor))[0]).toBe('sum.sum'))
    await first(visitor).tap()
    await until(async () => expect(await variable('to', visitor)).toMatch(/^−[57]$/))
    const presenters = ['Kill', 'Trace'].map((name) => button(name, visitor).count())
    expect(await Promise.all(presenters)).toEqual([0, 0])
    await button('Close', visitor).tap()
    await until(async () => expect(await details(visitor).count()).toBe(0))
    await visitor.context().close()
  })

  test('is legible from the last row, and seen whole on a slide and a phone', async () => {
    for (const options of [projector, phone, { viewport: { width: 920, height: 391 } }]) {
      const other = await open(options)
      await other.goto(system.url + address)
      await until(async () => expect((await names(other))[0]).toBe('sum.sum'))
      const { width, height } = options.viewport!
      expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      if (options === projector) {
        const legible = await rows(other).evaluateAll((all, bottom) => {
          const isLarge = (cell: Element) =>
            Number.parseFloat(getComputedStyle(cell).fontSize) >= 22
          const shown = all.filter((row) => row.getBoundingClientRect().bottom <= bottom)
          return shown.filter((row) => [...row.children].every(isLarge)).length
        }, height)
        expect(legible).toBeGreaterThanOrEqual(14)
      }
      await other.context().close()
    }
  })

  test.each([
    ['a phone', 'light', phone],
    ['a projector', 'dark', projector],
  ] as const)(
    'has nothing serious for axe on %s, light or dark',
    async (_, colorScheme, options) => {
      const other = await open({ ...options, colorScheme })
      await other.goto(system.url + address.replace('search=', 'search=sum'))
      await until(async () => expect((await names(other))[0]).toBe('sum.sum'))
      expect(await seriousFaults(other)).toEqual([])
      await first(other).locator('a').click()
      await until(async () => expect(await variable('to', other)).toMatch(/^−[57]$/))
      await other.emulateMedia({ colorScheme: colorScheme === 'light' ? 'dark' : 'light' })
      expect(await seriousFaults(other)).toEqual([])
      expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(
        options.viewport!.width,
      )
      await other.context().close()
    },
  )
})
