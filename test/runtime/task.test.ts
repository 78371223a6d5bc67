/*
 * Tasks: one value or one reason for the owner, whoever ends when.
 */
import { expect, it } from 'vitest'
import {
  dynamicSupervisor,
  isAlive,
  receive,
  send,
  sendExit,
  settle,
  sleep,
  spawnMonitor,
  startTask,
  timeout,
  whichChildren,
  type Body,
  type CallFailed,
  type ChildLine,
  type Down,
  type Result,
} from '../../src/runtime'
import { forSeeds, mayYield, World } from '../support/simulation'

const seeds = 200

/** Runs `body` beside a supervisor for tasks, `maxChildren` of them at most. */
function inWorlds(body: (world: World) => Body, maxChildren = Infinity): void {
  forSeeds(seeds, (world) => {
    const tasks = dynamicSupervisor('tasks', { name: 'tasks', restart: 'temporary', maxChildren })
    world.spawn(...tasks.start)
    world.settle()
    let finished = false
    world.spawn(function* () {
      yield* body(world)
      finished = true
    })
    world.run()
    const crashes = world.records.flatMap(({ event, reason }) =>
      event === 'process_crashed' ? [reason] : [],
    )
    expect([finished, ...crashes]).toEqual([
      true,
      ...crashes.filter((each) => String(each).includes('planned')),
    ])
  })
}

function* adds(one: number, other: number): Body<number> {
  yield* mayYield()
  return one + other
}

it('a task gives its result and then its end', () => {
  inWorlds(function* () {
    const task = yield* startTask('tasks', adds, 1, 2)
    if (!task.ok) throw new Error('not started')
    expect(yield* receive()).toEqual({ type: 'result', ref: task.ref, value: 3 })
    expect(yield* receive()).toMatchObject({
      type: 'down',
      ref: task.ref,
      pid: task.pid,
      reason: 'normal',
    })
  })
})

it('settled after its result, its end is not told', () => {
  inWorlds(function* () {
    const task = yield* startTask('tasks', adds, 1, 2)
    if (!task.ok) throw new Error('not started')
    yield* receive<Result<number>>()
    yield* mayYield()
    settle(task)
    expect(yield* receive(undefined, 10)).toBe(timeout)
  })
})

it('a task that crashes is told by its own reason, even if it crashes at once', () => {
  inWorlds(function* () {
    const task = yield* startTask('tasks', function* () {
      throw new RangeError('planned')
    })
    if (!task.ok) throw new Error('not started')
    expect(yield* receive()).toEqual({
      type: 'down',
      ref: task.ref,
      pid: task.pid,
      reason: new RangeError('planned'),
    })
    expect(yield* receive(undefined, 10)).toBe(timeout)
  })
})

it('many tasks at once give each its own', () => {
  inWorlds(function* () {
    const wanted = new Map<unknown, unknown>()
    for (let number = 0; number < 10; number++) {
      const task = yield* startTask(
        'tasks',
        function* (number: number) {
          yield* mayYield()
          if (number % 3 === 0) throw new Error(`planned ${number}`)
          return number * 10
        },
        number,
      )
      if (task.ok) wanted.set(task.ref, number)
    }
    while (wanted.size > 0) {
      const word = yield* receive<Result<number> | Down>(
        (message) => (message as Down).type !== 'down' || (message as Down).reason !== 'normal',
      )
      const number = wanted.get(word.ref) as number
      wanted.delete(word.ref)
      if (word.type === 'result') expect(word.value).toBe(number * 10)
      else expect(word.reason).toEqual(new Error(`planned ${number}`))
    }
  })
})

it('owner and task do not die together', () => {
  inWorlds(function* () {
    const owner = spawnMonitor(function* () {
      const task = yield* startTask('tasks', function* () {
        yield* sleep(50)
        send('test', 'task goes on')
      })
      if (task.ok) send('test', 'owner ends')
      throw new Error('planned')
    })
    expect((yield* receive<Down>()).ref).toBe(owner.ref)
    yield* sleep(100)
  })
})

it('a task whose owner ends before it has begun does not begin', () => {
  const begun = new Set<boolean>()
  forSeeds(seeds, (world) => {
    world.spawn(...dynamicSupervisor('tasks', { name: 'tasks', restart: 'temporary' }).start)
    world.settle()
    let runs = false
    const owner = world.spawn(function* () {
      yield* startTask('tasks', function* () {
        runs = true
      })
      yield* receive()
    })
    for (let turns = world.random.below(6); turns > 0; turns--) world.runtime.turn()
    world.runtime.exit(owner, 'kill')
    world.run()
    begun.add(runs)
    expect(world.runtime.list()).toHaveLength(1)
  })
  expect(begun).toEqual(new Set([false, true]))
})

