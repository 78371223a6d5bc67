import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { boardCode } from '../../src/protocol/board-code'
import { boardStream } from '../../src/protocol/board'
import { wallFold, type WallEvent, type WallNote, type WallView } from '../../src/protocol/wall'
import { arrange, emptyArrangement, type Arrangement } from '../../src/pages/wall/arrangement'
import { cellsOf, leastTextOf, tiersFor } from '../../src/pages/wall/grid'
import { leftMs, pageMs, restMs, shortPageMs } from '../../src/pages/wall/wall-show'
import { Random } from '../support/random'
import { inLightAndDark, phone, projector, showPages, type ShownPages } from './shown-pages'
import { until } from '../support/until'

/** What a slide gives to a live page, which it shows twice as large. */
const frame = { width: 830, height: 400 }
const stream = boardStream('tools')
const question = 'What are your tools to find misbehaving software?'

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

beforeEach(() => {
  shown.gateway.keep(stream, wallFold, 'log1')
})

afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const words = [
  'tail -f',
  'Grafana',
  'a colleague who knows',
  'flame graphs',
  'reading the code again',
]
const note = (id: number, more: Partial<WallNote> = {}): WallNote => {
  return { id, text: `${words[id % words.length]} ${id}`, votes: 0, pinned: false, ...more }
}
const notes = (count: number): WallNote[] => Array.from({ length: count }, (_, at) => note(at + 1))
const wall = (more: Partial<WallView> = {}): WallView => {
  return { ...wallFold.empty, question, open: true, wasOpened: true, ...more }
}

const say = (change: Omit<WallEvent, 'type'>) =>
  shown.gateway.say(stream, { type: 'wall_changed', ...change })

async function open(
  view: WallView,
  options: BrowserContextOptions = {},
  prepare?: (page: Page) => unknown,
) {
  shown.gateway.show(stream, view)
  page = await shown.open('/board/tools/wall', { viewport: projector, ...options }, prepare)
  await page.getByText(question).first().waitFor({ state: 'attached' })
}

/** Opens it with a clock that only the test turns. */
async function openWithClock(view: WallView) {
  await open(view, {}, (page) => page.clock.install())
  // A little later than now, so that what the connection has under way is done.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 500)
}

interface Card {
  readonly text: string
  readonly textPx: number
  readonly weight: number
  readonly x: number
  readonly y: number
  readonly right: number
  readonly bottom: number
}

/** The cards where they stand when nothing moves any more. */
const cards = (): Promise<Card[]> =>
  page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish()
    return [...document.querySelectorAll('main li')].map((card) => {
      const text = card.querySelector('p')!
      const { x, y, right, bottom } = card.getBoundingClientRect()
      const { fontSize, fontWeight } = getComputedStyle(text)
      const [textPx, weight] = [parseFloat(fontSize), Number(fontWeight)]
      return { text: text.textContent, textPx, weight, x, y, right, bottom }
    })
  })

const texts = async () => (await cards()).map(({ text }) => text)
const cardOf = async (text: string) => (await cards()).find((card) => card.text === text)!
const placeOf = async (text: string) => {
  const { x, y } = await cardOf(text)
  return { x, y }
}
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
const untilShown = (text: string) => until(async () => expect(await texts()).toContain(text))

function faultsOf(boxes: readonly Card[], { width, height }: { width: number; height: number }) {
  const outside = boxes.filter(
    ({ x, y, right, bottom }) => x < 0 || y < 0 || right > width || bottom > height,
  )
  const overlapping = boxes.filter((a) =>
    boxes.some(
      (b) => a !== b && a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom,
    ),
  )
  return { outside, overlapping }
}

