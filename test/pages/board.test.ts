import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { boardStream, ownStream } from '../../src/protocol/board'
import { accepted, refused, type Wish } from '../../src/protocol/envelope'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { ownFold, type OwnNote } from '../../src/protocol/own-notes'
import { refuse, type RefusalCode } from '../../src/protocol/refusals'
import { wallFold, type WallFace, type WallNote } from '../../src/protocol/wall'
import { inLightAndDark, projector, showPages, type ShownPages } from './shown-pages'
import { until } from '../support/until'

const board = boardStream('tools')
const own = ownStream('tools', '7f3a91c2d4')
const question = 'What are your tools?'
const openFace = { question, open: true, wasOpened: true }
const thumb = { hasTouch: true, isMobile: true }

let shown: ShownPages
let page: Page
/** What the board has of the visitor. */
let mine: OwnNote[]

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

beforeEach(() => {
  const { gateway } = shown
  mine = []
  gateway.heard.length = 0
  gateway.deaf = false
  gateway.onWish = store
  gateway.onFollow = () => accepted
  gateway.keep(board, wallFold, 'log1')
  gateway.keep(own, ownFold, 'log1')
  gateway.keep(hostsStream, hostsFold, 'g1')
  gateway.swallow(hostsStream, { type: 'host_ready', host: 'boards' })
  gateway.swallow(board, { type: 'wall_changed', face: openFace })
})

afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

/** Stores a note, tells its author, and says yes to everything else. */
function store({ id, command }: Wish) {
  const { type, text } = command as { type: string; text: string }
  if (type === 'post_note' && !mine.some(({ wish }) => wish === id))
    tellMine(...mine, { id: 101 + mine.length, wish: id, text, state: 'shown', votes: 0 })
  return accepted
}

function tellMine(...notes: OwnNote[]) {
  mine = notes
  shown.gateway.show(own, { notes })
}

const refuseAll = (code: RefusalCode) => {
  shown.gateway.onWish = () => refused(refuse(code))
}

const note = (id: number, text = `note ${id}`, votes = 0): WallNote => {
  return { id, text, votes, pinned: false }
}
const put = (...notes: WallNote[]) => shown.gateway.say(board, { type: 'wall_changed', put: notes })
const face = (face: Partial<WallFace>) => shown.gateway.say(board, { type: 'wall_changed', face })

const field = () => page.getByRole('textbox', { name: 'Your note' })
const button = (name: string | RegExp) => page.getByRole('button', { name })
const ownNotes = () => page.getByRole('list', { name: 'Your notes' }).getByRole('listitem')
const others = () => page.getByRole('list', { name: 'Notes of others' }).getByRole('listitem')
const otherTexts = async () =>
  (await others().allInnerTexts()).map((text) => text.split(/\s*\n\s*/, 1)[0])
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
const gone = (text: string | RegExp) =>
  until(async () => expect(await page.getByText(text).count()).toBe(0))
const wishes = (type: string) =>
  shown.gateway.heard
    .filter(([word]) => word === 'wish')
    .map(([, body]) => body as Wish)
    .filter(({ command }) => (command as { type: string }).type === type)

async function open(options?: BrowserContextOptions, prepare?: (page: Page) => unknown) {
  page = await shown.open('/board/tools', options, prepare)
  await sees(question)
  await sees('Notes of others')
}

/** A thumb presses a button that is marked as of no use now, too. */
const press = (name: string | RegExp) => button(name).click({ force: true })

async function post(text: string) {
  await field().fill(text)
  await press('Send')
}

