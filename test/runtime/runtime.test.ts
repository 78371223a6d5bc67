/*
 * A host's world of processes as its host sees it: spawning and sending from outside, what a turn
 * says, the log, several runtimes in one thread, what the dead leave behind; and that a seed
 * repeats a whole run.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  call,
  cast,
  describeReason,
  exit,
  link,
  monitor,
  noReply,
  receive,
  register,
  reply,
  Runtime,
  self,
  send,
  sendAfter,
  sendExit,
  server,
  sleep,
  spawn,
  spawnLink,
  spawnMonitor,
  trace,
  trapExits,
  type Body,
  type Down,
  type LogRecord,
  type Pid,
  type ServerModule,
} from '../../src/runtime'
import { endless, reader, writer } from '../support/letters.process'
import { forSeeds, mayYield, World } from '../support/simulation'

function* waits(): Body {
  yield* receive()
}

const silent: ServerModule<void> = {
  *init() {},
  *handleCall() {
    return noReply(undefined)
  },
}

/** Lives on, whatever happens to the other. */
function* stays(other: Pid | undefined): Body {
  trapExits(true)
  if (other) monitor(other)
  if (other) link(other)
  for (;;) yield* receive(() => false)
}

describe('a seed', () => {
  /** A lively world: letters, servers, timers, crashes, kills. */
  function live(world: World): string {
    const { random } = world
    const receiver = world.spawn(reader, 40)
    for (let count = 0; count < 4; count++) world.spawn(writer, [receiver], 10)
    const counter = world.spawn(server, counting)
    for (let count = 0; count < 5; count++) {
      world.spawn(function* () {
        yield* sleep(random.below(20))
        send('test', yield* call<number>(counter, 'next'))
        const child = spawnLink(waits)
        sendAfter(random.below(20), child, 'end')
        if (random.chance(0.5)) exit('boom')
      })
    }
    world.runFor(10)
    world.runtime.exit(counter, random.chance(0.5) ? 'kill' : 'normal')
    world.run()
    return world.hash
  }
  const counting: ServerModule<number> = {
    *init() {
      return 0
    },
    *handleCall(_request, _from, state) {
      yield* mayYield()
      return reply(state, state + 1)
    },
  }

  it('gives the same run twice, slice by slice, and another seed another', () => {
    const hashes = new Set<string>()
    forSeeds(200, (world, seed) => {
      const again = new World(seed)
      hashes.add(live(world))
      expect(live(again)).toBe(world.hash)
      expect(again.trace).toEqual(world.trace)
    })
    expect(hashes.size).toBe(200)
  })
})

