/*
 * A trace is bounded, says by what, and leaves the traced process as it was.
 */
import { describe, expect, it } from 'vitest'
import { isAlive, self, sleep, trace, type Body, type Pid, type Trace } from '../../src/runtime'
import { callsOn, countsDeep, waitsDeep } from '../support/looked-at.process'
import { forSeeds, World } from '../support/simulation'

/** Starts a tracer of `pid`; what it saw comes into the list. */
function traces(world: World, pid: Pid, seen: unknown[] = []) {
  const tracer = world.spawn(function* (): Body {
    seen.push(yield* trace(pid))
  })
  return { tracer, seen: seen as Trace[] }
}

function until(world: World, happened: () => boolean): void {
  for (let turn = 0; turn < 100_000 && !happened(); turn++) {
    if (world.runtime.turn() !== 0 && !happened()) world.runFor(1)
  }
  expect(happened()).toBe(true)
}

describe('a trace ends', () => {
  it('by fifty events of an endless loop: turns with its live variables', () => {
    forSeeds(50, (world) => {
      const pid = world.spawn(countsDeep, 7)
      world.runtime.turn()
      const { seen } = traces(world, pid)
      until(world, () => seen.length > 0)
      const [{ events, limit, ms }] = seen as [Trace]
      expect([events.length, limit, ms]).toEqual([50, 'events', 0])
      const turns = events.filter(({ kind }) => kind === 'turn')
      const ats = turns.map(({ variables }) => variables['at'] as number)
      expect(ats.length).toBeGreaterThan(20)
      expect(ats.slice(1)).toEqual(ats.slice(0, -1).map((at) => at + 1))
      const calls = events.filter((event) => event.function === 'held')
      expect(calls.length).toBeGreaterThan(20)
      expect(calls[0]).toMatchObject({ kind: 'call', variables: { value: expect.any(Number) } })
      expect(isAlive(pid)).toBe(true)
    })
  })

  it('with the process, and shows each call with its arguments, of bodies and of plain code', () => {
    forSeeds(50, (world) => {
      const pid = world.spawn(function* (): Body {
        yield* sleep(5)
        yield* callsOn(1, 3)
      })
      const { seen } = traces(world, pid)
      world.run()
      const [{ events, limit, ms }] = seen as [Trace]
      expect([limit, ms]).toEqual(['ended', 5])
      expect(events.map((event) => [event.kind, event.function, event.variables])).toEqual([
        ['call', 'callsOn', { count: 1, until: 3 }],
        ['call', 'outer', { value: 1 }],
        ['call', '<anonymous>', { one: 1 }],
        ['call', 'callsOn', { count: 2, until: 3 }],
        ['call', 'outer', { value: 2 }],
        ['call', '<anonymous>', { one: 2 }],
        ['call', 'callsOn', { count: 3, until: 3 }],
      ])
    })
  })

  it('after a second in which nothing happened', () => {
    const world = new World(1)
    const pid = world.spawn(waitsDeep, 'x')
    world.settle()
    const { seen } = traces(world, pid)
    world.run()
    expect(seen).toEqual([{ events: [], limit: 'time', ms: 1_000 }])
    expect(world.nowMs).toBe(1_000)
  })

  it('at once on a dead process', () => {
    const world = new World(1)
    const pid = world.spawn(waitsDeep, 'x')
    world.runtime.exit(pid, 'kill')
    const { seen } = traces(world, pid)
    world.run()
    expect(seen).toEqual([{ events: [], limit: 'ended', ms: 0 }])
  })
})

it('a process is traced by one at a time, until that one has its trace or is dead', () => {
  const world = new World(1)
  const pid = world.spawn(waitsDeep, 'x')
  world.settle()
  const first = traces(world, pid)
  world.settle()
  const second = traces(world, pid)
  world.settle()
  expect(second.seen).toEqual([{ refused: 'already_traced' }])
  world.runtime.exit(first.tracer, 'kill')
  const third = traces(world, pid)
  world.run()
  expect(third.seen).toMatchObject([{ limit: 'time' }])
  expect(first.seen).toEqual([])
})

it('a tracer that dies leaves its process in full speed', () => {
  const world = new World(1, { fair: true, stepMs: 0.001 })
  const pid = world.spawn(countsDeep, 1)
  world.runtime.turn()
  const { tracer } = traces(world, pid)
  world.runtime.turn()
  world.runtime.exit(tracer, 'kill')
  for (let turn = 0; turn < 3; turn++) world.runtime.turn()
  const before = world.runtime.info(pid)!.reductions
  const slices = world.trace.length
  world.runtime.turn()
  const steps = world.runtime.info(pid)!.reductions - before
  expect(steps / ((world.trace.length - slices) / 2)).toBeGreaterThan(1_000)
})

it('a process cannot trace itself', () => {
  const world = new World(1)
  const seen: unknown[] = []
  world.spawn(function* (): Body {
    seen.push(yield* trace(self()))
  })
  world.run()
  expect(seen).toEqual([{ refused: 'traces_itself' }])
})