describe('the wall', () => {
  test.each([5, 50, 500])('is legible with %i notes, on a projector and in a slide', async (n) => {
    for (const [viewport, leastPx] of [
      [projector, 28],
      [frame, 14],
      [phone, 14],
    ] as const) {
      const long = 'and then we look at it once more, '.repeat(7).trim()
      const some = notes(n).map((each) => (each.id % 5 > 0 ? each : { ...each, text: long }))
      await open(wall({ notes: some }), { viewport })
      await until(async () => expect((await cards()).length).toBeGreaterThan(0))
      for (const turn of ['', 'ArrowRight', 'ArrowLeft', 'ArrowLeft']) {
        if (turn) await page.keyboard.press(turn)
        const boxes = await cards()
        expect(boxes.length).toBeGreaterThan(0)
        expect(boxes.length).toBeLessThanOrEqual(25)
        expect(Math.min(...boxes.map(({ textPx }) => textPx))).toBeGreaterThanOrEqual(leastPx)
        expect(faultsOf(boxes, viewport)).toEqual({ outside: [], overlapping: [] })
      }
      if (viewport !== phone) await shown.leave(page)
    }
  })

  test('shows the question, the link and the code, and of moderation nothing', async () => {
    await open(wall({ notes: notes(3), approveFirst: true, slowSeconds: 30 }))
    await sees('http://192.168.1.5:4000/board/tools')
    await sees(boardCode('tools'))
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(question)
    expect(await page.innerText('body')).not.toMatch(/approv|moderat|slow|wait|hidden/i)
  })

  test('leaves the way to the board away in a frame of a slide', async () => {
    await open(wall({ notes: notes(3) }))
    await sees(boardCode('tools'))
    const inside = async (view: WallView) => {
      shown.gateway.show(stream, view)
      await page.evaluate(() => {
        const slide = document.createElement('iframe')
        slide.src = location.pathname
        document.body.replaceChildren(slide)
      })
      const inner = page.frameLocator('iframe')
      await inner.getByText(question).first().waitFor()
      return await inner.locator('body').innerText()
    }
    for (const view of [wall({ notes: notes(3) }), wall()]) {
      expect(await inside(view)).not.toMatch(/192\.168|code/i)
      expect(await page.frameLocator('iframe').locator('img').count()).toBe(0)
    }
  })

  test('asks in large letters and invites while nobody has answered', async () => {
    await open(wall())
    const largePx = await page
      .locator('h1')
      .evaluate((h1) => parseFloat(getComputedStyle(h1).fontSize))
    expect(largePx).toBeGreaterThan(70)
    await sees('The first answer stands here.')
    await page.getByAltText('QR code for http://192.168.1.5:4000/board/tools').waitFor()
    say({ put: [note(1)] })
    await untilShown(note(1).text)
    expect(await page.locator('img').count()).toBe(0)
  })

  test('says quietly that a board is not open, or not any more', async () => {
    await open(wall({ open: false, wasOpened: false }))
    await sees('This board opens soon')
    say({ face: { open: true, wasOpened: true }, put: notes(2) })
    await untilShown(note(1).text)
    expect(await page.getByText('This board').count()).toBe(0)
    say({ face: { open: false } })
    await sees('This board is closed')
  })

  test('keeps the notes when the connection is lost, with a sign, and goes on later', async () => {
    await open(wall({ notes: notes(4) }))
    await untilShown(note(1).text)
    await shown.gateway.kill()
    await sees('Connection lost')
    expect(await texts()).toHaveLength(4)
    await shown.gateway.live()
    say({ put: [note(9)] })
    await untilShown(note(9).text)
    await until(async () => expect(await page.getByText('Connection lost').count()).toBe(0))
  })

  test('has no serious fault in light or dark colours', async () => {
    const many = notes(60).map((each) => ({ ...each, votes: each.id % 9, pinned: each.id === 7 }))
    await open(wall({ notes: many, open: false }))
    await untilShown(note(7).text)
    await page.keyboard.press('p')
    say({ put: [note(900)] })
    await sees('1 new')
    await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
    say({ face: { spotlight: 7 } })
    await page.locator('main .light').waitFor()
    await cards()
    await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
    say({ face: { blank: true } })
    await page.getByText('The wall is blank').waitFor({ state: 'attached' })
    await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
    shown.gateway.show(stream, wall())
    await sees('The first answer stands here.')
    await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
  })
})

