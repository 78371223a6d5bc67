/*
 * Dynamic supervisors: children on demand, restarted one by one, stopped all at once; by rules, and
 * under random histories against counting.
 */
import { describe, expect, it } from 'vitest'
import {
  call,
  countChildren,
  deleteChild,
  dynamicSupervisor,
  exit,
  getChildSpec,
  ignore,
  isAlive,
  receive,
  restartChild,
  sendExit,
  server,
  startChild,
  startNamedChild,
  supervisor,
  terminateChild,
  whereis,
  whichChildren,
  type Body,
  type BodyOf,
  type DynamicSupervisorSpec,
  type ExitReason,
  type Pid,
  type Restart,
  type ServerModule,
  type Started,
} from '../../src/runtime'
import { forSeeds, World } from '../support/simulation'
import { deafWorker, end, worker } from '../support/worker.process'

const seeds = 200

/** Starts a dynamic supervisor named 'top'. */
function startTop(world: World, spec: DynamicSupervisorSpec = {}): Pid {
  const pid = world.spawn(...dynamicSupervisor('top', { name: 'top', ...spec }).start)
  world.settle()
  return pid
}

/** Starts a child from a process of its own, and waits for the outcome. */
function startOne(world: World, body: BodyOf, ...args: unknown[]): Started {
  let outcome: Started | undefined
  world.spawn(function* () {
    outcome = yield* startChild('top', body, ...args)
  })
  world.run()
  return outcome!
}

/** Asks from a process of its own, and waits for the answer. */
function ask<Answer>(world: World, question: () => Body<Answer>): Answer | undefined {
  let answer: Answer | undefined
  world.spawn(function* () {
    answer = yield* question()
  })
  world.run()
  return answer
}

const news = (world: World): string => world.told.splice(0).join(', ')

function* waits(): Body {
  yield* receive()
}

describe('a child on demand', () => {
  it('has started when the caller goes on', () => {
    forSeeds(seeds, (world) => {
      startTop(world)
      world.spawn(function* () {
        const outcome = yield* startChild('top', worker, 'a', { startMs: 20 })
        expect(outcome.ok && isAlive(outcome.pid)).toBe(true)
        expect(world.nowMs).toBe(20)
        world.told.push('go on')
      })
      world.run()
      expect([news(world), world.records]).toEqual(['start a, started a, go on', []])
    })
  })

  it('whose start fails is told by its reason, and the supervisor lives', () => {
    forSeeds(50, (world) => {
      const pid = startTop(world, { restart: 'permanent', intensity: 0 })
      expect(startOne(world, worker, 'a', { fails: () => 'no luck' })).toEqual({
        ok: false,
        reason: 'no luck',
      })
      expect(isAlive(pid)).toBe(true)
      expect(startOne(world, worker, 'b').ok).toBe(true)
    })
  })

  it('beyond max_children is refused, and there is room again after an end', () => {
    forSeeds(seeds, (world) => {
      const maxChildren = world.random.between(0, 5)
      startTop(world, { restart: 'temporary', maxChildren })
      const outcomes: Started[] = []
      for (let count = 0; count < 8; count++) {
        world.spawn(function* () {
          outcomes.push(yield* startChild('top', waits))
        })
      }
      world.run()
      const pids = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.pid] : []))
      expect(pids).toHaveLength(maxChildren)
      expect(outcomes.filter((outcome) => !outcome.ok)).toEqual(
        Array(8 - maxChildren).fill({ ok: false, reason: 'max_children' }),
      )
      if (maxChildren === 0) return
      world.runtime.exit(world.random.pick(pids), 'kill')
      world.settle()
      expect([startOne(world, waits).ok, startOne(world, waits).ok]).toEqual([true, false])
    })
  })

  it('with a name keeps it through restarts; a taken one is refused with its holder', () => {
    forSeeds(50, (world) => {
      const top = startTop(world, { restart: 'transient', intensity: 5 })
      const outcomes: Started[] = []
      const start = () =>
        world.spawn(function* () {
          outcomes.push(yield* startNamedChild('top', 'visitor', waits))
          expect(whereis('visitor')).toBeDefined()
        })
      start()
      world.run()
      const first = world.runtime.registry.find('visitor')!
      world.runtime.exit(first, 'kill')
      world.settle()
      const second = world.runtime.registry.find('visitor')!
      expect(second).not.toBe(first)
      start()
      world.run()
      expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, false])
      expect(outcomes[1]).toEqual({ ok: false, reason: ['already_started', second] })
      expect([isAlive(top), world.records.length]).toEqual([true, 1])
    })
  })

  it('of a supervisor that is not there ends the caller', () => {
    const world = new World(1)
    world.spawn(function* () {
      yield* startChild('top', waits)
    })
    world.run()
    expect(String(world.records[0]?.['reason'])).toContain('noproc')
  })

  it('may be a supervisor itself', () => {
    const world = new World(1)
    const top = startTop(world)
    const [body, ...args] = supervisor('inner', {
      children: [{ id: 'a', start: [worker, 'a'] }],
    }).start
    expect(startOne(world, body, ...args).ok).toBe(true)
    expect(news(world)).toBe('start a, started a')
    world.runtime.exit(top, 'shutdown')
    world.run()
    expect(news(world)).toBe('stop a, stopped a')
    expect(world.runtime.list()).toEqual([])
  })
})

