import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { lexer, parse, walkTokens } from 'marked'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tagOf } from '../../src/pages/admin/author-tag'
import { exportFile, plainMarkdown } from '../../src/pages/admin/export-file'
import { alike } from '../../src/pages/admin/similar'
import { adminStream, boardFold, exportStream } from '../../src/protocol/board'
import type { BoardEvent, BoardView, ModeratorCommand, Note } from '../../src/protocol/board'
import { exportFold } from '../../src/protocol/board-export'
import { accepted, refused, type Wish } from '../../src/protocol/envelope'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { logHealthFold, logHealthStream } from '../../src/protocol/log-health'
import { refuse } from '../../src/protocol/refusals'
import {
  inLightAndDark,
  phone,
  projector,
  seriousFaults,
  showPages,
  type ShownPages,
} from './shown-pages'
import { until } from '../support/until'

const admin = adminStream('tools')
const laptop = { width: 1440, height: 900 }

let shown: ShownPages
let page: Page
/** What the board is, as its own process would fold it. */
let board: BoardView

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

beforeEach(startAnew)

function startAnew() {
  const { gateway } = shown
  gateway.welcome = { ...gateway.welcome, role: 'presenter' }
  gateway.heard.length = 0
  gateway.onWish = grant
  gateway.keep(admin, boardFold, 'log1')
  gateway.keep(exportStream('tools'), exportFold, 'log1')
  gateway.keep(logHealthStream, logHealthFold, 'b1.1')
  gateway.keep(hostsStream, hostsFold, 'g1')
  gateway.swallow(hostsStream, { type: 'host_ready', host: 'boards' })
  board = boardFold.empty
  say({ type: 'board_declared', question: 'What are your tools?', settings })
}

