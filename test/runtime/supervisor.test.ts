/*
 * Supervisors held to OTP's 'supervisor': order of start and stop, who is restarted, when one gives
 * up; each rule by itself, and then random histories against a model that knows nothing but the
 * rules.
 */
import { describe, expect, it } from 'vitest'
import {
  exit,
  isAlive,
  receive,
  register,
  sendExit,
  sleep,
  spawnMonitor,
  supervisor,
  whichChildren,
  type Body,
  type ChildLine,
  type ChildSpec,
  type Down,
  type ExitReason,
  type Pid,
  type Restart,
  type Strategy,
  type SupervisorSpec,
} from '../../src/runtime'
import type { Random } from '../support/random'
import { forSeeds, World } from '../support/simulation'
import { deafWorker, end, worker, type End, type Traits } from '../support/worker.process'

const seeds = 200
const strategies: readonly Strategy[] = ['one_for_one', 'one_for_all', 'rest_for_one']

const child = (id: string, spec: Partial<ChildSpec> = {}, traits: Traits = {}): ChildSpec => ({
  id,
  name: id,
  start: [worker, id, traits],
  ...spec,
})

const children = (ids: string, spec: Partial<ChildSpec> = {}): ChildSpec[] =>
  [...ids].map((id) => child(id, spec))

/**
 * A supervisor under the test's hand: its parent passes on what the test wants, and keeps its end.
 */
class Top {
  pid: Pid | undefined
  reason: ExitReason = 'it lives'
  private readonly world: World
  private readonly parent: Pid

  constructor(world: World, spec: SupervisorSpec) {
    this.world = world
    const [body, ...args] = supervisor('top', spec).start
    this.parent = world.spawn(() => this.watch(body, args))
    world.settle()
  }

  private *watch(body: ChildSpec['start'][0], args: unknown[]): Body {
    const { pid } = spawnMonitor(body, ...args)
    this.pid = pid
    for (;;) {
      const word = yield* receive<Down | End>()
      if (word.type === 'end') sendExit(pid, word.reason)
      else return void (this.reason = word.reason)
    }
  }

  stop(reason: ExitReason): void {
    this.world.runtime.send(this.parent, end(reason))
  }

  /** Its children as it tells them; undefined when it does not live. */
  lines(): readonly ChildLine[] | undefined {
    let lines: readonly ChildLine[] | undefined
    const { pid } = this
    if (!pid || !isAlive(pid)) return undefined
    this.world.spawn(function* () {
      lines = yield* whichChildren(pid)
    })
    this.world.settle()
    return lines
  }
}

/** What was told since the last look. */
const news = (world: World): string => world.told.splice(0).join(', ')

const pidOf = (world: World, name: string): Pid => world.runtime.registry.find(name)!

function crash(world: World, name: string, reason: ExitReason = 'boom'): void {
  world.runtime.send(name, end(reason))
  world.settle()
}

const roomy = { intensity: 100, periodSeconds: 1 }

