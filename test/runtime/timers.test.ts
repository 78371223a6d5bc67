/*
 * The timer wheel against a sorted list: random starts, cancels and leaps of the clock, from a
 * millisecond to 40 years. Both must run the same timers, at the same times, in the same order.
 */
import { describe, expect, it } from 'vitest'
import { Timer, Timers } from '../../src/runtime/timers'
import { Random } from '../support/random'

const yearMs = 365 * 86_400_000

/** Starts a new timer. */
function start(timers: Timers, dueMs: number, act: () => void): Timer {
  const timer = new Timer(act, undefined as unknown)
  timers.start(timer, dueMs)
  return timer
}

/** Advances the wheel as a host does: from one wish to the next, never past `untilMs`. */
function wind(timers: Timers, untilMs: number, seen: (nowMs: number) => void = () => {}): void {
  let turns = 0
  for (let next = timers.nextMs(); next !== undefined && next <= untilMs; next = timers.nextMs()) {
    if (++turns > 1_000_000) throw new Error('the wheel does not come to rest')
    seen(next)
    timers.advance(next)
  }
  timers.advance(untilMs)
}

/** A sorted list of timers: what the wheel has to equal. */
class Model {
  private entries: { dueMs: number; order: number; name: number }[] = []
  private order = 0

  start(dueMs: number, name: number): void {
    this.entries.push({ dueMs, order: this.order++, name })
  }

  cancel(name: number): void {
    this.entries = this.entries.filter((entry) => entry.name !== name)
  }

  get firstMs(): number {
    return Math.min(...this.entries.map((entry) => entry.dueMs))
  }

  due(nowMs: number): number[] {
    const due = this.entries.filter((entry) => entry.dueMs <= nowMs)
    this.entries = this.entries.filter((entry) => entry.dueMs > nowMs)
    due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)
    return due.map((entry) => entry.name)
  }
}

const spans = [1, 40, 1_000, 40_000, 86_400_000, 2 ** 31, 2 ** 33, yearMs, 36 * yearMs, 80 * yearMs]

describe('the wheel', () => {
  it('equals a sorted list under random histories', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = new Random(seed)
      const widest = random.between(1, spans.length)
      let now = random.pick([0, 1, 31, 1023, 1e6, 1.7e12, 123_456.75])
      const timers = new Timers(now)
      const model = new Model()
      const running = new Map<number, Timer>()
      const ran: number[] = []
      for (let turn = 0, name = 0; turn < 120; turn++) {
        const what = random.next()
        if (what < 0.55) {
          const span = random.pick(spans.slice(0, widest))
          const dueMs = now + (random.chance(0.1) ? -random.below(50) : random.next() * span)
          const mine = name++
          running.set(
            mine,
            start(timers, dueMs, () => ran.push(mine)),
          )
          model.start(Math.max(Math.ceil(dueMs), Math.floor(now) + 1), mine)
        } else if (what < 0.7 && running.size > 0) {
          const victim = random.pick([...running.keys()])
          timers.cancel(running.get(victim)!)
          running.delete(victim)
          model.cancel(victim)
        } else {
          now += random.next() * random.pick(spans.slice(0, widest))
          ran.length = 0
          if (random.chance(0.5)) timers.advance(now)
          else wind(timers, now)
          expect(ran, `seed ${seed}, turn ${turn}`).toEqual(model.due(now))
          for (const name of ran) running.delete(name)
        }
        const next = timers.nextMs() ?? Infinity
        expect(next, `seed ${seed}, turn ${turn}`).toBeLessThanOrEqual(model.firstMs)
        expect(next).toBeGreaterThanOrEqual(Math.floor(now))
      }
      now += 200 * yearMs
      ran.length = 0
      timers.advance(now)
      expect(ran, `seed ${seed}, at the end`).toEqual(model.due(now))
      expect(timers.nextMs()).toBe(undefined)
    }
  })

  it('runs a timer at its very millisecond, however far', () => {
    for (const span of [
      1,
      31,
      32,
      33,
      1_023,
      1_024,
      1_025,
      2 ** 20 - 1,
      2 ** 20,
      2 ** 30 + 1,
      2 ** 31 + 1,
      2 ** 35,
      34 * yearMs,
      40 * yearMs,
    ]) {
      for (const begin of [0, 17, 1_000_003, 1.7e12]) {
        const timers = new Timers(begin)
        const ranAt: number[] = []
        let now = begin
        start(timers, begin + span, () => ranAt.push(now))
        wind(timers, begin + span - 1, (next) => (now = next))
        expect(ranAt).toEqual([])
        wind(timers, begin + span, (next) => (now = next))
        expect(ranAt).toEqual([begin + span])
      }
    }
  })

  it('asks for few turns, however far the next timer is', () => {
    const timers = new Timers(0)
    start(timers, 40 * yearMs, () => {})
    let turns = 0
    wind(timers, 50 * yearMs, () => turns++)
    expect(turns).toBeLessThan(32)
  })

  it('a fraction of a millisecond is never too early', () => {
    const timers = new Timers(10.9)
    const ran: string[] = []
    start(timers, 11.2, () => ran.push('a'))
    timers.advance(11.9)
    expect(ran).toEqual([])
    timers.advance(12)
    expect(ran).toEqual(['a'])
  })

  it('the past is the next millisecond, in the order of starting', () => {
    const timers = new Timers(100)
    const ran: number[] = []
    for (const dueMs of [100, 5, -1e9, 101]) start(timers, dueMs, () => ran.push(dueMs))
    timers.advance(100.5)
    expect(ran).toEqual([])
    timers.advance(101)
    expect(ran).toEqual([100, 5, -1e9, 101])
  })

  it('timers of one millisecond run in the order of starting, however long before', () => {
    for (const span of [3, 1_500, 2 ** 20 + 7, 2 ** 30 + 7]) {
      const timers = new Timers(0)
      const ran: number[] = []
      const starts = [
        0,
        1,
        2,
        31,
        600,
        1_000,
        1_400,
        span / 2,
        span - 1_030,
        span - 1_000,
        span - 1,
      ]
      const inOrder = starts.filter((at) => at >= 0 && at < span).sort((a, b) => a - b)
      for (const at of inOrder) {
        timers.advance(at)
        start(timers, span, () => ran.push(at))
        start(timers, span, () => ran.push(at))
      }
      timers.advance(span)
      expect(ran).toEqual(inOrder.flatMap((at) => [at, at]))
    }
  })

  it('a time that is not finite is refused, and the wheel stays whole', () => {
    const timers = new Timers(0)
    for (const dueMs of [Number.NaN, Infinity, -Infinity]) {
      expect(() => start(timers, dueMs, () => {})).toThrow(TypeError)
    }
    expect(timers.nextMs()).toBe(undefined)
  })
})