describe('from outside', () => {
  it('a process is spawned, spoken to by pid and name, and ended', () => {
    const world = new World(1)
    const pid = world.spawn(function* () {
      register('sum')
      for (;;) send('test', yield* receive())
    })
    world.settle()
    expect(world.runtime.send(pid, 1)).toBe(true)
    expect(world.runtime.send('sum', 2)).toBe(true)
    expect(world.runtime.send('nobody', 3)).toBe(false)
    world.runtime.exit(pid, 'normal')
    world.settle()
    expect(world.told).toEqual([1, 2])
    world.runtime.exit(pid, 'kill')
    expect(world.runtime.list()).toEqual([])
    world.runtime.exit(pid, 'kill')
    expect(world.runtime.send(pid, 'to the dead')).toBe(true)
  })

  it('messages are copies, and what cannot be copied is an error of the host', () => {
    const world = new World(1)
    const pid = world.spawn(function* () {
      send('test', yield* receive())
    })
    const message = { list: [1] }
    world.runtime.send(pid, message)
    message.list.push(2)
    expect(() => world.runtime.send(pid, new WeakMap())).toThrow(TypeError)
    world.run()
    expect(world.told).toEqual([{ list: [1] }])
  })

  it('a body that is none crashes in its own slice, not in the host', () => {
    const world = new World(1)
    world.spawn((() => 1) as never)
    world.spawn((() => {
      throw new Error('no body')
    }) as never)
    world.run()
    expect(world.records.map((record) => describeReason(record['reason']))).toEqual(
      expect.arrayContaining([expect.stringContaining('not a generator'), 'Error: no body']),
    )
  })

  it('a body that throws what cannot even be looked at crashes alone', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const world = new World(1)
    world.spawn(function* (): Body {
      throw proxy
    })
    world.run()
    expect(String(world.records[0]!['reason'])).toContain('revoked')
    expect(world.runtime.list()).toEqual([])
  })

  it('a body that yields something of its own crashes of it', () => {
    const world = new World(1)
    for (const step of [undefined, 1, [], [1], [null], [{}]]) {
      world.spawn(function* (): Body {
        yield step as never
      })
    }
    world.run()
    const reasons = world.records.map((record) => describeReason(record['reason']))
    expect(reasons).toEqual(Array(6).fill('TypeError: a body may yield nothing of its own'))
  })

  it('an exit signal arrives from a pid that is nobody', () => {
    const world = new World(1)
    const pid = world.spawn(function* () {
      trapExits(true)
      send('test', yield* receive())
    })
    world.settle()
    world.runtime.exit(pid, 'boom')
    world.run()
    expect(world.told).toMatchObject([{ type: 'exit', reason: 'boom' }])
    expect(world.runtime.find((world.told[0] as { from: Pid }).from.serial)).toBe(undefined)
  })
})

describe('a turn', () => {
  it('says when the next is wanted: at once, in some milliseconds, or never', () => {
    let nowMs = 0
    const runtime = new Runtime({ now: () => nowMs, random: () => 0, log: () => {} })
    expect(runtime.turn()).toBe(undefined)
    const pid = runtime.spawn(function* () {
      yield* receive(undefined, 20)
      for (;;) {
        nowMs += 2
        yield* mayYield()
      }
    })
    expect(runtime.turn()).toBe(20)
    nowMs = 19.5
    expect(runtime.turn()).toBe(0.5)
    nowMs = 20
    expect(runtime.turn()).toBe(0)
    expect(runtime.counts()).toMatchObject({ processes: 1, runnable: 1 })
    runtime.exit(pid, 'kill')
    expect(runtime.turn()).toBe(undefined)
    expect(runtime.counts()).toMatchObject({ processes: 0, runnable: 0 })
  })

  it('asks for work once when it comes from outside, and not for what it sees itself', () => {
    const world = new World(1, { fair: true })
    let wishes = 0
    world.runtime.onWork(() => wishes++)
    const pids = Array.from({ length: 10 }, () =>
      world.spawn(function* () {
        yield* sleep(5)
        spawn(waits)
        yield* receive()
      }),
    )
    expect(wishes).toBe(1)
    world.run()
    expect(wishes).toBe(1)
    for (const pid of pids) world.runtime.send(pid, 'end')
    expect(wishes).toBe(2)
  })
})

