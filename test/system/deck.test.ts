/* Where the deck is: kept, told, and what it opens. */
import { describe, expect, test } from 'vitest'
import { deckStream, type DeckView } from '../../src/protocol/deck'
import { MemoryLog } from '../support/memory-log'
import { World } from '../support/simulation'
import { Boards } from './boards'

const ok = { ok: true }

describe('the deck', () => {
  test('shows a slide by its name, and knows the board on it', () => {
    const boards = new Boards(new World(1))
    expect(boards.seen<DeckView>(deckStream)).toEqual({})
    expect(boards.answer(boards.showSlide('and-then', 2, 'the-wish'))).toEqual(ok)
    expect(boards.seen<DeckView>(deckStream).shown).toEqual({
      slide: 'and-then',
      fragment: 2,
      board: 'later',
      wish: 'the-wish',
      atMs: 1_000_000,
    })
    boards.answer(boards.showSlide('hello'))
    expect(boards.seen<DeckView>(deckStream).shown?.board).toBeUndefined()
  })

  test('opens a board when its slide is first shown, and not again once it was closed', () => {
    const boards = new Boards(new World(1))
    expect(boards.wall('later').open).toBe(false)
    boards.answer(boards.showSlide('and-then'))
    boards.world.settle()
    expect(boards.wall('later')).toMatchObject({ open: true, wasOpened: true })
    const close = { type: 'change_settings', settings: { open: false } } as const
    boards.answer(boards.moderate(close, undefined, 'later'))
    boards.answer(boards.showSlide('hello'))
    boards.answer(boards.showSlide('and-then'))
    boards.world.settle()
    expect(boards.wall('later').open).toBe(false)
    boards.answer(boards.moderate({ type: 'reset_board' }, undefined, 'later'))
    boards.answer(boards.showSlide('and-then'))
    boards.world.settle()
    expect(boards.wall('later').open).toBe(true)
  })

  test('opens the board of its slide when its host ended between the two', () => {
    const boards = new Boards(new World(1))
    boards.answer(boards.showSlide('and-then'))
    const before = new MemoryLog()
    const [event] = boards.log.doors.read(deckStream, 0)
    before.doors.append(deckStream, 0, [{ key: 'the-wish', event }])
    const again = new Boards(new World(2), before)
    again.world.settle()
    expect(again.wall('later').open).toBe(true)
  })

  test('has no slide of another name', () => {
    const boards = new Boards(new World(1))
    const answer = boards.answer(boards.showSlide('__proto__'))
    expect(answer).toEqual({ ok: false, refusal: { code: 'unknown_slide' } })
  })

  test('is where it was after its host was replaced', () => {
    const boards = new Boards(new World(1))
    boards.answer(boards.showSlide('your-tools', 3))
    const again = new Boards(new World(2), boards.log)
    expect(again.seen<DeckView>(deckStream).shown).toMatchObject({
      slide: 'your-tools',
      fragment: 3,
    })
  })
})