afterEach(async () => {
  if (page) await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const settings = { open: true, approveFirst: true, slowSeconds: 0, filter: 'hold' } as const

function say(...events: BoardEvent[]) {
  for (const event of events) board = boardFold.fold(board, event)
  shown.gateway.say(admin, ...events)
}

const eventTypes = {
  moderate_note: 'note_moderated',
  pin_note: 'note_pinned',
  merge_note: 'note_merged',
  spotlight_note: 'note_spotlit',
  mute_author: 'author_muted',
  change_settings: 'settings_changed',
  blank_wall: 'wall_blanked',
  reset_board: 'board_reset',
  undo_reset: 'reset_undone',
} as const

/** Grants a wish as a board does: first the event, then the answer. */
function grant({ command }: Wish) {
  const { type, ...fields } = command as ModeratorCommand
  say({
    type: eventTypes[type],
    ...fields,
    ...(type === 'reset_board' && { settings }),
  } as BoardEvent)
  return accepted
}

const posted = (id: number, more: Partial<Note> = {}): BoardEvent => ({
  type: 'note_posted',
  id,
  wish: `w${id}`,
  text: `note ${id}`,
  author: `author${id}`,
  atMs: 1_700_000_000_000 + id * 1000,
  state: 'waiting',
  marked: false,
  ...more,
})

/** Waiting: 1 and 2. Shown: 3, 4 and 5. Put away: 6. */
function sayNotes() {
  say(posted(1), posted(2), ...[3, 4, 5].map((id) => posted(id, { state: 'shown' })))
  say(posted(6, { state: 'hidden' }))
}

async function open(options: object = {}, prepare?: (page: Page) => unknown) {
  page = await shown.open('/board/tools/admin', { viewport: laptop, ...options }, prepare)
  await sees('Connected')
  await page.getByRole('heading', { name: 'What are your tools?' }).waitFor()
}

const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}
const sent = () =>
  shown.gateway.heard.filter(([word]) => word === 'wish').map(([, body]) => body as Wish)
const commands = () => sent().map(({ command }) => command)
const selected = () =>
  page
    .getByRole('listbox', { name: 'Notes', exact: true })
    .getAttribute('aria-activedescendant')
    .then((id) => (id === null ? undefined : Number(id.replace('note-', ''))))
const listed = (group: string) =>
  page
    .getByRole('group', { name: group })
    .getByRole('option')
    .evaluateAll((rows) => rows.map(({ id }) => Number(id.replace('note-', ''))))
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
/** Waits until the board has heard all, and the page has heard of it. */
const settle = (count: number) => until(() => expect(sent()).toHaveLength(count))

describe('the list of a moderator', () => {
  test('has what waits, oldest first, and what is shown, newest first', async () => {
    sayNotes()
    await open()
    await page.locator('#note-5').waitFor()
    expect(await listed('Waiting')).toEqual([1, 2])
    expect(await listed('Shown')).toEqual([5, 4, 3])
    expect(await page.getByRole('group', { name: 'Put away' }).count()).toBe(0)
    await press('x')
    expect(await listed('Put away')).toEqual([6])
    expect(await page.getByLabel('Counts').innerText()).toMatch(
      /2 waiting\s+3 shown\s+1 put away\s+0 in a minute/,
    )
  })

  test('counts the notes of the last minute', async () => {
    const atMs = Date.now()
    say(posted(1, { atMs: atMs - 90_000 }), posted(2, { atMs }), posted(3, { atMs }))
    await open()
    await page.getByLabel('Counts').getByText('2 in a minute').waitFor()
  })

  test('tells of each note when it came, its votes, its marks and its author', async () => {
    say(posted(1, { text: 'damn', marked: true, author: 'a1' }))
    say(posted(2, { state: 'shown', author: 'a1' }), { type: 'note_pinned', note: 2, pinned: true })
    say({ type: 'note_seconded', note: 2, visitor: 'v', wish: 'x' })
    say({ type: 'note_spotlit', note: 2 })
    await open({ timezoneId: 'UTC' })
    const row = (id: number) => page.locator(`#note-${id}`)
    await row(1).getByText('word filter').waitFor()
    expect(await row(1).innerText()).toMatch(/×2\s+22:13:21\s+word filter/)
    expect(await row(2).innerText()).toMatch(/×2\s+22:13:22\s+1 vote\s+spotlight\s+pinned/)
    const { colour, shape } = tagOf('a1')
    const tag = row(2).getByRole('img', { name: `author ${colour} ${shape}` })
    expect(await tag.count()).toBe(1)
  })

  test('puts away what is merged and what a muted author wrote', async () => {
    sayNotes()
    say({ type: 'author_muted', author: 'author1', muted: true })
    say({ type: 'note_merged', note: 3, into: 4 })
    await open()
    await press('x')
    expect(await listed('Waiting')).toEqual([2])
    expect(await listed('Shown')).toEqual([5, 4])
    expect(await listed('Put away')).toEqual([6, 3, 1])
    expect(await page.locator('#note-3').innerText()).toContain('merged into note 4')
    await page.locator('#note-4').getByText('1 vote').waitFor()
  })

  test('says by title and page that it is not for the projector', async () => {
    sayNotes()
    await open()
    await sees('Moderation: not for the projector')
    await until(async () =>
      expect(await page.title()).toBe(
        'Moderation (2 waiting), not for the projector · What are your tools?',
      ),
    )
    const href = (name: string) => page.getByRole('link', { name }).getAttribute('href')
    expect(await href('Wall')).toBe('/board/tools/wall')
    expect(await href('Phone page')).toBe('/board/tools')
  })
})

/** What each key wishes; the first waiting note is selected, or what `first` leads to. */
const keys: readonly [key: string, wished: ModeratorCommand[], first?: string[]][] = [
  ['a', [{ type: 'moderate_note', note: 1, state: 'shown' }]],
  ['h', [{ type: 'moderate_note', note: 1, state: 'hidden' }]],
  ['h', [{ type: 'moderate_note', note: 5, state: 'hidden' }], ['ArrowRight']],
  ['w', [{ type: 'moderate_note', note: 5, state: 'waiting' }], ['ArrowRight']],
  ['f', [{ type: 'spotlight_note', note: 5 }], ['ArrowRight']],
  ['Enter', [{ type: 'spotlight_note', note: 4 }], ['ArrowRight', 'ArrowDown']],
  [
    'f',
    [
      { type: 'moderate_note', note: 1, state: 'shown' },
      { type: 'spotlight_note', note: 1 },
    ],
  ],
  ['p', [{ type: 'pin_note', note: 4, pinned: true }], ['ArrowRight', 'j']],
  ['m', [{ type: 'mute_author', author: 'author2', muted: true }], ['j']],
  ['o', [{ type: 'change_settings', settings: { open: false } }]],
  ['v', [{ type: 'change_settings', settings: { approveFirst: false } }]],
  ['s', [{ type: 'change_settings', settings: { slowSeconds: 15 } }]],
  ['t', [{ type: 'change_settings', settings: { filter: 'off' } }]],
  ['b', [{ type: 'blank_wall', blank: true }]],
  ['r', [{ type: 'reset_board' }], ['r']],
  ['g', [{ type: 'merge_note', note: 1, into: 5 }], ['g']],
]

describe('a key', () => {
  test.each(keys)('%s wishes %j, and u takes it back', async (key, wished, first = []) => {
    sayNotes()
    const before = board
    await open()
    await page.locator('#note-5').waitFor()
    await press(...first, key)
    await settle(wished.length)
    expect(commands()).toEqual(wished)
    expect(board).not.toEqual(before)
    await press('u', 'u')
    await until(() => expect(board).toEqual(before))
    await sees('There is nothing to undo')
    expect(sent()).toHaveLength(wished.length * 2)
  })

  test.each([
    ['s', 'Slow: 15 s', 'Slow: 30 s', 'Slow: 60 s', 'Slow: off'],
    ['t', 'Word filter: off', 'Word filter: mark', 'Word filter: hold'],
    ['v', 'Shown at once', 'Approve first'],
    ['o', 'Board closed', 'Board open'],
    ['b', 'Show the wall', 'Blank'],
  ])('%s goes round, and says where it is', async (key, ...states) => {
    await open()
    for (const state of states) {
      await press(key)
      await button(state).waitFor()
    }
  })

  test('does the same as the button on which it is written', async () => {
    sayNotes()
    await open()
    await button('Show').click()
    await button('Hide').click()
    await button('Blank').click()
    await settle(3)
    expect(commands()).toEqual([
      { type: 'moderate_note', note: 1, state: 'shown' },
      { type: 'moderate_note', note: 2, state: 'hidden' },
      { type: 'blank_wall', blank: true },
    ])
    // Pressed with a mouse, a button does not take Enter for itself.
    await press('ArrowRight', 'Enter')
    await settle(4)
    expect(commands()[3]).toEqual({ type: 'spotlight_note', note: 5 })
  })

  test('turns off what it turned on: f, p, m and g', async () => {
    sayNotes()
    await open()
    await page.locator('#note-5').waitFor()
    await press('ArrowRight', 'f', 'f', 'p', 'p')
    await settle(4)
    expect(commands().slice(1)).toEqual([
      { type: 'spotlight_note', note: null },
      { type: 'pin_note', note: 5, pinned: true },
      { type: 'pin_note', note: 5, pinned: false },
    ])
    say({ type: 'author_muted', author: 'author6', muted: true })
    say({ type: 'note_merged', note: 6, into: 5 })
    await press('x')
    await page.locator('#note-6').click()
    await press('m', 'g')
    await settle(6)
    expect(commands().slice(4)).toEqual([
      { type: 'mute_author', author: 'author6', muted: false },
      { type: 'merge_note', note: 6, into: null },
    ])
  })

  test('a takes a merged note out of the other, and u puts it back', async () => {
    sayNotes()
    say({ type: 'note_merged', note: 6, into: 5 })
    const before = board
    await open()
    await press('x')
    await page.locator('#note-6').click()
    await press('a')
    await settle(2)
    expect(commands()).toEqual([
      { type: 'merge_note', note: 6, into: null },
      { type: 'moderate_note', note: 6, state: 'shown' },
    ])
    await press('u')
    await until(() => expect(board).toEqual(before))
  })

  test('that is held down judges one note and no more', async () => {
    sayNotes()
    await open()
    await page.locator('#note-5').waitFor()
    await page.keyboard.down('a')
    await page.keyboard.down('a')
    await page.keyboard.down('a')
    await page.keyboard.up('a')
    await press('b')
    await settle(2)
    expect(await selected()).toBe(2)
  })

  test('does nothing with another held, or while somebody types', async () => {
    sayNotes()
    await open()
    await page.locator('#note-5').waitFor()
    await press('Control+a', 'Alt+h', 'Meta+b', 'Shift+O')
    await page.evaluate(() => document.body.append(document.createElement('input')))
    await page.locator('input').click()
    await page.keyboard.type('ahwupfmgovstbrrxe?')
    expect(await page.locator('input').inputValue()).toBe('ahwupfmgovstbrrxe?')
    await page.locator('input').evaluate((input) => input.remove())
    await press('b')
    await settle(1)
    expect(commands()).toEqual([{ type: 'blank_wall', blank: true }])
  })

  test('works by its place on a keyboard of another script', async () => {
    sayNotes()
    await open()
    await page.locator('#note-5').waitFor()
    await page.evaluate(() =>
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ф', code: 'KeyA', bubbles: true }),
      ),
    )
    await settle(1)
    expect(commands()).toEqual([{ type: 'moderate_note', note: 1, state: 'shown' }])
  })

  test('? lists them all', async () => {
    await open()
    await press('?')
    const sheet = page.getByRole('dialog', { name: 'Keys' })
    await sheet.getByText('blank the projector at once; again: show the wall').waitFor()
    expect(await sheet.getByRole('term').count()).toBe(21)
    await press('Escape')
    await sheet.waitFor({ state: 'detached' })
  })

  test('r resets only when pressed again within five seconds', async () => {
    sayNotes()
    await open({}, (page) => page.clock.install())
    await press('r')
    await button('Press again').waitFor()
    await page.clock.fastForward(5_100)
    await button('Reset').waitFor()
    await press('r')
    await button('Press again').waitFor()
    expect(commands()).toEqual([])
    await press('r')
    await settle(1)
    await sees('Nothing waits.')
    await press('u')
    await page.locator('#note-5').waitFor()
  })

  test('u takes back a reset even after the page was loaded again', async () => {
    sayNotes()
    say({ type: 'board_reset', settings })
    await open()
    await sees('Nothing waits.')
    await press('u')
    await page.locator('#note-5').waitFor()
    expect(commands()).toEqual([{ type: 'undo_reset' }])
  })
})