describe('cancelling', () => {
  it('within the same millisecond keeps a later one from running', () => {
    const timers = new Timers(0)
    const ran: string[] = []
    start(timers, 50, () => {
      ran.push('first')
      timers.cancel(second)
      timers.cancel(third)
    })
    const second = start(timers, 50, () => ran.push('second'))
    const third = start(timers, 51, () => ran.push('third'))
    start(timers, 50, () => ran.push('last'))
    timers.advance(60)
    expect(ran).toEqual(['first', 'last'])
  })

  it('twice, after it ran, or inside its own act is harmless', () => {
    const timers = new Timers(0)
    let runs = 0
    const timer = start(timers, 5, () => {
      runs++
      timers.cancel(timer)
    })
    const other = start(timers, 5, () => runs++)
    timers.cancel(other)
    timers.cancel(other)
    timers.advance(10)
    timers.cancel(timer)
    expect([runs, timer.isPending, other.isPending]).toEqual([1, false, false])
    expect(timers.nextMs()).toBe(undefined)
  })

  it('all of them leaves a wheel that wants no turn', () => {
    const random = new Random(7)
    const timers = new Timers(3)
    const started = Array.from({ length: 2_000 }, () =>
      start(timers, random.next() * 2 ** 40, () => {}),
    )
    for (const timer of random.shuffle(started)) timers.cancel(timer)
    expect(timers.nextMs()).toBe(undefined)
  })
})

describe('an act', () => {
  it('may start a timer, which runs in the same advance when it falls due', () => {
    const timers = new Timers(0)
    const ran: number[] = []
    const again = (at: number) => () => {
      ran.push(at)
      if (at < 5) start(timers, at + 1, again(at + 1))
    }
    start(timers, 1, again(1))
    timers.advance(3)
    expect(ran).toEqual([1, 2, 3])
    timers.advance(100)
    expect(ran).toEqual([1, 2, 3, 4, 5])
  })

  it('a timer that it starts for now runs in the next millisecond, not in this one for ever', () => {
    const timers = new Timers(0)
    let runs = 0
    const again = () => {
      runs++
      start(timers, 0, again)
    }
    start(timers, 0, again)
    timers.advance(10)
    expect(runs).toBe(10)
  })

  it('runs with others that fall due in one leap in the order of their times', () => {
    const timers = new Timers(0)
    const random = new Random(3)
    const ran: number[] = []
    const times = random.shuffle(Array.from({ length: 3_000 }, (_, at) => at * 7 + 1))
    for (const dueMs of times) start(timers, dueMs, () => ran.push(dueMs))
    timers.advance(30_000)
    expect(ran).toEqual([...times].sort((a, b) => a - b))
  })
})

it('a virtual month of ten timers that start anew each minute costs no more than its acts', () => {
  const timers = new Timers(0)
  let runs = 0
  const every = (dueMs: number) => () => {
    runs++
    start(timers, dueMs + 60_000, every(dueMs + 60_000))
  }
  for (let at = 1; at <= 10; at++) start(timers, at, every(at))
  wind(timers, 30 * 86_400_000)
  expect(runs).toBe(10 * 30 * 24 * 60)
})

describe('a timer that is started again', () => {
  it('after it ran, or was cancelled, acts once more', () => {
    const timers = new Timers(0)
    let runs = 0
    const timer = start(timers, 5, () => runs++)
    timers.advance(5)
    timers.start(timer, 9)
    timers.cancel(timer)
    timers.start(timer, 12)
    timers.advance(11)
    expect(runs).toBe(1)
    timers.advance(12)
    expect(runs).toBe(2)
  })

  it('while it is pending, is moved', () => {
    const timers = new Timers(0)
    const ranAt: number[] = []
    const timer = start(timers, 5, () => ranAt.push(1))
    timers.start(timer, 2_000)
    timers.advance(1_999)
    expect(ranAt).toEqual([])
    timers.advance(2_000)
    expect(ranAt).toEqual([1])
  })
})