describe('notes on the wall', () => {
  test('keep their places while others come and go within a tier', async () => {
    await open(wall({ notes: notes(10) }))
    await untilShown(note(10).text)
    const before = await cards()
    say({ put: [note(11), note(12)], drop: [4] })
    await untilShown(note(12).text)
    const after = await cards()
    for (const card of before.filter(({ text }) => text !== note(4).text)) {
      expect(after).toContainEqual(card)
    }
    expect(after).toHaveLength(11)
    const { x, y } = before.find(({ text }) => text === note(4).text)!
    expect(await placeOf(note(11).text)).toEqual({ x, y })
  })

  test('grow with their votes, and say how many', async () => {
    await open(wall({ notes: notes(10) }))
    await untilShown(note(10).text)
    const plain = await cardOf(note(2).text)
    say({ put: [note(2, { votes: 1 })] })
    await page.getByLabel('seconded by 1', { exact: true }).waitFor()
    const once = await cardOf(note(2).text)
    expect(once.textPx).toBeGreaterThan(plain.textPx)
    expect(once.weight).toBeGreaterThan(plain.weight)
    say({ put: [note(2, { votes: 12 })] })
    await page.getByLabel('seconded by 12').waitFor()
    const often = await cardOf(note(2).text)
    expect(often.textPx).toBeGreaterThan(once.textPx)
    expect(often.bottom - often.y).toBeGreaterThan(1.9 * (plain.bottom - plain.y))
    expect(faultsOf(await cards(), projector)).toEqual({ outside: [], overlapping: [] })
  })

  test('that are hidden vanish at once, and leave the others where they are', async () => {
    await open(wall({ notes: notes(20) }))
    await untilShown(note(20).text)
    const before = await cards()
    say({ drop: [3] })
    await until(async () => expect(await texts()).not.toContain(note(3).text))
    expect(await page.content()).not.toContain(note(3).text)
    expect(await cards()).toEqual(before.filter(({ text }) => text !== note(3).text))
  })

  test('that are long are clipped in their card, and whole in the spotlight', async () => {
    const long = 'and then we look at it once more, '.repeat(8).trim()
    for (const viewport of [projector, frame, phone]) {
      await open(wall({ notes: [...notes(19), note(20, { text: long })] }), { viewport })
      await until(async () => expect((await cards()).length).toBeGreaterThan(0))
      say({ face: { spotlight: 20 } })
      const lit = page.locator('main .light p').first()
      await lit.waitFor()
      await cards()
      expect(await lit.innerText()).toBe(long)
      const room = await page.locator('main .light').boundingBox()
      const box = (await lit.boundingBox())!
      expect(box.y).toBeGreaterThanOrEqual(room!.y)
      expect(box.y + box.height).toBeLessThanOrEqual(room!.y + room!.height)
      expect(await page.locator('main li').count()).toBe(0)
      if (viewport !== phone) await shown.leave(page)
    }
  })

  test('come and move smoothly, but not for people who asked for stillness', async () => {
    const moving = async (reducedMotion: 'reduce' | 'no-preference') => {
      await open(wall({ notes: notes(4) }), { reducedMotion })
      await untilShown(note(4).text)
      await page.evaluate(() => {
        const seen = ((window as unknown as { seen: string[] }).seen = [] as string[])
        const look = () => {
          for (const animation of document.getAnimations()) {
            const { target } = animation.effect as KeyframeEffect
            seen.push(...(animation.effect as KeyframeEffect).getKeyframes().flatMap(Object.keys))
            if (!(target as Element).closest('main')) seen.push('elsewhere')
          }
          requestAnimationFrame(look)
        }
        look()
      })
      say({ put: [note(5), note(6)] })
      await page.getByText(note(6).text).waitFor()
      await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 100)))
      const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen)
      const keyframe = ['offset', 'easing', 'composite', 'computedOffset']
      return new Set(seen.filter((name) => !keyframe.includes(name)))
    }
    expect(await moving('no-preference')).toEqual(new Set(['opacity', 'scale', 'translate']))
    await shown.leave(page)
    expect(await moving('reduce')).toEqual(new Set())
  })
})

describe('pages', () => {
  const pageSays = (at: number, of: number) => sees(`page ${at} of ${of}`)

  test('turn by themselves, and at a key', async () => {
    await openWithClock(wall({ notes: notes(60) }))
    await sees(/page \d of 3/)
    await page.keyboard.press('ArrowRight')
    const first = Number(/page (\d)/.exec(await page.innerText('main'))![1])
    const pageAfter = (turns: number) => ((first - 1 + turns) % 3) + 1
    await page.clock.runFor(pageMs - 1_000)
    await pageSays(first, 3)
    await page.clock.runFor(1_000)
    await pageSays(pageAfter(1), 3)
    await page.keyboard.press('ArrowLeft')
    await pageSays(first, 3)
    await page.keyboard.press('ArrowLeft')
    await pageSays(pageAfter(2), 3)
    await page.clock.runFor(pageMs)
    await pageSays(first, 3)
    await page.getByRole('button', { name: 'Next page' }).click()
    await pageSays(pageAfter(1), 3)
  })

  test('turn to what is new, soon and not at once', async () => {
    await openWithClock(wall({ notes: notes(60) }))
    await sees(/page \d of 3/)
    while (!(await page.getByText('page 1 of 3').isVisible()))
      await page.keyboard.press('ArrowRight')
    say({ put: [note(99)], face: { question: 'And what else?' } })
    await sees('And what else?')
    await pageSays(1, 3)
    await page.clock.runFor(shortPageMs)
    await pageSays(3, 3)
    await untilShown(note(99).text)
  })

  test('have what is pinned and most seconded on the first', async () => {
    await open(wall({ notes: notes(80) }))
    await untilShown(note(1).text)
    const before = await cards()
    say({ put: [note(70, { pinned: true }), note(55, { votes: 2 })] })
    await page.getByLabel('pinned').waitFor()
    await untilShown(note(55).text)
    const after = await cards()
    expect(after.filter(({ text }) => !before.some((card) => card.text === text))).toHaveLength(2)
    expect(after).toHaveLength(25)
  })

  test('are fewer when notes are hidden, and all notes are found on them', async () => {
    await open(wall({ notes: notes(60) }))
    await pageSays(1, 3)
    say({ drop: notes(30).map(({ id }) => id) })
    await pageSays(1, 2)
    const found = await texts()
    await page.keyboard.press('ArrowRight')
    await pageSays(2, 2)
    found.push(...(await texts()))
    expect(found.toSorted()).toEqual(
      notes(60)
        .slice(30)
        .map(({ text }) => text)
        .toSorted(),
    )
  })
})

