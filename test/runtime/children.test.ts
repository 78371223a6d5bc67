/*
 * Speaking to a supervisor with a list about its children: what each word gives, in OTP's own
 * results. Who is restarted beside whom stands in supervisor-histories.test.ts.
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
  Pid,
  receive,
  reply,
  restartChild,
  sendExit,
  server,
  spawn,
  startChild,
  supervisor,
  terminateChild,
  type Body,
  type ChildSpec,
  type ChildStarted,
  type Restart,
  type ServerModule,
} from '../../src/runtime'
import { forSeveralHosts } from '../support/several-hosts'
import { forSeeds, World } from '../support/simulation'
import { child, children, crash, news, pidOf, Top } from '../support/supervised-worker'

const seeds = 200
const notFound = { ok: false, reason: 'not_found' }

const ignores = (id: string, restart: Restart): ChildSpec => ({
  id,
  restart,
  start: [
    server,
    {
      *init() {
        return ignore
      },
    },
  ],
})

/** The pid of a child that was started so; undefined for one that was not. */
const pidOfStart = (outcome: ChildStarted | undefined): Pid | undefined =>
  outcome?.ok ? outcome.pid : undefined

describe('startChild', () => {
  it('starts a child after all others, who stops before them and is restarted by its spec', () => {
    forSeeds(seeds, (world) => {
      const top = new Top(world, { intensity: 5, children: children('ab') })
      news(world)
      const outcome = top.ask((pid) => startChild(pid, child('c')))
      expect(pidOfStart(outcome)).toBe(pidOf(world, 'c'))
      crash(world, 'c')
      top.stop('shutdown')
      world.run()
      expect(news(world)).toBe(
        'start c, started c, start c, started c, ' +
          'stop c, stopped c, stop b, stopped b, stop a, stopped a',
      )
    })
  })

  it('waits until the child has started, while the supervisor answers nobody else', () => {
    const world = new World(1)
    const top = new Top(world, { children: [] })
    const slow = top.ask((pid) => startChild(pid, child('a', {}, { startMs: 50 })))
    expect(slow).toBe(undefined)
    expect(top.ask(countChildren)).toBe(undefined)
    world.run()
    expect(top.ask(countChildren)).toEqual({ specs: 1, active: 1, supervisors: 0, workers: 1 })
  })

  it('gives already_started with the pid of who has the id, already_present when it does not run', () => {
    const world = new World(1)
    const top = new Top(world, { children: [child('a', { restart: 'transient' })] })
    const again = () => top.ask((pid) => startChild(pid, child('a')))
    const running = again()
    expect(running?.ok).toBe(false)
    const reason = running && !running.ok ? (running.reason as unknown[]) : []
    expect([reason[0], reason[1] === pidOf(world, 'a')]).toEqual(['already_started', true])
    crash(world, 'a', 'normal')
    expect(again()).toEqual({ ok: false, reason: 'already_present' })
  })

  it('of a child that fails gives its reason, and the spec is forgotten', () => {
    forSeeds(50, (world) => {
      const top = new Top(world, { intensity: 0, children: children('a') })
      let attempt = 0
      const flaky = child('b', {}, { fails: () => (attempt++ === 0 ? 'no luck' : undefined) })
      expect(top.ask((pid) => startChild(pid, flaky))).toEqual({ ok: false, reason: 'no luck' })
      expect(top.ask(countChildren)?.specs).toBe(1)
      expect(top.ask((pid) => startChild(pid, flaky))?.ok).toBe(true)
    })
  })

  it('of a child that ignores gives no pid and keeps the spec, unless it is temporary', () => {
    const world = new World(1)
    const top = new Top(world, { children: [] })
    for (const restart of ['permanent', 'temporary'] as const) {
      const outcome = top.ask((pid) => startChild(pid, ignores(restart, restart)))
      expect(outcome).toEqual({ ok: true, pid: undefined })
    }
    expect(top.lines()!.map(({ id, pid }) => [id, pid])).toEqual([['permanent', undefined]])
  })

  it.each([
    ["child 'b': restart must not be always", { ...child('b'), restart: 'always' }],
    ["child 'b': there is no field restrat (permanent)", { ...child('b'), restrat: 'permanent' }],
    ["child 'b': shutdown must not be -1", { ...child('b'), shutdown: -1 }],
    [
      "child 'b': significant must not be",
      { ...child('b'), restart: 'temporary', significant: true },
    ],
    ['a child spec must not be null', null],
  ])('refuses a wrong spec by field and value, and lives: %s', (said, wrong) => {
    const world = new World(1)
    const top = new Top(world, { children: children('a') })
    news(world)
    const outcome = top.ask((pid) => startChild(pid, wrong as unknown as ChildSpec))
    const reason = outcome && !outcome.ok ? outcome.reason : undefined
    expect(reason).toBeInstanceOf(TypeError)
    expect(String(reason)).toContain(said)
    expect([news(world), isAlive(top.pid!)]).toEqual(['', true])
  })

  it('refuses a body, which is for dynamic supervisors', () => {
    const world = new World(1)
    const top = new Top(world, { children: [] })
    const outcome = top.ask((pid) =>
      startChild(pid, function* () {
        yield* receive()
      }),
    )
    expect(String(outcome && !outcome.ok && outcome.reason)).toContain('a child spec, not a body')
    expect(top.ask(countChildren)?.specs).toBe(0)
  })
})

