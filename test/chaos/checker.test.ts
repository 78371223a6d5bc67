/*
 * A history in which all went well, and for each rule one in which it is broken: a checker that
 * does not find what is there would call any system good.
 */
import { describe, expect, test } from 'vitest'
import { defaultSettings, type BoardEvent } from '../../src/protocol/board'
import { check, type Evidence, type LogLine } from './checker'
import { addPrint, printOf, type Row } from './history'

const text = (id: number): string => `note ${id}`

const posted = (id: number, more: object = {}): BoardEvent => ({
  type: 'note_posted',
  id,
  wish: `wish-${id}`,
  text: text(id),
  author: 'a',
  atMs: 0,
  state: 'shown',
  marked: false,
  ...more,
})

const line = (number: number, event: BoardEvent): LogLine => ({
  number,
  key: event.type === 'note_posted' ? event.wish : `said-${number}`,
  event,
})

const seconded = (wish: string, visitor: string): BoardEvent => {
  return { type: 'note_seconded', note: 4, visitor, wish }
}

/** Everybody sees so many votes for note 4 in the end. */
const withVotes = (rows: readonly Row[], votes: number): Row[] => {
  const voted = printOf({ id: 4, text: text(4), votes, pinned: false })
  const sum = addPrint(sumOf(2, 3, 5), voted)
  return rows.map((row) => (row.type === 'last' ? { ...row, sum } : row))
}

const declared: BoardEvent = {
  type: 'board_declared',
  question: 'Is it kept?',
  settings: { ...defaultSettings, open: true },
}

const print = (id: number) => printOf({ id, text: text(id), votes: 0, pinned: false })
const sumOf = (...ids: number[]) => ids.map(print).reduce(addPrint, 0)

/** Number 1 declares the board, 2 to 5 are notes; visitor 0 saw 3 to 5 come, visitor 1 only 5. */
const log: readonly LogLine[] = [
  line(1, declared),
  ...[2, 3, 4, 5].map((id) => line(id, posted(id))),
]
const ids = [2, 3, 4, 5]

const wishes: readonly Row[] = ids.flatMap((id): Row[] => [
  { type: 'post', at: id, client: id % 2, wish: `wish-${id}`, text: text(id) },
  { type: 'answer', at: id + 1, client: id % 2, wish: `wish-${id}`, ok: true },
])
const stretches: readonly Row[] = [
  { type: 'stretch', at: 9, client: 0, from: 2, to: 5, count: 3, sum: sumOf(3, 4, 5) },
  { type: 'stretch', at: 9, client: 1, from: 4, to: 5, count: 1, sum: sumOf(5) },
]
const ends: readonly Row[] = [0, 1].map((client) => {
  return { type: 'last', at: 10, client, notes: ids, sum: sumOf(...ids) }
})
const lines: readonly Row[] = [0, 1].map((client) => {
  return { type: 'connection', at: 0, client, state: 'live' }
})

const rows = [...lines, ...wishes, ...stretches, ...ends]
const good: Evidence = { rows, log, clients: 2, mayDrop: false }

const rulesBrokenBy = (change: Partial<Evidence>): string[] => [
  ...new Set(check({ ...good, ...change }).map(({ rule }) => rule)),
]

const without = (gone: (row: Row) => boolean): Row[] => rows.filter((row) => !gone(row))