describe('starting', () => {
  it('each child starts after the one before has started, in the order of the list', () => {
    forSeeds(seeds, (world) => {
      const ids = [...'abcde']
      const slow = ids.map((id) => child(id, {}, { startMs: world.random.below(50) }))
      new Top(world, { children: slow })
      world.run()
      expect(news(world)).toBe(ids.map((id) => `start ${id}, started ${id}`).join(', '))
    })
  })

  it('a supervisor without children is one', () => {
    const world = new World(1)
    const top = new Top(world, { children: [] })
    expect(top.lines()).toEqual([])
  })

  it('a child that fails to start stops those before it in reverse order, and gives the reason', () => {
    forSeeds(seeds, (world) => {
      const failing = child('c', {}, { startMs: world.random.below(5), fails: () => 'no luck' })
      const top = new Top(world, { children: [...children('ab'), failing, ...children('de')] })
      world.run()
      expect(news(world)).toBe(
        'start a, started a, start b, started b, start c, stop b, stopped b, stop a, stopped a',
      )
      expect(top.reason).toEqual(['shutdown', ['failed_to_start_child', 'c', 'no luck']])
      expect(world.runtime.list()).toEqual([])
      expect(world.runtime.registry.find('a')).toBe(undefined)
    })
  })

  it('so does a crash, a return and a taken name, each with its reason', () => {
    const reasons: [ChildSpec, unknown][] = [
      [child('b', {}, { fails: () => 'normal' }), 'normal'],
      [
        child(
          'b',
          {},
          {
            fails: () => {
              throw new RangeError('boom')
            },
          },
        ),
        new RangeError('boom'),
      ],
      [child('b', { name: 'test' }), ['already_started', expect.anything()]],
    ]
    for (const [failing, reason] of reasons) {
      const world = new World(1)
      const top = new Top(world, { children: [child('a'), failing] })
      world.run()
      expect(top.reason).toEqual(['shutdown', ['failed_to_start_child', 'b', reason]])
      expect(world.told.slice(-1)).toEqual(['stopped a'])
    }
  })

  it.each([
    ['strategy', { strategy: 'all_for_one' }],
    ['intensity', { intensity: -1 }],
    ['intensity', { intensity: Number.NaN }],
    ['periodSeconds', { periodSeconds: 0 }],
    ['restart', { children: [child('a', { restart: 'always' as Restart })] }],
    ["two children have the id 'a'", { children: children('aba') }],
  ])('a spec with a wrong %s is refused before any child starts', (said, wrong) => {
    const world = new World(1)
    const top = new Top(world, { children: children('ab'), ...wrong } as SupervisorSpec)
    world.run()
    expect(top.reason).toBeInstanceOf(TypeError)
    expect(String(top.reason)).toContain(said)
    expect(world.told).toEqual([])
  })
})

describe('stopping', () => {
  const stopped = (ids: string) => [...ids].map((id) => `stop ${id}, stopped ${id}`).join(', ')

  it('goes in the reverse order, each after the one before has stopped', () => {
    forSeeds(seeds, (world) => {
      const slow = [...'abcd'].map((id) => child(id, {}, { stopMs: world.random.below(50) }))
      const top = new Top(world, { children: slow })
      news(world)
      top.stop('shutdown')
      world.run()
      expect(news(world)).toBe(stopped('dcba'))
      expect(top.reason).toBe('shutdown')
      expect(world.runtime.list()).toEqual([])
    })
  })

  it('from outside works too, for a supervisor that outside started', () => {
    const world = new World(1)
    const pid = world.spawn(...supervisor('top', { children: children('ab') }).start)
    world.settle()
    news(world)
    world.runtime.exit(pid, 'shutdown')
    world.run()
    expect(news(world)).toBe(stopped('ba'))
    expect(world.runtime.list()).toEqual([])
  })

  it('goes through the whole tree, from its last leaf', () => {
    forSeeds(50, (world) => {
      const top = new Top(world, {
        children: [
          child('a'),
          supervisor('left', { children: children('bc') }),
          supervisor('right', {
            children: [...children('d'), supervisor('deep', { children: children('e') })],
          }),
          child('f'),
        ],
      })
      news(world)
      top.stop('shutdown')
      world.run()
      expect(news(world)).toBe(stopped('fedcba'))
    })
  })

  it('a child that does not end within its limit is killed', () => {
    for (const [shutdown, endMs] of [
      [0, 0],
      [70, 70],
      [undefined, 5_000],
    ] as const) {
      const world = new World(1)
      const spec = { id: 'deaf', start: [deafWorker, 'deaf'] } as const
      const top = new Top(world, {
        children: [shutdown === undefined ? spec : { ...spec, shutdown }],
      })
      top.stop('shutdown')
      world.run()
      expect([top.reason, world.nowMs]).toEqual(['shutdown', endMs])
      expect(world.runtime.list()).toEqual([])
    }
  })

  it('a child that ends just in time is not killed, and its limit is forgotten', () => {
    forSeeds(seeds, (world) => {
      const top = new Top(world, {
        children: [child('a', {}, { stopMs: 3 }), child('b', { shutdown: 60 }, { stopMs: 59 })],
      })
      news(world)
      top.stop('shutdown')
      world.run()
      expect(news(world)).toBe(stopped('ba'))
      expect(world.nowMs).toBe(62)
    })
  })

  it('brutal_kill asks nobody', () => {
    const world = new World(1)
    const top = new Top(world, { children: children('ab', { shutdown: 'brutal_kill' }) })
    news(world)
    top.stop('shutdown')
    world.run()
    expect([news(world), world.nowMs, top.reason]).toEqual(['', 0, 'shutdown'])
    expect(world.runtime.list()).toEqual([])
  })

  it('infinity waits, and is what a supervisor has by itself', () => {
    const world = new World(1)
    const hour = 3_600_000
    const top = new Top(world, {
      children: [
        child('a', { shutdown: 'infinity' }, { stopMs: hour }),
        supervisor('inner', { children: [child('b', { shutdown: 2 * hour }, { stopMs: hour })] }),
      ],
    })
    news(world)
    top.stop('shutdown')
    world.run()
    expect(news(world)).toBe(stopped('ba'))
    expect(world.nowMs).toBe(2 * hour)
  })

  it('a supervisor that is killed takes all with it', () => {
    forSeeds(seeds, (world) => {
      const top = new Top(world, {
        children: [
          ...children('ab'),
          { id: 'quiet', start: [worker, 'quiet', { quiet: true }] },
          supervisor('inner', { children: children('c') }),
        ],
      })
      top.stop('kill')
      world.run()
      expect(top.reason).toBe('killed')
      expect(world.runtime.list()).toEqual([])
    })
  })
})