describe('a child that ends', () => {
  const restarted: Record<Restart, readonly ExitReason[]> = {
    permanent: ['normal', 'shutdown', 'boom', 'kill'],
    transient: ['boom', 'kill'],
    temporary: [],
  }
  for (const [restart, reasons] of Object.entries(restarted) as [Restart, ExitReason[]][]) {
    it(`is started again alone, or not, when it is ${restart}`, () => {
      for (const reason of ['normal', 'shutdown', 'boom', 'kill']) {
        forSeeds(20, (world) => {
          startTop(world, { restart, intensity: 10 })
          const [a, b] = [startOne(world, worker, 'a'), startOne(world, worker, 'b')]
          if (!a.ok || !b.ok) throw new Error('not started')
          news(world)
          if (reason === 'kill') world.runtime.exit(a.pid, 'kill')
          else world.runtime.send(a.pid, end(reason))
          world.run()
          expect(news(world)).toBe(reasons.includes(reason) ? 'start a, started a' : '')
          expect(isAlive(b.pid)).toBe(true)
        })
      }
    })
  }

  it('by itself is permanent', () => {
    const world = new World(1)
    startTop(world)
    startOne(world, worker, 'a')
    const [, pid] = world.runtime.list()
    news(world)
    world.runtime.send(pid!, end('normal'))
    world.run()
    expect(news(world)).toBe('start a, started a')
  })

  it('and is temporary leaves its place free', () => {
    const world = new World(1)
    startTop(world, { restart: 'temporary', maxChildren: 1 })
    for (let count = 0; count < 100; count++) {
      expect(
        startOne(world, function* () {
          exit('boom')
        }).ok,
      ).toBe(true)
    }
    expect(world.runtime.counts().processes).toBe(1)
  })

  it('too often makes the supervisor give up and stop the others', () => {
    forSeeds(seeds, (world) => {
      const top = startTop(world, { restart: 'permanent', intensity: 2, periodSeconds: 5 })
      const outcome = startOne(world, worker, 'a')
      startOne(world, worker, 'b')
      if (!outcome.ok) throw new Error('not started')
      let { pid } = outcome
      for (let count = 0; count < 3; count++) {
        expect(isAlive(top)).toBe(true)
        const before = new Set(world.runtime.list())
        world.runtime.exit(pid, 'kill')
        world.settle()
        pid = world.runtime.list().find((each) => !before.has(each)) ?? pid
      }
      expect(world.runtime.list()).toEqual([])
      expect(world.told.slice(-2)).toEqual(['stop b', 'stopped b'])
    })
  })

  it('a restart that fails is tried again, and counts', () => {
    forSeeds(seeds, (world) => {
      const top = startTop(world, { restart: 'permanent', intensity: 4 })
      let attempt = 0
      const outcome = startOne(world, worker, 'a', {
        fails: () => ([1, 2].includes(attempt++) ? 'no luck' : undefined),
      })
      if (!outcome.ok) throw new Error('not started')
      news(world)
      world.runtime.exit(outcome.pid, 'kill')
      world.run()
      expect(news(world)).toBe('start a, start a, start a, started a')
      expect(isAlive(top)).toBe(true)
    })
  })
})

