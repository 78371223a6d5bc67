/*
 * Supervisors held to OTP's 'supervisor': order of start and stop, who is restarted, when one gives
 * up; each rule by itself. Random histories stand in supervisor-histories.test.ts.
 */
import { describe, expect, it } from 'vitest'
import {
  call,
  exit,
  ignore,
  isAlive,
  receive,
  register,
  send,
  server,
  sleep,
  spawnMonitor,
  supervisor,
  terminateChild,
  trapExits,
  unlink,
  whereis,
  whichChildren,
  type AutoShutdown,
  type Body,
  type ChildSpec,
  type Down,
  type ExitReason,
  type Restart,
  type Strategy,
  type SupervisorSpec,
} from '../../src/runtime'
import { forSeeds, World } from '../support/simulation'
import { child, children, crash, news, pidOf, Top } from '../support/supervised-worker'
import { deafWorker, worker } from '../support/worker.process'

const seeds = 200
const strategies: readonly Strategy[] = ['one_for_one', 'one_for_all', 'rest_for_one']

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
    ['strategy must not be all_for_one', { strategy: 'all_for_one' }],
    ['intensity must not be -1', { intensity: -1 }],
    ['intensity must not be 0.5', { intensity: 0.5 }],
    ['intensity must not be null', { intensity: Number.NaN }],
    ['periodSeconds must not be 0', { periodSeconds: 0 }],
    ['periodSeconds must not be 1.5', { periodSeconds: 1.5 }],
    ['autoShutdown must not be always', { autoShutdown: 'always' }],
    ['children must not be', { children: undefined }],
    ['name must not be', { name: '' }],
    ['there is no field intensty (3)', { intensty: 3 }],
    [
      "child 'a': restart must not be always",
      { children: [child('a', { restart: 'always' as Restart })] },
    ],
    ["child 'a': there is no field restarts", { children: [{ ...child('a'), restarts: 'never' }] }],
    ["two children have the id 'a'", { children: children('aba') }],
  ])('a spec is refused before any child starts: %s', (said, wrong) => {
    const world = new World(1)
    const top = new Top(world, { children: children('ab'), ...wrong } as SupervisorSpec)
    world.run()
    expect(top.reason).toBeInstanceOf(TypeError)
    expect(String(top.reason)).toContain(said)
    expect(world.told).toEqual([])
  })

  it('a child that ignores its start keeps its spec without a pid, unless it is temporary', () => {
    const ignores = (id: string, spec: Partial<ChildSpec> = {}): ChildSpec => {
      return {
        id,
        start: [
          server,
          {
            *init() {
              return ignore
            },
          },
        ],
        ...spec,
      }
    }
    forSeeds(50, (world) => {
      const top = new Top(world, {
        intensity: 0,
        children: [child('a'), ignores('b'), ignores('c', { restart: 'temporary' }), child('d')],
      })
      expect(top.lines()!.map(({ id, pid }) => [id, pid !== undefined])).toEqual([
        ['a', true],
        ['b', false],
        ['d', true],
      ])
      expect([top.reason, world.records]).toEqual(['it lives', []])
    })
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

  it('a supervisor that is killed while it stops a child takes that one and the rest with it', () => {
    forSeeds(seeds, (world) => {
      const quiet = (id: string): ChildSpec => ({ id, start: [worker, id, { quiet: true }] })
      const top = new Top(world, {
        children: [quiet('a'), child('b', { shutdown: 'infinity' }, { stopMs: 1_000 }), quiet('c')],
      })
      const b = pidOf(world, 'b')
      top.stop('shutdown')
      world.runFor(world.random.below(900))
      expect(world.runtime.info(b)?.links).toEqual([top.pid])
      world.runtime.exit(top.pid!, 'kill')
      world.run()
      expect(top.reason).toBe('killed')
      expect(world.runtime.list()).toEqual([])
    })
  })

  it('a child that has unlinked itself is stopped all the same', () => {
    const naughty: ChildSpec = {
      id: 'naughty',
      start: [
        function* () {
          unlink(whereis('top')!)
          send('test', 'unlinked')
          yield* receive()
        },
      ],
    }
    const world = new World(1)
    const top = new Top(world, { name: 'top', children: [child('a'), naughty] })
    expect(news(world)).toContain('unlinked')
    top.stop('shutdown')
    world.run()
    expect(top.reason).toBe('shutdown')
    expect(world.runtime.list()).toEqual([])
  })

  it('a child that dies while others are stopped is not restarted, and its end is read in vain', () => {
    forSeeds(seeds, (world) => {
      const top = new Top(world, {
        ...roomy,
        children: [child('a'), child('b'), child('c', {}, { stopMs: 100 })],
      })
      news(world)
      top.stop('shutdown')
      world.runFor(world.random.below(99))
      world.runtime.exit(pidOf(world, world.random.pick(['a', 'b'])), 'kill')
      world.run()
      expect(news(world)).toMatch(/^stop c, stopped c, stop ([ab]), stopped \1$/)
      expect(top.reason).toBe('shutdown')
    })
  })

  it('says of whom it was told to stop and ended otherwise', () => {
    const reports = (spec: Partial<ChildSpec>, body: ChildSpec['start'][0]) => {
      const world = new World(1)
      const top = new Top(world, { children: [{ id: 'a', start: [body, 'a'], ...spec }] })
      world.settle()
      top.stop('shutdown')
      world.run()
      return world.records
        .filter(({ event }) => event === 'stopped_otherwise')
        .map(({ child, reason }) => [child, reason])
    }
    const endsInOrder = function* (): Body {
      trapExits(true)
      yield* receive()
    }
    const endedNormally = [['a', 'normal']]
    expect(reports({}, worker)).toEqual([])
    expect(reports({}, endsInOrder)).toEqual(endedNormally)
    expect(reports({ restart: 'transient' }, endsInOrder)).toEqual([])
    expect(reports({ shutdown: 10 }, deafWorker)).toEqual([['a', 'killed']])
    expect(reports({ shutdown: 'brutal_kill' }, deafWorker)).toEqual([])
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

  it('of a neighbour leaves the child that had died to be restarted by hand, if that neighbour goes', () => {
    forSeeds(seeds, (world) => {
      const flaky = child('a', {}, { fails: failsAt(1) })
      const top = new Top(world, {
        strategy: 'one_for_all',
        ...roomy,
        children: [flaky, child('b')],
      })
      const pid = top.pid!
      let outcomes: unknown
      // All three lie in the mailbox before the first of them is read.
      world.runtime.exit(pidOf(world, 'b'), 'kill')
      world.spawn(function* () {
        const gone = yield* terminateChild(pid, 'a')
        const [, b] = yield* whichChildren(pid)
        outcomes = [gone, b!.restarting]
      })
      world.settle()
      expect(outcomes).toEqual([{ ok: true }, false])
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

  it('logs a message that is none of its own', () => {
    const world = new World(1)
    const top = new Top(world, { children: children('a') })
    world.runtime.send(top.pid!, { type: 'strange' })
    world.settle()
    const { event, supervisor, message } = world.records[0]!
    expect([event, message]).toEqual(['unexpected_message', { type: 'strange' }])
    expect(supervisor).toBe(top.pid)
  })

  it('crashes of a call that nobody knows, and stops its children in order first', () => {
    const world = new World(1)
    const top = new Top(world, { children: children('ab') })
    news(world)
    top.ask((pid) => call(pid, { type: 'dance' }))
    world.run()
    expect(String(top.reason)).toContain("knows no call 'dance'")
    expect(news(world)).toBe('stop b, stopped b, stop a, stopped a')
    expect(world.runtime.list()).toEqual([])
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

describe('automatic shutdown', () => {
  const significant = (id: string, restart: Restart = 'transient'): ChildSpec =>
    child(id, { restart, significant: true })

  function ends(autoShutdown: AutoShutdown, ended: string, reason: ExitReason = 'normal') {
    const told: string[] = []
    forSeeds(50, (world) => {
      const top = new Top(world, {
        ...roomy,
        autoShutdown,
        children: [
          child('a'),
          significant('b'),
          significant('c', 'temporary'),
          child('d', { restart: 'transient' }),
        ],
      })
      news(world)
      for (const id of ended) crash(world, id, reason)
      world.run()
      told.push(`${String(top.reason)}: ${news(world)}`)
    })
    expect(new Set(told).size).toBe(1)
    return told[0]
  }

  it('any_significant: the first significant child that ends by itself ends it with shutdown', () => {
    expect(ends('any_significant', 'b')).toBe(
      'shutdown: stop d, stopped d, stop c, stopped c, stop a, stopped a',
    )
    expect(ends('any_significant', 'c', 'boom')).toMatch(/^shutdown/)
    expect(ends('any_significant', 'd')).toMatch(/^it lives/)
  })

  it('a significant child that is restarted ends nothing', () => {
    expect(ends('any_significant', 'b', 'boom')).toBe('it lives: start b, started b')
    expect(ends('all_significant', 'cb', 'boom')).toBe('it lives: start b, started b')
  })

  it('all_significant: the last of them', () => {
    expect(ends('all_significant', 'b')).toBe('it lives: ')
    expect(ends('all_significant', 'c')).toBe('it lives: ')
    expect(ends('all_significant', 'bc')).toBe('shutdown: stop d, stopped d, stop a, stopped a')
    expect(ends('all_significant', 'cdb')).toBe('shutdown: stop a, stopped a')
  })

  it('all_significant: one that will be restarted is not gone', () => {
    forSeeds(seeds, (world) => {
      let attempt = 0
      const fails = () => (attempt++ === 1 ? 'no luck' : undefined)
      const top = new Top(world, {
        ...roomy,
        autoShutdown: 'all_significant',
        children: [
          child('a', { restart: 'transient', significant: true }, { fails }),
          significant('b', 'temporary'),
        ],
      })
      for (const name of ['a', 'b']) world.runtime.exit(pidOf(world, name), 'kill')
      world.settle()
      expect([attempt, top.reason]).toEqual([3, 'it lives'])
    })
  })

  it('never: significant children may not be', () => {
    for (const autoShutdown of [undefined, 'never'] as const) {
      const world = new World(1)
      const spec = { children: [significant('a')] }
      const top = new Top(world, autoShutdown ? { ...spec, autoShutdown } : spec)
      expect(String(top.reason)).toContain("child 'a': significant must not be true")
      expect(world.told).toEqual([])
    }
  })

  it('a permanent significant child may not be', () => {
    const world = new World(1)
    const spec = [significant('a', 'permanent')]
    const top = new Top(world, { autoShutdown: 'any_significant', children: spec })
    expect(String(top.reason)).toContain("child 'a': significant must not be true")
  })

  it('a transient supervisor that shut down so is not restarted by its own', () => {
    const inner = supervisor('inner', {
      autoShutdown: 'all_significant',
      children: [significant('b')],
    })
    const world = new World(1)
    const top = new Top(world, { children: [child('a'), { ...inner, restart: 'transient' }] })
    crash(world, 'b', 'normal')
    expect(top.lines()!.map(({ id, pid }) => [id, pid !== undefined])).toEqual([
      ['a', true],
      ['inner', false],
    ])
  })
})