describe('a child that ends', () => {
  it('one_for_one: is started again alone', () => {
    forSeeds(seeds, (world) => {
      new Top(world, { children: children('abc'), strategy: 'one_for_one', ...roomy })
      const others = ['a', 'c'].map((name) => pidOf(world, name))
      news(world)
      crash(world, 'b')
      expect(news(world)).toBe('start b, started b')
      expect(['a', 'c'].map((name) => pidOf(world, name))).toEqual(others)
    })
  })

  it('one_for_all: the others are stopped in reverse order, and all are started in order', () => {
    forSeeds(seeds, (world) => {
      new Top(world, { children: children('abc'), strategy: 'one_for_all', ...roomy })
      news(world)
      crash(world, 'b')
      expect(news(world)).toBe(
        'stop c, stopped c, stop a, stopped a, start a, started a, start b, started b, start c, started c',
      )
    })
  })

  it('rest_for_one: those after it are stopped in reverse order, and they and it started in order', () => {
    forSeeds(seeds, (world) => {
      new Top(world, { children: children('abcd'), strategy: 'rest_for_one', ...roomy })
      const first = pidOf(world, 'a')
      news(world)
      crash(world, 'b')
      expect(news(world)).toBe(
        'stop d, stopped d, stop c, stopped c, start b, started b, start c, started c, start d, started d',
      )
      expect(pidOf(world, 'a')).toBe(first)
    })
  })

  it('is restarted or not by its kind and its reason, under every strategy', () => {
    const restarted: Record<Restart, readonly unknown[]> = {
      permanent: ['normal', 'shutdown', ['shutdown', 'x'], 'boom', 'kill'],
      transient: ['boom', 'kill'],
      temporary: [],
    }
    for (const strategy of strategies) {
      for (const [restart, reasons] of Object.entries(restarted) as [Restart, unknown[]][]) {
        for (const reason of ['normal', 'shutdown', ['shutdown', 'x'], 'boom', 'kill']) {
          const world = new World(1)
          const top = new Top(world, {
            strategy,
            ...roomy,
            children: [child('a'), child('b', { restart })],
          })
          news(world)
          if (reason === 'kill') world.runtime.exit(pidOf(world, 'b'), 'kill')
          else crash(world, 'b', reason)
          world.settle()
          const again =
            reasons.includes(reason) || (Array.isArray(reason) && restart === 'permanent')
          const place = `${strategy} ${restart} ${String(reason)}`
          expect(world.runtime.registry.find('b') !== undefined, place).toBe(again)
          if (!again) expect(news(world), place).toBe('')
          // OTP forgets a temporary child and keeps the spec of a transient one.
          const ids = top.lines()!.map(({ id }) => id)
          expect(ids, place).toEqual(restart === 'temporary' ? ['a'] : ['a', 'b'])
        }
      }
    }
  })

  it('a temporary one that falls with its neighbours is not started again, and is forgotten', () => {
    for (const strategy of ['one_for_all', 'rest_for_one'] as const) {
      const world = new World(1)
      const spec = [
        child('a'),
        child('b', { restart: 'temporary' }),
        child('c', { restart: 'transient' }),
      ]
      const top = new Top(world, { strategy, ...roomy, children: spec })
      news(world)
      crash(world, 'a')
      expect(news(world)).toBe(
        'stop c, stopped c, stop b, stopped b, start a, started a, start c, started c',
      )
      expect(top.lines()!.map(({ id }) => id)).toEqual(['a', 'c'])
    }
  })

  it('several at the same moment: one restart heals them where all fall together', () => {
    forSeeds(seeds, (world) => {
      const top = new Top(world, {
        strategy: 'one_for_all',
        intensity: 1,
        children: children('abc'),
      })
      news(world)
      const pids = ['a', 'b', 'c'].map((name) => pidOf(world, name))
      for (const pid of world.random.shuffle(pids)) world.runtime.exit(pid, 'kill')
      world.settle()
      expect(news(world)).toBe('start a, started a, start b, started b, start c, started c')
      expect(top.reason).toBe('it lives')
    })
  })

  it('while another one starts is not forgotten', () => {
    forSeeds(seeds, (world) => {
      new Top(world, { ...roomy, children: [child('a'), child('b', {}, { startMs: 50 })] })
      world.runFor(20)
      crash(world, 'a')
      expect(news(world)).toBe('start a, started a, start b')
      world.run()
      expect(news(world)).toBe('started b, start a, started a')
    })
  })

  it('keeps its name through restarts, and a stranger who takes it makes the restart fail', () => {
    const world = new World(1)
    const top = new Top(world, { intensity: 3, children: children('ab') })
    const first = pidOf(world, 'b')
    crash(world, 'b')
    expect(pidOf(world, 'b')).not.toBe(first)
    news(world)
    const thief = world.spawn(function* () {
      const { ref } = spawnMonitor(function* () {})
      yield* receive((message) => (message as Down).ref === ref)
      yield* receive()
    })
    world.settle()
    world.runtime.exit(pidOf(world, 'b'), 'kill')
    world.runtime.registry.register('b', thief)
    world.settle()
    expect(top.reason).toBe('shutdown')
    expect(news(world)).toBe('stop a, stopped a')
    expect(isAlive(thief)).toBe(true)
  })
})

