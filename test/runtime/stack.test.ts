/*
 * Where a process is, with its lines and live variables; and that looking changes nothing.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  Pid,
  receive,
  self,
  sleep,
  stacktrace,
  supervisor,
  type Body,
  type Stack,
} from '../../src/runtime'
import { waitsDeep, countsDeep, takesLetters, type Basket } from '../support/looked-at.process'
import { forSeeds, mayYield, World } from '../support/simulation'

const file = 'test/support/looked-at.process.ts'
const source = readFileSync(new URL('../support/looked-at.process.ts', import.meta.url), 'utf8')
const lineOf = (text: string) => source.slice(0, source.indexOf(text)).split('\n').length

const framesIn = (stack: Stack | undefined) =>
  stack?.frames?.map((frame) => [frame.function, frame.file, frame.line, frame.variables])

describe('a process that never ends', () => {
  it('shows the line of each of its bodies, innermost first, with their live variables', () => {
    const world = new World(1, { fair: true, stepMs: 0.00001 })
    const pid = world.spawn(countsDeep, 7)
    world.runtime.turn()
    const stack = world.runtime.stacktrace(pid)
    const basket = { apples: ['red'] }
    expect(stack).toMatchObject({ status: 'runnable', initialCall: 'countsDeep' })
    expect(framesIn(stack)).toEqual([
      ['counts', file, lineOf('for (let at'), { from: 7, basket, at: expect.any(Number) }],
      ['countsDeep', file, lineOf('yield* counts'), { from: 7, basket }],
    ])
  })

  it('goes on as if nobody had looked', () => {
    forSeeds(20, (world, seed) => {
      const twin = new World(seed)
      const pids = [world, twin].map((each) => each.spawn(countsDeep, 1))
      for (let turn = 0; turn < 20; turn++) {
        for (let times = turn % 3; times > 0; times--) world.runtime.stacktrace(pids[0]!)
        world.runtime.turn()
        twin.runtime.turn()
      }
      expect(world.hash).toBe(twin.hash)
      expect(framesIn(world.runtime.stacktrace(pids[0]!))).toEqual(
        framesIn(twin.runtime.stacktrace(pids[1]!)),
      )
    })
  })

  it('is not changed by whoever holds what was shown', () => {
    const world = new World(1, { fair: true, stepMs: 0.00001 })
    const pid = world.spawn(countsDeep, 7)
    world.runtime.turn()
    const shown = world.runtime.stacktrace(pid)!.frames![0]!.variables['basket'] as Basket
    shown.apples.push('forged')
    world.runtime.turn()
    expect(world.runtime.info(pid)?.variables['basket']).toEqual({ apples: ['red'] })
  })
})

describe('a process that waits', () => {
  it('shows the line of its receive, also out of the midst of an expression', () => {
    forSeeds(50, (world) => {
      const pid = world.spawn(waitsDeep, 'a')
      world.settle()
      world.runtime.send(pid, 'b')
      world.settle()
      const words = ['a', '1 b']
      expect(framesIn(world.runtime.stacktrace(pid))).toEqual([
        ['nextWord', file, lineOf('yield* receive'), { count: 2 }],
        ['waitsDeep', file, lineOf('yield* nextWord'), { word: 'a', words }],
      ])
      expect(world.runtime.info(pid)?.current).toMatchObject({ function: 'nextWord' })
      expect(world.runtime.info(pid)?.variables).toEqual({ count: 2 })
      expect(world.runtime.stacktrace(pid)?.status).toBe('waiting')
      world.runtime.send(pid, 'c')
      world.settle()
      expect(world.runtime.stacktrace(pid)?.frames?.[1]?.variables['words']).toHaveLength(3)
    })
  })

  it('keeps its limit and its messages while it is looked at', () => {
    const world = new World(1)
    const pid = world.spawn(function* (): Body {
      yield* receive((message) => message === 'this', 100)
    })
    world.settle()
    world.runtime.send(pid, 'other')
    for (let ms = 0; ms < 99; ms++) {
      world.runFor(1)
      world.runtime.stacktrace(pid)
    }
    expect(world.runtime.info(pid)?.messages).toEqual(['other'])
    world.runFor(1)
    expect(world.runtime.list()).toEqual([])
  })

  it('that is a supervisor shows the lines of its own', () => {
    const world = new World(1)
    const pid = world.spawn(...supervisor('top', { children: [] }).start)
    world.settle()
    const frames = world.runtime.stacktrace(pid)!.frames!
    expect(frames.map((frame) => [frame.function, frame.file])).toEqual([
      ['loop', 'src/runtime/server.ts'],
      ['serve', 'src/runtime/server.ts'],
    ])
    const server = readFileSync(new URL('../../src/runtime/server.ts', import.meta.url), 'utf8')
    expect(server.split('\n')[frames[0]!.line - 1]).toContain('yield* receive')
  })
})

it('a process that was preempted at its receive is shown at the line of that', () => {
  const lines = new Set<number | undefined>()
  const call = lineOf('export function* takesLetters')
  forSeeds(20, (world) => {
    const pid = world.spawn(takesLetters, () => {
      const current = world.runtime.info(pid)?.current
      if (current) expect(current).toMatchObject({ file, function: 'takesLetters' })
      lines.add(current?.line)
    })
    for (let letter = 0; letter < 100; letter++) world.runtime.send(pid, letter)
    world.settle()
  })
  expect(lines).toEqual(new Set([undefined, call, call + 1, call + 2]))
})

describe('who cannot be looked at', () => {
  it('has only its initial call before it has begun, and begins in its own time', () => {
    const world = new World(1)
    let begun = false
    const pid = world.spawn(function* begins() {
      begun = true
    })
    const expected = { status: 'runnable', initialCall: 'begins', frames: [] }
    expect(world.runtime.stacktrace(pid)).toEqual(expected)
    expect([begun, world.runtime.info(pid)?.current]).toEqual([false, undefined])
  })

  it('is running, when it looks at itself', () => {
    const world = new World(1)
    let own: Stack | undefined
    let other: Stack | undefined
    const waits = world.spawn(waitsDeep, 'x')
    world.settle()
    world.spawn(function* looksAtItself() {
      yield* mayYield()
      own = stacktrace(self())
      other = stacktrace(waits)
      yield* sleep(1)
    })
    world.run()
    expect(own).toEqual({ status: 'running', initialCall: 'looksAtItself', frames: undefined })
    expect(other?.frames).toHaveLength(2)
  })

  it('is dead, or of another host', () => {
    const world = new World(1)
    const pid = world.spawn(waitsDeep, 'x')
    const alive = world.spawn(waitsDeep, 'x')
    world.runtime.exit(pid, 'kill')
    expect(world.runtime.stacktrace(pid)).toBe(undefined)
    expect(world.runtime.stacktrace(new Pid(7, alive.serial))).toBe(undefined)
  })
})
