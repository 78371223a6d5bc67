/*
 * Who is busy, by true differences over a window, while others come and go.
 */
import { expect, it } from 'vitest'
import { receive, sleep, spawn, top, type Body, type TopLine } from '../../src/runtime'
import { endless } from '../support/letters.process'
import { counts } from '../support/debts.process'
import { World } from '../support/simulation'

/** A step takes 10 ns. */
const stepMs = 0.00001
const fairWorld = () => new World(1, { fair: true, stepMs })

function* waits(): Body {
  yield* receive()
}

function look(world: World, ms: number, count?: number): readonly TopLine[] {
  let lines: readonly TopLine[] | undefined
  world.spawn(function* () {
    lines = yield* top(ms, count)
  })
  while (!lines) {
    const waitMs = world.runtime.turn()
    if (waitMs) world.runFor(waitMs)
  }
  return lines
}

it('names who burns, and not who had burned before', () => {
  const world = fairWorld()
  world.spawn(counts, 100_000, () => {})
  const sleeper = world.spawn(function* wasBusy() {
    yield* counts(100_000, () => {})
    yield* receive()
  })
  world.run()
  expect(world.runtime.info(sleeper)!.reductions).toBeGreaterThan(100_000)
  const burner = world.spawn(endless)
  const lines = look(world, 20)
  expect(lines[0]!.pid).toBe(burner)
  expect(lines.map(({ pid }) => pid)).not.toContain(sleeper)
})

it('gives each one’s share of all steps of the window', () => {
  const world = fairWorld()
  for (let at = 0; at < 4; at++) world.spawn(endless)
  const lines = look(world, 40)
  for (const { share } of lines.slice(0, 4)) expect(share).toBeCloseTo(0.25, 1)
})

it('gives no more than was asked for, busiest first, and only whoever took a step', () => {
  const world = fairWorld()
  for (let at = 0; at < 30; at++) world.spawn(waits)
  for (let at = 0; at < 7; at++) world.spawn(endless)
  const lines = look(world, 20, 5)
  expect(lines).toHaveLength(5)
  const steps = lines.map(({ reductions }) => reductions)
  expect(steps).toEqual([...steps].sort((a, b) => b - a))
  expect(look(world, 20, 50).length).toBeLessThan(10)
})

it('sees who was born within the window, and forgets who died in it', () => {
  const world = fairWorld()
  const dying = world.spawn(endless)
  world.spawn(function* midwife() {
    yield* sleep(4)
    spawn(function* born() {
      yield* endless()
    })
    yield* receive()
  })
  world.spawn(function* () {
    yield* sleep(12)
    world.runtime.exit(dying, 'kill')
  })
  const lines = look(world, 20)
  expect(lines[0]!.initialCall).toBe('born')
  expect(lines.map(({ pid }) => pid)).not.toContain(dying)
})

it('sees who was born after the youngest of before had ended', () => {
  const world = fairWorld()
  world.spawn(endless)
  world.spawn(function* midwife() {
    yield* sleep(4)
    spawn(function* born() {
      yield* endless()
    })
    yield* receive()
  })
  let lines: readonly TopLine[] | undefined
  world.spawn(function* () {
    lines = yield* top(20)
  })
  world.spawn(function* youngest() {
    yield* sleep(1)
  })
  while (!lines) world.runtime.turn()
  expect(lines.map(({ initialCall }) => initialCall)).toContain('born')
})

it('of nobody is nobody', () => {
  const world = fairWorld()
  world.spawn(endless)
  for (const count of [0, -1]) expect(look(world, 5, count)).toEqual([])
})

it('looks through a hundred thousand in stretches, and a newcomer waits for one of them', () => {
  const world = fairWorld()
  for (let at = 0; at < 100_000; at++) world.spawn(waits)
  world.settle()
  let isDone = false
  world.spawn(function* () {
    yield* top(1)
    isDone = true
  })
  let longest = 0
  while (!isDone) {
    const before = world.trace.length
    let after: number | undefined
    world.spawn(function* newcomer() {
      after = world.trace.length
    })
    while (after === undefined) world.runtime.turn()
    longest = Math.max(longest, (after - before) / 2)
    if (world.runtime.counts().runnable === 0) world.runFor(1)
  }
  expect(longest).toBeLessThan(3)
})