it('whatever else a task is sent before it begins is left to its body', () => {
  const strays = [null, 'hello', { type: 'down' }]
  const world = new World(1, { fair: true })
  world.spawn(...dynamicSupervisor('tasks', { name: 'tasks' }).start)
  // Its owner is slow to let it begin.
  world.runtime.start(
    undefined,
    { priority: 'low' },
    function* owner(): Body {
      yield* startTask('tasks', function* () {
        return [yield* receive(), yield* receive(), yield* receive()]
      })
      send('test', (yield* receive<Result<unknown>>()).value)
    },
    [],
  )
  world.spawn(function* meddler() {
    let child: ChildLine | undefined
    while (!child) [child] = yield* whichChildren('tasks')
    for (const stray of strays) send(child.pid!, stray)
  })
  world.run()
  expect(world.told).toEqual([strays])
})

it('beyond max_children a task is refused, and room comes back with each end', () => {
  inWorlds(function* () {
    const wait = function* (): Body {
      yield* receive()
    }
    const first = yield* startTask('tasks', wait)
    const second = yield* startTask('tasks', wait)
    expect([first.ok, second.ok]).toEqual([true, true])
    expect(yield* startTask('tasks', wait)).toEqual({ ok: false, reason: 'max_children' })
    if (!first.ok) return
    sendExit(first.pid, 'kill')
    expect((yield* receive<Down>()).reason).toBe('killed')
    yield* sleep(1)
    expect((yield* startTask('tasks', wait)).ok).toBe(true)
  }, 2)
})

it('a value that cannot be copied is the task’s crash', () => {
  forSeeds(20, (world) => {
    world.spawn(...dynamicSupervisor('tasks', { name: 'tasks', restart: 'temporary' }).start)
    world.settle()
    let reason: unknown
    world.spawn(function* () {
      yield* startTask('tasks', function* () {
        return new WeakMap()
      })
      reason = (yield* receive<Down>()).reason
    })
    world.run()
    expect(String(reason)).toContain('WeakMap')
  })
})

it('without its supervisor it ends the caller with noproc', () => {
  const world = new World(1)
  let reason: unknown
  world.spawn(function* () {
    spawnMonitor(function* () {
      yield* startTask('tasks', adds, 1, 2)
    })
    reason = (yield* receive<Down>()).reason
  })
  world.run()
  expect((reason as CallFailed).reason).toBe('noproc')
})

it('a task that its supervisor ends is told by that reason', () => {
  inWorlds(function* (world) {
    const task = yield* startTask('tasks', function* () {
      yield* receive()
    })
    if (!task.ok) throw new Error('not started')
    world.runtime.exit(world.runtime.registry.find('tasks')!, 'shutdown')
    expect(yield* receive()).toMatchObject({ type: 'down', ref: task.ref, reason: 'shutdown' })
    expect(isAlive(task.pid)).toBe(false)
  })
})

it('a task that is killed is told as killed, once, and no result comes', () => {
  inWorlds(function* (world) {
    const task = yield* startTask('tasks', function* taskThatIsKilled() {
      yield* mayYield()
      yield* mayYield()
      yield* receive()
    })
    if (!task.ok) throw new Error('not started')
    sendExit(task.pid, 'kill')
    const { reason, ref } = yield* receive<Down>()
    expect([reason, ref === task.ref]).toEqual(['killed', true])
    yield* sleep(1)
    const ended = { event: 'child_ended', child: 'taskThatIsKilled', reason: 'killed' }
    expect(world.records).toMatchObject([{ ...ended, isRestarted: false }])
    expect(yield* receive(undefined, 10)).toBe(timeout)
  })
})

it('however owner and task end, nothing of them is left behind', () => {
  const ends = new Set<string>()
  forSeeds(400, (world) => {
    const { random, runtime } = world
    world.spawn(...dynamicSupervisor('tasks', { name: 'tasks', restart: 'temporary' }).start)
    world.settle()
    const owner = world.spawn(function* () {
      const task = yield* startTask('tasks', adds, 1, 2)
      if (!task.ok) return
      const word = yield* receive<Result<number> | Down>()
      ends.add(word.type === 'down' ? String(word.reason) : word.type)
      settle(task)
      yield* receive()
    })
    const turns = random.below(12)
    for (let turn = 0; turn < turns; turn++) runtime.turn()
    const [tasks, ...others] = runtime.list()
    runtime.exit(random.pick(others), 'kill')
    world.run()
    const left = [tasks!, ...(isAlive(owner) ? [owner] : [])]
    expect(runtime.list().map(String)).toEqual(left.map(String))
    for (const pid of left) {
      const { links, monitors, monitoredBy, mailboxLength } = runtime.info(pid)!
      expect([links.length, monitors.length, monitoredBy.length, mailboxLength]).toEqual([
        0, 0, 0, 0,
      ])
    }
    expect(runtime.timers.nextMs()).toBe(undefined)
  })
  expect(ends).toEqual(new Set(['result', 'killed', 'noproc']))
})

it('is temporary whatever its supervisor says', () => {
  const world = new World(1)
  world.spawn(...dynamicSupervisor('tasks', { name: 'tasks', restart: 'permanent' }).start)
  world.settle()
  let reason: unknown
  world.spawn(function* () {
    yield* startTask('tasks', function* () {
      throw new Error('planned')
    })
    reason = (yield* receive<Down>()).reason
    yield* receive()
  })
  world.run()
  expect(reason).toEqual(new Error('planned'))
  expect(world.runtime.list()).toHaveLength(2)
})
