import { expect, test } from 'vitest'
import { entriesOf } from '../../src/lab/kept-wall'
import { boardFold, type BoardEvent } from '../../src/protocol/board'
import { wallOf } from '../../src/protocol/wall'
import type { MomentWall } from '../../src/source/moment'

const note = (id: number, text: string, votes = 0, pinned = false) => ({ id, text, votes, pinned })
const wall: MomentWall = {
  ...{ question: 'Why?', open: true, wasOpened: true, approveFirst: true, slowSeconds: 30 },
  ...{ blank: false, spotlight: 9 },
  notes: [note(3, 'processes', 2), note(7, 'a queue', 0, true), note(9, 'supervisors', 1)],
}

/** The wall that a board folds from what its log has kept. */
function madeOf(given: MomentWall) {
  const entries = entriesOf(given, 1_700_000_000_000)
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length)
  const posted = entries.flatMap(({ event }, at) => {
    const { type, id } = event as { type: string; id?: number }
    return type === 'note_posted' ? [[id, at + 1]] : []
  })
  for (const [id, number] of posted) expect(id).toBe(number)
  const board = entries.reduce(
    (view, { event }) => boardFold.fold(view, event as BoardEvent),
    boardFold.empty,
  )
  return { board, wall: wallOf(board) }
}

test.each<[string, Partial<MomentWall>]>([
  ['open', {}],
  ['closed after it was open', { open: false }],
  ['never opened', { open: false, wasOpened: false, notes: [] }],
  ['blank', { blank: true }],
])('a wall that is %s is made again, under numbers of its own', (_, change) => {
  const given = { ...wall, ...change }
  const made = madeOf(given).wall
  const names = new Map(made.notes.map(({ id }, at) => [id, given.notes[at]?.id]))
  const notes = made.notes.map((one) => ({ ...one, id: names.get(one.id) }))
  const spotlight = made.spotlight === null ? null : names.get(made.spotlight)
  expect({ ...made, notes, spotlight }).toEqual({
    ...given,
    spotlight: given.notes.length > 0 ? 9 : null,
  })
})

test('each note has an author of its own, and what no board would take is left out', () => {
  const long = note(12, 'x'.repeat(281))
  const { board, wall: made } = madeOf({ ...wall, notes: [...wall.notes, note(11, ' \n '), long] })
  expect(new Set(board.notes.map(({ author }) => author)).size).toBe(3)
  expect(made.notes.map(({ text }) => text)).toEqual(['processes', 'a queue', 'supervisors'])
})
