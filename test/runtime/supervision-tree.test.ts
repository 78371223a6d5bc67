/*
 * The supervision tree as it is read off the process table: who stands where, busy supervisors and
 * crowds among them, and that the look gives way.
 */
import { expect, it } from 'vitest'
import {
  dynamicSupervisor,
  receive,
  setLabel,
  sleep,
  spawn,
  startChild,
  supervisionTree,
  supervisor,
  type Body,
  type TreeLine,
} from '../../src/runtime'
import { sliceLength } from '../../src/runtime/scheduler'
import { forSeeds, World } from '../support/simulation'
import { child, children, crash, pidOf } from '../support/supervised-worker'

function* waits(): Body {
  yield* receive()
}

/** Looks from a process of its own, which stands in the tree as `looks`, and is left out here. */
function look(world: World): TreeLine[] {
  let tree: readonly TreeLine[] | undefined
  world.spawn(function* looks() {
    tree = yield* supervisionTree()
  })
  world.settle()
  return tree!.filter(({ initialCall }) => initialCall !== 'looks')
}

/** A line as a short text, with what is below it. */
const show = ({ id, initialCall, count, children }: TreeLine): string => {
  const below = children.length > 0 ? `(${children.map(show).join(' ')})` : ''
  return `${id ?? initialCall}${count === 1 ? '' : `×${count}`}${below}`
}

const shown = (world: World): string => look(world).map(show).join(' ')

it('has supervisors with their lists in order, whoever does not run included', () => {
  forSeeds(50, (world) => {
    world.spawn(
      ...supervisor('top', {
        children: [
          child('a'),
          supervisor('inner', { children: children('bc') }),
          child('d', { restart: 'transient' }),
        ],
      }).start,
    )
    world.settle()
    expect(shown(world)).toBe('serve(a inner(b c) d)')
    crash(world, 'd', 'normal')
    expect(shown(world)).toBe('serve(a inner(b c) d×0)')
    crash(world, 'b')
    const [top] = look(world)
    const [a, inner, d] = top!.children
    expect(a).toMatchObject({ id: 'a', type: 'worker', restart: 'permanent', count: 1 })
    expect(a!.pids[0]).toBe(pidOf(world, 'a'))
    expect(inner).toMatchObject({ id: 'inner', type: 'supervisor', restart: 'permanent' })
    expect(inner!.children[0]!.pids[0]).toBe(pidOf(world, 'b'))
    expect(d).toMatchObject({ restart: 'transient', count: 0, pids: [], restarting: false })
  })
})

it('tells how many restarts each supervisor would still survive', () => {
  const world = new World(1)
  world.spawn(
    ...supervisor('top', { intensity: 3, periodSeconds: 5, children: children('a') }).start,
  )
  world.settle()
  const left = () => look(world)[0]!.restartsLeft
  expect(left()).toBe(3)
  crash(world, 'a')
  world.runFor(3_000)
  crash(world, 'a')
  expect(left()).toBe(1)
  world.runFor(2_001)
  expect(left()).toBe(2)
  expect(look(world)[0]!.children[0]!.restartsLeft).toBe(undefined)
  expect(look(world)[0]!.intensity).toBe(3)
})

it('tells how many messages wait in the longest mailbox of equals', () => {
  const world = new World(1)
  function* picky(): Body {
    yield* receive((message) => message === 'wanted')
  }
  const pids = [world.spawn(picky), world.spawn(picky), world.spawn(picky)]
  const longest = () => look(world)[0]!.longestMailbox
  world.settle()
  expect(longest()).toBe(0)
  for (let count = 0; count < 4; count++) world.runtime.send(pids[1]!, 'unwanted')
  world.runtime.send(pids[2]!, 'unwanted')
  world.settle()
  expect(longest()).toBe(4)
})

