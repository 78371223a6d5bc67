/*
 * Hot code: what is current at the moment of a call, what goes on as it was, and what survives a
 * change.
 */
import { describe, expect, it } from 'vitest'
import {
  become,
  call,
  isAlive,
  link,
  noReply,
  qualified,
  receive,
  register,
  reply,
  self,
  send,
  sendExit,
  server,
  sleep,
  spawn,
  spawnLink,
  supervisor,
  whereis,
  type Body,
  type Pid,
  type ServerModule,
} from '../../src/runtime'
import { Code } from '../../src/runtime/code'
import { forSeeds, mayYield, World } from '../support/simulation'

const seeds = 200

interface Counter {
  answer(): string
  serve(count: number): Body
  stays(): Body
}
const Counter = qualified<Counter>('counter')

/**
 * One version of the module: says its number, and goes on through a qualified call at each turn.
 */
const version = (number: number): Counter => ({
  answer: () => `v${number}`,
  *serve(count) {
    for (;;) {
      const message = yield* receive()
      send('test', `v${number} ${count} ${String(message)}`)
      yield* mayYield()
      if (message === 'turn') return become(Counter.serve, count + 1)
    }
  },
  *stays() {
    for (;;) {
      yield* receive()
      send('test', `runs v${number}, calls ${Counter.answer()}`)
    }
  },
})

describe('the table', () => {
  it('numbers versions from 1, and knows nothing of what was never loaded', () => {
    const code = new Code()
    expect(code.version('sum')).toBe(undefined)
    expect([code.load('sum', {}), code.load('sum', {}), code.load('board', {})]).toEqual([1, 2, 1])
    expect(code.version('sum')).toBe(2)
  })

  it('gives what the current version exports, and nothing that is not its own', () => {
    const code = new Code()
    code.load('sum', { sum: 1, gone: 2 })
    code.load('sum', { sum: 3 })
    expect(code.get('sum', 'sum')).toBe(3)
    expect(() => code.get('sum', 'gone')).toThrow("module 'sum' exports no 'gone'")
    expect(() => code.get('board', 'x')).toThrow("no module 'board' is loaded")
    for (const name of ['toString', 'constructor', '__proto__']) {
      expect(code.has('sum', name)).toBe(false)
      expect(() => code.get('sum', name)).toThrow('exports no')
    }
  })
})

describe('a qualified call', () => {
  it('takes the version that is current when it is called', () => {
    forSeeds(seeds, (world) => {
      const { code } = world.runtime
      code.load('counter', { ...version(1) })
      const seen: string[] = []
      const expected: string[] = []
      const pid = world.spawn(function* () {
        for (let turn = 0; turn < 20; turn++) {
          yield* mayYield()
          expected.push(`v${code.version('counter')}`)
          seen.push(Counter.answer())
          yield* sleep(1)
        }
      })
      while (isAlive(pid)) {
        if (world.random.chance(0.3)) {
          code.load('counter', { ...version(code.version('counter')! + 1) })
        }
        world.runFor(1)
      }
      expect(seen).toEqual(expected)
      expect(seen).toHaveLength(20)
    })
  })

  it('of what the module does not export crashes the caller', () => {
    const world = new World(1)
    world.spawn(function* () {
      Counter.answer()
    })
    world.runtime.code.load('counter', {})
    world.run()
    expect(String(world.records[0]?.['reason'])).toContain('TypeError')
  })

  it('is spawned with whatever is current when the process begins', () => {
    const world = new World(1)
    world.runtime.code.load('counter', { ...version(1) })
    const pid = world.spawn(Counter.stays)
    world.runtime.code.load('counter', { ...version(2) })
    world.settle()
    world.runtime.send(pid, 'x')
    world.settle()
    expect(world.told).toEqual(['runs v2, calls v2'])
    expect(world.runtime.info(pid)?.initialCall).toBe('counter.stays')
  })
})

