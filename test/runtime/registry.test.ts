/*
 * Registered names: one live process or port to a name, one name to a process, free the moment it
 * ends.
 */
import { expect, it } from 'vitest'
import {
  monitor,
  receive,
  register,
  self,
  send,
  sendExit,
  sleep,
  spawn,
  spawnLink,
  spawnWith,
  trapExits,
  whereis,
  type Body,
  type Down,
  type ExitMessage,
  type Pid,
} from '../../src/runtime'
import { Registry } from '../../src/runtime/registry'
import { forSeeds, mayYield, World } from '../support/simulation'

const seeds = 200

function* waits(): Body {
  yield* receive()
}

function* holds(name: string): Body {
  register(name)
  yield* receive()
}

/** Runs `body` in a fresh world and gives why it ended. */
function reasonOf(body: () => Body, world = new World(1)): unknown {
  let reason: unknown
  world.spawn(function* () {
    trapExits(true)
    spawnLink(body)
    reason = (yield* receive<ExitMessage>()).reason
  })
  world.run()
  return reason
}

it('a name is found while its process lives, and by outside as well', () => {
  const world = new World(1)
  const pid = world.spawn(holds, 'sum')
  world.settle()
  expect(world.runtime.registry.find('sum')).toBe(pid)
  expect(world.runtime.info(pid)?.name).toBe('sum')
  expect(world.runtime.send('sum', 'end')).toBe(true)
  world.settle()
  expect(world.runtime.registry.find('sum')).toBe(undefined)
  expect(world.runtime.send('sum', 'lost')).toBe(false)
})

it('a taken name is refused with its holder, and the holder keeps it', () => {
  const world = new World(1)
  const holder = world.spawn(holds, 'sum')
  world.settle()
  expect(String(reasonOf(() => holds('sum'), world))).toContain(`'sum' is taken by ${holder}`)
  expect(world.runtime.registry.find('sum')).toBe(holder)
})

it('a process has one name only, and a second attempt takes none', () => {
  const world = new World(1)
  const reason = reasonOf(function* () {
    register('first')
    register('second')
  }, world)
  expect(String(reason)).toContain("already named 'first'")
  expect(world.runtime.registry.find('second')).toBe(undefined)
})

it('a spawn under a taken name starts nothing and is an error of the parent', () => {
  const world = new World(1)
  const holder = world.spawn(holds, 'sum')
  world.settle()
  const reason = reasonOf(function* () {
    spawnWith({ name: 'sum' }, waits)
  }, world)
  expect(String(reason)).toContain('taken')
  expect(world.runtime.list()).toEqual([holder])
})

it('a named process has its name before its first line, for everybody', () => {
  forSeeds(seeds, (world) => {
    const found: unknown[] = []
    world.spawn(function* () {
      const { pid } = spawnWith({ name: 'sum' }, function* () {
        found.push(whereis('sum'), self())
        yield* receive()
      })
      found.push(whereis('sum'))
      yield* mayYield()
      send('sum', 'end')
      expect(new Set([...found, pid]).size).toBe(1)
    })
    world.run()
    expect(world.records).toEqual([])
    expect(world.runtime.list()).toEqual([])
  })
})

it('a name is free when the death of its process is told, by monitor, link and sendExit', () => {
  forSeeds(seeds, (world) => {
    let restarts = 0
    world.spawn(function* () {
      trapExits(true)
      for (const how of ['monitor', 'link', 'kill', 'normal'] as const) {
        const options = { name: 'sum', link: how === 'link', monitor: how !== 'link' }
        const { pid } = spawnWith(options, waits)
        if (how === 'normal') send(pid, 'end')
        else sendExit(pid, how === 'kill' ? 'kill' : 'shutdown')
        yield* mayYield()
        yield* receive<Down | ExitMessage>()
        restarts++
        expect(whereis('sum')).toBe(undefined)
      }
    })
    world.run()
    expect([restarts, world.records]).toEqual([4, []])
  })
})

it('a name is never free while its holder lives, whoever races for it', () => {
  forSeeds(seeds, (world) => {
    const holders: Pid[] = []
    for (let racer = 0; racer < 4; racer++) {
      world.spawn(function* () {
        for (let round = 0; round < 5; round++) {
          yield* mayYield()
          if (whereis('crown') === undefined) {
            register('crown')
            holders.push(self())
            yield* sleep(world.random.below(3))
            expect(whereis('crown')).toBe(self())
            return
          }
          const watched = whereis('crown')!
          monitor('crown')
          const down = yield* receive<Down>()
          if (watched === down.pid) expect(whereis('crown')).not.toBe(watched)
        }
      })
    }
    world.run()
    expect(world.records).toEqual([])
    expect(new Set(holders).size).toBe(4)
  })
})

it('a name may be any text, names of object members included', () => {
  const registry = new Registry()
  const world = new World(1)
  for (const name of ['__proto__', 'constructor', 'toString', '']) {
    expect(registry.find(name)).toBe(undefined)
    const pid = world.spawn(waits)
    registry.register(name, pid)
    expect(registry.find(name)).toBe(pid)
    registry.unregister(name)
    expect(registry.find(name)).toBe(undefined)
  }
})

it('what is no text is no name, and nothing is left of it', () => {
  const world = new World(1)
  for (const odd of [undefined, null, 5, Symbol('s')] as never[]) {
    expect(String(reasonOf(() => holds(odd), world))).toContain('a name must not be')
    expect(world.runtime.registry.find(odd)).toBe(undefined)
  }
})

it('ports have names too, and a process may not take one', () => {
  const world = new World(1)
  expect(String(reasonOf(() => holds('test'), world))).toContain("'test' is taken")
  expect(() => world.runtime.openPort('test', () => {})).toThrow('taken')
})

it('a taken name refused to a process leaves it free to take another', () => {
  const world = new World(1)
  world.spawn(holds, 'a')
  world.settle()
  const pid = world.spawn(function* () {
    try {
      register('a')
    } catch {
      register('b')
    }
    spawn(waits)
    yield* receive()
  })
  world.settle()
  expect(world.runtime.registry.find('b')).toBe(pid)
})
