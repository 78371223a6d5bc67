/*
 * The words of a board: what is a command and whose, what its events add up to, and that the wall
 * shows exactly what may be shown, whatever happened.
 */
import { describe, expect, test } from 'vitest'
import {
  boardFold,
  maxShown,
  maxHidden,
  maxWaiting,
  type BoardEvent,
  type BoardView,
  type NoteState,
} from '../../src/protocol/board'
import { checkBoardCommand } from '../../src/protocol/board-check'
import { ownNotesOf } from '../../src/protocol/own-notes'
import { wallChange, wallFold, wallOf, withoutLeft } from '../../src/protocol/wall'
import { Random } from '../support/random'

const posted = (id: number, author = 'anna', state: NoteState = 'shown'): BoardEvent => ({
  ...{ type: 'note_posted', id, wish: `wish-${id}`, text: `note ${id}`, author },
  ...{ atMs: id, state, marked: false },
})

const viewOf = (...events: BoardEvent[]): BoardView =>
  events.reduce(boardFold.fold, boardFold.empty)

describe('a command', () => {
  test.each([
    { type: 'post_note', text: '' },
    { type: 'withdraw_note', note: 1 },
    { type: 'second_note', note: 1 },
  ])('of the audience: %j', (command) => {
    expect(checkBoardCommand(command, false)).toBeUndefined()
    expect(checkBoardCommand(command, true)).toBeUndefined()
  })

  test.each([
    { type: 'moderate_note', note: 1, state: 'hidden' },
    { type: 'pin_note', note: 1, pinned: true },
    { type: 'merge_note', note: 1, into: null },
    { type: 'spotlight_note', note: null },
    { type: 'mute_author', author: '0a1b', muted: true },
    { type: 'change_settings', settings: { open: true, slowSeconds: 30 } },
    { type: 'blank_wall', blank: true },
    { type: 'reset_board' },
    { type: 'undo_reset' },
  ])('of the presenter alone: %j', (command) => {
    expect(checkBoardCommand(command, false)).toEqual({ code: 'presenter_only' })
    expect(checkBoardCommand(command, true)).toBeUndefined()
  })

  test.each([
    ...[undefined, null, 5, 'post_note', [], {}, { type: 5 }, { type: '__proto__' }],
    ...[{ type: 'constructor' }, { type: 'post_note' }, { type: 'post_note', text: 5 }],
    ...[
      { type: 'post_note', text: 'a', state: 'shown' },
      { type: 'second_note', note: 0 },
    ],
    ...[
      { type: 'second_note', note: 1.5 },
      { type: 'second_note', note: '1' },
    ],
    ...[
      { type: 'withdraw_note', note: null },
      { type: 'second_note', note: 2 ** 53 },
    ],
    ...[
      { type: 'moderate_note', note: 1, state: 'gone' },
      { type: 'reset_board', all: true },
    ],
    ...[{ type: 'change_settings', settings: null }],
    ...[{ type: 'change_settings', settings: { slowSeconds: -1 } }],
    ...[{ type: 'change_settings', settings: { slowSeconds: Infinity } }],
    ...[{ type: 'change_settings', settings: { toString: true } }],
    ...[{ type: 'change_settings', settings: JSON.parse('{"__proto__":{}}') as object }],
    ...[
      { type: 'mute_author', author: '<b>', muted: true },
      { type: 'blank_wall', blank: 1 },
    ],
  ])('is not %j', (command) => {
    expect(checkBoardCommand(command, true)).toEqual({ code: 'malformed' })
  })

  test('has a text that is looked at only while it is short', () => {
    const command = { type: 'post_note', text: 'x'.repeat(2_001) }
    expect(checkBoardCommand(command, false)).toEqual({ code: 'note_too_long' })
  })
})