describe('stopping', () => {
  it('asks all at once and waits for all together', () => {
    forSeeds(seeds, (world) => {
      const top = startTop(world, { shutdown: 1_000 })
      const naps = Array.from({ length: 6 }, () => world.random.below(900))
      for (const [at, stopMs] of naps.entries()) startOne(world, worker, `w${at}`, { stopMs })
      news(world)
      world.runtime.exit(top, 'shutdown')
      world.run()
      expect(world.told).toHaveLength(12)
      expect(world.nowMs).toBe(Math.max(...naps))
      expect(world.runtime.list()).toEqual([])
    })
  })

  it('kills who is left when the limit has passed', () => {
    for (const [spec, endMs] of [
      [{}, 5_000],
      [{ shutdown: 70 }, 70],
      [{ shutdown: 0 }, 0],
    ] as const) {
      const world = new World(1)
      const top = startTop(world, spec)
      for (const id of ['a', 'b', 'c']) startOne(world, deafWorker, id)
      startOne(world, worker, 'd', { stopMs: 10 })
      world.runtime.exit(top, 'shutdown')
      world.run()
      expect(world.runtime.list()).toEqual([])
      expect(world.nowMs).toBe(endMs)
      expect(world.told.includes('stopped d')).toBe(endMs > 10)
    }
  })

  it('says of whom it was told to stop and ended otherwise, of one that had died before too', () => {
    forSeeds(50, (world) => {
      const top = startTop(world, { shutdown: 20 })
      startOne(world, worker, 'a')
      const deaf = startOne(world, deafWorker, 'deaf')
      const crashed = startOne(world, waits)
      if (!deaf.ok || !crashed.ok) throw new Error('not started')
      world.runtime.exit(top, 'shutdown')
      world.runtime.exit(crashed.pid, 'boom')
      world.run()
      const reports = world.records.filter(({ event }) => event === 'stopped_otherwise')
      expect(reports.map(({ pid, reason }) => [String(pid), reason])).toEqual([
        [String(crashed.pid), 'boom'],
        [String(deaf.pid), 'killed'],
      ])
    })
  })

  it('a supervisor that is killed meanwhile takes the rest with it', () => {
    forSeeds(50, (world) => {
      const top = startTop(world, { shutdown: 'infinity' })
      const slow = startOne(world, worker, 'a', { stopMs: 1_000 })
      if (!slow.ok) throw new Error('not started')
      startOne(world, worker, 'quiet', { quiet: true })
      world.runtime.exit(top, 'shutdown')
      world.runFor(world.random.below(900))
      expect(world.runtime.info(slow.pid)?.links[0]).toBe(top)
      world.runtime.exit(top, 'kill')
      world.run()
      expect(world.runtime.list()).toEqual([])
    })
  })

  it('brutal_kill asks nobody, infinity waits for all', () => {
    const world = new World(1)
    let top = startTop(world, { shutdown: 'brutal_kill' })
    startOne(world, worker, 'a')
    news(world)
    world.runtime.exit(top, 'shutdown')
    world.run()
    expect([news(world), world.runtime.list()]).toEqual(['', []])
    top = startTop(world, { shutdown: 'infinity' })
    startOne(world, worker, 'b', { stopMs: 3_600_000 })
    world.runtime.exit(top, 'shutdown')
    world.run()
    expect([world.nowMs, world.runtime.list()]).toEqual([3_600_000, []])
  })

  it('ten thousand children stop in a time that grows with their number', () => {
    const world = new World(1, { fair: true })
    const top = startTop(world)
    world.spawn(function* () {
      for (let count = 0; count < 10_000; count++) yield* startChild('top', waits)
    })
    world.run()
    expect(world.runtime.counts().processes).toBe(10_001)
    world.runtime.exit(top, 'shutdown')
    world.run()
    expect(world.runtime.counts().processes).toBe(0)
  })
})