describe('the log', () => {
  it('has a crash once, though it spreads over links', () => {
    const world = new World(1)
    const pid = world.spawn(function* () {
      register('first')
      for (let count = 0; count < 5; count++) spawnLink(waits)
      yield* receive()
      throw new RangeError('boom')
    })
    world.settle()
    world.runtime.send(pid, 'go')
    world.run()
    expect(world.runtime.list()).toEqual([])
    expect(world.records).toHaveLength(1)
    expect(world.records[0]).toMatchObject({
      level: 'error',
      event: 'process_crashed',
      name: 'first',
      reason: new RangeError('boom'),
    })
    expect(world.records[0]!['pid']).toBe(pid)
  })

  it('names the ancestors of a crash, its parent first, though they fall with it', () => {
    const world = new World(1)
    const grandparent = world.spawn(function* grandparent() {
      register('first')
      spawnLink(function* parent() {
        spawnLink(function* child() {
          throw new RangeError('boom')
        })
        yield* receive()
      })
      yield* receive()
    })
    world.run()
    expect(world.runtime.list()).toEqual([])
    expect(world.records[0]).toMatchObject({
      initialCall: 'child',
      ancestors: [
        { initialCall: 'parent', name: undefined },
        { pid: grandparent, initialCall: 'grandparent', name: 'first' },
      ],
    })
  })

  it('names ten ancestors at most, and none beyond one that is dead', () => {
    const world = new World(1)
    const line = function* line(length: number, dies: number): Body {
      if (length === 0) throw new RangeError('boom')
      spawn(line, length - 1, dies)
      if (length !== dies) yield* receive()
    }
    world.spawn(line, 12, 3)
    world.spawn(line, 12, 0)
    world.run()
    const found = world.records.map(({ ancestors }) => ancestors as { initialCall?: string }[])
    expect(found.map(({ length }) => length).sort()).toEqual([10, 3])
    const [last] = found.filter(({ length }) => length === 3).map((ancestors) => ancestors[2])
    expect(last).not.toHaveProperty('initialCall')
  })

  it('has no orderly end, no exit with a plain reason and no kill', () => {
    const world = new World(1)
    for (const reason of ['normal', 'shutdown', ['shutdown', 1], 'boom', { a: 1 }]) {
      world.spawn(function* () {
        exit(reason)
      })
    }
    world.runtime.exit(world.spawn(waits), 'kill')
    world.runtime.exit(world.spawn(waits), new Error('by another'))
    world.run()
    expect(world.records).toEqual([])
  })

  it('is told after the death, so a crash is over when it is read', () => {
    let heldName: unknown
    const runtime = new Runtime({
      now: () => 0,
      random: () => 0,
      log: () => (heldName = runtime.registry.find('first')),
    })
    runtime.spawn(function* () {
      register('first')
      throw new Error('boom')
    })
    runtime.turn()
    expect(heldName).toBe(undefined)
  })
})

describe('several runtimes in one thread', () => {
  const runtimeOf = (host: number, records: LogRecord[] = []): Runtime =>
    new Runtime({ host, now: () => 0, random: () => 0, log: (record) => records.push(record) })

  it('have their own processes, names and serials', () => {
    const [one, other] = [runtimeOf(1), runtimeOf(2)]
    const first = one.spawn(waits)
    const second = other.spawn(waits)
    expect([String(first), String(second)]).toEqual(['<1.1.0>', '<2.1.0>'])
    expect(one.info(second)).toBe(undefined)
    expect(other.info(first)).toBe(undefined)
  })

  it('may send to one another through their pids', () => {
    const [one, other] = [runtimeOf(1), runtimeOf(2)]
    const seen: unknown[] = []
    const pid = other.spawn(function* () {
      seen.push(yield* receive())
    })
    one.spawn(function* () {
      send(pid, 'hello')
    })
    other.turn()
    one.turn()
    other.turn()
    expect(seen).toEqual(['hello'])
  })
})

describe('virtual time', () => {
  it('a day of a hundred processes that wake each minute is as long as what they do', () => {
    const world = new World(2, { fair: true })
    let wakes = 0
    for (let count = 0; count < 100; count++) {
      world.spawn(function* () {
        for (let minute = 0; minute < 24 * 60; minute++) {
          yield* sleep(60_000)
          wakes++
        }
      })
    }
    world.run()
    expect([wakes, world.nowMs]).toEqual([100 * 24 * 60, 86_400_000])
  })

  it('forty years of sleep end at their millisecond', () => {
    const world = new World(1)
    const ms = 40 * 365 * 86_400_000 + 1
    world.spawn(function* () {
      yield* sleep(ms)
    })
    world.run()
    expect(world.nowMs).toBe(ms)
  })
})