describe('a load', () => {
  it('leaves a running generator in its own version, whose qualified calls take the new one', () => {
    const world = new World(1)
    world.runtime.code.load('counter', { ...version(1) })
    const pid = world.spawn(Counter.stays)
    world.settle()
    world.runtime.code.load('counter', { ...version(2) })
    world.runtime.send(pid, 'x')
    world.settle()
    expect(world.told).toEqual(['runs v1, calls v2'])
  })

  it('is picked up at become, with pid, mailbox, name, links, monitors and trapping kept', () => {
    forSeeds(seeds, (world) => {
      const { runtime } = world
      runtime.code.load('counter', { ...version(1) })
      let neighbour: Pid | undefined
      const pid = world.spawn(function* () {
        register('counter')
        neighbour = spawnLink(function* () {
          yield* receive()
        })
        return become(Counter.serve, 0)
      })
      world.settle()
      for (const message of ['a', 'turn', 'b', 'c', 'turn', 'd']) runtime.send('counter', message)
      runtime.code.load('counter', { ...version(2) })
      world.settle()
      expect(world.told).toEqual(['v1 0 a', 'v1 0 turn', 'v2 1 b', 'v2 1 c', 'v2 1 turn', 'v2 2 d'])
      const before = runtime.info(pid)
      runtime.code.load('counter', { ...version(3) })
      runtime.send(pid, 'turn')
      runtime.send(pid, 'e')
      world.settle()
      expect(world.told.slice(-2)).toEqual(['v2 2 turn', 'v3 3 e'])
      const after = runtime.info(pid)
      expect(after).toMatchObject({ name: 'counter', mailboxLength: 0 })
      expect(after?.links).toEqual([neighbour])
      expect(after?.initialCall).toBe(before?.initialCall)
    })
  })

  it('lets a qualified server keep its state through it, and takes the new callbacks at the next message', () => {
    type Module = ServerModule<number, [number]>
    const Callbacks = qualified<Module>('callbacks')
    const callbacks = (step: number): Module => ({
      *init(first) {
        return first
      },
      *handleCall(_request, _from, state) {
        yield* mayYield()
        return reply(state + step, state + step)
      },
      ...(step > 1 && {
        *handleInfo(message: unknown, state: number) {
          send('test', message)
          return noReply(state)
        },
      }),
    })
    forSeeds(seeds, (world) => {
      const { code } = world.runtime
      code.load('callbacks', { ...callbacks(1) })
      const pid = world.spawn(server, Callbacks, 100)
      const answers: number[] = []
      const ask = () => {
        world.spawn(function* () {
          answers.push(yield* call<number>(pid, 'next'))
        })
        world.settle()
      }
      ask()
      world.runtime.send(pid, 'before')
      world.settle()
      code.load('callbacks', { ...callbacks(10) })
      ask()
      world.runtime.send(pid, 'after')
      world.settle()
      code.load('callbacks', { ...callbacks(1) })
      ask()
      expect(answers).toEqual([101, 111, 112])
      expect(world.told).toEqual(['after'])
      expect(world.records).toEqual([])
    })
  })

  it('is what a supervisor restarts with', () => {
    const world = new World(1)
    world.runtime.code.load('counter', { ...version(1) })
    const spec = supervisor('top', {
      children: [{ id: 'counter', name: 'counter', start: [Counter.stays] }],
    })
    world.spawn(...spec.start)
    world.settle()
    const before = world.runtime.registry.find('counter')!
    world.runtime.code.load('counter', { ...version(2) })
    world.runtime.send(before, 'x')
    world.settle()
    world.runtime.exit(before, 'kill')
    world.settle()
    world.runtime.send('counter', 'x')
    world.settle()
    expect(world.runtime.registry.find('counter')).not.toBe(before)
    expect(world.told).toEqual(['runs v1, calls v2', 'runs v2, calls v2'])
  })
})

describe('become', () => {
  it('a hundred thousand turns deep needs no deeper stack, and stays killable', () => {
    const world = new World(2)
    function* turns(rest: number): Body {
      yield* mayYield()
      return rest > 0 ? become(turns, rest - 1) : send('test', whereis('turner') === self())
    }
    world.spawn(function* () {
      register('turner')
      return become(turns, 100_000)
    })
    world.run()
    expect(world.told).toEqual([true])
    function* ever(): Body {
      yield* mayYield()
      return become(ever)
    }
    const pid = world.spawn(ever)
    world.runtime.turn()
    world.runtime.exit(pid, 'kill')
    world.run()
    expect(world.runtime.list()).toEqual([])
  })

  it('a body that ended in its own slice does not go on as another', () => {
    const world = new World(1)
    world.spawn(function* (): Body {
      sendExit(self(), 'kill')
      return become(function* () {
        send('test', 'went on')
      })
    })
    world.run()
    expect(world.told).toEqual([])
  })

  it('what is not a body crashes the process, and its links hear of it', () => {
    const world = new World(1)
    world.spawn(function* () {
      link(
        spawn(function* (): Body {
          yield* sleep(1)
          return become((() => 1) as never)
        }),
      )
      yield* receive()
    })
    world.run()
    expect(world.runtime.list()).toEqual([])
    expect(world.records).toHaveLength(1)
  })
})

it('a view may lie in messages and arguments', () => {
  const world = new World(1)
  world.runtime.code.load('counter', { ...version(5) })
  const pid = world.spawn(function* () {
    const view = yield* receive<Counter>()
    send('test', view.answer())
  })
  world.runtime.send(pid, Counter)
  world.run()
  expect(world.told).toEqual(['v5'])
})