describe('a board', () => {
  test('keeps the last shown notes, and of those the seconded, pinned and lit ones longest', () => {
    const author = (id: number) => (id === 6 ? 'ben' : 'anna')
    const events = Array.from({ length: maxShown }, (_, at) => posted(at + 1, author(at + 1)))
    const view = viewOf(
      ...events,
      { type: 'note_pinned', note: 1, pinned: true },
      { type: 'note_seconded', note: 2, visitor: 'ben', wish: 'w' },
      { type: 'note_spotlit', note: 3 },
      { type: 'note_merged', note: 6, into: 4 },
      posted(1_001),
      posted(1_002),
      posted(1_003),
    )
    expect(view.notes.slice(0, 6).map(({ id }) => id)).toEqual([1, 2, 3, 4, 6, 8])
    expect(view.posted).toBe(maxShown + 3)
  })

  test('full of seconded notes shows a new one all the same, and one that is approved', () => {
    const events = Array.from({ length: maxShown }, (_, at) => posted(at + 2))
    const votes = events.map((_, at): BoardEvent => {
      return { type: 'note_seconded', note: at + 2, visitor: 'ben', wish: `w${at}` }
    })
    const approved: BoardEvent = { type: 'note_moderated', note: 1, state: 'shown' }
    const view = viewOf(posted(1, 'anna', 'waiting'), ...events, ...votes, posted(900), approved)
    const ids = wallOf(view).notes.map(({ id }) => id)
    expect(ids).toHaveLength(maxShown)
    expect(ids).toContain(900)
    expect(ids).toContain(1)
  })

  test('that lets a note go lets go what was merged into it', () => {
    const rest = Array.from({ length: maxShown }, (_, at) => posted(at + 3, 'ben'))
    const merge: BoardEvent = { type: 'note_merged', note: 2, into: 1 }
    const view = viewOf(posted(1), posted(2), merge, ...rest)
    expect(view.notes.map(({ id }) => id)).toEqual(rest.map((_, at) => at + 3))
  })

  test('that is flooded by a muted author keeps what is shown and what waits', () => {
    const flood = Array.from({ length: maxHidden * 2 }, (_, at) => posted(at + 3, 'b', 'hidden'))
    const view = viewOf(posted(1), posted(2, 'cleo', 'waiting'), ...flood)
    expect(view.notes).toHaveLength(maxHidden + 2)
    expect(view.notes.slice(0, 2).map(({ id }) => id)).toEqual([1, 2])
  })

  test('drops nothing that waits', () => {
    const many = Array.from({ length: maxWaiting + 5 }, (_, at) => posted(at + 1, 'b', 'waiting'))
    expect(viewOf(...many).notes).toHaveLength(maxWaiting + 5)
  })

  test('counts each author of merged notes once, and never the one of the note itself', () => {
    const merges = [2, 3, 4, 5].map((note): BoardEvent => ({ type: 'note_merged', note, into: 1 }))
    const notes = [posted(1), posted(2), posted(3, 'ben'), posted(4, 'ben'), posted(5, 'cleo')]
    expect(wallOf(viewOf(...notes, ...merges)).notes).toMatchObject([{ id: 1, votes: 2 }])
  })

  test('forgets what was before a reset once a new note has come', () => {
    const reset: BoardEvent = { type: 'board_reset', settings: boardFold.empty.settings }
    const before = viewOf(posted(1))
    expect(viewOf(posted(1), reset, { type: 'reset_undone' })).toEqual(before)
    const after = viewOf(posted(1), reset, posted(2))
    expect(boardFold.fold(after, { type: 'reset_undone' })).toEqual(after)
  })

  test.each([undefined, null, 5, {}, { type: 'of another version' }])('ignores %j', (event) => {
    const view = viewOf(posted(1))
    expect(boardFold.fold(view, event as never)).toBe(view)
    const wall = wallOf(view)
    expect(wallFold.fold(wall, event as never)).toBe(wall)
  })

  test('tells an author of their own notes alone, and of muted ones that they are hidden', () => {
    const view = viewOf(posted(1), posted(2, 'ben'), posted(3, 'anna', 'waiting'))
    const states = (of: BoardView) =>
      ownNotesOf(of, 'anna').notes.map(({ id, state }) => [id, state])
    expect(states(view)).toEqual([
      [1, 'shown'],
      [3, 'waiting'],
    ])
    const muted = boardFold.fold(view, { type: 'author_muted', author: 'anna', muted: true })
    expect(states(muted)).toEqual([
      [1, 'hidden'],
      [3, 'waiting'],
    ])
  })
})

describe('a wall', () => {
  test('tells latecomers nothing of what has left it since', () => {
    const events = [posted(1), posted(2), { type: 'note_moderated', note: 1, state: 'hidden' }]
    let board = boardFold.empty
    const changes = (events as BoardEvent[]).map((event) => {
      const before = board
      board = boardFold.fold(board, event)
      return wallChange(event, before, board)
    })
    const told = withoutLeft(changes, wallOf(board))
    expect(told).toHaveLength(3)
    expect(JSON.stringify(told)).not.toContain('note 1')
    expect(told.reduce(wallFold.fold, wallFold.empty).notes).toEqual(wallOf(board).notes)
  })

  test('adds up to what may be shown, after every event of any history', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = new Random(seed)
      let board = boardFold.empty
      let wall = wallFold.empty
      for (let seq = 1; seq <= 120; seq++) {
        const event = someEvent(random, seq)
        const next = boardFold.fold(board, event)
        wall = wallFold.fold(wall, wallChange(event, board, next))
        board = next
        expect(wall, `seed ${seed}, event ${seq}`).toEqual(wallOf(board))
        expect(JSON.stringify(wall)).not.toMatch(/anna|ben|waiting|hidden|wish/)
      }
    }
  })

  test('is told one small change for one note, however many there are', () => {
    const events = Array.from({ length: maxShown - 1 }, (_, at) => posted(at + 1))
    const before = viewOf(...events)
    const event = posted(900)
    const change = wallChange(event, before, boardFold.fold(before, event))
    expect(change).toEqual({
      type: 'wall_changed',
      put: [{ id: 900, text: 'note 900', votes: 0, pinned: false }],
    })
  })
})

function someEvent(random: Random, seq: number): BoardEvent {
  const note = random.between(1, seq)
  const other = random.between(1, seq)
  const events: readonly (() => BoardEvent)[] = [
    () => posted(seq, random.pick(['anna', 'ben']), random.pick(['shown', 'waiting', 'hidden'])),
    () => posted(seq, random.pick(['anna', 'ben'])),
    () => ({ type: 'note_withdrawn', note, wish: 'w' }),
    () => ({ type: 'note_seconded', note, visitor: 'cleo', wish: 'w' }),
    () => ({ type: 'note_moderated', note, state: random.pick(['shown', 'waiting', 'hidden']) }),
    () => ({ type: 'note_pinned', note, pinned: random.chance(0.5) }),
    () => ({ type: 'note_merged', note, into: random.pick([null, other]) }),
    () => ({ type: 'note_spotlit', note: random.pick([null, note]) }),
    () => ({ type: 'author_muted', author: 'anna', muted: random.chance(0.5) }),
    () => ({ type: 'settings_changed', settings: { open: random.chance(0.5) } }),
    () => ({ type: 'wall_blanked', blank: random.chance(0.5) }),
    () => ({ type: 'board_declared', question: `q${seq}`, settings: boardFold.empty.settings }),
    () =>
      random.chance(0.2)
        ? { type: 'board_reset', settings: boardFold.empty.settings }
        : { type: 'reset_undone' },
  ]
  return random.pick(events)()
}