describe('restart intensity', () => {
  it('exactly as many restarts as granted are survived; one more stops the rest and ends with shutdown', () => {
    for (const strategy of strategies) {
      forSeeds(40, (world) => {
        const intensity = world.random.below(4)
        const top = new Top(world, {
          strategy,
          intensity,
          periodSeconds: 5,
          children: children('abc'),
        })
        for (let count = 0; count < intensity; count++) crash(world, 'c')
        expect(top.reason).toBe('it lives')
        news(world)
        crash(world, 'c')
        expect(news(world)).toBe('stop b, stopped b, stop a, stopped a')
        expect(top.reason).toBe('shutdown')
        expect(world.runtime.list()).toEqual([])
      })
    }
  })

  it('by itself is one restart in five seconds', () => {
    for (const [waitMs, reason] of [
      [5_000, 'shutdown'],
      [5_001, 'it lives'],
    ] as const) {
      const world = new World(1)
      const top = new Top(world, { children: children('a') })
      crash(world, 'a')
      world.runFor(waitMs)
      crash(world, 'a')
      expect(top.reason).toBe(reason)
    }
  })

  it('slides: old restarts leave the window one by one', () => {
    const world = new World(1)
    const top = new Top(world, { intensity: 2, periodSeconds: 10, children: children('a') })
    for (const waitMs of [0, 6_000, 4_001, 6_000, 4_001, 6_000]) {
      world.runFor(waitMs)
      crash(world, 'a')
      expect(top.reason).toBe('it lives')
    }
    world.runFor(3_999)
    crash(world, 'a')
    expect(top.reason).toBe('shutdown')
  })

  it('is passed on: the parent restarts the whole branch, and gives up in its turn', () => {
    forSeeds(50, (world) => {
      const inner = supervisor('inner', {
        intensity: 1,
        periodSeconds: 5,
        children: children('bc'),
      })
      const top = new Top(world, { intensity: 1, periodSeconds: 5, children: [child('a'), inner] })
      crash(world, 'c')
      news(world)
      crash(world, 'c')
      expect(news(world)).toBe('stop b, stopped b, start b, started b, start c, started c')
      crash(world, 'c')
      news(world)
      crash(world, 'c')
      expect(news(world)).toBe('stop b, stopped b, stop a, stopped a')
      expect(top.reason).toBe('shutdown')
    })
  })

  it('a transient supervisor that gave up is not started again, for it ended in order', () => {
    const world = new World(1)
    const inner = {
      ...supervisor('inner', { intensity: 0, children: children('b') }),
      restart: 'transient' as const,
    }
    const top = new Top(world, { children: [child('a'), inner] })
    crash(world, 'b')
    expect(top.lines()!.map(({ id, pid }) => [id, pid !== undefined])).toEqual([
      ['a', true],
      ['inner', false],
    ])
  })

  it('says so in the log', () => {
    const world = new World(1)
    const top = new Top(world, { intensity: 0, children: children('a') })
    crash(world, 'a')
    expect(world.records.map(({ event, child }) => [event, child])).toEqual([
      ['child_ended', 'a'],
      ['gave_up', 'a'],
    ])
    expect(world.records.every((record) => record['supervisor'] === top.pid)).toBe(true)
  })
})

