import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accepted, refused } from '../../src/protocol/envelope'
import { hostsFold, hostsStream, type HostsEvent } from '../../src/protocol/hosts'
import type { TreeNode } from '../../src/protocol/observe'
import { refuse } from '../../src/protocol/refusals'
import { treeFold, treeStream, type Tombstone, type TreeEvent } from '../../src/protocol/tree'
import { until } from '../support/until'
import { inLightAndDark, phone, projector, showPages, type ShownPages } from './shown-pages'

const atMs = 1_700_000_000_000

let shown: ShownPages
let page: Page

const worker = (id: string, serial: number, more: Partial<TreeNode> = {}): TreeNode => {
  const children: TreeNode[] = []
  return { id, initialCall: id, type: 'worker', count: 1, serials: [serial], children, ...more }
}
const supervisor = (id: string, serial: number, left: number, children: TreeNode[]): TreeNode =>
  worker(id, serial, { type: 'supervisor', restartsLeft: left, intensity: 10, children })
const top = (children: TreeNode[]): TreeNode => {
  const { id: _, ...node } = supervisor('', 4, 10, children)
  return { ...node, initialCall: 'serve' }
}
const crowd = (initialCall: string, count: number): TreeNode => {
  return { initialCall, type: 'worker', count, serials: [13, 14].slice(0, count), children: [] }
}
const play = (sums: TreeNode[] = [crowd('sum.sum', 3)], reception = 7) => [
  top([
    supervisor('sums', 5, 10, sums),
    supervisor('sessions', 6, 7, [crowd('session.session', 41)]),
    worker('reception', reception),
    worker('jobs', 8),
    worker('observer', 9),
  ]),
]
const boards = [
  top([
    worker('log-keeper', 1),
    supervisor('boards', 5, 10, [worker('building-blocks', 6), worker('observability', 7)]),
    worker('deck', 9, { count: 0, serials: [] }),
    worker('hunt', 10, { longestMailbox: 1_234 }),
    worker('reception', 11),
  ]),
]
const names = ['gateway', 'boards', 'play-1', 'load']
const cost = (host: string) => ({ host, busy: 0.1, cores: 0.1, rssMb: 80 })

beforeAll(async () => {
  shown = await showPages()
})
afterAll(() => shown.close())

const tell = (...events: TreeEvent[]) => shown.gateway.say(treeStream, ...events)
const tellHosts = (...events: HostsEvent[]) => shown.gateway.say(hostsStream, ...events)
const costs = (ms = atMs, late = {}): TreeEvent => {
  const all = ['root', ...names, 'play-spare'].map(cost)
  const taken = all.map((one) => (one.host === 'boards' ? { ...one, ...late } : one))
  return { type: 'costs_taken', atMs: ms, costs: taken }
}

beforeEach(() => {
  const { gateway } = shown
  gateway.welcome = { ...gateway.welcome, role: 'audience' }
  gateway.heard.length = 0
  gateway.onWish = () => accepted
  gateway.keep(hostsStream, hostsFold, 'g1')
  gateway.keep(treeStream, treeFold, 'g1')
  tellHosts(...names.map((host) => ({ type: 'host_ready', host }) as const))
  tell(costs(), { type: 'tree_taken', host: 'play-1', roots: play() })
  tell({ type: 'tree_taken', host: 'boards', roots: boards })
})
afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const open = async (options: BrowserContextOptions = {}) => {
  page = await shown.open('/dashboard/tree', { viewport: projector, ...options })
  await page.getByRole('tree').waitFor()
}
const present = () => {
  shown.gateway.welcome = { ...shown.gateway.welcome, role: 'presenter' }
}
const item = (name: string | RegExp) => page.getByRole('treeitem', { name })
const sees = (name: string | RegExp) => item(name).first().waitFor()
const stone = (more: Partial<Tombstone> & { id: number }): Tombstone => {
  const place = { host: 'play-1', what: 'process', under: [4], isRestarted: false } as const
  return { ...place, name: 'sum.sum', count: 1, atMs, ...more }
}
const bury = (more: Partial<Tombstone> & { id: number }) =>
  tell({ type: 'buried', tombstones: [stone(more)] })
const below = (name: string | RegExp) => item(name).getByRole('treeitem')
const lostToQuarantine = (host: string) =>
  tellHosts({ type: 'host_quarantined', host, reason: 'died 3 times before it was ready' })