describe('the flow', () => {
  test('takes one key for each note while fifty arrive', async () => {
    await open()
    const judged: unknown[] = []
    for (let id = 1; id <= 50; id++) {
      say(posted(id))
      // Now and then several lie there before one is judged.
      if (id % 10 > 4) continue
      await page.locator(`#note-${id}`).waitFor()
      do {
        const key = judged.length % 2 === 0 ? 'a' : 'h'
        const state = key === 'a' ? 'shown' : 'hidden'
        judged.push({ type: 'moderate_note', note: judged.length + 1, state })
        await press(key)
      } while (judged.length < id)
    }
    await settle(50)
    expect(commands()).toEqual(judged)
    await sees('Nothing waits.')
  })

  test('goes on to the next note at once, however slow the network', async () => {
    sayNotes()
    shown.gateway.onWish = () => undefined
    await open()
    await page.locator('#note-5').waitFor()
    await press('a', 'h')
    expect(await listed('Waiting')).toEqual([])
    expect(await listed('Shown')).toEqual([5, 4, 3, 1])
    expect(await selected()).toBeUndefined()
    await sees('2 acts are not done yet; sent again until done.')
  })

  test('shows no note twice when the answer is faster than the event', async () => {
    sayNotes()
    shown.gateway.onWish = () => accepted
    await open()
    await page.locator('#note-5').waitFor()
    await press('a')
    await settle(1)
    await press('b')
    await settle(2)
    expect(await listed('Waiting')).toEqual([2])
    expect(await listed('Shown')).toEqual([5, 4, 3, 1])
  })

  test('gives a note back that could not be judged, and says why', async () => {
    sayNotes()
    shown.gateway.onWish = () => refused(refuse('unknown_note'))
    await open()
    await page.locator('#note-5').waitFor()
    await press('a')
    await sees('Not done: Shown. That note is not there any more.')
    expect(await listed('Waiting')).toEqual([1, 2])
    await press('u')
    await sees('There is nothing to undo')
  })

  test('selects the next note that waits when none was left', async () => {
    await open()
    await sees('All judged.')
    await press('a')
    await sees('Nothing is selected')
    say(posted(1))
    await until(async () => expect(await selected()).toBe(1))
    await press('a')
    await settle(1)
    say(posted(2), posted(3))
    await until(async () => expect(await selected()).toBe(2))
  })

  test('undoes act after act, and selects the note each was done to', async () => {
    sayNotes()
    await open()
    await page.locator('#note-5').waitFor()
    await press('a', 'h', 'u')
    await until(async () => expect(await selected()).toBe(2))
    await press('u')
    await until(async () => expect(await selected()).toBe(1))
    await settle(4)
    expect(await listed('Waiting')).toEqual([1, 2])
  })

  test('mutes an author with all their notes, and lists them with the way back', async () => {
    say(...[1, 2, 3].map((id) => posted(id, { author: 'flood' })), posted(4))
    await open()
    await page.locator('#note-4').waitFor()
    await press('m')
    expect(await listed('Waiting')).toEqual([4])
    await until(async () => expect(await selected()).toBe(4))
    const { colour, shape } = tagOf('flood')
    await button(`Unmute the author ${colour} ${shape}`).click()
    await settle(2)
    expect(board.muted).toEqual([])
    expect(await listed('Waiting')).toEqual([1, 2, 3, 4])
  })
})

