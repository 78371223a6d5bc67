import { beforeEach, describe, expect, test } from 'vitest'
import { accepted, refused, type Answer, type Wish } from '../../src/protocol/envelope'
import { refuse } from '../../src/protocol/refusals'
import { createWishQueue, type WishQueue } from '../../src/source/wish-queue'

type Answered = (answer: Answer | undefined) => void

let sent: { wish: Wish; answered: Answered }[]
let timers: { afterMs: number; act: () => void }[]
let queue: WishQueue

beforeEach(() => {
  sent = []
  timers = []
  queue = createWishQueue({
    send: (wish, answered) => void sent.push({ wish, answered }),
    after(afterMs, act) {
      const timer = { afterMs, act }
      timers.push(timer)
      return () => void (timers = timers.filter((other) => other !== timer))
    },
  })
})

const last = () => sent.at(-1)!
const ring = () => timers.shift()!.act()
const commands = () => sent.map(({ wish }) => wish.command)

describe('a wish', () => {
  test('has an id that the gateway takes, another for each', () => {
    void queue.wish('a', 1)
    void queue.wish('b', 2)
    const ids = sent.map(({ wish }) => wish.id)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{8,40}$/)
    expect(new Set(ids).size).toBe(2)
  })

  test('resolves with its answer, a refusal as well', async () => {
    const first = queue.wish('a', 1)
    last().answered(accepted)
    expect(await first).toEqual(accepted)
    const second = queue.wish('a', 2)
    last().answered(refused(refuse('not_a_number')))
    expect(await second).toEqual(refused(refuse('not_a_number')))
    expect(timers).toEqual([])
  })

  test('is sent again with its id when no answer came', async () => {
    const wish = queue.wish('a', 1)
    last().answered(undefined)
    ring()
    expect(sent).toHaveLength(2)
    expect(sent[1]!.wish).toEqual(sent[0]!.wish)
    last().answered(accepted)
    expect(await wish).toEqual(accepted)
  })

  test('is sent again after a passing refusal, later each time and never later than 3 s', async () => {
    const wish = queue.wish('a', 1)
    const delays: number[] = []
    for (let i = 0; i < 10; i++) {
      last().answered(refused(refuse('host_down')))
      delays.push(timers[0]!.afterMs)
      ring()
    }
    expect(delays[0]).toBeLessThanOrEqual(200)
    expect(delays[9]).toBeGreaterThanOrEqual(1_500)
    expect(Math.max(...delays)).toBeLessThanOrEqual(3_000)
    last().answered(accepted)
    expect(await wish).toEqual(accepted)
    expect(new Set(sent.map(({ wish: { id } }) => id)).size).toBe(1)
  })

  test('that waits goes out at once when the line or a host is back', () => {
    void queue.wish('a', 1)
    last().answered(refused(refuse('host_down')))
    queue.resume()
    expect(commands()).toEqual([1, 1])
    expect(timers).toEqual([])
  })

  test('is answered by whichever of its copies is answered first', async () => {
    const wish = queue.wish('a', 1)
    queue.resume()
    sent[0]!.answered(accepted)
    expect(await wish).toEqual(accepted)
    sent[1]!.answered(refused(refuse('too_fast')))
    expect(sent).toHaveLength(2)
  })
})

describe('wishes of one page', () => {
  test('keep their order to one stream, whatever happens to the first', async () => {
    const answers = [1, 2, 3].map((command) => queue.wish('a', command))
    last().answered(undefined)
    ring()
    last().answered(refused(refuse('host_down')))
    queue.resume()
    last().answered(refused(refuse('not_a_number')))
    last().answered(accepted)
    last().answered(accepted)
    expect(commands()).toEqual([1, 1, 1, 2, 3])
    expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([false, true, true])
  })

  test('to another stream do not wait for the first', () => {
    void queue.wish('a', 1)
    void queue.wish('b', 2)
    expect(commands()).toEqual([1, 2])
  })
})