describe('the tree', () => {
  test('goes from the root over hosts and supervisors to crowds, each in words', async () => {
    await open()
    await sees('root, supervises all hosts')
    await sees(/^play-1, host, ready, 10.%/)
    await sees('play-spare, host, stands by, 10\u00a0% · 80\u00a0MB')
    await sees('application, supervisor, <0.4.0>, 10 of 10 restarts left')
    await sees('sessions, supervisor, <0.6.0>, 7 of 10 restarts left')
    await sees('sum.sum, 3 running')
    await sees('reception, process, <0.7.0>')
    await sees('deck, process, does not run')
    expect(await below(/^sessions/).count()).toBe(1)
    const link = page.getByRole('link', { name: 'jobs', includeHidden: true })
    expect(await link.getAttribute('href')).toBe('/dashboard/processes?info=%3C0.8.0%3E')
    await page.getByRole('status').filter({ hasText: 'All 4 hosts run. Nobody died' }).waitFor()
  })

  test('is there when it is opened, and shows nothing of it as having just appeared', async () => {
    await open()
    await sees('reception, process, <0.7.0>')
    await page.locator('main.settled').waitFor()
    const running = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    )
    expect(running).toBe(0)
  })

  test('goes with what happens: crowds grow, and who is started anew is another', async () => {
    await open()
    await sees('reception, process, <0.7.0>')
    tell({ type: 'tree_taken', host: 'play-1', roots: play([crowd('sum.sum', 99_000)], 77) })
    await sees('reception, process, <0.77.0>')
    await sees('sum.sum, 99\u2009000 running')
  })
})

describe('who dies', () => {
  test('has a stone with the reason below whoever watched over it, for a while', async () => {
    await open()
    bury({ id: 1, serial: 13, under: [5, 4], reason: 'Error: 13 brings bad luck' })
    const first = 'sum.sum <0.13.0> crashed: Error: 13 brings bad luck'
    await below(/^sums/).filter({ hasText: 'bad luck' }).waitFor()
    await sees(first)
    await page.getByRole('status').filter({ hasText: first }).waitFor()
    const again = { name: 'reception', serial: 7, reason: 'killed', isRestarted: true, others: 2 }
    bury({ id: 2, ...again })
    await sees('reception <0.7.0> killed; started anew, and 2 others with it')
    bury({ id: 1, under: [5, 4], reason: 'Error: 13 brings bad luck', count: 1_234 })
    await sees('sum.sum (1\u2009234 times) crashed: Error: 13 brings bad luck')
    tell(costs(atMs + 30_000))
    await until(async () => expect(await item(/bad luck|killed/).count()).toBe(0))
  })

  test('of a storm is counted where it is not listed', async () => {
    await open()
    for (let id = 1; id <= 9; id++) bury({ id, under: [5], reason: `Error: ${id}` })
    await sees('6 more died')
    expect(await below(/^sums/).count()).toBe(5)
  })

  test('crashed, hung or gave up, and lives but is slow, is told apart by word and shape', async () => {
    await open()
    const host = { what: 'host', name: 'play-1', under: [] } as const
    bury({ id: 1, ...host, reason: 'wedged: silent for 512 ms in f (a.ts:12)' })
    bury({ id: 2, ...host, reason: 'memory: 530 MB of 512 MB' })
    bury({ id: 3, ...host, reason: 'The supervision tree gave up: shutdown' })
    const limit = 'more than 20 restarts in 10 s'
    bury({ id: 4, host: 'boards', name: 'boards', serial: 5, reason: limit, hasGivenUp: true })
    const burning = [{ serial: 13, initialCall: 'sum.sum', share: 0.97 }]
    tell({ type: 'burning_seen', host: 'play-1', burning }, costs(atMs, { lateMs: 1_234 }))
    await sees('play-1 hung: silent for 512 ms in f (a.ts:12)')
    await sees('play-1 killed for its memory: 530 MB of 512 MB')
    await sees('play-1 gave up: shutdown')
    await sees('boards <1.5.0> gave up: more than 20 restarts in 10 s')
    await sees(/^sum\.sum <0\.13\.0>, slow: takes 97.% of all steps$/)
    await sees('event loop, slow: answers after 1.2 s')
    await sees('its mailbox, slow: 1\u2009234 messages wait')
    const shapeOf = (name: string | RegExp) => item(name).locator('path').first().getAttribute('d')
    const kinds = [
      /^play-1 hung/,
      /^play-1 gave up/,
      /^event loop/,
      /^jobs/,
      /^sums/,
      /^sum\.sum, 3/,
    ]
    const shapes = await Promise.all(kinds.map(shapeOf))
    expect(new Set(shapes).size).toBe(kinds.length)
  })

  test('flashes, but for whoever wants no motion', async () => {
    const animated = () =>
      item(/bad luck/)
        .locator('.row')
        .evaluate((row) => getComputedStyle(row).animationName)
    for (const reducedMotion of ['no-preference', 'reduce'] as const) {
      await open({ reducedMotion })
      bury({ id: 1, reason: 'Error: 13 brings bad luck' })
      await sees(/bad luck/)
      expect((await animated()) !== 'none').toBe(reducedMotion === 'no-preference')
      if (reducedMotion === 'no-preference') await shown.leave(page)
    }
  })
})

