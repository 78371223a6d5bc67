/*
 * Fairness in counted steps: who waits for whom, and for how many steps at most. The fair order
 * runs under a clock that moves with the steps, so every figure here is exact and the same on every
 * machine.
 */
import { describe, expect, it } from 'vitest'
import {
  become,
  receive,
  Runtime,
  self,
  send,
  setPriority,
  sleep,
  sliceLength,
  spawn,
  type Body,
  type Pid,
} from '../../src/runtime'
import type { Process } from '../../src/runtime'
import { FairQueue } from '../../src/runtime/scheduler'
import { counts, enters, plainLoop } from '../support/debts.process'
import { endless } from '../support/letters.process'
import { Random } from '../support/random'
import { mayYield, World } from '../support/simulation'

/** A slice of 2,000 steps takes 20 microseconds. */
const stepMs = 0.00001
const fairWorld = (seed = 1) => new World(seed, { fair: true, stepMs })

/** Steps counted by all processes so far. */
const stepsOf = (world: World): number =>
  world.trace.reduce((sum, part, at) => sum + (at % 2 === 1 ? part : 0), 0)

/** Starts processes that never end, and runs until each is known for one. */
function crowd(world: World, size: number): Pid[] {
  const pids = Array.from({ length: size }, () => world.spawn(endless))
  while (pids.some((pid) => levelOf(pid) === 'short')) world.runtime.turn()
  return pids
}

const levelOf = (pid: Pid): string | undefined =>
  pid.target && 'level' in pid.target ? pid.target.level : undefined

const reductionsOf = (world: World, pids: readonly Pid[]): number[] =>
  pids.map((pid) => world.runtime.info(pid)!.reductions)

describe('beside a thousand endless processes', () => {
  it('a short newcomer is done before they have taken more than a few slices', () => {
    const world = fairWorld()
    crowd(world, 1_000)
    const random = new Random(5)
    let worst = 0
    for (let round = 0; round < 300; round++) {
      for (let turns = random.below(4); turns > 0; turns--) world.runtime.turn()
      const mine = random.between(1, sliceLength - 100)
      const before = stepsOf(world)
      let after: number | undefined
      world.spawn(counts, mine, () => (after = stepsOf(world)))
      while (after === undefined) world.runtime.turn()
      worst = Math.max(worst, after - before)
      world.trace.length = 0
    }
    expect(worst).toBeLessThanOrEqual(2 * sliceLength)
  })

  it('a server that waits between its messages answers as soon as a newcomer, however long it worked before', () => {
    const world = fairWorld()
    crowd(world, 1_000)
    let served = 0
    const pid = world.spawn(function* () {
      for (;;) {
        yield* receive()
        served++
        plainLoop(5_000)
      }
    })
    const waits = () => world.runtime.info(pid)?.status === 'waiting'
    for (let round = 1; round <= 20; round++) {
      while (!waits()) world.runtime.turn()
      expect(levelOf(pid)).toBe('short')
      world.trace.length = 0
      const before = stepsOf(world)
      world.runtime.send(pid, round)
      while (served < round) world.runtime.turn()
      // A turn runs for fifty slices, and it was served in the first of them.
      expect(stepsOf(world) - before).toBeLessThan(60 * sliceLength)
    }
  })

  it('many newcomers at once are served in the order in which they came', () => {
    const world = fairWorld()
    crowd(world, 100)
    const order: number[] = []
    for (let number = 0; number < 500; number++) {
      world.spawn(counts, 50, () => order.push(number))
    }
    while (order.length < 500) world.runtime.turn()
    expect(order).toEqual([...order.keys()])
  })

  it('plain code that runs into debt does not keep the short ones out for as long', () => {
    const world = fairWorld()
    crowd(world, 1_000)
    world.spawn(enters, () => plainLoop(5_000_000))
    while (world.told.length === 0) world.runtime.turn()
    const before = stepsOf(world)
    let after: number | undefined
    world.spawn(counts, 100, () => (after = stepsOf(world)))
    while (after === undefined) world.runtime.turn()
    expect(after - before).toBeLessThan(10 * sliceLength)
  })

  it('the host has its loop back after about a millisecond', () => {
    const world = fairWorld()
    crowd(world, 1_000)
    for (let turn = 0; turn < 200; turn++) {
      const began = world.nowMs
      expect(world.runtime.turn()).toBe(0)
      expect(world.nowMs - began).toBeGreaterThanOrEqual(1)
      expect(world.nowMs - began).toBeLessThan(1 + 2 * sliceLength * stepMs)
    }
  })

  it('and short ones without end, the host still has its loop back', () => {
    const world = fairWorld()
    crowd(world, 10)
    for (let count = 0; count < 20; count++) world.spawn(dynasty, 500)
    for (let turn = 0; turn < 200; turn++) {
      const began = world.nowMs
      expect(world.runtime.turn()).toBe(0)
      expect(world.nowMs - began).toBeLessThan(1 + 17 * sliceLength * stepMs)
    }
  })

  it('all of them come round', () => {
    const world = fairWorld()
    const pids = crowd(world, 1_000)
    const before = reductionsOf(world, pids)
    while (stepsOf(world) < 3 * 1_000 * (2 + 3) * sliceLength) world.runtime.turn()
    const gained = reductionsOf(world, pids).map((steps, at) => steps - before[at]!)
    expect(Math.min(...gained)).toBeGreaterThan(0)
    expect(Math.max(...gained)).toBeLessThan(2 * Math.min(...gained))
  })
})