describe('the selected note', () => {
  test('stays selected, and in its place on the screen, whatever arrives', async () => {
    say(...Array.from({ length: 30 }, (_, at) => posted(at + 1, { state: 'shown' })))
    await open()
    await page.locator('#note-30').waitFor()
    await press('ArrowRight', 'ArrowDown', 'ArrowDown')
    expect(await selected()).toBe(28)
    const place = () => page.locator('#note-28').boundingBox()
    const before = await place()
    for (let id = 31; id <= 40; id++) say(posted(id, { state: id % 2 ? 'shown' : 'waiting' }))
    say({ type: 'note_moderated', note: 29, state: 'hidden' })
    await page.locator('#note-40').waitFor({ state: 'attached' })
    await page.locator('#note-29').waitFor({ state: 'detached' })
    expect(await selected()).toBe(28)
    // A row's height is no whole number of pixels, and its list scrolls by whole ones.
    expect(Math.abs((await place())!.y - before!.y)).toBeLessThan(1)
  })

  test('goes with the note when another moderator shows it', async () => {
    sayNotes()
    await open()
    await until(async () => expect(await selected()).toBe(1))
    say({ type: 'note_moderated', note: 1, state: 'shown' })
    await until(async () => expect(await listed('Waiting')).toEqual([2]))
    expect(await selected()).toBe(1)
  })

  test('is none when it went by itself: a key that was on its way falls on no other', async () => {
    sayNotes()
    await open()
    await until(async () => expect(await selected()).toBe(1))
    say({ type: 'note_withdrawn', note: 1, wish: 'x' })
    await sees('Nothing is selected: tap a note, or press ↓.')
    await press('a')
    await sees(/^Nothing is selected$/)
    expect(commands()).toEqual([])
    await press('ArrowDown')
    expect(await selected()).toBe(2)
  })

  test('moves with the arrows, j and k, and holds at the ends', async () => {
    sayNotes()
    await open()
    await until(async () => expect(await selected()).toBe(1))
    const walk: unknown[] = []
    for (const key of ['k', 'j', 'ArrowDown', 'ArrowDown', 'j', 'j', 'ArrowUp', 'ArrowLeft']) {
      await press(key)
      walk.push(await selected())
    }
    expect(walk).toEqual([1, 2, 5, 4, 3, 3, 4, 1])
  })
})