describe('terminateChild', () => {
  it('stops a child by its spec, once, and leaves it stopped whatever its kind', () => {
    forSeeds(seeds, (world) => {
      const restart = world.random.pick<Restart>(['permanent', 'transient', 'temporary'])
      const top = new Top(world, {
        strategy: 'one_for_all',
        intensity: 0,
        children: [child('a'), child('b', { restart }, { stopMs: 0 }), child('c')],
      })
      news(world)
      expect(top.ask((pid) => terminateChild(pid, 'b'))).toEqual({ ok: true })
      expect(news(world)).toBe('stop b, stopped b')
      const again = top.ask((pid) => terminateChild(pid, 'b'))
      expect(again).toEqual(restart === 'temporary' ? notFound : { ok: true })
      const left = top.lines()!.map(({ id, pid }) => `${id}${pid ? '' : ' stopped'}`)
      expect(left).toEqual(restart === 'temporary' ? ['a', 'c'] : ['a', 'b stopped', 'c'])
    })
  })

  it('takes no part in automatic shutdown', () => {
    const world = new World(1)
    const top = new Top(world, {
      autoShutdown: 'any_significant',
      children: [child('a', { restart: 'transient', significant: true }), child('b')],
    })
    expect(top.ask((pid) => terminateChild(pid, 'a'))).toEqual({ ok: true })
    expect(top.reason).toBe('it lives')
  })

  it('ends the tries of a restart that fails', () => {
    forSeeds(50, (world) => {
      let attempt = 0
      const fails = () => (attempt++ === 0 ? undefined : 'no luck')
      const flaky = child('a', {}, { startMs: 10, fails })
      const top = new Top(world, { intensity: 1_000, children: [flaky] })
      world.run()
      world.runtime.exit(pidOf(world, 'a'), 'kill')
      world.runFor(world.random.below(100))
      top.ask((pid) => terminateChild(pid, 'a'))
      world.runFor(20)
      const before = attempt
      world.run()
      expect([attempt, top.lines()![0]!.restarting]).toEqual([before, false])
    })
  })

  it('of an unknown id gives not_found', () => {
    const top = new Top(new World(1), { children: children('a') })
    expect(top.ask((pid) => terminateChild(pid, 'b'))).toEqual(notFound)
  })
})

describe('restartChild', () => {
  it('starts a stopped child again, and it counts as no restart', () => {
    forSeeds(50, (world) => {
      const top = new Top(world, { intensity: 0, children: children('ab') })
      top.ask((pid) => terminateChild(pid, 'a'))
      const outcome = top.ask((pid) => restartChild(pid, 'a'))
      expect(pidOfStart(outcome)).toBe(pidOf(world, 'a'))
      expect(top.lines()!.map(({ id }) => id)).toEqual(['a', 'b'])
    })
  })

  it('gives running, not_found, or why the start failed, after which it stays stopped', () => {
    const world = new World(1)
    const fails = () => (attempt++ === 1 ? 'no luck' : undefined)
    let attempt = 0
    const top = new Top(world, { children: [child('a', {}, { fails })] })
    const restart = (id: string) => top.ask((pid) => restartChild(pid, id))
    expect(restart('a')).toEqual({ ok: false, reason: 'running' })
    expect(restart('b')).toEqual(notFound)
    top.ask((pid) => terminateChild(pid, 'a'))
    expect(restart('a')).toEqual({ ok: false, reason: 'no luck' })
    expect(top.lines()!.map(({ pid, restarting }) => [pid, restarting])).toEqual([
      [undefined, false],
    ])
    expect(restart('a')?.ok).toBe(true)
  })
})

describe('deleteChild', () => {
  it('forgets a child that does not run; one that runs is running, an unknown one not_found', () => {
    const world = new World(1)
    const top = new Top(world, { children: children('ab') })
    const remove = (id: string) => top.ask((pid) => deleteChild(pid, id))
    expect(remove('a')).toEqual({ ok: false, reason: 'running' })
    top.ask((pid) => terminateChild(pid, 'a'))
    expect(remove('a')).toEqual({ ok: true })
    expect(remove('a')).toEqual(notFound)
    expect(top.lines()!.map(({ id }) => id)).toEqual(['b'])
  })
})