describe('nothing starves', () => {
  for (const steps of [1, 20, 500, 1_900, 3_500]) {
    it(`a long-runner has its fifth beside an endless flood of processes of ${steps} steps`, () => {
      const world = fairWorld()
      const [pid] = crowd(world, 1) as [Pid]
      for (let count = 0; count < 50; count++) world.spawn(dynasty, steps)
      while (world.trace.length < 200) world.runtime.turn()
      const [before] = reductionsOf(world, [pid]) as [number]
      world.trace.length = 0
      while (stepsOf(world) < 1_000_000) world.runtime.turn()
      const [after] = reductionsOf(world, [pid]) as [number]
      expect((after - before) / stepsOf(world)).toBeGreaterThan(0.19)
      expect((after - before) / stepsOf(world)).toBeLessThan(0.35)
    })
  }

  it('a long-runner has its turn though the flood counts no step at all', () => {
    const world = fairWorld()
    const [pid] = crowd(world, 1) as [Pid]
    function* uncounted(): Body {
      return become(uncounted)
    }
    world.spawn(uncounted)
    const [before] = reductionsOf(world, [pid]) as [number]
    // Its clock stands still without steps, so one turn lasts until a long-runner runs.
    for (let turn = 0; turn < 5; turn++) world.runtime.turn()
    expect(reductionsOf(world, [pid])[0]).toBeGreaterThan(before)
  })

  it('long-runners share alike', () => {
    const world = fairWorld()
    const pids = crowd(world, 50)
    for (let count = 0; count < 5; count++) world.spawn(dynasty, 200)
    const before = reductionsOf(world, pids)
    world.trace.length = 0
    while (world.trace.length < 40_000) world.runtime.turn()
    const gained = reductionsOf(world, pids).map((steps, at) => steps - before[at]!)
    expect(Math.max(...gained) - Math.min(...gained)).toBeLessThanOrEqual(sliceLength)
  })

  it('alone, long-runners take every step', () => {
    const world = fairWorld()
    crowd(world, 3)
    world.trace.length = 0
    for (let turn = 0; turn < 20; turn++) world.runtime.turn()
    expect(stepsOf(world) * stepMs).toBeGreaterThanOrEqual(20)
  })
})

describe('a slice', () => {
  it('of an endless body ends after its length', () => {
    const world = fairWorld()
    crowd(world, 2)
    world.trace.length = 0
    world.runtime.turn()
    const slices = world.trace.filter((_, at) => at % 2 === 1)
    expect(new Set(slices)).toEqual(new Set([sliceLength]))
  })

  it('of a process with a full mailbox ends too', () => {
    const world = fairWorld()
    const pid = world.spawn(function* () {
      for (;;) yield* receive()
    })
    for (let number = 0; number < 10_000; number++) world.runtime.send(pid, number)
    world.settle()
    const slices = world.trace.filter((_, at) => at % 2 === 1)
    expect(slices.length).toBeGreaterThan(4)
    expect(Math.max(...slices)).toBeLessThanOrEqual(sliceLength)
  })

  it('of one that polls a full mailbox in vain looks through it once', () => {
    let looked = 0
    const isMissing = () => ++looked < 0
    const world = fairWorld()
    const pid = world.spawn(function* () {
      for (;;) yield* receive(isMissing, 0)
    })
    for (let number = 0; number < 3_000; number++) world.runtime.send(pid, number)
    world.runtime.turn()
    expect(looked).toBe(3_000 * (world.trace.length / 2))
  })

  const large: [string, unknown][] = [
    ['list', Array(3_000).fill(0)],
    ['object', Object.fromEntries(Array(3_000).entries())],
    ['map', new Map(Array(3_000).entries())],
    ['set', new Set(Array(3_000).keys())],
    ['bytes', new Uint8Array(1_000_000)],
  ]
  it.each(large)(
    'of one that sends a large message again and again copies it once: %s',
    (_, part) => {
      let sent = 0
      const world = fairWorld()
      world.runtime.openPort('nowhere', () => {})
      world.spawn(function* () {
        for (;;) {
          send('nowhere', part)
          sent++
          yield* mayYield()
        }
      })
      world.runtime.turn()
      expect(sent).toBe(world.trace.length / 2)
    },
  )
})