describe('the checker', () => {
  test('finds nothing where all went well', () => {
    expect(check(good)).toEqual([])
  })

  test('finds an acknowledged note that is lost', () => {
    const lost = log.slice(0, 4)
    const seen = rows.flatMap((row): Row[] => {
      if (row.type === 'stretch') return []
      return [row.type === 'last' ? { ...row, notes: [2, 3, 4], sum: sumOf(2, 3, 4) } : row]
    })
    expect(rulesBrokenBy({ log: lost, rows: seen })).toEqual(['lost'])
    expect(check({ ...good, log: lost, rows: seen })).toEqual([
      { rule: 'lost', what: '“note 5” of visitor 1' },
    ])
  })

  test('finds an acknowledged note that is kept with other words', () => {
    const other = log.with(4, line(5, posted(5, { text: 'not that' })))
    expect(rulesBrokenBy({ log: other })).toEqual(['lost', 'unseen', 'wrong'])
  })

  test('finds a note that was kept twice: by its text, by its wish, by its key', () => {
    const again = (more: object) => [...log, line(6, posted(6, more))]
    expect(check({ ...good, log: again({ text: text(5) }) })).toContainEqual({
      rule: 'doubled',
      what: '“note 5” is there twice',
    })
    expect(check({ ...good, log: again({ wish: 'wish-5' }) })).toContainEqual({
      rule: 'doubled',
      what: 'wish wish-5 is there twice',
    })
    expect(check({ ...good, log: log.with(0, { ...log[0]!, key: 'wish-5' }) })).toEqual([
      { rule: 'doubled', what: 'key wish-5 is there twice' },
    ])
  })

  test('finds a vote that was counted twice: one more by the same visitor for the same note', () => {
    const voted = (...visitors: string[]) => [
      ...log,
      ...visitors.map((visitor, at) => line(6 + at, seconded(`vote-${at}`, visitor))),
    ]
    const seen = (votes: number) => withVotes(rows, votes)
    expect(check({ ...good, log: voted('b', 'c'), rows: seen(2) })).toEqual([])
    expect(check({ ...good, log: voted('b', 'c', 'b'), rows: seen(3) })).toEqual([
      { rule: 'voted', what: 'note 4 by b is there twice' },
    ])
  })

  test('finds a vote that was acknowledged and lost, refused and kept, or never answered', () => {
    const second: Row = { type: 'second', at: 6, client: 1, wish: 'vote', note: 4 }
    const answer: Row = { type: 'answer', at: 7, client: 1, wish: 'vote', ok: true }
    const refusal: Row = { ...answer, ok: false, code: 'own_note' }
    const voted = [...log, line(6, seconded('vote', 'b'))]
    const seen = withVotes(rows, 1)
    expect(check({ ...good, log: voted, rows: [...seen, second, answer] })).toEqual([])
    expect(check({ ...good, rows: [...rows, second, refusal] })).toEqual([])
    expect(rulesBrokenBy({ rows: [...rows, second, answer] })).toEqual(['lost'])
    expect(rulesBrokenBy({ log: voted, rows: [...seen, second, refusal] })).toEqual(['refused'])
    expect(rulesBrokenBy({ log: voted, rows: [...seen, second] })).toEqual(['unanswered'])
  })

  test('finds a note that was refused for good and is kept', () => {
    const refused = rows.map((row): Row =>
      row.type === 'answer' && row.wish === 'wish-3'
        ? { ...row, ok: false, code: 'slow_mode' }
        : row,
    )
    expect(rulesBrokenBy({ rows: refused })).toEqual(['refused'])
  })

  test('lets a refused note be that is not kept', () => {
    const refused: Row[] = [
      { type: 'post', at: 1, client: 0, wish: 'wish-x', text: 'too much' },
      { type: 'answer', at: 2, client: 0, wish: 'wish-x', ok: false, code: 'slow_mode' },
    ]
    expect(check({ ...good, rows: [...rows, ...refused] })).toEqual([])
  })

  test('finds a wish that nobody answered, kept or not', () => {
    const silent = without((row) => row.type === 'answer' && row.wish === 'wish-4')
    expect(rulesBrokenBy({ rows: silent })).toEqual(['unanswered'])
  })

  test('finds a note that nobody wrote', () => {
    const unposted = without(
      (row) => (row.type === 'post' || row.type === 'answer') && row.wish === 'wish-2',
    )
    expect(rulesBrokenBy({ rows: unposted })).toEqual(['unposted'])
  })

  test('finds a number that is left out, and a note under another number than its own', () => {
    const left = [...log, line(7, { type: 'wall_blanked', blank: true })]
    expect(rulesBrokenBy({ log: left })).toEqual(['gap'])
    const other = log.map((entry) =>
      entry.number === 4
        ? { ...entry, event: posted(9, { wish: 'wish-4', text: text(4) }) }
        : entry,
    )
    expect(rulesBrokenBy({ log: other })).toContain('gap')
  })

  test('finds a visitor who missed a note between two others, or saw another', () => {
    const missed = (change: object) =>
      rows.map((row): Row =>
        row.type === 'stretch' && row.client === 0 ? { ...row, ...change } : row,
      )
    expect(rulesBrokenBy({ rows: missed({ count: 2 }) })).toEqual(['unseen'])
    expect(rulesBrokenBy({ rows: missed({ sum: sumOf(3, 4, 6) }) })).toEqual(['unseen'])
    expect(check({ ...good, rows: missed({ to: 6, count: 4 }) })).toEqual([
      {
        rule: 'unseen',
        what: 'of the notes after 2 up to 6, visitor 0 saw some that are not in the log',
      },
    ])
  })

  test('finds a note that arrived anew twice', () => {
    const again: Row = { type: 'again', at: 5, client: 1, note: 3 }
    expect(rulesBrokenBy({ rows: [...rows, again] })).toEqual(['again'])
  })

  test('lets a note arrive anew as often as it was shown again', () => {
    const hide: BoardEvent = { type: 'note_moderated', note: 3, state: 'hidden' }
    const show: BoardEvent = { ...hide, state: 'shown' }
    const moderated = [...log, line(6, hide), line(7, show)]
    const again: Row = { type: 'again', at: 5, client: 1, note: 3 }
    const other: Row = { ...again, client: 0 }
    expect(check({ ...good, log: moderated, rows: [...rows, again, other] })).toEqual([])
    expect(rulesBrokenBy({ log: moderated, rows: [...rows, again, again] })).toEqual(['again'])
    const another: Row = { ...again, note: 4 }
    expect(rulesBrokenBy({ log: moderated, rows: [...rows, another] })).toEqual(['again'])
    const hidden = [...log, line(6, hide)]
    expect(rulesBrokenBy({ log: hidden, rows: [...rows, again] })).toContain('again')
  })

  test('lets a stretch begin after notes that the snapshot no longer had, being hidden', () => {
    const moderated = [4, 3].map((note, at) =>
      line(6 + at, { type: 'note_moderated', note, state: 'hidden' }),
    )
    const seen = (...arrived: number[]) =>
      rows.map((row): Row => {
        if (row.type === 'last') return { ...row, notes: [2, 5], sum: sumOf(2, 5) }
        if (row.type !== 'stretch' || row.client !== 0) return row
        return { ...row, count: arrived.length, sum: sumOf(...arrived) }
      })
    const withHidden = [...log, ...moderated]
    expect(check({ ...good, log: withHidden, rows: seen(5) })).toEqual([])
    expect(check({ ...good, log: withHidden, rows: seen(4, 5) })).toEqual([])
    expect(rulesBrokenBy({ log: withHidden, rows: seen(3, 5) })).toEqual(['unseen'])
    expect(rulesBrokenBy({ log: log, rows: seen(5) })).toContain('unseen')
  })

  test('finds a visitor who sees something else in the end', () => {
    const ending = (change: object) =>
      rows.map((row): Row =>
        row.type === 'last' && row.client === 1 ? { ...row, ...change } : row,
      )
    const fewer = { notes: [2, 3, 4], sum: sumOf(2, 3, 4) }
    expect(rulesBrokenBy({ rows: ending(fewer) })).toEqual(['wrong'])
    expect(rulesBrokenBy({ rows: ending({ sum: sumOf(2, 3, 4) }) })).toEqual(['wrong'])
  })

  test('holds the end against what the board shows: hidden notes are not seen', () => {
    const hidden = [...log, line(6, { type: 'note_moderated', note: 4, state: 'hidden' })]
    expect(rulesBrokenBy({ log: hidden })).toEqual(['wrong'])
    const seen = rows.map((row): Row =>
      row.type === 'last' ? { ...row, notes: [2, 3, 5], sum: sumOf(2, 3, 5) } : row,
    )
    expect(check({ ...good, log: hidden, rows: seen })).toEqual([])
  })

  test('finds a visitor who did not reach the end', () => {
    const away = without((row) => row.type === 'last' && row.client === 0)
    expect(rulesBrokenBy({ rows: away })).toEqual(['away'])
  })

  test('finds a lost line, where none may be lost', () => {
    const dropped: Row[] = [...rows, { type: 'connection', at: 3, client: 1, state: 'lost' }]
    expect(rulesBrokenBy({ rows: dropped })).toEqual(['dropped'])
    expect(check({ ...good, rows: dropped, mayDrop: true })).toEqual([])
  })
})