describe('the selected note is in sight', () => {
  test.each([laptop, phone, { width: 720, height: 450 }])('%j', async (viewport) => {
    say(...Array.from({ length: 30 }, (_, at) => posted(at + 1)))
    await open({ viewport })
    await page.locator('#note-30').waitFor({ state: 'attached' })
    for (const key of [...Array<string>(20).fill('j'), ...Array<string>(15).fill('k')]) {
      await press(key)
      const isCovered = await page.evaluate(() => {
        const row = document.querySelector('[aria-selected="true"]')!
        const { left, top, bottom } = row.getBoundingClientRect()
        const at = (y: number) => document.elementFromPoint(left + 20, y)
        return !row.contains(at(top + 3)) || !row.contains(at(bottom - 3))
      })
      expect(isCovered, key).toBe(false)
    }
  })
})

describe('merging', () => {
  const texts = ['logs', 'Grafana and OpenTelemetry', 'printf', 'opentelemetry, grafana!', 'tail']
  const sayTexts = () =>
    say(...texts.map((text, at) => posted(at + 1, { text, state: at === 3 ? 'waiting' : 'shown' })))

  test('suggests the most alike first, and takes two keys', async () => {
    sayTexts()
    await open()
    await until(async () => expect(await selected()).toBe(4))
    await press('g')
    const sheet = page.getByRole('dialog')
    expect(await sheet.getByRole('option', { selected: true }).innerText()).toMatch(
      /Grafana and OpenTelemetry\s+most alike/,
    )
    await press('g')
    await settle(1)
    expect(commands()).toEqual([{ type: 'merge_note', note: 4, into: 2 }])
    await sheet.waitFor({ state: 'detached' })
  })

  test('picks with the arrows and Enter, in an order that does not change meanwhile', async () => {
    sayTexts()
    await open()
    await until(async () => expect(await selected()).toBe(4))
    await press('g')
    const options = () => page.getByRole('dialog').getByRole('option').allInnerTexts()
    const before = await options()
    say(posted(9, { text: 'Grafana, OpenTelemetry', state: 'shown' }))
    await page.locator('#note-9').waitFor()
    expect(await options()).toEqual(before)
    await press('ArrowDown', 'Enter')
    await settle(1)
    expect(commands()).toEqual([{ type: 'merge_note', note: 4, into: 5 }])
  })

  test('is given up with Esc; no other key acts meanwhile but the panic key', async () => {
    sayTexts()
    await open()
    await until(async () => expect(await selected()).toBe(4))
    await press('g', 'a', 'h', 'm', 'b', 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await settle(1)
    expect(commands()).toEqual([{ type: 'blank_wall', blank: true }])
    await press('a')
    await settle(2)
  })

  test('is undone with all that went along', async () => {
    sayNotes()
    say({ type: 'note_merged', note: 3, into: 4 })
    const before = board
    await open()
    await page.locator('#note-5').waitFor()
    await press('ArrowRight', 'ArrowDown')
    expect(await selected()).toBe(4)
    await press('g', 'g')
    await settle(1)
    expect(board.notes.filter(({ mergedInto }) => mergedInto === 5)).toHaveLength(2)
    await press('u')
    await until(() => expect(board).toEqual(before))
  })

  test('ranks by the share of common words', () => {
    const notes = texts.map((text, at) => ({ id: at, text }) as Note)
    const [, , , note] = notes
    expect(alike(note!, notes).map(({ id }) => id)).toEqual([1, 0, 2, 4])
  })
})

const isBlank = (command: unknown): boolean => (command as ModeratorCommand).type === 'blank_wall'

describe('the panic key', () => {
  test('is sent at once', async () => {
    await open()
    await press('b')
    await settle(1)
    expect(sent()).toMatchObject([
      { stream: adminStream('tools'), command: { type: 'blank_wall', blank: true } },
    ])
  })

  test('waits for nothing that is under way', async () => {
    sayNotes()
    shown.gateway.onWish = (wish) => (isBlank(wish.command) ? grant(wish) : undefined)
    await open()
    await page.locator('#note-5').waitFor()
    await press('a', 'h', 'o', 'b')
    await page.getByLabel('On the projector now').getByText('blank', { exact: true }).waitFor()
    const others = commands().filter((command) => !isBlank(command))
    expect(others).toMatchObject([{ type: 'moderate_note' }])
  })

  test('says that the projector is not blank before the board says that it is', async () => {
    shown.gateway.onWish = () => undefined
    await open()
    await press('b')
    await page.getByLabel('On the projector now').getByText('not blank yet').waitFor()
    say({ type: 'wall_blanked', blank: true })
    await page.getByLabel('On the projector now').getByText('blank', { exact: true }).waitFor()
  })
})

describe('the page says how things stand', () => {
  test('what is on the projector', async () => {
    sayNotes()
    await open()
    const now = page.getByLabel('On the projector now')
    await now.getByText('3 notes').waitFor()
    await press('ArrowRight', 'f')
    await now.getByText('one note: note 5').waitFor()
    await press('h')
    await now.getByText('2 notes').waitFor()
  })

  test('loudly when notes cannot be kept, and no more once they can', async () => {
    await open({ timezoneId: 'UTC' })
    const atMs = Date.UTC(2026, 0, 1, 14, 3, 7)
    shown.gateway.say(logHealthStream, { type: 'log_failed', reason: 'The disk is full.', atMs })
    const alert = page.getByRole('alert')
    await alert.getByText('Notes cannot be kept since 14:03:07.').waitFor()
    expect(await alert.innerText()).toContain(
      'Reason: The disk is full. Phones keep their notes and send them again by themselves.',
    )
    shown.gateway.say(logHealthStream, { type: 'log_healed', atMs })
    await until(async () => expect(await alert.innerText()).toBe(''))
  })

  test('that the host of the boards is being restarted', async () => {
    await open()
    shown.gateway.say(hostsStream, { type: 'host_lost', host: 'play', reason: 'killed' })
    shown.gateway.say(hostsStream, { type: 'host_lost', host: 'boards', reason: 'killed' })
    await sees('Connected, but host boards is being restarted')
    shown.gateway.say(hostsStream, { type: 'host_ready', host: 'boards' })
    await sees(/^\s*Connected\s*$/)
  })

  test('that this browser may not moderate', async () => {
    shown.gateway.welcome = { ...shown.gateway.welcome, role: 'audience' }
    page = await shown.open('/board/tools/admin', { viewport: laptop })
    await sees('Only whoever gives the talk can moderate')
    await press('b')
    expect(await page.getByRole('button').count()).toBe(0)
    expect(shown.gateway.heard.map(([, body]) => body)).not.toContainEqual(
      expect.objectContaining({ stream: admin }),
    )
  })

  test('that nothing is known of such a board', async () => {
    page = await shown.open('/board/nowhere/admin', { viewport: laptop }, (page) =>
      page.clock.install(),
    )
    await sees('Connected')
    await page.clock.fastForward(4_100)
    await sees('Nothing has been heard of a board “nowhere” yet.')
  })

  test('to a screen reader: acts at once, arrivals together and seldom', async () => {
    await open({}, (page) => page.clock.install())
    const told = () => page.locator('p[role=status]').innerText()
    say(posted(1), posted(2), posted(3))
    await page.locator('#note-3').waitFor()
    expect(await told()).toBe('')
    await page.clock.fastForward(10_100)
    await until(async () => expect(await told()).toBe('3 notes wait'))
    await press('a')
    expect(await told()).toBe('Shown')
  })
})

const nasty = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '\t=1',
  '＝1+1',
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 1">',
  'say "hi", and; more',
  'two\nlines\n\n# no heading\n- no list\n1. none\n===',
  '# heading',
  '[link](javascript:alert(1)) ![image](http://x.test/y.png)',
  'https://x.test www.x.test a@x.test <https://x.test>',
  '*em* _em_ `code` ~~gone~~ $x$ | a | b |',
  '&lt;b&gt; &amp; \\* \\',
  '    indented',
  'مرحبا "عالم"',
  '👩‍👩‍👧‍👦🧑🏽‍💻',
  'Z̷̢̛a̵l̸g̶o',
  'w'.repeat(280),
]
const exported = nasty.map((text, at) => {
  return { id: at + 1, text, votes: at % 3, pinned: at === 1, atMs: 1_700_000_000_000 + at }
})