it('sees a supervisor that is busy starting, and a child that is to be tried again', () => {
  const world = new World(1)
  let attempt = 0
  const fails = () => (attempt++ === 0 ? undefined : 'no luck')
  const flaky = child('b', {}, { startMs: 100, fails })
  world.spawn(...supervisor('top', { intensity: 1_000, children: [child('a'), flaky] }).start)
  world.runFor(50)
  expect(shown(world)).toBe('serve(a b×0 work)')
  world.runFor(100)
  expect(shown(world)).toBe('serve(a b)')
  world.runtime.exit(pidOf(world, 'b'), 'kill')
  world.runFor(150)
  const [, b] = look(world)[0]!.children
  expect([b!.restarting, b!.count]).toEqual([true, 0])
})

it('has everybody else under whoever started them, and at the top when that is dead', () => {
  forSeeds(50, (world) => {
    const parent = world.spawn(function* parent() {
      spawn(function* quick() {
        spawn(waits)
      })
      spawn(function* middle() {
        spawn(waits)
        yield* receive()
      })
      yield* receive()
    })
    world.settle()
    expect(shown(world)).toBe('parent(middle(waits)) waits')
    world.runtime.exit(parent, 'kill')
    world.settle()
    expect(shown(world)).toBe('middle(waits) waits')
  })
})

it('shows a crowd of equals as one line, with its number and a few pids, and what they started below', () => {
  const world = new World(1)
  const top = dynamicSupervisor('crowd', { name: 'crowd', restart: 'transient' })
  world.spawn(...supervisor('top', { children: [top, child('a')] }).start)
  world.spawn(function* starts() {
    for (let at = 0; at < 1_000; at++) {
      yield* startChild('crowd', function* visitor() {
        spawn(waits)
        if (at === 500) setLabel('strange')
        yield* receive()
      })
    }
    yield* receive()
  })
  world.settle()
  expect(shown(world)).toBe('serve(crowd(visitor×999(waits×999) strange(waits)) a) starts')
  const [visitors, strange] = look(world)[0]!.children[0]!.children
  expect([visitors!.pids.length, visitors!.restart, visitors!.id]).toEqual([
    5,
    'transient',
    undefined,
  ])
  expect(strange!.pids).toHaveLength(1)
})

it('may have supervisors under a dynamic one, each with a line of its own', () => {
  const world = new World(1)
  world.spawn(...dynamicSupervisor('all', { name: 'all' }).start)
  world.spawn(function* () {
    for (const ids of ['ab', 'cd']) {
      const [body, ...args] = supervisor(ids, { children: children(ids) }).start
      yield* startChild('all', body, ...args)
    }
  })
  world.settle()
  expect(shown(world)).toBe('serve(serve(a b) serve(c d))')
})

it('a chain of a thousand starters does not nest as deep', () => {
  const world = new World(1)
  function* starts(left: number): Body {
    if (left > 0) spawn(starts, left - 1)
    yield* receive()
  }
  world.spawn(starts, 1_000)
  world.settle()
  let count = 0
  let depth = 0
  for (let lines = look(world); lines[0]; lines = [...lines[0].children]) {
    count += lines[0].count
    depth++
  }
  expect([count, depth]).toEqual([1_001, 51])
})

it('gives way among a hundred thousand processes, and counts each that lives throughout once', () => {
  const world = new World(1, { fair: true })
  const crowd = 100_000
  world.spawn(function* parent() {
    for (let at = 0; at < crowd; at++) spawn(waits)
    yield* receive()
  })
  world.settle()
  let tree: readonly TreeLine[] = []
  let others = 0
  const looker = world.spawn(function* looks() {
    tree = yield* supervisionTree()
  })
  world.spawn(function* () {
    for (; tree.length === 0; others++) {
      spawn(waits)
      yield* sleep(0)
    }
  })
  const before = world.trace.length
  world.settle()
  const steps = world.trace.slice(before).filter((_, at, all) => all[at - 1] === looker.serial)
  expect(steps.length).toBeGreaterThanOrEqual(crowd / sliceLength)
  expect(Math.max(...steps)).toBeLessThanOrEqual(sliceLength)
  expect(tree.find(({ initialCall }) => initialCall === 'parent')!.children[0]!.count).toBe(crowd)
  expect(others).toBeGreaterThan(0)
})