describe('what the dead leave behind', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const held: Pid[] = []

  /** Runs a body that holds on to something large, ends it, and says whether that is free. */
  async function isFree(body: (large: object) => Body, end: (world: World, pid: Pid) => void) {
    const world = new World(1, { fair: true, stepMs: 0.001 })
    const large = (() => {
      const object = { bytes: new Uint8Array(100_000) }
      const pid = world.spawn(function* () {
        yield* body(object)
      })
      for (let turn = 0; turn < 5; turn++) world.runtime.turn()
      end(world, pid)
      world.runtime.turn()
      held.push(pid)
      return new WeakRef(object)
    })()
    // Weak references hold until the end of the job that made them.
    for (let round = 0; round < 5 && large.deref(); round++) {
      await new Promise((resolve) => setImmediate(resolve))
      collect()
    }
    expect(world.runtime.list().filter((pid) => held.includes(pid))).toEqual([])
    return large.deref() === undefined
  }
  const kill = (world: World, pid: Pid) => world.runtime.exit(pid, 'kill')

  // The bodies of the others stand apart, since a closure made beside `large` would hold it as
  // well.
  const lives: [string, (large: object) => Body][] = [
    [
      'waiting',
      function* (large) {
        yield* receive(() => large === undefined)
      },
    ],
    [
      'waiting with a limit of an hour',
      function* (large) {
        yield* receive(() => large === undefined, 3_600_000)
      },
    ],
    [
      'runnable',
      function* (large) {
        while (large) yield* mayYield()
      },
    ],
    [
      'in a call',
      function* (large) {
        yield* call(spawn(server, silent), 'wait', 3_600_000)
        send('test', large)
      },
    ],
    [
      'tracing another',
      function* (large) {
        yield* trace(spawn(stays, undefined))
        send('test', large)
      },
    ],
    [
      'linked and monitoring',
      function* (large) {
        const other = spawn(stays, undefined)
        link(other)
        monitor(other)
        yield* receive(() => large === undefined)
      },
    ],
    [
      'monitored and linked',
      function* (large) {
        spawn(stays, self())
        yield* receive(() => large === undefined)
      },
    ],
  ]
  for (const [name, body] of lives) {
    it(`what a process held that was killed while ${name} is free, though its pid is known`, async () => {
      expect(await isFree(body, kill)).toBe(true)
    })
  }

  it('what crashed or returned is free', async () => {
    const ends = function* (large: object): Body {
      yield* receive()
      if (large) exit('boom')
    }
    expect(await isFree(ends, (world, pid) => world.runtime.send(pid, 'go'))).toBe(true)
  })

  it('a hundred thousand lives leave an empty table', () => {
    const world = new World(1, { fair: true })
    world.spawn(function* () {
      for (let count = 0; count < 100_000; count++) {
        spawnMonitor(function* () {})
        yield* receive<Down>()
        if (count % 1_000 === 0) yield* mayYield()
      }
      send('test', world.runtime.info(self())!.monitors.length)
    })
    world.run()
    expect(world.told).toEqual([0])
    expect(world.runtime.counts()).toMatchObject({ processes: 0, runnable: 0 })
    expect(world.runtime.timers.nextMs()).toBe(undefined)
  })
})

it('a port that sends on to a process of its own runtime keeps the order', () => {
  const world = new World(1)
  const seen: unknown[] = []
  const pid = world.spawn(function* () {
    for (;;) seen.push(yield* receive())
  })
  world.runtime.openPort('echo', (message) => world.runtime.send(pid, message))
  world.spawn(function* () {
    for (const number of [1, 2, 3]) send('echo', number)
    cast('echo', 4)
    sendExit(pid, 'normal')
  })
  world.spawn(endless)
  for (let turn = 0; turn < 200; turn++) world.runtime.turn()
  expect(seen).toEqual([1, 2, 3, { type: 'cast', request: 4 }])
})