it('a child whose restart failed is restarting to restartChild and deleteChild', () => {
  const seen = new Set<unknown>()
  forSeeds(seeds, (world) => {
    let attempt = 0
    const fails = () => (attempt++ === 1 ? 'no luck' : undefined)
    const top = new Top(world, { intensity: 5, children: [child('a', {}, { fails })] })
    const pid = top.pid!
    world.runtime.exit(pidOf(world, 'a'), 'kill')
    for (const word of [restartChild, deleteChild]) {
      world.spawn(function* () {
        const outcome = yield* word(pid, 'a')
        seen.add(`${word.name}: ${outcome.ok ? 'ok' : String(outcome.reason)}`)
      })
    }
    world.settle()
    expect(top.lines()!.map(({ restarting }) => restarting)).toEqual([false])
  })
  // Before the try, or after it.
  const words = ['restartChild', 'deleteChild']
  expect(seen).toEqual(
    new Set(words.flatMap((word) => [`${word}: restarting`, `${word}: running`])),
  )
})

it('getChildSpec gives every field, or not_found', () => {
  const world = new World(1)
  const start = [
    function* waits(): Body {
      yield* receive()
    },
    7,
  ] as const
  const inner = supervisor('inner', { children: [] })
  const top = new Top(world, { children: [{ id: 'a', start }, inner] })
  expect(top.ask((pid) => getChildSpec(pid, 'a'))).toEqual({
    ok: true,
    spec: {
      id: 'a',
      start,
      restart: 'permanent',
      shutdown: 5_000,
      type: 'worker',
      significant: false,
    },
  })
  expect(top.ask((pid) => getChildSpec(pid, 'inner'))).toMatchObject({
    ok: true,
    spec: { shutdown: 'infinity', type: 'supervisor' },
  })
  expect(top.ask((pid) => getChildSpec(pid, 'b'))).toEqual(notFound)
})

it('countChildren tells specs, those that live, supervisors and workers', () => {
  const world = new World(1)
  const top = new Top(world, {
    children: [
      child('a'),
      child('b', { restart: 'transient' }),
      child('c', { restart: 'temporary' }),
      supervisor('inner', { children: children('d') }),
    ],
  })
  for (const name of ['b', 'c']) crash(world, name, 'normal')
  expect(top.ask(countChildren)).toEqual({ specs: 3, active: 2, supervisors: 1, workers: 2 })
})

it('a word to no supervisor ends the caller with noproc', () => {
  const world = new World(1)
  world.spawn(function* () {
    const pid = spawn(function* () {})
    sendExit(pid, 'kill')
    yield* countChildren(pid)
  })
  world.run()
  expect(String(world.records[0]?.['reason'])).toContain('noproc')
})

/** Fails to start, for a reason that is just not too deep to be one. */
const tooDeep: ServerModule = {
  *init() {
    let reason: unknown = 'deep'
    for (let level = 0; level < 200; level++) reason = [reason]
    exit(reason)
  },
}

it('a reason that is too deep to be told is told to be so, and the supervisor lives', () => {
  const world = new World(1)
  const top = new Top(world, { children: children('a') })
  world.spawn(...dynamicSupervisor('many', { name: 'many' }).start)
  world.settle()
  const start = [server, tooDeep] as const
  const outcomes = [
    top.ask((pid) => startChild(pid, { id: 'b', start })),
    top.ask(() => startChild('many', ...start)),
  ]
  for (const outcome of outcomes) {
    expect(outcome).toEqual({ ok: false, reason: expect.any(TypeError) })
  }
  expect([top.reason, world.runtime.registry.find('many')]).toEqual(['it lives', expect.any(Pid)])
})

it('a spec cannot be told to another host, and the supervisor lives', () => {
  forSeveralHosts(20, [1, 2], (world) => {
    const { runtime } = world.get(2)
    runtime.spawn(...supervisor('top', { name: 'top', children: children('a') }).start)
    world.connect(1, 2)
    world.run()
    const answers: unknown[] = []
    world.get(1).spawn(function* () {
      const { pid } = yield* call<{ pid: Pid }>({ name: 'who', host: 2 }, 'where')
      answers.push(yield* getChildSpec(pid, 'a'), yield* countChildren(pid))
    })
    runtime.start(undefined, { name: 'who' }, server, [
      {
        *init() {},
        *handleCall() {
          return reply({ pid: runtime.registry.find('top') }, undefined)
        },
      },
    ])
    world.run()
    expect(answers).toEqual([
      { ok: false, reason: expect.any(Error) },
      { specs: 1, active: 1, supervisors: 0, workers: 1 },
    ])
  })
})
