import { expect, test } from 'vitest'
import { readMoment } from '../../src/source/moment'

const note = { id: 3, text: 'processes', votes: 2, pinned: true }
const face = {
  ...{ question: 'Why?', open: true, wasOpened: true, approveFirst: false },
  ...{ slowSeconds: 0, blank: false },
}
const whole = {
  ...{ moment: 1, title: 'A talk', atMs: 750_000 },
  boards: [{ id: 'tools', wall: { ...face, notes: [note], spotlight: 3 } }],
  board: 'tools',
  load: { target: 1_000, playHosts: 2 },
  code: { version: 3, repairs: { repaired: ['13'], hasMore: false } },
}
const withWall = (wall: object) =>
  readMoment({ ...whole, boards: [{ id: 'tools', wall: { ...face, notes: [], ...wall } }] })
const notesOf = (notes: unknown) => withWall({ notes })?.boards[0]?.wall.notes

test('what is whole is read as it is, over a memory of text', () => {
  expect(readMoment(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  expect(readMoment(readMoment(whole))).toEqual(whole)
})

test.each([
  ['nothing', null],
  ['a number', 7],
  ['no moment', {}],
  ['of another version', { ...whole, moment: 2 }],
  ['before the beginning', { ...whole, atMs: -1 }],
  ['without a title', { ...whole, title: 7 }],
])('what is %s is none', (_, raw) => expect(readMoment(raw)).toBeUndefined())

test.each([
  ['boards', { boards: 'x' }, { boards: [] }],
  ['a board', { boards: [null, ...whole.boards, { id: '../x', wall: face }] }, {}],
  ['the load', { load: { target: 1e9, playHosts: 1 } }, { load: { target: 0, playHosts: 1 } }],
  ['the code', { code: { version: 0 } }, { code: { version: 1 } }],
  ['repairs', { code: { version: 2, repairs: { repaired: ['x'] } } }, { code: { version: 1 } }],
])('%s that is unfit is left out, and the rest is there', (_, bad, rest) => {
  expect(readMoment({ ...whole, ...bad })).toEqual({ ...whole, ...rest })
})

test('of a wall the unfit notes are left out, and there is an end to them and to their votes', () => {
  expect(notesOf([7, { ...note, text: '' }, { ...note, votes: -1 }, note, note])).toEqual([note])
  const many = Array.from({ length: 600 }, (_, at) => ({ ...note, id: at + 1, votes: 15_000 }))
  const read = notesOf(many)!
  expect(read).toHaveLength(500)
  expect(read.map(({ votes }) => votes).slice(0, 3)).toEqual([15_000, 5_000, 0])
  expect(withWall({ notes: [note], spotlight: 4 })?.boards[0]?.wall).not.toHaveProperty('spotlight')
})