describe('a restart that fails', () => {
  /** Fails at the starts that are told, counted from 0. */
  const failsAt = (...attempts: number[]): (() => ExitReason) => {
    let attempt = 0
    return () => (attempts.includes(attempt++) ? 'no luck' : undefined)
  }

  it('is tried again until it succeeds, each counting as a restart', () => {
    forSeeds(seeds, (world) => {
      const flaky = child('b', {}, { fails: failsAt(1, 2, 3) })
      const top = new Top(world, { intensity: 4, children: [child('a'), flaky, child('c')] })
      news(world)
      crash(world, 'b')
      expect(news(world)).toBe('start b, start b, start b, start b, started b')
      expect(top.reason).toBe('it lives')
      news(world)
      crash(world, 'c')
      expect(top.reason).toBe('shutdown')
    })
  })

  it('gives up when there are too many', () => {
    forSeeds(seeds, (world) => {
      const flaky = child('b', {}, { fails: failsAt(1, 2, 3, 4, 5, 6) })
      const top = new Top(world, { intensity: 3, children: [child('a'), flaky, child('c')] })
      news(world)
      crash(world, 'b')
      expect(news(world)).toBe('start b, start b, start b, stop c, stopped c, stop a, stopped a')
      expect(top.reason).toBe('shutdown')
    })
  })

  it('leaves the supervisor answering meanwhile, who shows it as restarting', () => {
    const shown = new Set<string>()
    forSeeds(50, (world) => {
      const flaky = child('b', {}, { startMs: 10, fails: failsAt(1, 2, 3) })
      const top = new Top(world, { ...roomy, children: [child('a'), flaky] })
      world.run()
      crash(world, 'b')
      const pid = top.pid!
      world.spawn(function* () {
        for (let asked = 0; asked < 8; asked++) {
          const [, b] = yield* whichChildren(pid)
          shown.add(`${String(b!.restarting)} ${String(b!.pid !== undefined)}`)
          yield* sleep(5)
        }
      })
      world.run()
      expect(top.lines()![1]).toMatchObject({ id: 'b', restarting: false })
    })
    expect(shown).toEqual(new Set(['true false', 'false true']))
  })

  it('does not keep the supervisor from being stopped', () => {
    forSeeds(seeds, (world) => {
      const flaky = child('b', {}, { startMs: 10, fails: startsOnce() })
      const top = new Top(world, { intensity: 1_000_000, children: [child('a'), flaky] })
      world.run()
      world.runtime.exit(pidOf(world, 'b'), 'kill')
      world.runFor(100)
      news(world)
      top.stop('shutdown')
      world.runFor(30)
      expect(top.reason).toBe('shutdown')
      expect(news(world)).toMatch(/stop a, stopped a$/)
    })
  })

  it('under one_for_all is tried again with all that had not come up', () => {
    forSeeds(seeds, (world) => {
      const flaky = child('b', {}, { fails: failsAt(1) })
      new Top(world, {
        strategy: 'one_for_all',
        ...roomy,
        children: [child('a'), flaky, child('c')],
      })
      news(world)
      crash(world, 'c')
      expect(news(world)).toBe(
        'stop b, stopped b, stop a, stopped a, start a, started a, start b, ' +
          'stop a, stopped a, start a, started a, start b, started b, start c, started c',
      )
    })
  })
})