/** Reads CSV as RFC 4180 has it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  for (const [, quoted = '', end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    if (rows.length === 0) rows.push([])
    rows.at(-1)!.push(quoted.replaceAll('""', '"'))
    if (end !== ',') rows.push([])
  }
  return rows.slice(0, -1)
}

async function save(key: string): Promise<{ name: string; content: string }> {
  await press('e')
  const downloading = page.waitForEvent('download')
  await press(key)
  const download = await downloading
  await sees(`${nasty.length} notes saved as`)
  await press('Escape')
  return {
    name: download.suggestedFilename(),
    content: await readFile(await download.path(), 'utf8'),
  }
}

/** What Markdown makes of a text: the kinds of its parts, and what is read. */
function readMarkdown(text: string): { kinds: Set<string>; html: string } {
  const kinds = new Set<string>()
  walkTokens(lexer(text), ({ type }) => void kinds.add(type))
  return { kinds, html: parse(text, { async: false }) }
}

describe('an export', () => {
  beforeEach(async () => {
    shown.gateway.show(exportStream('tools'), { question: 'What *are* tools?', notes: exported })
    await open()
  })

  test('as JSON has the notes as they are', async () => {
    const { name, content } = await save('j')
    expect(name).toMatch(/^tools-\d{4}-\d\d-\d\d\.json$/)
    const read = JSON.parse(content)
    expect(read).toMatchObject({ board: 'tools', question: 'What *are* tools?' })
    expect(read.notes).toEqual(
      exported.map(({ atMs, ...note }) => ({ ...note, time: new Date(atMs).toISOString() })),
    )
  })

  test('as CSV is read back whole, and nothing in it is a formula', async () => {
    const { name, content } = await save('c')
    expect(name).toMatch(/\.csv$/)
    expect(content.startsWith('\ufeff"id","time","votes","pinned","text"\r\n')).toBe(true)
    const [, ...rows] = readCsv(content)
    const cells = rows.map((row) => row[4]!)
    expect(cells.map((cell, at) => (nasty[at] === cell ? cell : cell.slice(1)))).toEqual(nasty)
    expect(cells.filter((cell) => /^\s*[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([])
    expect(cells[0]).toBe(`'${nasty[0]}`)
    expect(rows[1]!.slice(0, 4)).toEqual(['2', '2023-11-14T22:13:20.001Z', '1', 'yes'])
  })

  test('as Markdown is a heading and a list, whatever the notes say', async () => {
    const { name, content } = await save('m')
    expect(name).toMatch(/\.md$/)
    const { kinds, html } = readMarkdown(content)
    for (const kind of kinds) {
      const plain = ['heading', 'list', 'list_item', 'text', 'escape', 'em', 'br', 'space']
      expect(plain).toContain(kind)
    }
    const read = await page.evaluate((html) => {
      const body = new DOMParser().parseFromString(html.replaceAll('<br>', '\n'), 'text/html').body
      const items = [...body.querySelectorAll('li')].map((item) => item.textContent)
      return { items, headings: body.querySelectorAll('h1, h2, h3').length }
    }, html)
    expect(read.headings).toBe(1)
    const words = (text: string) => text.split(/\s+/).filter((word) => word !== '')
    const items = read.items.map((item) => words(item.replace(/ \([^()]*\)\s*$/, '')))
    expect(items).toEqual(nasty.map(words))
  })

  test('that gets no answer says so', async () => {
    await shown.leave(page)
    await open({}, (page) => page.clock.install())
    shown.gateway.onFollow = () => refused(refuse('host_down'))
    await press('e', 'm')
    await sees('Asking for the notes…')
    await page.clock.fastForward(15_100)
    await sees('No answer came.')
    shown.gateway.onFollow = () => accepted
  })
})

describe('an export file', () => {
  test('has a name that every system takes', () => {
    const { name } = exportFile({ question: '', notes: [] }, '../a b', 'csv', 0)
    expect(name).toBe('---a-b-1970-01-01.csv')
  })

  test('in Markdown escapes whatever somebody may think of', () => {
    const letters = [...'#*_-+=~`<>[]()!|\\:/.@&$^1a w\n\t', 'www.', 'http://', '](', '<b>', '- ']
    const text = fc.array(fc.constantFrom(...letters), { maxLength: 30 }).map((all) => all.join(''))
    fc.assert(
      fc.property(text, (text) => {
        const { kinds } = readMarkdown(`- ${plainMarkdown(text, '\\\n  ')}\n`)
        const plain = ['list', 'list_item', 'text', 'escape', 'br', 'space']
        expect(plain).toEqual(expect.arrayContaining([...kinds]))
      }),
      { numRuns: 3_000, seed: 7 },
    )
  })
})

describe('nasty notes', () => {
  test.each([390, 320, 1440])(
    'stay in their boxes, %i px wide, and nothing executes',
    async (width) => {
      const more = ['x'.repeat(280), '🧨'.repeat(280), 'a\n'.repeat(140), 'Z̷̢̛'.repeat(100)]
      const texts = [...nasty, ...more]
      say(...texts.map((text, at) => posted(at + 1, { text, state: at % 2 ? 'shown' : 'waiting' })))
      say({ type: 'note_merged', note: 2, into: 20 }, { type: 'note_spotlit', note: 20 })
      await open({ viewport: { width, height: 844 } })
      await page.locator('#note-1').waitFor()
      await press('x')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      // Measured by the letters, since what a box clips is not part of its size.
      const wide = await page.getByRole('option').evaluateAll(
        (rows) =>
          rows.filter((row) => {
            const letters = document.createRange()
            letters.selectNodeContents(row.querySelector('.text')!)
            const box = row.getBoundingClientRect()
            const { left, right } = letters.getBoundingClientRect()
            return left < box.left || right > box.right || box.height > 400
          }).length,
      )
      expect(wide).toBe(0)
      await press('g')
      const sheet = page.getByRole('dialog')
      const fits = await sheet.evaluate((sheet) => sheet.scrollWidth <= sheet.clientWidth)
      expect(fits).toBe(true)
      expect(await page.evaluate(() => 'hit' in window)).toBe(false)
      expect(await page.locator('#note-8 .text').innerText()).toBe(nasty[7])
    },
  )
})

describe('on a phone', () => {
  test('one thumb selects and judges, with targets of 44 px', async () => {
    sayNotes()
    await open({ viewport: phone, hasTouch: true, isMobile: true })
    await page.locator('#note-2').tap()
    await until(async () => expect(await selected()).toBe(2))
    await button('Show').tap()
    await settle(1)
    expect(commands()).toEqual([{ type: 'moderate_note', note: 2, state: 'shown' }])
    const small = await page
      .getByRole('button')
      .evaluateAll(
        (buttons) =>
          buttons
            .map((button) => button.getBoundingClientRect())
            .filter(({ width, height }) => width < 44 || height < 44).length,
      )
    expect(small).toBe(0)
    const inSight = await button('Hide').boundingBox()
    expect(inSight!.y + inSight!.height).toBeLessThanOrEqual(phone.height)
  })
})

describe('axe finds nothing serious on the moderation page', () => {
  async function showAll(viewport: typeof laptop) {
    sayNotes()
    say(posted(7, { marked: true, author: 'author6' }))
    await open({ viewport })
    await page.locator('#note-5').waitFor()
    shown.gateway.onWish = () => refused(refuse('unknown_note'))
    await press('a')
    await sees('That note is not there any more.')
    shown.gateway.onWish = grant
    await press('x', 'm', 'o', 'b', 'r')
    shown.gateway.say(logHealthStream, { type: 'log_failed', reason: 'full', atMs: 0 })
    await sees('Notes cannot be kept')
  }

  // Colours are the same at all sizes.
  test.each([projector, phone, { width: 720, height: 450 }])('on %j', async (viewport) => {
    await showAll(viewport)
    expect(await seriousFaults(page)).toEqual([])
  })

  test('on a laptop, light or dark, whatever it shows', async () => {
    await showAll(laptop)
    await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
    for (const sheet of ['g', 'e', '?']) {
      await press('ArrowRight', sheet)
      await page.getByRole('dialog').waitFor()
      await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
      await press('Escape')
    }
  })
})
