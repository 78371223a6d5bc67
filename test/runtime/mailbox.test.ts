/*
 * The mailbox against the plainest model there is: an array. Random histories long enough to pass
 * every threshold at which it moves its cells.
 */
import { expect, it } from 'vitest'
import { Mailbox, nothing } from '../../src/runtime/mailbox'
import { Random } from '../support/random'

const any = undefined

it('gives messages in the order in which they came', () => {
  const mailbox = new Mailbox()
  for (const message of ['a', 'b', 'c']) mailbox.put(message)
  expect([mailbox.take(any, 0), mailbox.take(any, 0), mailbox.take(any, 0)]).toEqual([
    'a',
    'b',
    'c',
  ])
  expect(mailbox.take(any, 0)).toBe(nothing)
})

it('tells an undefined message from no message', () => {
  const mailbox = new Mailbox()
  mailbox.put(undefined)
  expect(mailbox.length).toBe(1)
  expect(mailbox.take(any, 0)).toBe(undefined)
  expect(mailbox.take(any, 0)).toBe(nothing)
})

it('does not look again at messages before the place it is told to go on from', () => {
  const mailbox = new Mailbox()
  const looked: unknown[] = []
  const never = (message: unknown) => looked.push(message) < 0
  for (const message of [1, 2, 3]) mailbox.put(message)
  mailbox.take(never, 0)
  mailbox.put(4)
  mailbox.take(never, 3)
  expect(looked).toEqual([1, 2, 3, 4])
})

it('shows what lies there without taking it', () => {
  const mailbox = new Mailbox()
  for (const message of [1, 2, 3]) mailbox.put(message)
  mailbox.take(any, 0)
  expect(mailbox.peek()).toEqual([2, 3])
  expect(mailbox.length).toBe(2)
})

it('equals an array under random histories', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed)
    const mailbox = new Mailbox()
    const model: number[] = []
    const growth = random.next()
    for (let turn = 0; turn < 600; turn++) {
      if (random.chance(0.4 + growth / 4)) {
        const number = random.below(8)
        mailbox.put(number)
        model.push(number)
        continue
      }
      const wanted = random.chance(0.5) ? undefined : random.below(8)
      const match = wanted === undefined ? any : (message: unknown) => message === wanted
      const from = random.chance(0.8) ? 0 : random.below(model.length + 1)
      const at = model.findIndex((number, at) => at >= from && (wanted ?? number) === number)
      const expected = at < 0 ? nothing : model.splice(at, 1)[0]
      expect(mailbox.take(match, from), `seed ${seed}, turn ${turn}`).toBe(expected)
      expect(mailbox.length).toBe(model.length)
    }
    expect(mailbox.peek(), `seed ${seed}`).toEqual(model)
  }
})

it('keeps nothing of the messages that were taken', () => {
  const mailbox = new Mailbox()
  for (let count = 0; count < 10_000; count++) mailbox.put({ count })
  for (let count = 0; count < 9_990; count++) mailbox.take(any, 0)
  const cells = (mailbox as unknown as { messages: unknown[] }).messages
  expect(cells.filter((cell) => cell !== undefined)).toHaveLength(10)
  expect(cells.length).toBeLessThan(200)
})