it('survives every message that is none of its own', () => {
  const world = new World(1)
  const top = startTop(world, { intensity: 0, restart: 'permanent' })
  startOne(world, worker, 'a')
  for (const odd of [null, undefined, 0, '', [], {}, { type: 'exit' }, { type: 'down' }]) {
    world.runtime.send(top, odd)
  }
  world.spawn(function* () {
    sendExit(top, 'from a stranger')
  })
  world.run()
  expect(isAlive(top)).toBe(true)
})

it('crashes of a call that nobody knows, and stops its children first', () => {
  const world = new World(1)
  const top = startTop(world)
  startOne(world, worker, 'a')
  news(world)
  ask(world, () => call('top', { type: 'dance' }))
  expect(String(world.records[0]?.['reason'])).toContain("knows no call 'dance'")
  expect([news(world), isAlive(top)]).toEqual(['stop a, stopped a', false])
})

it.each([
  ['restart must not be always', { restart: 'always' }],
  ['shutdown must not be -1', { shutdown: -1 }],
  ['maxChildren must not be -1', { maxChildren: -1 }],
  ['maxChildren must not be 0.5', { maxChildren: 0.5 }],
  ['maxChildren must not be null', { maxChildren: Number.NaN }],
  ['intensity must not be 1.5', { intensity: 1.5 }],
  ['periodSeconds must not be 0', { periodSeconds: 0 }],
  ['there is no field strategy (one_for_all)', { strategy: 'one_for_all' }],
])('a spec is refused: %s', (said, wrong) => {
  const world = new World(1)
  startTop(world, wrong as DynamicSupervisorSpec)
  const { reason } = world.records[0]!
  expect(reason).toBeInstanceOf(TypeError)
  expect(String(reason)).toContain(said)
})