/** Starts once, and never again. */
function startsOnce(): () => ExitReason {
  let attempt = 0
  return () => (attempt++ === 0 ? undefined : 'no luck')
}

describe('a supervisor as a process', () => {
  it('tells its children in order, with id, pid and type', () => {
    const world = new World(1)
    const inner = supervisor('inner', { name: 'inner', children: [] })
    const top = new Top(world, {
      children: [child('a'), inner, child('b', { restart: 'transient' })],
    })
    crash(world, 'b', 'normal')
    const lines = top.lines()!
    expect(lines.map(({ pid }) => pid)).toEqual([
      pidOf(world, 'a'),
      pidOf(world, 'inner'),
      undefined,
    ])
    expect(lines.map(({ id, type, restarting }) => [id, type, restarting])).toEqual([
      ['a', 'worker', false],
      ['inner', 'supervisor', false],
      ['b', 'worker', false],
    ])
  })

  it('survives every message that is none of its own', () => {
    forSeeds(50, (world) => {
      const top = new Top(world, {
        intensity: 0,
        children: [child('a'), child('b', { restart: 'transient' })],
      })
      crash(world, 'b', 'normal')
      news(world)
      for (const odd of [
        null,
        undefined,
        0,
        '',
        [],
        {},
        { type: 'exit' },
        { type: 'down' },
        { type: 'started' },
      ]) {
        world.runtime.send(top.pid!, odd)
      }
      world.runtime.send(top.pid!, { type: 'exit', from: undefined, reason: 'forged' })
      world.runtime.exit(top.pid!, 'from a stranger')
      world.settle()
      expect([news(world), top.reason]).toEqual(['', 'it lives'])
    })
  })

  it('takes a name, which is free again when it has ended', () => {
    const world = new World(1)
    const top = new Top(world, { name: 'top', children: children('a') })
    expect(pidOf(world, 'top')).toBe(top.pid)
    top.stop('shutdown')
    world.run()
    expect(world.runtime.registry.find('top')).toBe(undefined)
  })

  it('two with one name: the second does not start', () => {
    const world = new World(1)
    new Top(world, { name: 'top', children: [] })
    const second = new Top(world, { name: 'top', children: children('a') })
    expect(String(second.reason)).toContain('taken')
    expect(world.told).toEqual([])
  })

  it('a child that announces nothing has started at once, and is restarted when it crashes at once', () => {
    const world = new World(1)
    let lives = 0
    const plain: ChildSpec = {
      id: 'plain',
      start: [
        function* (): Body {
          if (++lives < 3) exit('boom')
          register('plain')
          yield* receive()
        },
      ],
    }
    const top = new Top(world, { intensity: 2, children: [plain] })
    world.run()
    expect([lives, top.reason]).toEqual([3, 'it lives'])
  })
})