describe('a wall that is pointed at', () => {
  const hold = {
    'by the pointer': () => page.mouse.move(500, 500),
    'by the key p': () => page.keyboard.press('p'),
    'by the space bar': () => page.keyboard.press(' '),
  }

  test.each(Object.keys(hold) as (keyof typeof hold)[])('%s stands still', async (way) => {
    await openWithClock(wall({ notes: notes(60) }))
    await untilShown(note(1).text)
    await hold[way]()
    const before = await cards()
    say({ put: [note(901), note(902), note(2, { votes: 50 })] })
    await sees('2 new')
    say({ put: [note(903)] })
    await sees('3 new')
    if (way === 'by the pointer') {
      await page.clock.runFor(restMs - 1_000)
      await page.mouse.move(510, 500)
      await page.clock.runFor(restMs - 1_000)
    } else await page.clock.runFor(60_000)
    expect(await cards()).toEqual(before)
    if (way === 'by the pointer') await page.clock.runFor(restMs)
    else await hold[way]()
    await until(async () => expect(await page.getByText('3 new').count()).toBe(0))
    await page.clock.runFor(shortPageMs)
    await untilShown(note(903).text)
  })

  test('goes on soon after the pointer has left', async () => {
    await openWithClock(wall({ notes: notes(5) }))
    await untilShown(note(5).text)
    await page.mouse.move(500, 500)
    say({ put: [note(6)] })
    await sees('1 new')
    await page.locator('main').dispatchEvent('pointerleave')
    await page.clock.runFor(leftMs - 100)
    expect(await texts()).not.toContain(note(6).text)
    await page.clock.runFor(100)
    expect(await texts()).toContain(note(6).text)
  })

  test('hides, spotlights and goes blank at once all the same', async () => {
    await open(wall({ notes: notes(8) }))
    await untilShown(note(8).text)
    await page.keyboard.press('p')
    const before = await cards()
    say({ drop: [2] })
    await until(async () => expect(await texts()).not.toContain(note(2).text))
    expect(await cards()).toEqual(before.filter(({ text }) => text !== note(2).text))
    say({ put: [note(2)] })
    await sees('1 new')
    expect(await texts()).toHaveLength(7)
    say({ put: [note(9)], face: { spotlight: 9 } })
    await page.locator('main .light').getByText(note(9).text).waitFor()
    say({ face: { blank: true } })
    await until(async () => expect(await page.innerText('main')).toBe('The wall is blank'))
  })
})

describe('a blank wall', () => {
  test('has nothing of the notes in it, before the browser draws once more', async () => {
    await open(wall({ notes: notes(40) }), {}, (page) =>
      page.addInitScript(() => {
        const heard: string[] = []
        Object.assign(window, { heard })
        const Socket = window.WebSocket
        window.WebSocket = class extends Socket {
          constructor(url: string | URL, protocols?: string | string[]) {
            super(url, protocols)
            this.addEventListener('message', ({ data }) => {
              if (!String(data).includes('"blank":true')) return
              requestAnimationFrame(() => heard.push(document.body.innerHTML))
            })
          }
        }
      }),
    )
    await untilShown(note(1).text)
    say({ face: { blank: true } })
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard)
    await until(async () => expect(await heard()).toHaveLength(1))
    const [drawn] = await heard()
    expect(drawn).not.toContain(question)
    for (const { text } of notes(40)) expect(drawn).not.toContain(text)
    say({ face: { blank: false } })
    await untilShown(note(1).text)
  })

  test('stays blank whatever comes, and over a reload', async () => {
    await open(wall({ notes: notes(5) }))
    await untilShown(note(1).text)
    say({ face: { blank: true } })
    await page.getByText('The wall is blank').waitFor({ state: 'attached' })
    say({ put: [note(6)], face: { spotlight: 6 } })
    await page.reload()
    await page.getByText('The wall is blank').waitFor({ state: 'attached' })
    expect(await page.innerText('main')).toBe('The wall is blank')
  })
})