describe('words about its children', () => {
  it('terminateChild stops one by its pid, who is not restarted; nobody else is found', () => {
    forSeeds(seeds, (world) => {
      const top = startTop(world, { restart: 'permanent', intensity: 0, maxChildren: 2 })
      const [a, b] = [startOne(world, worker, 'a'), startOne(world, worker, 'b', { stopMs: 10 })]
      if (!a.ok || !b.ok) throw new Error('not started')
      news(world)
      expect(ask(world, () => terminateChild('top', b.pid))).toEqual({ ok: true })
      expect(news(world)).toBe('stop b, stopped b')
      const unknown = { ok: false, reason: 'not_found' }
      expect(ask(world, () => terminateChild('top', b.pid))).toEqual(unknown)
      expect(ask(world, () => terminateChild('top', top))).toEqual(unknown)
      expect(startOne(world, worker, 'c').ok).toBe(true)
      expect([isAlive(a.pid), isAlive(top)]).toEqual([true, true])
    })
  })

  it('whichChildren and countChildren tell those that live and those to be tried again', () => {
    const world = new World(1)
    startTop(world, { intensity: 1_000 })
    startOne(world, waits)
    let attempt = 0
    const fails = () => (attempt++ === 0 ? undefined : 'no luck')
    const flaky = startOne(world, worker, 'flaky', { startMs: 10, fails })
    if (!flaky.ok) throw new Error('not started')
    expect(ask(world, () => countChildren('top'))).toEqual({
      specs: 2,
      active: 2,
      supervisors: 0,
      workers: 2,
    })
    world.runtime.exit(flaky.pid, 'kill')
    world.runFor(5)
    let told: unknown
    world.spawn(function* () {
      const lines = yield* whichChildren('top')
      const counts = yield* countChildren('top')
      yield* terminateChild('top', flaky.pid)
      const left = yield* countChildren('top')
      told = [lines.map(({ id, restarting }) => [id, restarting]), counts.active, left.specs]
    })
    world.runFor(100)
    expect(told).toEqual([
      [
        ['waits', false],
        ['work', true],
      ],
      1,
      1,
    ])
    const before = attempt
    world.run()
    expect(attempt).toBe(before)
  })

  it('a child that waits for its next try keeps its place', () => {
    const world = new World(1)
    startTop(world, { intensity: 1_000, maxChildren: 1 })
    let attempt = 0
    const fails = () => (attempt++ === 0 ? undefined : 'no luck')
    const flaky = startOne(world, worker, 'flaky', { startMs: 10, fails })
    if (!flaky.ok) throw new Error('not started')
    world.runtime.exit(flaky.pid, 'kill')
    let outcome: unknown
    world.spawn(function* () {
      outcome = yield* startChild('top', waits)
    })
    world.runFor(50)
    expect(outcome).toEqual({ ok: false, reason: 'max_children' })
  })

  it('specs and ids are for supervisors with a list, bodies for this one', () => {
    const world = new World(1)
    startTop(world)
    const refused = { ok: false, reason: 'simple_one_for_one' }
    const spec = { id: 'a', start: [waits] } as const
    expect(ask(world, () => startChild('top', spec))).toEqual(refused)
    expect(ask(world, () => terminateChild('top', 'a'))).toEqual(refused)
    expect(ask(world, () => restartChild('top', 'a'))).toEqual(refused)
    expect(ask(world, () => deleteChild('top', 'a'))).toEqual(refused)
    expect(ask(world, () => getChildSpec('top', 'a'))).toEqual(refused)
  })

  it('what is no body or no name is refused, and the supervisor lives', () => {
    const world = new World(1)
    const top = startTop(world)
    const odd: [string, unknown, unknown][] = [
      ['start must not be', 'a', undefined],
      ['start must not be', 'a', 5],
      ['name must not be', 5, waits],
      ['name must not be', '', waits],
    ]
    for (const [said, name, body] of odd) {
      const answer = ask(world, () => startNamedChild('top', name as string, body as typeof waits))
      expect([answer!.ok, String(!answer!.ok && answer!.reason)]).toEqual([
        false,
        expect.stringContaining(said),
      ])
    }
    expect(world.runtime.info(top)).toBeDefined()
  })

  it('a child that ignores its start is none, at its restart too', () => {
    const world = new World(1)
    const top = startTop(world, { intensity: 3 })
    let life = 0
    const shy: ServerModule = {
      *init() {
        return life++ === 1 ? undefined : ignore
      },
    }
    expect(startOne(world, server, shy)).toEqual({ ok: false, reason: ignore })
    const second = startOne(world, server, shy)
    if (!second.ok) throw new Error('not started')
    world.runtime.exit(second.pid, 'kill')
    world.run()
    expect([life, ask(world, () => countChildren('top'))!.specs]).toEqual([3, 0])
    expect(isAlive(top)).toBe(true)
  })
})

describe('random histories', () => {
  it('keep as many children as counting says, and give up when counting says', () => {
    forSeeds(200, (world) => {
      const { random } = world
      const restart = random.pick<Restart>(['permanent', 'transient', 'temporary'])
      const intensity = random.below(5)
      const maxChildren = random.between(1, 6)
      const periodSeconds = random.between(1, 4)
      const top = startTop(world, { restart, intensity, periodSeconds, maxChildren })
      let count = 0
      let ended = false
      let restarts: number[] = []
      const alive = () => world.runtime.list().filter((pid) => pid !== top)
      for (let turn = 0; turn < 30 && !ended; turn++) {
        world.runFor(random.below(1_500))
        if (random.chance(0.5)) {
          const { ok } = startOne(world, worker, 'w')
          expect(ok).toBe(count < maxChildren)
          if (ok) count++
        } else if (count > 0) {
          const reason = random.pick(['normal', 'shutdown', 'boom', 'kill'])
          const victim = random.pick(alive())
          if (reason === 'kill') world.runtime.exit(victim, 'kill')
          else world.runtime.send(victim, end(reason))
          world.settle()
          const orderly = reason === 'normal' || reason === 'shutdown'
          if (restart === 'permanent' || (restart === 'transient' && !orderly)) {
            restarts = [...restarts, world.nowMs].filter(
              (at) => at >= world.nowMs - periodSeconds * 1000,
            )
            ended = restarts.length > intensity
          } else count--
        }
        expect(isAlive(top), `turn ${turn}`).toBe(!ended)
        expect(alive().length, `turn ${turn}`).toBe(ended ? 0 : count)
      }
    })
  })
})