describe('random histories', () => {
  for (const strategy of strategies) {
    it(`${strategy}: go as the model says`, () => {
      forSeeds(300, (world) => compare(world, strategy))
    })
  }

  function compare(world: World, strategy: Strategy): void {
    const { random } = world
    const ids = [...'abcdef'].slice(0, random.between(1, 6))
    const kinds = ids.map(() =>
      random.pick<Restart>(['permanent', 'permanent', 'transient', 'temporary']),
    )
    const failing = random.chance(0.5) ? 0.15 : 0
    // The first start of each always succeeds; which later ones fail is decided beforehand.
    const plans = ids.map(() =>
      Array.from({ length: 200 }, (_, at) => at > 0 && random.chance(failing)),
    )
    const limit = { intensity: random.below(7), periodSeconds: random.between(1, 5) }
    const model = new Model(strategy, limit, ids, kinds, plans)
    const attempts = ids.map(() => 0)
    const fails = (at: number) => () => (plans[at]![attempts[at]!++] ? 'no luck' : undefined)
    const top = new Top(world, {
      strategy,
      ...limit,
      children: ids.map((id, at) => child(id, { restart: kinds[at]! }, { fails: fails(at) })),
    })
    for (let turn = 0; turn < 25 && !model.ended; turn++) {
      world.runFor(random.chance(0.3) ? 0 : random.below(2_500))
      befall(world, model, random)
      const place = `turn ${turn}`
      expect(news(world), place).toBe(model.news())
      expect(top.reason, place).toBe(model.ended ? 'shutdown' : 'it lives')
      const seen = top
        .lines()
        ?.map(({ id, pid, restarting }) => ({ id, alive: pid !== undefined, restarting }))
      expect(seen, place).toEqual(model.ended ? undefined : model.lines())
    }
  }

  /** One end by a reason, or several kills at the same moment; for the system and for the model. */
  function befall(world: World, model: Model, random: Random): void {
    const alive = model.alive()
    if (alive.length > 0) {
      if (random.chance(0.3)) {
        const struck = random.shuffle(alive).slice(0, random.between(1, 3))
        for (const id of struck) world.runtime.exit(pidOf(world, id), 'kill')
        model.endAll(struck, 'killed', world.nowMs)
      } else {
        const id = random.pick(alive)
        const reason = random.pick(['normal', 'shutdown', 'boom', 'boom', 'killed'])
        world.runtime.send(id, end(reason))
        model.endAll([id], reason, world.nowMs)
      }
    }
    world.settle()
  }
})

interface ModelChild {
  readonly id: string
  readonly at: number
  readonly restart: Restart
  alive: boolean
  restarting: boolean
  /** Starts so far; also tells one life from another. */
  lives: number
}

type Note =
  | { type: 'ended'; child: ModelChild; life: number; reason: string }
  | { type: 'again'; child: ModelChild }

