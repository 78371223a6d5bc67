import { beforeEach, describe, expect, test } from 'vitest'
import {
  boardFold,
  defaultSettings,
  type BoardEvent,
  type BoardView,
} from '../../src/protocol/board'
import {
  wallChange,
  wallOf,
  withoutLeft,
  type WallEvent,
  type WallView,
} from '../../src/protocol/wall'
import { Feed } from '../../src/source/feed'
import { addPrint, printOf, type Stretch } from './history'
import { WallWatch } from './wall-watch'

const posted = (id: number): BoardEvent => ({
  type: 'note_posted',
  id,
  wish: `wish-${id}`,
  text: `note ${id}`,
  author: 'a',
  atMs: 0,
  state: 'shown',
  marked: false,
})
const opened: BoardEvent = {
  type: 'board_declared',
  question: 'Who sees it?',
  settings: { ...defaultSettings, open: true },
}

let events: BoardEvent[]
let arrived: number[]
let again: number[]
let stretches: Stretch[]
let gone: number[]
let blanks: number
let watch: WallWatch
let feed: Feed<never, never>

beforeEach(() => {
  events = [opened]
  arrived = []
  again = []
  stretches = []
  gone = []
  blanks = 0
  watch = new WallWatch({
    note: ({ id }) => arrived.push(id),
    again: (note) => again.push(note),
    stretch: (stretch) => stretches.push(stretch),
    gone: (note) => gone.push(note),
    blank: () => blanks++,
  })
  feed = new Feed('wall', watch.fold as never, { ask: () => {}, after: () => () => {} })
  feed.listen((followed) => watch.hear(followed))
})

/** The board before all events, and after each of them. */
function boards(): BoardView[] {
  let board = boardFold.empty
  return [board, ...events.map((event) => (board = boardFold.fold(board, event)))]
}

const wall = (): WallView => wallOf(boards().at(-1)!)

const show = () =>
  feed.hearSnapshot({ stream: 'wall', epoch: 'log', seq: events.length, view: wall() })

/** Tells the events after number `after`, late if they are mended. */
function tell(after: number, mend = (changes: WallEvent[]): WallEvent[] => changes) {
  const all = boards()
  const changes = events.map((event, at) => wallChange(event, all[at]!, all[at + 1]!)).slice(after)
  feed.hearEvents({ stream: 'wall', epoch: 'log', seq: events.length, events: mend(changes) })
}

function say(...more: BoardEvent[]) {
  const after = events.length
  events.push(...more)
  tell(after)
}

const seen = () => watch.last().notes
const sumOf = () => wall().notes.map(printOf).reduce(addPrint, 0)

describe('a watched wall', () => {
  test('sees what the board shows, from a snapshot on', () => {
    events.push(posted(2))
    show()
    say(posted(3), posted(4))
    say({ type: 'note_seconded', note: 2, visitor: 'b', wish: 'w' })
    say({ type: 'note_moderated', note: 3, state: 'hidden' })
    expect(seen()).toEqual([2, 4])
    expect(watch.last().sum).toBe(sumOf())
    expect(arrived).toEqual([3, 4])
    expect(again).toEqual([])
  })

  test('tells the stretch of what came one by one, and begins another after a snapshot', () => {
    show()
    say(posted(2), posted(3))
    events.push(posted(4))
    show()
    say(posted(5))
    watch.endStretch()
    expect(stretches).toMatchObject([
      { from: 0, to: 3, count: 2 },
      { from: 4, to: 5, count: 1 },
    ])
    expect(again).toEqual([])
  })

  test('notices a note that is put a second time', () => {
    show()
    say(posted(2))
    events.push({ type: 'wall_blanked', blank: true })
    // The second event again, under the number of the third.
    const put = [{ id: 2, text: 'note 2', votes: 0, pinned: false }]
    feed.hearEvents({
      stream: 'wall',
      epoch: 'log',
      seq: 3,
      events: [{ type: 'wall_changed', put }],
    })
    expect(again).toEqual([2])
  })

  test('tells what is hidden, and not what is crowded out', () => {
    show()
    say(...Array.from({ length: 501 }, (_, at) => posted(at + 2)))
    expect(seen()).not.toContain(2)
    expect(gone).toEqual([])
    say({ type: 'note_moderated', note: 9, state: 'hidden' })
    expect(gone).toEqual([9])
  })

  test('tells when the wall becomes blank', () => {
    show()
    say({ type: 'wall_blanked', blank: true })
    say(posted(3))
    say({ type: 'wall_blanked', blank: false })
    expect(blanks).toBe(1)
  })

  test('tells of a note that is shown again that it is there again', () => {
    show()
    say(posted(2), posted(3))
    say({ type: 'note_moderated', note: 2, state: 'hidden' })
    say({ type: 'note_moderated', note: 2, state: 'shown' })
    expect(again).toEqual([2])
    expect(seen()).toEqual([2, 3])
    expect(arrived).toEqual([2, 3])
  })

  test('begins another stretch after a note that left before it was told', () => {
    show()
    say(posted(2), posted(3))
    events.push(posted(4), { type: 'note_moderated', note: 4, state: 'hidden' }, posted(5))
    tell(3, (changes) => withoutLeft(changes, wall()))
    say(posted(6))
    watch.endStretch()
    expect(stretches).toMatchObject([
      { from: 0, to: 3, count: 2 },
      { from: 4, to: 6, count: 2 },
    ])
  })

  test('holds as many notes as the board does', () => {
    show()
    say(...Array.from({ length: 620 }, (_, at) => posted(at + 2)))
    expect(seen()).toHaveLength(500)
    expect(watch.last().sum).toBe(sumOf())
    watch.endStretch()
    expect(stretches).toMatchObject([{ from: 0, to: 621, count: 620 }])
  })
})
