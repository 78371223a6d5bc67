/*
 * The bridge to a host's event loop, with a loop whose every call is counted: one turn at a time,
 * one timer at a time, and nothing that waits for ever.
 */
import { expect, it } from 'vitest'
import {
  drive,
  receive,
  Runtime,
  send,
  sleep,
  spawn,
  type Body,
  type Loop,
} from '../../src/runtime'
import { endless } from '../support/letters.process'
import { Random } from '../support/random'

/** A loop under the test's hand: `round` is one round of it, `pass` lets time pass. */
class HandLoop implements Loop {
  nowMs = 0
  coming: (() => void)[] = []
  timers: { dueMs: number; act: () => void }[] = []
  readonly asked: number[] = []

  soon(act: () => void): void {
    this.coming.push(act)
  }

  after(ms: number, act: () => void): () => void {
    const timer = { dueMs: this.nowMs + ms, act }
    this.asked.push(ms)
    this.timers.push(timer)
    return () => (this.timers = this.timers.filter((each) => each !== timer))
  }

  round(): void {
    const acts = this.coming
    this.coming = []
    for (const act of acts) act()
  }

  /** Lets rounds and timers come until nothing is left at or before `untilMs`. */
  pass(untilMs: number): void {
    for (;;) {
      while (this.coming.length > 0) this.round()
      const next = this.timers.sort((one, other) => one.dueMs - other.dueMs)[0]
      if (!next || next.dueMs > untilMs) break
      this.timers.shift()
      this.nowMs = next.dueMs
      next.act()
    }
    this.nowMs = untilMs
  }
}

function driven(loop: HandLoop): Runtime {
  const runtime = new Runtime({ now: () => loop.nowMs, random: () => 0, log: () => {} })
  drive(runtime, loop)
  return runtime
}

it('what was spawned before and after runs when the loop comes round, not at once', () => {
  const loop = new HandLoop()
  const runtime = driven(loop)
  loop.pass(0)
  const seen: string[] = []
  runtime.spawn(function* () {
    seen.push('ran')
  })
  expect(seen).toEqual([])
  loop.round()
  expect(seen).toEqual(['ran'])
})

it('an idle runtime asks for nothing', () => {
  const loop = new HandLoop()
  const runtime = driven(loop)
  runtime.spawn(function* (): Body {
    yield* receive()
  })
  loop.pass(0)
  expect([loop.coming.length, loop.timers.length]).toEqual([0, 0])
})

it('sleeps until the next timer is due, and not a turn longer', () => {
  const loop = new HandLoop()
  const runtime = driven(loop)
  const ends: number[] = []
  for (const ms of [5, 70, 3_600_000]) {
    runtime.spawn(function* () {
      yield* sleep(ms)
      ends.push(loop.nowMs)
    })
  }
  loop.pass(4_000_000)
  expect(ends).toEqual([5, 70, 3_600_000])
  expect(loop.asked.length).toBeLessThan(15)
})

it('a message from outside cuts the sleep short', () => {
  const loop = new HandLoop()
  const runtime = driven(loop)
  const seen: unknown[] = []
  const pid = runtime.spawn(function* () {
    seen.push(yield* receive(undefined, 3_600_000), loop.nowMs)
  })
  loop.pass(10)
  runtime.send(pid, 'now')
  loop.pass(11)
  expect(seen).toEqual(['now', 10])
  expect(loop.timers).toEqual([])
})

it('gives the loop a round between two turns of endless work', () => {
  const loop = new HandLoop()
  const runtime = new Runtime({ now: () => (loop.nowMs += 0.4), random: () => 0, log: () => {} })
  drive(runtime, loop)
  runtime.spawn(endless)
  for (let round = 0; round < 100; round++) {
    expect(loop.coming).toHaveLength(1)
    loop.round()
  }
  expect(loop.timers).toEqual([])
})

it('never has two turns or two timers coming, whatever happens when', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed)
    const loop = new HandLoop()
    const runtime = driven(loop)
    for (let turn = 0; turn < 60; turn++) {
      if (random.chance(0.5)) {
        runtime.spawn(function* () {
          for (let nap = 0; nap < 5; nap++) {
            yield* sleep(random.between(1, 50))
            spawn(function* () {})
          }
        })
      }
      if (random.chance(0.5)) loop.round()
      if (random.chance(0.5)) loop.pass(loop.nowMs + random.below(60))
      expect(loop.coming.length, `seed ${seed}`).toBeLessThanOrEqual(1)
      expect(loop.timers.length, `seed ${seed}`).toBeLessThanOrEqual(1)
    }
    loop.pass(loop.nowMs + 1_000)
    expect(runtime.counts(), `seed ${seed}`).toMatchObject({ processes: 0, runnable: 0 })
  }
})

it('asks for no wait that a host’s timer cannot do, and sleeps on when woken early', () => {
  const loop = new HandLoop()
  const runtime = driven(loop)
  let endMs = 0
  const yearMs = 365 * 86_400_000
  runtime.spawn(function* () {
    yield* sleep(40 * yearMs)
    endMs = loop.nowMs
  })
  loop.pass(41 * yearMs)
  expect(Math.max(...loop.asked)).toBeLessThan(2 ** 31)
  expect(endMs).toBe(40 * yearMs)
})

it('a runtime is woken by another one of the same thread, in the midst of its slice', () => {
  const [oneLoop, otherLoop] = [new HandLoop(), new HandLoop()]
  const [one, other] = [driven(oneLoop), driven(otherLoop)]
  const seen: unknown[] = []
  const pid = other.spawn(function* () {
    for (;;) seen.push(yield* receive())
  })
  otherLoop.pass(0)
  one.openPort('other', (message) => other.send(pid, message))
  one.spawn(function* () {
    send('other', 'hello')
  })
  oneLoop.pass(0)
  otherLoop.pass(0)
  expect(seen).toEqual(['hello'])
})

it('works on the loop of Node', async () => {
  const ended = new Promise<string>((resolve) => {
    const runtime = new Runtime({
      now: () => performance.now(),
      random: Math.random,
      log: () => {},
    })
    drive(runtime, {
      soon: (act) => setImmediate(act),
      after: (ms, act) => {
        const timer = setTimeout(act, ms)
        return () => clearTimeout(timer)
      },
    })
    runtime.spawn(function* () {
      const child = spawn(function* () {
        yield* sleep(2)
        resolve(String(yield* receive()))
      })
      yield* sleep(1)
      send(child, 'done')
    })
  })
  expect(await ended).toBe('done')
})