describe('an arrangement', () => {
  const sizes = [projector, frame, phone, { width: 300, height: 80 }]

  test.each(sizes)('of $width × $height has grids that grow to what is legible', (size) => {
    const leastPx = leastTextOf(size)
    const tiers = tiersFor(size, leastPx)
    expect(tiers[0]).toEqual({ columns: 1, rows: 1 })
    tiers.slice(1).forEach((tier, at) => {
      expect(cellsOf(tier)).toBeGreaterThan(cellsOf(tiers[at]!))
      expect(size.width / tier.columns).toBeGreaterThanOrEqual(11 * leastPx)
    })
  })

  const placesOf = (pages: Arrangement) =>
    new Map(
      pages.flatMap(({ grid, places }, at) =>
        places.map(({ note, column, row, rows }) => [
          note.id,
          `${at} ${grid.columns}×${grid.rows} ${column} ${row} ${rows}`,
        ]),
      ),
    )

  function check(pages: Arrangement, all: readonly WallNote[]) {
    const found = pages.flatMap(({ places }) => places.map(({ note }) => note))
    expect(found.toSorted((a, b) => a.id - b.id)).toEqual(all)
    for (const { grid, places } of pages) {
      const cells = places.flatMap(({ column, row, rows }) =>
        Array.from({ length: rows }, (_, down) => `${column} ${row + down}`),
      )
      expect(new Set(cells).size).toBe(cells.length)
      for (const { column, row, rows } of places) {
        expect(column).toBeLessThan(grid.columns)
        expect(row + rows).toBeLessThanOrEqual(grid.rows)
      }
    }
  }

  test.each([1, 2, 3, 4])('has every note once, whatever happens (%i)', (seed) => {
    const random = new Random(seed)
    const size = sizes[seed % sizes.length]!
    let tiers = tiersFor(size, leastTextOf(size))
    let pages = emptyArrangement
    let all: WallNote[] = []
    for (let step = 0; step < 300; step++) {
      const chance = random.next()
      const each = all.length > 0 ? random.below(all.length) : 0
      if (chance < 0.5) {
        const from = (all.at(-1)?.id ?? 0) + 1
        all.push(...Array.from({ length: random.between(1, 4) }, (_, at) => note(from + at)))
      } else if (chance < 0.75 && all[each])
        all = all.with(each, { ...all[each], votes: all[each].votes + random.between(1, 5) })
      else if (chance < 0.8 && all[each])
        all = all.with(each, { ...all[each], pinned: !all[each].pinned })
      else if (chance < 0.99) all = all.toSpliced(each, random.between(0, 3))
      else tiers = tiersFor(random.pick(sizes), 14)
      pages = arrange(pages, all, tiers)
      check(pages, all)
    }
  })

  test('moves none but a single neighbour when a note grows', () => {
    const tiers = tiersFor(projector, 28)
    const all = notes(18)
    const before = arrange(emptyArrangement, all, tiers)
    const grown = arrange(before, all.with(7, note(8, { votes: 9 })), tiers)
    const [was, is] = [placesOf(before), placesOf(grown)]
    const moved = all.filter(({ id }) => was.get(id) !== is.get(id)).map(({ id }) => id)
    expect(grown[0]?.grid).toEqual(before[0]?.grid)
    expect(moved).toHaveLength(2)
    expect(moved).toContain(8)
    expect(arrange(grown, all.with(7, note(8, { votes: 10 })), tiers)[0]?.places.length).toBe(18)
  })

  test('moves nobody for votes that two notes get in turns', () => {
    const tiers = tiersFor(projector, 28)
    const all = notes(6).map((each) => ({ ...each, votes: each.id < 3 ? 5 : 0 }))
    let pages = arrange(emptyArrangement, all, tiers)
    const before = placesOf(pages)
    for (let votes = 6; votes < 20; votes++) {
      for (const at of [1, 0]) {
        all[at] = { ...all[at]!, votes }
        pages = arrange(pages, all, tiers)
        expect(placesOf(pages)).toEqual(before)
      }
    }
  })
})