describe('a board on a phone', () => {
  test('asks its question, whatever the case of its address', async () => {
    page = await shown.open('/BOARD/TOOLS')
    await page.getByRole('heading', { name: question }).waitFor()
  })

  test('sends a note, empties the field, and ticks the note once it is stored', async () => {
    shown.gateway.onWish = () => undefined
    await open()
    await post('vim')
    await sees('Sending…')
    expect(await field().inputValue()).toBe('')
    expect(wishes('post_note')).toMatchObject([
      { stream: board, command: { type: 'post_note', text: 'vim' } },
    ])
    shown.gateway.onWish = store
    shown.gateway.sendAway()
    await sees('On the wall')
    expect(await ownNotes().count()).toBe(1)
  })

  test('sends with Enter, takes Shift and Enter for a new line, and leaves composing alone', async () => {
    await open()
    await field().fill('one')
    await field().press('Shift+Enter')
    await field().pressSequentially('two')
    await field().dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    expect(await field().inputValue()).toBe('one\ntwo')
    await field().press('Enter')
    await sees('On the wall')
    expect(wishes('post_note')).toMatchObject([{ command: { text: 'one\ntwo' } }])
    expect(await field().getAttribute('enterkeyhint')).toBe('send')
  })

  test('tells what became of each note, in words', async () => {
    await open()
    tellMine(
      { id: 1, wish: 'a', text: 'good', state: 'shown', votes: 2 },
      { id: 2, wish: 'b', text: 'bad', state: 'hidden', votes: 0 },
      { id: 3, wish: 'c', text: 'new', state: 'waiting', votes: 0 },
    )
    await sees('waiting for approval')
    const texts = await ownNotes().allInnerTexts()
    expect(texts.map((text) => text.trim().split(/\s*\n\s*/))).toEqual([
      ['new', 'Stored, waiting for approval'],
      ['bad', 'Hidden by the presenter'],
      ['good', 'On the wall\u00a0· +2'],
    ])
  })

  test('shows the last own notes, and all of them when asked to', async () => {
    await open()
    tellMine(
      ...[1, 2, 3, 4, 5].map((id) => ({ ...note(id), wish: `w${id}`, state: 'shown' as const })),
    )
    await until(async () => expect(await ownNotes().count()).toBe(3))
    await button('Show all 5 of yours').click()
    expect(await ownNotes().count()).toBe(5)
  })

  test('keeps a draft of its own over a reload', async () => {
    await open()
    await field().fill('half a tho')
    await page.reload()
    expect(await field().inputValue()).toBe('half a tho')
    await page.goto(page.url().replace('tools', 'other'))
    expect(await field().inputValue()).toBe('')
  })

  test('says how many characters are left when it gets tight, as readers count them', async () => {
    await open()
    await field().fill('👩‍👩‍👧'.repeat(200))
    expect(await page.getByText('left').count()).toBe(0)
    await field().fill(`${'é'.repeat(245)}  `)
    await sees(/^\s*35 left/)
  })

  test.each([
    ['x'.repeat(282), 'That is 2 characters too long.'],
    [`${' '.repeat(2_500)}x`, 'That is too long: 280 characters at most.'],
    [' \n\u200b ', 'There is nothing to read in that note.'],
  ])('says clearly what is wrong, and sends nothing (%#)', async (text, sentence) => {
    await open()
    await post(text)
    await sees(sentence)
    expect(await field().getAttribute('aria-invalid')).toBe('true')
    expect(await field().inputValue()).toBe(text)
    expect(wishes('post_note')).toEqual([])
    await field().fill('x')
    await gone(sentence)
  })

  test('takes the focus on a laptop, but neither in a frame nor on a phone', async () => {
    const focused = (frame: { evaluate: Page['evaluate'] }) =>
      frame.evaluate(() => document.activeElement?.id)
    await open()
    expect(await focused(page)).toBe('note')
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.src = '/board/tools'
      document.body.append(frame)
    })
    await page.frameLocator('iframe').getByText(question).waitFor()
    expect(await focused(page.frames()[1]!)).not.toBe('note')
    await shown.leave(page)
    await open(thumb)
    expect(await focused(page)).not.toBe('note')
  })

  test('has its field in sight by the thumb, before and after a long list', async () => {
    await open(thumb)
    put(...Array.from({ length: 40 }, (_, at) => note(at + 1)))
    await sees('note 40')
    for (const top of [0, 500, 100_000]) {
      await page.evaluate((top) => scrollTo(0, top), top)
      const box = await field().boundingBox()
      expect(box!.y).toBeGreaterThan(600)
      expect(box!.y + box!.height).toBeLessThan(844)
    }
  })
})

