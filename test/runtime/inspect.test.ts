/*
 * What can be known of a process from outside, and that looking changes nothing.
 */
import { expect, it } from 'vitest'
import {
  link,
  monitor,
  Pid,
  receive,
  register,
  self,
  setLabel,
  sleep,
  spawn,
  trapExits,
  type Body,
  type ProcessInfo,
} from '../../src/runtime'
import { looksBusy } from '../support/debts.process'
import { forSeeds, mayYield, World } from '../support/simulation'

function* waits(): Body {
  yield* receive()
}

it('every value is right for a process that waits', () => {
  const world = new World(1, { nowMs: 1_000 })
  const other = world.spawn(waits)
  const watcher = world.spawn(waits)
  let child: Pid | undefined
  const parent = world.spawn(function* () {
    child = spawn(function* busyBee() {
      register('bee')
      trapExits(true)
      link(other)
      monitor(other)
      yield* sleep(10_000)
    })
    yield* receive()
  })
  world.settle()
  world.runtime.send(child!, 'one')
  world.runtime.send(child!, { two: 2 })
  world.runFor(250)
  const { reductions, ...info } = world.runtime.info(child!)!
  expect(reductions).toBeGreaterThan(0)
  expect(info.messages).toEqual(['one', { two: 2 }])
  expect([info.pid, info.parent, info.links[0], info.monitors[0]]).toEqual([
    child,
    parent,
    other,
    other,
  ])
  expect({ ...info, pid: 0, parent: 0, links: 0, monitors: 0, messages: 0, current: 0 }).toEqual({
    pid: 0,
    name: 'bee',
    initialCall: 'busyBee',
    parent: 0,
    status: 'waiting',
    current: 0,
    variables: {},
    mailboxLength: 2,
    messages: 0,
    links: 0,
    monitors: 0,
    monitoredNames: [],
    monitoredBy: [],
    trapsExits: true,
    ageMs: 250,
  } satisfies Record<keyof Omit<ProcessInfo, 'reductions'>, unknown>)
  expect(world.runtime.info(other)?.links).toEqual([child])
  expect(world.runtime.info(other)?.monitoredBy).toEqual([child])
  expect(world.runtime.info(watcher)).toMatchObject({ links: [], monitors: [], name: undefined })
})

it('a preempted process shows its place and its live variables there', () => {
  const world = new World(1, { fair: true, stepMs: 0.00001 })
  const pid = world.spawn(looksBusy, 7)
  world.runtime.turn()
  const info = world.runtime.info(pid)!
  expect(info.status).toBe('runnable')
  expect(info.current).toMatchObject({
    file: 'test/support/debts.process.ts',
    function: 'looksBusy',
  })
  expect(Object.keys(info.variables).sort()).toEqual(['from', 'total', 'turn', 'words'])
  expect(info.variables).toMatchObject({ from: 7, words: ['a', 'b'] })
  expect(info.variables['turn']).toBeGreaterThan(1_000)
  const before = info.reductions
  world.runtime.turn()
  expect(world.runtime.info(pid)!.reductions).toBeGreaterThan(before)
})

it('a process that was never preempted has no place', () => {
  const world = new World(1, { fair: true })
  const pid = world.spawn(waits)
  expect(world.runtime.info(pid)).toMatchObject({ status: 'runnable', reductions: 0 })
  world.settle()
  expect(world.runtime.info(pid)?.current).toBe(undefined)
  expect(world.runtime.info(pid)?.status).toBe('waiting')
})

it('a process that looks at itself is running', () => {
  const world = new World(1)
  let status: unknown
  world.spawn(function* () {
    yield* mayYield()
    status = world.runtime.info(self())?.status
  })
  world.run()
  expect(status).toBe('running')
})

it('a label stands for the initial call', () => {
  const world = new World(1)
  const pid = world.spawn(function* original() {
    setLabel('sum of 7')
    yield* receive()
  })
  expect(world.runtime.info(pid)?.initialCall).toBe('original')
  world.settle()
  expect(world.runtime.info(pid)?.initialCall).toBe('sum of 7')
})

it('a dead pid, a port, and a pid of another host give undefined', () => {
  const world = new World(1)
  const dead = world.spawn(function* () {})
  const alive = world.spawn(waits)
  world.run()
  expect(world.runtime.info(dead)).toBe(undefined)
  expect(world.runtime.find(dead.serial)).toBe(undefined)
  expect(world.runtime.info(world.runtime.registry.find('test')!)).toBe(undefined)
  expect(world.runtime.info(new Pid(7, alive.serial))).toBe(undefined)
  expect(world.runtime.find(alive.serial)).toBe(alive)
})

it('the list holds the living in the order of their start', () => {
  forSeeds(50, (world) => {
    const model: Pid[] = []
    for (let turn = 0; turn < 60; turn++) {
      if (world.random.chance(0.6)) model.push(world.spawn(waits))
      else if (model.length > 0) {
        const [dead] = model.splice(world.random.below(model.length), 1)
        world.runtime.exit(dead!, 'kill')
      }
      if (world.random.chance(0.3)) world.settle()
      expect(world.runtime.list()).toEqual(model)
      expect(world.runtime.counts().processes).toBe(model.length)
    }
  })
})

it('changing what it gave does not change the process', () => {
  const world = new World(1)
  const pid = world.spawn(waits)
  world.settle()
  const info = world.runtime.info(pid)!
  ;(info.links as Pid[]).push(pid)
  ;(info.messages as unknown[]).push('forged')
  world.settle()
  expect(world.runtime.info(pid)).toMatchObject({ links: [], messages: [] })
})