describe('the queue', () => {
  it('never gives a process that has ended meanwhile', () => {
    const world = fairWorld()
    const pids = Array.from({ length: 100 }, () => world.spawn(endless))
    for (const pid of pids.slice(1)) world.runtime.exit(pid, 'kill')
    world.runtime.turn()
    expect(new Set(world.trace.filter((_, at) => at % 2 === 0))).toEqual(new Set([pids[0]!.serial]))
    world.runtime.exit(pids[0]!, 'kill')
    expect(world.runtime.turn()).toBe(undefined)
    expect(new FairQueue().next()).toBe(undefined)
  })

  it('gives a hundred thousand processes their turn, each in its place', () => {
    const world = fairWorld()
    const order: number[] = []
    for (let number = 0; number < 100_000; number++) {
      world.spawn(function* () {
        order.push(number)
      })
    }
    world.settle()
    expect(order).toHaveLength(100_000)
    expect(order.every((number, at) => number === at)).toBe(true)
  })
})

/** A short life that starts the next one of its kind before it ends. */
function* dynasty(steps: number): Body {
  spawn(dynasty, steps)
  yield* counts(steps)
}

it('two that send to each other for ever leave the others their share', () => {
  const world = fairWorld()
  const [long] = crowd(world, 1) as [Pid]
  world.spawn(function* () {
    const other = spawn(function* () {
      for (;;) send(yield* receive<Pid>(), 'pong')
    })
    for (;;) {
      send(other, self())
      yield* receive()
    }
  })
  let ticks = 0
  world.spawn(function* () {
    for (;;) {
      yield* sleep(1)
      ticks++
    }
  })
  const [before] = reductionsOf(world, [long]) as [number]
  while (world.nowMs < 20) world.runtime.turn()
  expect(ticks).toBeGreaterThan(6)
  expect(reductionsOf(world, [long])[0]! - before).toBeGreaterThan(0.19 * (20 / stepMs))
})

describe('an end', () => {
  it('by itself leaves the rest of its slice unused', () => {
    const ran: number[] = []
    const queue = new FairQueue()
    const watched = Object.assign(queue, {
      ran(process: Process, steps: number) {
        ran.push(steps)
        FairQueue.prototype.ran.call(queue, process, steps)
      },
    })
    const options = { now: () => 0, random: () => 0, log: () => {}, queue: watched }
    const runtime = new Runtime(options)
    runtime.spawn(function* returns() {})
    runtime.spawn(function* throws() {
      throw new Error('planned')
    })
    runtime.turn()
    expect(ran).toEqual([0, 0])
  })
})

describe('priorities', () => {
  const shareOf = (world: World, pids: readonly Pid[]): number => {
    const before = reductionsOf(world, pids)
    const all = world.runtime.counts().reductions
    const untilMs = world.nowMs + 50
    while (world.nowMs < untilMs) world.runtime.turn()
    const after = reductionsOf(world, pids)
    const mine = after.reduce((sum, steps, at) => sum + steps - before[at]!, 0)
    return mine / (world.runtime.counts().reductions - all)
  }
  const starts = (world: World, priority: 'high' | 'normal' | 'low'): Pid =>
    world.runtime.start(undefined, { priority }, endless, []).pid

  it('high goes before all others, who still get their part', () => {
    const world = fairWorld()
    const high = starts(world, 'high')
    const others = [starts(world, 'normal'), starts(world, 'low')]
    const share = shareOf(world, [high])
    expect(share).toBeGreaterThan(0.9)
    expect(share).toBeLessThan(0.97)
    for (const other of others) expect(shareOf(world, [other])).toBeGreaterThan(0.003)
  })

  it('low gives way to normal, and gets its part', () => {
    const world = fairWorld()
    const normal = starts(world, 'normal')
    const low = starts(world, 'low')
    expect(shareOf(world, [normal])).toBeCloseTo(8 / 9, 1)
    expect(shareOf(world, [low])).toBeGreaterThan(0.08)
  })

  it('low has all when nobody else wants to run', () => {
    const world = fairWorld()
    const low = starts(world, 'low')
    expect(shareOf(world, [low])).toBe(1)
  })

  it('can be changed by the process itself, which is told what held before', () => {
    const world = fairWorld()
    const told: string[] = []
    world.spawn(function* () {
      told.push(setPriority('low'), setPriority('high'), setPriority('normal'))
    })
    world.run()
    expect(told).toEqual(['normal', 'low', 'high'])
  })

  it('that are none are refused', () => {
    const world = fairWorld()
    const odd = 'realtime' as 'high'
    const said = 'a priority must not be realtime'
    expect(() => world.runtime.start(undefined, { priority: odd }, endless, [])).toThrow(said)
    world.spawn(function* () {
      setPriority(odd)
    })
    world.run()
    expect(String(world.records[0]!['reason'])).toContain(said)
  })
})

describe('the load of a host', () => {
  it('is the time spent in turns, and the steps of the living and the dead', () => {
    const world = fairWorld()
    world.spawn(counts, 10_000, () => {})
    world.run()
    const { busyMs, reductions, processes, runnable } = world.runtime.counts()
    expect(reductions).toBe(stepsOf(world))
    expect(busyMs).toBeCloseTo(reductions * stepMs)
    expect([processes, runnable]).toEqual([0, 0])
  })
})