describe('a note', () => {
  test('made without a connection is kept, survives a reload, and is stored once', async () => {
    shown.gateway.onWish = () => undefined
    await open()
    await post('emacs')
    await until(() => expect(wishes('post_note')).toHaveLength(1))
    await shown.gateway.kill()
    await sees('Kept here. It is sent when the connection is back.')
    await post('made offline')
    await until(async () => expect(await ownNotes().count()).toBe(2))
    const context = page.context()
    await page.close()
    shown.gateway.onWish = store
    await shown.gateway.live()
    page = await context.newPage()
    await page.goto(`http://talk.test:${shown.gateway.port}/board/tools`)
    await until(async () => expect(await ownNotes().getByText('On the wall').count()).toBe(2))
    expect(mine.map(({ text }) => text)).toEqual(['emacs', 'made offline'])
    expect(new Set(wishes('post_note').map(({ id }) => id)).size).toBe(2)
    const before = wishes('post_note').length
    await page.reload()
    await sees('On the wall')
    expect(wishes('post_note')).toHaveLength(before)
    expect(await ownNotes().count()).toBe(2)
  })

  test('is sent where all storage is forbidden', async () => {
    await open({}, (page) =>
      page.addInitScript(() => {
        for (const name of ['localStorage', 'sessionStorage'])
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException('forbidden', 'SecurityError')
            },
          })
      }),
    )
    await post('vim')
    await sees('On the wall')
  })

  test('of another talk is not sent any more', async () => {
    await open()
    await page.evaluate(() => {
      const writtenAtMs = Date.now() - 48 * 60 * 60 * 1000
      localStorage.setItem('note/tools/0123456789', JSON.stringify({ text: 'old', writtenAtMs }))
      localStorage.setItem('note/tools/9876543210', 'nonsense')
    })
    await page.reload()
    await sees('Notes of others')
    expect(await ownNotes().count()).toBe(0)
    expect(wishes('post_note')).toEqual([])
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  test('that is refused comes back to the field, with the reason', async () => {
    refuseAll('slow_mode')
    await open()
    await post('too soon')
    await sees('One note at a time, please')
    expect(await field().inputValue()).toBe('too soon')
    expect(await ownNotes().count()).toBe(0)
    await page.reload()
    expect(await field().inputValue()).toBe('too soon')
  })

  test('that is refused comes back in one of two tabs', async () => {
    shown.gateway.onWish = () => undefined
    await open()
    const { gateway } = shown
    await post('twice?')
    await sees('twice?')
    const first = page
    page = await page.context().newPage()
    await page.goto(first.url())
    await sees('twice?')
    let answers = 0
    gateway.onWish = () => (answers++ === 0 ? refused(refuse('slow_mode')) : undefined)
    gateway.sendAway()
    const texts = () =>
      Promise.all([first, page].map((tab) => tab.getByRole('textbox').inputValue()))
    await until(async () => expect((await texts()).join('')).toBe('twice?'))
    // The other tab wants to call it late: before it is settled, or after, and then finds it gone.
    for (const tab of [first, page])
      await until(async () => {
        const lines = await tab.getByRole('listitem').allInnerTexts()
        expect(lines.filter((line) => !line.includes('Still on its way'))).toEqual([])
      })
    refuseAll('slow_mode')
    gateway.sendAway()
    for (const tab of [first, page])
      await until(async () => expect(await tab.getByRole('listitem').count()).toBe(0))
    expect((await texts()).join('')).toBe('twice?')
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  test('that is refused while another is written waits in the list, to be edited', async () => {
    shown.gateway.onWish = () => undefined
    await open()
    await post('first')
    await field().fill('second')
    refuseAll('board_closed')
    shown.gateway.sendAway()
    await sees('This board takes no notes now.')
    expect(await field().inputValue()).toBe('second')
    await page.reload()
    await sees('This board takes no notes now.')
    await button('Edit').click()
    expect(await field().inputValue()).toBe('first\nsecond')
    expect(await ownNotes().count()).toBe(0)
  })

  test('that was refused can be sent again, as a new wish', async () => {
    await open()
    await page.evaluate(() =>
      localStorage.setItem(
        'note/tools/0123456789',
        JSON.stringify({ text: 'anew', writtenAtMs: Date.now(), refusal: { code: 'too_fast' } }),
      ),
    )
    await page.reload()
    await sees('That was a bit fast.')
    expect(wishes('post_note')).toEqual([])
    await button('Send again').click()
    await sees('On the wall')
    expect(wishes('post_note')).toMatchObject([{ command: { text: 'anew' } }])
    expect(wishes('post_note')[0]!.id).not.toBe('0123456789')
  })

  test.each(['not_kept', 'host_down'] as const)(
    'is still on its way while the system says %s, and is stored in the end',
    async (code) => {
      refuseAll(code)
      await open()
      await post('patience')
      await sees('Still on its way.')
      expect(await field().inputValue()).toBe('')
      shown.gateway.onWish = store
      await sees('On the wall')
      expect(new Set(wishes('post_note').map(({ id }) => id)).size).toBe(1)
    },
  )

  test('can be taken back, and its text returns to the field', async () => {
    await open()
    await post('oops')
    await sees(/^(10|[1-9]) s$/)
    await button('Take back').click()
    await until(async () => expect(await field().inputValue()).toBe('oops'))
    expect(wishes('withdraw_note')).toMatchObject([
      { stream: board, command: { type: 'withdraw_note', note: 101 } },
    ])
    await until(async () => expect(await ownNotes().count()).toBe(0))
    tellMine()
    await page.reload()
    await sees('Notes of others')
    expect(await ownNotes().count()).toBe(0)
  })

  test('that is taken back spares what is written meanwhile', async () => {
    await open()
    await post('oops')
    await button('Take back').waitFor()
    await field().fill('another')
    await button('Take back').click()
    await until(async () => expect(await ownNotes().count()).toBe(0))
    expect(await field().inputValue()).toBe('another')
  })

  test('can be taken back after a reload, and for ten seconds only', async () => {
    await open({}, (page) => page.clock.install())
    await post('oops')
    await button('Take back').waitFor()
    await page.reload()
    await button('Take back').waitFor()
    await page.clock.fastForward(10_000)
    await until(async () => expect(await button('Take back').count()).toBe(0))
    await sees('On the wall')
  })

  test('that cannot be taken back any more says so, and stays', async () => {
    await open()
    await post('oops')
    await button('Take back').waitFor()
    refuseAll('too_late')
    await button('Take back').click()
    await sees('That note can be taken back for ten seconds only.')
    await sees('On the wall')
  })

  test('that vanished from the board elsewhere leaves the list', async () => {
    await open()
    await post('gone soon')
    await sees('On the wall')
    tellMine()
    await until(async () => expect(await ownNotes().count()).toBe(0))
  })
})

describe('the notes of others', () => {
  test('are listed newest first, without those of the visitor', async () => {
    await open()
    await post('mine')
    put(note(1), note(101, 'mine'), note(102))
    await sees('note 102')
    expect(await otherTexts()).toEqual(['note 102', 'note 1'])
  })

  test('never hold an own note, even when the wall is told before its author is', async () => {
    shown.gateway.onWish = () => undefined
    await open()
    await post('mine')
    await sees('Sending…')
    put(note(101, 'mine'), note(102))
    await sees('note 102')
    expect(await otherTexts()).toEqual(['note 102'])
  })

  test('are the last 50 at first, and more when asked for', async () => {
    await open()
    put(...Array.from({ length: 120 }, (_, at) => note(at + 1)))
    await sees('note 120')
    expect(await others().count()).toBe(50)
    await button('Show more').click()
    await until(async () => expect(await others().count()).toBe(100))
    await button('Show more').click()
    await until(async () => expect(await others().count()).toBe(120))
    expect(await button('Show more').count()).toBe(0)
  })

  test('are seconded once, and the button remembers', async () => {
    await open()
    put(note(1, 'rust', 4))
    await button('+1, 4 so far').click()
    await until(() => expect(wishes('second_note')).toHaveLength(1))
    put(note(1, 'rust', 5))
    await press('+1, 5 so far')
    expect(await button(/^\+1/).getAttribute('aria-pressed')).toBe('true')
    await page.reload()
    await sees('rust')
    expect(await button(/^\+1/).getAttribute('aria-pressed')).toBe('true')
    await press(/^\+1/)
    expect(wishes('second_note')).toMatchObject([{ command: { type: 'second_note', note: 1 } }])
  })

  test('that were seconded elsewhere are just marked', async () => {
    refuseAll('already_seconded')
    await open()
    put(note(1))
    await button(/^\+1/).click()
    await until(() => expect(wishes('second_note')).toHaveLength(1))
    expect(await button(/^\+1/).getAttribute('aria-pressed')).toBe('true')
    expect(await page.getByText('already').count()).toBe(0)
  })

  test('say why they cannot be seconded, and can be tried again', async () => {
    refuseAll('unknown_note')
    await open()
    put(note(1))
    await button(/^\+1/).click()
    await sees('That note is not there any more.')
    expect(await button(/^\+1/).getAttribute('aria-pressed')).toBe('false')
  })

  test('of another log with the same numbers are not taken for seconded', async () => {
    await open()
    put(note(1))
    await button(/^\+1/).click()
    await until(() => expect(wishes('second_note')).toHaveLength(1))
    shown.gateway.keep(board, wallFold, 'log2')
    shown.gateway.swallow(board, { type: 'wall_changed', face: openFace, put: [note(1)] })
    await page.reload()
    await sees('note 1')
    expect(await button(/^\+1/).getAttribute('aria-pressed')).toBe('false')
  })

  test('come by themselves while nobody looks', async () => {
    await open(thumb)
    put(note(1))
    await sees('note 1')
    put(note(2), note(3))
    await sees('note 3')
    expect(await button(/new note/).count()).toBe(0)
  })

  test('stay in place once they are touched; new ones wait behind a button', async () => {
    await open(thumb)
    put(note(1), note(2))
    await others().first().tap()
    const before = await others().first().boundingBox()
    put(note(3))
    await button('1 new note').waitFor()
    put(note(4), note(5))
    await button('3 new notes').waitFor()
    expect(await otherTexts()).toEqual(['note 2', 'note 1'])
    expect(await others().first().boundingBox()).toEqual(before)
    await button('3 new notes').tap()
    await sees('note 5')
    expect(await otherTexts()).toEqual(['note 5', 'note 4', 'note 3', 'note 2', 'note 1'])
  })

  test('stay in place while the page is scrolled to them, and go on at its top', async () => {
    await open(thumb)
    put(...Array.from({ length: 60 }, (_, at) => note(at + 1)))
    await sees('note 60')
    await page.evaluate(() => scrollTo(0, 900))
    const lines = others().filter({ hasText: 'note 45' })
    await until(async () => expect((await lines.boundingBox())!.y).toBeLessThan(844))
    const before = await lines.boundingBox()
    put(note(61), note(62))
    await button('2 new notes').waitFor()
    expect(await lines.boundingBox()).toEqual(before)
    expect(await page.evaluate(() => scrollY)).toBe(900)
    await page.evaluate(() => scrollTo(0, 0))
    await sees('note 62')
    expect(await button(/new note/).count()).toBe(0)
  })

  test('that leave the wall while they are looked at lose their text and keep their place', async () => {
    await open(thumb)
    put(note(1), note(2), note(3))
    await others().last().tap()
    const before = await others().last().boundingBox()
    shown.gateway.say(board, { type: 'wall_changed', drop: [2] })
    await sees('Not on the wall any more.')
    expect(await otherTexts()).toEqual(['note 3', 'Not on the wall any more.', 'note 1'])
    expect(await others().last().boundingBox()).toEqual(before)
  })

  test('stand within their boxes and leave their neighbours alone, however nasty', async () => {
    const nasty = [
      'Z' + '\u0300\u0315\u031b\u0489'.repeat(60),
      '\u202egnihton',
      '👨‍👩‍👧‍👦'.repeat(280),
      '\n'.repeat(10_000) + 'x',
      'W'.repeat(280),
      '\ufdfd'.repeat(100),
      '<img src=x onerror="document.title=1"><script>document.title=1</script>',
    ]
    await open()
    put(note(1, 'good neighbour'))
    await sees('good neighbour')
    const before = await others().last().boundingBox()
    put(...nasty.map((text, at) => note(at + 2, text)))
    await until(async () => expect(await others().count()).toBe(nasty.length + 1))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    const boxes = await others().evaluateAll((items) =>
      items.map((item) => {
        const { top, bottom } = item.getBoundingClientRect()
        const text = item.querySelector('p')!
        const { overflowX, direction, unicodeBidi } = getComputedStyle(text)
        return { top, bottom, overflowX, direction, unicodeBidi }
      }),
    )
    for (const [at, box] of boxes.entries()) {
      expect(box).toMatchObject({ overflowX: 'hidden', unicodeBidi: 'isolate' })
      if (at > 0) expect(box.top).toBeGreaterThanOrEqual(boxes[at - 1]!.bottom - 0.5)
    }
    const { width, height } = (await others().last().boundingBox())!
    expect({ width, height }).toEqual({ width: before!.width, height: before!.height })
    expect(await page.title()).toBe('Board · Let it crash')
  })
})

describe('a board says how it stands', () => {
  test('when it is not open yet: what is typed waits', async () => {
    face({ open: false, wasOpened: false })
    await open()
    const sentence = 'The board opens when its question is on the screen.'
    await sees(sentence)
    await post('early')
    await until(async () => expect(await page.getByText(sentence).count()).toBe(2))
    expect(wishes('post_note')).toEqual([])
    face({ open: true, wasOpened: true })
    await gone(sentence)
    await button('Send').click()
    await sees('On the wall')
  })

  test('when it is closed: it can be read, and a draft is not lost', async () => {
    await open()
    put(note(1))
    await field().fill('late')
    face({ open: false })
    await sees('This board is closed. You can read it.')
    expect(await field().inputValue()).toBe('late')
    await sees('note 1')
    await field().fill('')
    await until(async () => expect(await field().count()).toBe(0))
    await press(/^\+1/)
    expect(wishes('second_note')).toEqual([])
  })

  test('when the wall is blank: no notes of others', async () => {
    await open()
    put(note(1))
    await sees('note 1')
    face({ blank: true })
    await sees('The wall is blank for a moment.')
    await gone('note 1')
    await post('still here')
    await sees('still here')
    face({ blank: false })
    await sees('note 1')
  })

  test.each([
    [{ approveFirst: true }, 'Notes are approved before they are shown.'],
    [{ slowSeconds: 30 }, 'Slow mode: one note every 30 seconds.'],
    [
      { approveFirst: true, slowSeconds: 1 },
      'Notes are approved before they are shown, one note a second.',
    ],
  ])('when it is set to %o', async (set, sentence) => {
    face(set)
    await open()
    await sees(sentence)
  })

  test('when there is no such board', async () => {
    shown.gateway.onFollow = ({ stream }) =>
      stream.startsWith('boards/') ? refused(refuse('unknown_stream')) : accepted
    page = await shown.open('/board/nothing')
    await sees('There is no board at this address.')
  })

  test('when the connection is lost, and when the boards are being restarted', async () => {
    await open()
    shown.gateway.say(hostsStream, { type: 'host_lost', host: 'boards', reason: 'killed' })
    await sees('Connected, but the boards are being restarted')
    shown.gateway.say(hostsStream, { type: 'host_quarantined', host: 'boards', reason: 'killed' })
    await sees('Connected, but the boards are in quarantine')
    await shown.gateway.kill()
    await sees('Connection lost, trying again…')
    await shown.gateway.live()
  })
})

describe('a board page fits', () => {
  test.each([390, 320, 195])('into %i px', async (width) => {
    await open({ viewport: { width, height: 422 } })
    put(note(1, 'x'.repeat(280)), note(2, 'some words '.repeat(20)))
    await post('w'.repeat(200))
    await sees('On the wall')
    await field().fill('w'.repeat(290))
    await sees('too long')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  })

  test('the rules of axe', async () => {
    for (const viewport of [undefined, projector]) {
      await open(viewport && { viewport })
      await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
      put(note(1, 'rust', 4), note(2, '\u202egnihton'), note(3))
      await button('+1, 4 so far').click()
      await until(() => expect(wishes('second_note').length).toBeGreaterThan(0))
      put(note(4))
      shown.gateway.say(board, { type: 'wall_changed', drop: [3] })
      await sees('1 new note')
      await post('mine')
      await sees('On the wall')
      tellMine(
        ...mine,
        { id: 2_000, wish: 'b', text: 'bad', state: 'hidden', votes: 0 },
        { id: 2_001, wish: 'c', text: 'new', state: 'waiting', votes: 3 },
      )
      await sees('Hidden by the presenter')
      refuseAll('slow_mode')
      await post('x'.repeat(250))
      await sees('One note at a time')
      await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
      shown.gateway.onWish = store
      shown.gateway.keep(board, wallFold, 'log1')
      shown.gateway.swallow(board, { type: 'wall_changed', face: openFace })
      shown.gateway.keep(own, ownFold, 'log1')
      mine = []
      await shown.leave(page)
    }
  })
})