/** The rules of a supervisor without processes, time or mailboxes: lists and counters. */
class Model {
  ended = false
  private children: ModelChild[]
  private restartsMs: number[] = []
  private told: string[] = []
  private notes: Note[] = []
  private readonly attempts = new Map<string, number>()
  private readonly strategy: Strategy
  private readonly limit: { intensity: number; periodSeconds: number }
  private readonly plans: readonly boolean[][]

  constructor(
    strategy: Strategy,
    limit: { intensity: number; periodSeconds: number },
    ids: readonly string[],
    kinds: readonly Restart[],
    plans: readonly boolean[][],
  ) {
    this.strategy = strategy
    this.limit = limit
    this.plans = plans
    this.children = ids.map((id, at) => {
      return { id, at, restart: kinds[at]!, alive: false, restarting: false, lives: 0 }
    })
    this.startAll(this.children)
  }

  alive = (): string[] => this.children.filter((child) => child.alive).map(({ id }) => id)

  lines = () => this.children.map(({ id, alive, restarting }) => ({ id, alive, restarting }))

  news = (): string => this.told.splice(0).join(', ')

  endAll(ids: readonly string[], reason: string, nowMs: number): void {
    for (const id of ids) {
      const child = this.children.find((each) => each.id === id)!
      child.alive = false
      this.notes.push({ type: 'ended', child, life: child.lives, reason })
    }
    for (let note = this.notes.shift(); note && !this.ended; note = this.notes.shift()) {
      this.take(note, nowMs)
    }
  }

  private take(note: Note, nowMs: number): void {
    const { child } = note
    if (!this.children.includes(child)) return
    if (note.type === 'again') {
      if (child.restarting) this.restart(child, nowMs)
      return
    }
    // It has been started anew meanwhile: this end is an old story.
    if (child.lives !== note.life || child.restarting) return
    const orderly = note.reason === 'normal' || note.reason === 'shutdown'
    if (child.restart === 'permanent' || (child.restart === 'transient' && !orderly)) {
      this.restart(child, nowMs)
    } else if (child.restart === 'temporary') this.forget([child])
  }

  private restart(child: ModelChild, nowMs: number): void {
    this.restartsMs = this.restartsMs.filter((at) => at >= nowMs - 1000 * this.limit.periodSeconds)
    this.restartsMs.push(nowMs)
    if (this.restartsMs.length > this.limit.intensity) {
      this.stopAll(this.children)
      this.ended = true
      return
    }
    const from = this.children.indexOf(child)
    const group =
      this.strategy === 'one_for_one'
        ? [child]
        : this.children.slice(this.strategy === 'one_for_all' ? 0 : from)
    this.stopAll(group)
    const temporary = group.filter((each) => each.restart === 'temporary')
    this.forget(temporary)
    this.startAll(group.filter((each) => !temporary.includes(each)))
  }

  private forget(children: readonly ModelChild[]): void {
    this.children = this.children.filter((child) => !children.includes(child))
  }

  private stopAll(children: readonly ModelChild[]): void {
    for (const child of [...children].reverse()) {
      if (child.alive) this.told.push(`stop ${child.id}`, `stopped ${child.id}`)
      child.alive = false
      // Whatever of its end is still to be read is read in vain.
      child.lives++
    }
  }

  private startAll(children: readonly ModelChild[]): void {
    for (const child of children) {
      if (child.alive) continue
      this.told.push(`start ${child.id}`)
      child.lives++
      child.restarting = this.fails(child)
      if (child.restarting) {
        this.notes.push({ type: 'again', child })
        return
      }
      this.told.push(`started ${child.id}`)
      child.alive = true
    }
  }

  private fails({ id, at }: ModelChild): boolean {
    const attempt = this.attempts.get(id) ?? 0
    this.attempts.set(id, attempt + 1)
    return this.plans[at]![attempt]!
  }
}