describe('a host in quarantine', () => {
  test('says why, and is started by nobody in the audience', async () => {
    lostToQuarantine('load')
    await open()
    await sees(/^load, host, quarantined, died 3 times before it was ready/)
    expect(await page.locator('button').count()).toBe(0)
  })

  test('is started by whoever gives the talk, who reads why it was refused', async () => {
    present()
    lostToQuarantine('load')
    shown.gateway.onWish = () => refused(refuse('not_quarantined'))
    await open()
    await page.getByText('Start it now').click()
    await page.getByText('That host is not in quarantine').waitFor()
    await item(/^load/).focus()
    await page.keyboard.press('Enter')
    const wishes = () => shown.gateway.heard.filter(([word]) => word === 'wish')
    await until(() => expect(wishes()).toHaveLength(2))
    expect(wishes()[1]![1]).toMatchObject({
      stream: hostsStream,
      command: { type: 'start_host', host: 'load' },
    })
  })
})

describe('by keyboard', () => {
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
  const presses = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
    return await focused()
  }

  test('one goes up and down, in and out, to both ends, and opens and closes', async () => {
    await open()
    await item(/^root/).focus()
    expect(await presses('ArrowDown')).toMatch(/^gateway/)
    expect(await presses('ArrowRight', 'ArrowDown', 'ArrowDown')).toMatch(/^boards, host/)
    expect(await presses('ArrowRight')).toMatch(/^application/)
    expect(await presses('ArrowLeft')).toMatch(/^application/)
    expect(
      await item(/^application/)
        .first()
        .getAttribute('aria-expanded'),
    ).toBe('false')
    expect(await item(/^log-keeper/).count()).toBe(0)
    expect(await presses('ArrowDown')).toMatch(/^play-1/)
    expect(await presses('ArrowUp', 'ArrowRight', 'ArrowRight')).toMatch(/^log-keeper/)
    expect(await presses('ArrowLeft')).toMatch(/^application/)
    expect(await presses('End')).toMatch(/^load/)
    expect(await presses('ArrowDown', 'Home', 'ArrowUp')).toMatch(/^root/)
    expect(await page.locator('[role=treeitem][tabindex="0"]').count()).toBe(1)
  })

  test('Enter shows a process, and whoever dies gives the focus to the root', async () => {
    await open()
    bury({ id: 1, reason: 'Error: 13 brings bad luck' })
    await item(/bad luck/).focus()
    tell(costs(atMs + 30_000))
    await until(async () => expect(await focused()).toMatch(/^root/))
    await item(/^jobs/).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/dashboard\/processes\?info=%3C0\.8\.0%3E$/)
  })
})

test('nothing is serious for axe, too small for the last row, or cut off', async () => {
  present()
  lostToQuarantine('load')
  bury({ id: 1, reason: 'Error: 13 brings bad luck' })
  const frame = { width: 924, height: 450 }
  const fits = async (viewport: typeof frame) => {
    const [width, height, smallest] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.scrollHeight,
      Math.min(
        ...[...document.querySelectorAll('main [role=tree] *')].map((each) =>
          parseFloat(getComputedStyle(each).fontSize),
        ),
      ),
    ])
    expect(width).toBe(viewport.width)
    if (viewport === projector) expect(height).toBe(viewport.height)
    // A slide shows its frames twice as large.
    expect(smallest).toBeGreaterThanOrEqual(viewport === projector ? 28 : 14)
  }
  for (const viewport of [phone, frame, projector]) {
    await open({ viewport, reducedMotion: 'reduce' })
    await sees(/bad luck/)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await fits(viewport)
    }
    if (viewport !== projector) await shown.leave(page)
  }
  await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
})
