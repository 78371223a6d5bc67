/*
 * Preemption and its limit: bodies give way by themselves, plain code may run into debt, and who
 * runs too far is thrown out with its place in the source.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  Runtime,
  Unyielding,
  describeReason,
  isAlive,
  receive,
  spawnMonitor,
  type Body,
  type BodyOf,
  type Down,
  type Pid,
} from '../../src/runtime'
import {
  bodyLeaps,
  counts,
  enters,
  plainForEver,
  plainLeaps,
  plainLoop,
  plainStubborn,
  plainTree,
  stubborn,
} from '../support/debts.process'
import { endedFromElsewhere, endsInPlainCode } from '../support/looked-at.process'
import { forSeeds, World } from '../support/simulation'

const source = readFileSync(new URL('../support/debts.process.ts', import.meta.url), 'utf8')

/** The line of the source, from 1, on which `text` stands. */
const lineOf = (text: string): number => source.slice(0, source.indexOf(text)).split('\n').length

/**
 * Why a process with this body ended, in a runtime whose every look at the clock takes a
 * millisecond.
 */
function reasonOf<Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): unknown {
  let nowMs = 0
  const runtime = clocked(() => nowMs++)
  let reason: unknown = 'it lives'
  runtime.spawn(function* (): Body {
    spawnMonitor(body, ...args)
    reason = (yield* receive<Down>()).reason
  })
  while (runtime.turn() === 0);
  return reason
}

describe('plain code', () => {
  it('may run into debt, and it counts', () => {
    const world = new World(1)
    const pid = world.spawn(function* () {
      plainLoop(3_000_000)
      yield* receive()
    })
    world.run()
    expect(world.runtime.info(pid)?.reductions).toBeGreaterThanOrEqual(3_000_000)
    expect(world.runtime.info(pid)?.reductions).toBeLessThan(3_001_000)
  })

  it('is thrown out by count while the clock stands still, so that a simulated run is repeatable', () => {
    const ends = [499, 501].map((count) => {
      const world = new World(1)
      world.spawn(enters, () => plainLeaps(count))
      world.run()
      return world.records[0]?.['reason']
    })
    expect(ends).toEqual([undefined, expect.any(Unyielding)])
  })

  it('is thrown out with its place in the source', () => {
    const reason = reasonOf(enters, plainForEver)
    expect(reason).toBeInstanceOf(Unyielding)
    const { place } = reason as Unyielding
    expect(place).toMatchObject({ file: 'test/support/debts.process.ts', function: 'plainForEver' })
    expect(place.line).toBe(lineOf('for (;;) work()'))
    expect(describeReason(reason)).toBe(
      `unyielding in plainForEver (test/support/debts.process.ts:${place.line}:${place.column})`,
    )
  })

  it('is thrown out by the clock where its turns are dear', () => {
    for (const turnMs of [0.01, 0.1, 1, 5]) {
      let nowMs = 0
      const runtime = clocked(() => nowMs)
      const pid = runtime.spawn(enters, () => plainForEver(() => (nowMs += turnMs)))
      runtime.turn()
      expect(isAlive(pid)).toBe(false)
      expect(nowMs).toBeGreaterThan(100)
      // A slice and a first stretch of counted turns pass before anybody looks, then the limit.
      expect(nowMs).toBeLessThan(2_200 * turnMs + 2 * 100 + 200 * turnMs)
    }
  })

  it('that recurses without end is thrown out or ends with its stack', () => {
    expect(reasonOf(enters, plainTree)).toBeInstanceOf(Error)
  })

  it('that catches it and goes on is thrown out again', () => {
    let caught = 0
    expect(reasonOf(enters, () => plainStubborn(() => caught++))).toBeInstanceOf(Unyielding)
    expect(caught).toBe(1)
  })

  it('crashes its own process alone, whose neighbours go on', () => {
    let nowMs = 0
    const runtime = clocked(() => nowMs++)
    const told: string[] = []
    const neighbour = runtime.spawn(counts, 10_000, () => told.push('neighbour'))
    const hog = runtime.spawn(enters, plainForEver)
    while (runtime.turn() === 0);
    expect([told, isAlive(neighbour), isAlive(hog)]).toEqual([['neighbour'], false, false])
  })
})

describe('a body', () => {
  it('that catches what threw out its plain code ends all the same', () => {
    const told: string[] = []
    expect(reasonOf(stubborn, (line: string) => told.push(line))).toBeInstanceOf(Unyielding)
    expect(told).toEqual(['caught'])
  })

  it('gives way by itself, so it may run far beyond the limit of plain code', () => {
    expect(reasonOf(bodyLeaps, 5_000)).toBe('normal')
  })

  it('has a fresh allowance in each slice, however deep the one before went into debt', () => {
    const reason = reasonOf(function* () {
      for (let round = 0; round < 4; round++) {
        plainLoop(800_000)
        yield* counts(10_000)
      }
    })
    expect(reason).toBe('normal')
    expect(reasonOf(enters, () => plainLoop(4 * 800_000))).toBeInstanceOf(Unyielding)
  })
})

describe('a process that has ended', () => {
  it('by its own exit signal runs no further line, neither of plain code nor of a body', () => {
    const marks: string[] = []
    forSeeds(50, (world) => {
      const pid = world.spawn(endsInPlainCode, (line: string) => marks.push(line))
      world.run()
      expect(isAlive(pid)).toBe(false)
    })
    expect(marks).toEqual([])
  })

  it('by another in its own slice stops at the next check of its plain code', () => {
    const marks: string[] = []
    forSeeds(50, (world) => {
      const pid: Pid = world.spawn(
        endedFromElsewhere,
        () => world.runtime.exit(pid, 'kill'),
        (line: string) => marks.push(line),
      )
      world.run()
      expect([isAlive(pid), world.told, world.records]).toEqual([false, [], []])
    })
    expect(marks).toEqual([])
  })

  it('holds up nobody who calls process code outside of a slice', () => {
    const world = new World(1)
    world.spawn(endsInPlainCode, () => {})
    world.run()
    expect(plainLoop(3)).toBe(3)
  })
})

/** A runtime whose clock belongs to the test, for turns that take time. */
function clocked(now: () => number): Runtime {
  const runtime = new Runtime({ now, random: () => 0, log: () => {} })
  runtime.openPort('test', () => {})
  return runtime
}
