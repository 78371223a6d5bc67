/*
 * Hot code: what is current at the moment of a call, what goes on as it was, and what survives a
 * change.
 */
import { describe, expect, it } from 'vitest'
import {
  LoadRefused,
  become,
  call,
  isAlive,
  link,
  monitor,
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
  type Down,
  type Exports,
  type Pid,
  type ServerModule,
} from '../../src/runtime'
import { Code } from '../../src/runtime/code'
import { compiledModule, versionByHand } from '../support/hot-module'
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
    const code = new Code(() => [])
    expect(code.version('sum')).toBe(undefined)
    expect([
      code.load('sum', versionByHand({})),
      code.load('sum', versionByHand({})),
      code.load('board', versionByHand({})),
    ]).toEqual([1, 2, 1])
    expect(code.version('sum')).toBe(2)
  })

  it('gives what the current version exports, and nothing that is not its own', () => {
    const code = new Code(() => [])
    code.load('sum', versionByHand({ sum: 1, gone: 2 }))
    code.load('sum', versionByHand({ sum: 3 }))
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
      code.load('counter', versionByHand(version(1)))
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
          code.load('counter', versionByHand(version(code.version('counter')! + 1)))
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
    world.runtime.code.load('counter', versionByHand({}))
    world.run()
    expect(String(world.records[0]?.['reason'])).toContain('TypeError')
  })

  it('is spawned with whatever is current when the process begins', () => {
    const world = new World(1)
    world.runtime.code.load('counter', versionByHand(version(1)))
    const pid = world.spawn(Counter.stays)
    world.runtime.code.load('counter', versionByHand(version(2)))
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
    world.runtime.code.load('counter', versionByHand(version(1)))
    const pid = world.spawn(Counter.stays)
    world.settle()
    world.runtime.code.load('counter', versionByHand(version(2)))
    world.runtime.send(pid, 'x')
    world.settle()
    expect(world.told).toEqual(['runs v1, calls v2'])
  })

  it('is picked up at become, with pid, mailbox, name, links, monitors and trapping kept', () => {
    forSeeds(seeds, (world) => {
      const { runtime } = world
      runtime.code.load('counter', versionByHand(version(1)))
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
      runtime.code.load('counter', versionByHand(version(2)))
      world.settle()
      expect(world.told).toEqual(['v1 0 a', 'v1 0 turn', 'v2 1 b', 'v2 1 c', 'v2 1 turn', 'v2 2 d'])
      const before = runtime.info(pid)
      runtime.code.load('counter', versionByHand(version(3)))
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
      code.load('callbacks', versionByHand(callbacks(1)))
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
      code.load('callbacks', versionByHand(callbacks(10)))
      ask()
      world.runtime.send(pid, 'after')
      world.settle()
      code.load('callbacks', versionByHand(callbacks(1)))
      ask()
      expect(answers).toEqual([101, 111, 112])
      expect(world.told).toEqual(['after'])
      expect(world.records).toEqual([])
    })
  })

  it('is what a supervisor restarts with', () => {
    const world = new World(1)
    world.runtime.code.load('counter', versionByHand(version(1)))
    const spec = supervisor('top', {
      children: [{ id: 'counter', name: 'counter', start: [Counter.stays] }],
    })
    world.spawn(...spec.start)
    world.settle()
    const before = world.runtime.registry.find('counter')!
    world.runtime.code.load('counter', versionByHand(version(2)))
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

/** A compiled version: bodies that never end, wait, begin others, and go on qualified. */
const hotText = (number: number) => `
    import { become, qualified, receive, send, type Body } from '../runtime'
    const Hot = qualified<any>('hot')
    export function* counts(): Body { for (let at = 0; ; at++) ; }
    export function* waits(): Body { for (;;) { yield* wait(); send('test', 'v${number}') } }
    function* wait(): Body { yield* receive() }
    export function* turns(): Body { yield* wait(); send('test', 'v${number}'); return become(Hot.turns) }
    function* hidden(): Body { yield* receive() }
    export const itsHidden = () => hidden
    export const plain = () => ${number}
    `

const versions = [1, 2, 3].map((number) => compiledModule(hotText(number)))
const hot = (number: number) => versions[number - 1]!

describe('old code', () => {
  const Hot = qualified<Record<'counts' | 'waits' | 'turns', () => Body>>('hot')

  function refusal(load: () => unknown): LoadRefused {
    try {
      load()
    } catch (error) {
      if (error instanceof LoadRefused) return error
      throw error
    }
    throw new Error('it was loaded')
  }

  it('is known to be run by who counts or waits in it, from the innermost body outward', () => {
    forSeeds(10, (world) => {
      const { code } = world.runtime
      code.load('hot', hot(1))
      const old = [world.spawn(Hot.counts), world.spawn(Hot.waits)]
      const turns = world.spawn(Hot.turns)
      for (let turn = 0; turn < 20; turn++) world.runtime.turn()
      expect(code.check('hot')).toEqual([])
      code.load('hot', hot(2))
      world.spawn(Hot.counts)
      world.spawn(Hot.waits)
      for (let turn = 0; turn < 20; turn++) world.runtime.turn()
      expect(code.check('hot')).toEqual([...old, turns])
      world.runtime.send(turns, 'go on')
      for (let turn = 0; turn < 50; turn++) world.runtime.turn()
      expect(world.told).toEqual(['v1'])
      expect(code.check('hot')).toEqual(old)
    })
  })

  it('would be begun by who has not begun, in a body that is exported or not', () => {
    const world = new World(1)
    const { code } = world.runtime
    const old = hot(1) as Exports & { waits: () => Body; itsHidden: () => () => Body }
    code.load('hot', old)
    const bodies = [Hot.waits, old.itsHidden(), old.waits]
    for (const body of bodies) world.spawn(body)
    code.load('hot', hot(2))
    const names = code.check('hot').map((pid) => world.runtime.info(pid)?.initialCall)
    expect(names).toEqual(['hidden', 'waits'])
    expect(code.purge('hot')).toBe(2)
    world.settle()
    expect(world.runtime.list().map((pid) => world.runtime.info(pid)?.initialCall)).toEqual([
      'hot.waits',
    ])
  })

  it('is not replaced while it runs, and nothing changes; purged, it is', () => {
    forSeeds(10, (world) => {
      const { code } = world.runtime
      code.load('hot', hot(1))
      const watched = world.spawn(Hot.counts)
      world.spawn(function* (): Body {
        monitor(watched)
        send('test', (yield* receive<Down>()).reason)
      })
      for (let turn = 0; turn < 20; turn++) world.runtime.turn()
      expect(code.load('hot', hot(2))).toBe(2)
      const { why, details } = refusal(() => code.load('hot', hot(3)))
      expect([why, details, code.version('hot')]).toEqual(['not_purged', [watched], 2])
      expect([code.softPurge('hot'), code.check('hot')]).toEqual([false, [watched]])
      expect(isAlive(watched)).toBe(true)
      expect([code.purge('hot'), isAlive(watched), code.purge('hot')]).toEqual([1, false, 0])
      expect(code.load('hot', hot(3))).toBe(3)
      world.settle()
      expect(world.told).toEqual(['killed'])
    })
  })

  it('of one module keeps several from being replaced together: all are, or none', () => {
    const world = new World(1)
    const { code } = world.runtime
    const versions = (number: number) =>
      ['hot', 'other'].map((name) => [name, hot(number)] as const)
    code.loadAll(versions(1))
    const first = world.spawn(Hot.waits)
    world.settle()
    code.loadAll(versions(2))
    expect(code.check('hot')).toEqual([first])
    const both = versions(3)
    for (const modules of [both, both.toReversed()]) {
      expect(refusal(() => code.loadAll(modules)).why).toBe('not_purged')
      expect([code.version('hot'), code.version('other')]).toEqual([2, 2])
    }
    code.purge('hot')
    code.loadAll(both)
    expect([code.version('hot'), code.version('other')]).toEqual([3, 3])
  })

  it('that nobody runs gives way to the next load, and to a soft purge', () => {
    const world = new World(1)
    const { code } = world.runtime
    for (const number of [1, 2, 3]) expect(code.load('hot', hot(number))).toBe(number)
    expect(code.softPurge('hot')).toBe(true)
    expect([code.purge('never'), code.softPurge('never'), code.check('never')]).toEqual([
      0,
      true,
      [],
    ])
  })

  it('comes back when its exports are loaded again, and who runs them is current then', () => {
    const world = new World(1)
    const { code } = world.runtime
    const [one, two] = [hot(1), hot(2)]
    code.load('hot', one)
    const first = world.spawn(Hot.waits)
    world.settle()
    code.load('hot', two)
    const second = world.spawn(Hot.waits)
    world.settle()
    expect(code.check('hot')).toEqual([first])
    expect(code.load('hot', one)).toBe(3)
    expect([code.check('hot'), isAlive(first)]).toEqual([[second], true])
    expect(refusal(() => code.load('hot', hot(3))).details).toEqual([second])
    code.purge('hot')
    const third = world.spawn(Hot.waits)
    world.settle()
    expect(code.load('hot', one)).toBe(4)
    expect(code.check('hot')).toEqual([])
    expect(isAlive(third)).toBe(true)
  })
})

describe('a broken module leaves all as it was', () => {
  it.each<[string, LoadRefused['why'], () => Exports, readonly string[]]>([
    ['what was not compiled', 'not_process_code', () => version(2) as never, []],
    ['what lacks a name that is called', 'lacks_exports', () => versionByHand({}), ['answer']],
    [
      'what only looks as if it were',
      'not_process_code',
      () => ({ ...version(2), $code: { places: 'none', bodies: 1 } }),
      [],
    ],
  ])('%s', (_what, why, exports, details) => {
    const world = new World(1)
    const { code } = world.runtime
    code.load('counter', versionByHand(version(1)))
    const asks = () => {
      world.spawn(function* () {
        send('test', Counter.answer())
      })
      world.settle()
    }
    asks()
    let refused: unknown
    try {
      code.load('counter', exports())
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({ name: 'LoadRefused', module: 'counter', why, details })
    asks()
    expect([world.told, code.version('counter')]).toEqual([['v1', 'v1'], 1])
  })
})

describe('a server whose code changes', () => {
  const Counts = qualified<ServerModule<unknown, []>>('counts')
  const counts = (step: string, change = '') =>
    compiledModule(`
      import { noReply, reply, send, type Body } from '../runtime'
      export function* init(): Body<any> { return { count: 0 } }
      export function* handleCall(_: any, __: any, state: any): Body<any> { ${step} }
      export function* handleCast(_: any, state: any): Body<any> { return noReply(state) }
      ${change}`)
  const one = 'return reply(++state.count, state)'
  const two = 'return reply(`${++state.total} in all`, state)'
  const change = `export function* codeChange(from: number, state: any): Body<any> {
    send('test', ['from', from])
    return { total: 10 * state.count }
  }`

  it('has its state made anew once, before its first message under the new version', () => {
    const [first, second, third] = [counts(one), counts(two, change), counts(two)]
    forSeeds(100, (world) => {
      const { code } = world.runtime
      code.load('counts', first)
      const pid = world.spawn(server, Counts)
      const answers: unknown[] = []
      const ask = () => {
        world.spawn(function* () {
          answers.push(yield* call(pid, 'next'))
        })
        world.settle()
      }
      ask()
      ask()
      code.load('counts', second)
      world.settle()
      expect(world.told).toEqual([])
      ask()
      ask()
      expect([answers, world.told]).toEqual([[1, 2, '21 in all', '22 in all'], [['from', 1]]])
      code.load('counts', third)
      ask()
      expect(answers.at(-1)).toBe('23 in all')
      expect(code.check('counts')).toEqual([])
    })
  })

  it('that fails to, ends', () => {
    const world = new World(1)
    const { code } = world.runtime
    code.load('counts', counts(one))
    const pid = world.spawn(server, Counts)
    world.settle()
    code.load('counts', counts(two, `export function* codeChange() { throw new Error('no') }`))
    world.runtime.send(pid, { type: 'cast', request: 1 })
    world.settle()
    expect(isAlive(pid)).toBe(false)
    expect(world.records).toHaveLength(1)
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
  world.runtime.code.load('counter', versionByHand(version(5)))
  const pid = world.spawn(function* () {
    const view = yield* receive<Counter>()
    send('test', view.answer())
  })
  world.runtime.send(pid, Counter)
  world.run()
  expect(world.told).toEqual(['v5'])
})
