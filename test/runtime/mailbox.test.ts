/*
 * The mailbox against the plainest model there is: an array.
 */
import { expect, it } from 'vitest'
import { Mailbox, nothing, type Cell } from '../../src/runtime/mailbox'
import { Random } from '../support/random'

it('gives messages in the order in which they came', () => {
  const mailbox = new Mailbox()
  for (const message of ['a', 'b', 'c']) mailbox.put(message)
  expect([mailbox.take(), mailbox.take(), mailbox.take()]).toEqual(['a', 'b', 'c'])
  expect(mailbox.take()).toBe(nothing)
})

it('tells an undefined message from no message', () => {
  const mailbox = new Mailbox()
  mailbox.put(undefined)
  expect(mailbox.length).toBe(1)
  expect(mailbox.take()).toBe(undefined)
  expect(mailbox.take()).toBe(nothing)
})

it('does not look again at messages before the one it is told to go on behind', () => {
  const mailbox = new Mailbox()
  const looked: unknown[] = []
  const never = (message: unknown) => looked.push(message) < 0
  for (const message of [1, 2, 3]) mailbox.put(message)
  mailbox.take(never)
  const seen = mailbox.last
  mailbox.put(4)
  mailbox.take(never, seen)
  expect(looked).toEqual([1, 2, 3, 4])
})

it('shows what lies there without taking it', () => {
  const mailbox = new Mailbox()
  for (const message of [1, 2, 3]) mailbox.put(message)
  mailbox.take()
  expect(mailbox.peek()).toEqual([2, 3])
  expect(mailbox.length).toBe(2)
})

it('equals an array under random histories', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed)
    const mailbox = new Mailbox()
    const model: number[] = []
    const growth = random.next()
    // The newest message when everything was looked at last; taken ones are never gone on behind.
    let seen: { cell: Cell | undefined; count: number } = { cell: undefined, count: 0 }
    for (let turn = 0; turn < 600; turn++) {
      if (random.chance(0.4 + growth / 4)) {
        const number = random.below(8)
        mailbox.put(number)
        model.push(number)
        if (random.chance(0.1)) seen = { cell: mailbox.last, count: model.length }
        continue
      }
      const wanted = random.chance(0.5) ? undefined : random.below(8)
      const match = wanted === undefined ? undefined : (message: unknown) => message === wanted
      const isBehind = random.chance(0.2)
      const from = isBehind ? seen.count : 0
      const at = model.findIndex((number, at) => at >= from && (wanted ?? number) === number)
      const expected = at < 0 ? nothing : model.splice(at, 1)[0]
      const taken = mailbox.take(match, isBehind ? seen.cell : undefined)
      expect(taken, `seed ${seed}, turn ${turn}`).toBe(expected)
      expect(mailbox.length).toBe(model.length)
      if (at >= 0 && at < seen.count) seen = { cell: undefined, count: 0 }
    }
    expect(mailbox.peek(), `seed ${seed}`).toEqual(model)
  }
})
