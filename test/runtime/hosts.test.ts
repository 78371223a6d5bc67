/*
 * Each rule of signals between processes of different hosts by itself (Erlang Reference Manual,
 * 'Distributed Erlang' and 'Processes'), over pipes with delays. All of them together, with deaths
 * and rebirths, stand in hosts-history.test.ts.
 */
import { describe, expect, it } from 'vitest'
import {
  answer,
  call,
  CallFailed,
  cast,
  demonitor,
  exit,
  isAlive,
  link,
  monitor,
  noReply,
  receive,
  reply,
  self,
  send,
  sendAfter,
  sendExit,
  server,
  sleep,
  spawn,
  spawnLink,
  spawnWith,
  trapExits,
  unlink,
  type Body,
  type Down,
  type ExitMessage,
  type From,
  type Pid,
  type Ref,
  type ServerModule,
} from '../../src/runtime'
import { forSeveralHosts, SeveralHosts } from '../support/several-hosts'

const seeds = 30

/** What the servers of these tests are asked. */
type Question =
  | { type: 'echo'; value: unknown }
  | { type: 'who' }
  | { type: 'later'; afterMs: number }
  | { type: 'crash' }
  | { type: 'never' }
  | { type: 'child' }

/** Answers, now or through another process, and shows what it was sent. */
const Echo: ServerModule<null> = {
  *init() {
    return null
  },
  *handleCall(request, from) {
    const question = request as Question
    if (question.type === 'echo') return reply(question.value, null)
    if (question.type === 'who') return reply(self(), null)
    if (question.type === 'child') return reply(spawn(waits), null)
    if (question.type === 'crash') throw new RangeError('as asked')
    if (question.type === 'later') spawnWith({}, answersLater, from, question.afterMs)
    return noReply(null)
  },
  *handleCast(request) {
    send('test', ['cast', request])
    return noReply(null)
  },
  *handleInfo(message) {
    send('test', ['info', message])
    return noReply(null)
  },
}

function* answersLater(from: From, afterMs: number): Body {
  yield* sleep(afterMs)
  answer(from, 'late')
}

function* waits(): Body {
  for (;;) yield* receive()
}

/** A server named `echo` on host 2. */
const echo = { name: 'echo', host: 2 }

/** Two hosts with a server on the second, connected and at rest; `body` runs on the first. */
function onTwoHosts(body: (world: SeveralHosts) => Body, check: (world: SeveralHosts) => void) {
  forSeveralHosts(seeds, [1, 2], (world) => {
    startEcho(world, 2)
    world.connect(1, 2)
    world.run()
    world.get(1).spawn(body, world)
    world.run()
    expect(crashesOf(world, 1)).toEqual([])
    check(world)
  })
}

function startEcho(world: SeveralHosts, host: number): void {
  world.get(host).runtime.start(undefined, { name: 'echo' }, server, [Echo])
}

const crashesOf = (world: SeveralHosts, host: number) =>
  world.get(host).records.filter(({ event }) => event === 'process_crashed')

const told = (world: SeveralHosts, host = 1) => world.get(host).told

const ask = (question: Question, limitMs?: number) => call<unknown>(echo, question, limitMs)
const getPid = () => call<Pid>(echo, { type: 'who' } satisfies Question)

/** The reason of a call that fails, or its value. */
function* outcome(question: Question, whom: Pid | typeof echo = echo, limitMs = 5_000): Body {
  try {
    send('test', yield* call(whom, question, limitMs))
  } catch (error) {
    send('test', (error as { reason: CallFailed }).reason.reason)
  }
}

describe('messages', () => {
  it('reach a pid and a name of another host in the order sent', () => {
    onTwoHosts(
      function* () {
        const pid = yield* getPid()
        for (let n = 0; n < 100; n++) send(n % 3 === 0 ? echo : pid, n)
      },
      (world) => {
        expect(told(world, 2)).toEqual(Array.from({ length: 100 }, (_, n) => ['info', n]))
      },
    )
  })

  it('are copies of all that may be sent', () => {
    const value = {
      list: [1, 'two', null, undefined, 3n, NaN, -0],
      map: new Map<unknown, unknown>([[{ a: 1 }, new Set([1, [2]])]]),
      date: new Date(5),
      bytes: new Uint8Array([1, 2, 3]).subarray(1),
      floats: new Float64Array([0.5]),
      buffer: new ArrayBuffer(2),
      $: 'pid',
      nested: { $: { $: 'ref', serial: 1 } },
      ['__proto__own']: 1,
      bare: Object.assign(Object.create(null) as object, { x: 1 }),
    }
    Object.defineProperty(value, '__proto__', { value: { evil: true }, enumerable: true })
    onTwoHosts(
      function* () {
        send('test', yield* ask({ type: 'echo', value }))
      },
      (world) => {
        const [back] = told(world) as [typeof value]
        expect(back).toStrictEqual(value)
        expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
        expect(Object.getPrototypeOf(back.bare)).toBe(null)
        expect(back).not.toBe(value)
      },
    )
  })

  it('carry errors as errors: name, message and stack', () => {
    const error = new RangeError('too big')
    onTwoHosts(
      function* () {
        const back = yield* ask({ type: 'echo', value: error })
        send('test', back)
      },
      (world) => {
        const [back] = told(world) as [Error]
        expect(back).toBeInstanceOf(Error)
        expect(back).not.toBe(error)
        expect([back.name, back.message, back.stack]).toEqual([
          'RangeError',
          'too big',
          error.stack,
        ])
      },
    )
  })

  it('refuse functions and symbols at the sender, naming the part, connected or not', () => {
    const world = new SeveralHosts(1, [1, 2])
    startEcho(world, 2)
    const attempts: [unknown, RegExp][] = [
      [{ a: [1, { b: () => 1 }] }, /a function cannot be sent to another host: message\.a\[1\]\.b/],
      [new Map([['key', Symbol('x')]]), /a symbol .*: message\.\(key\)/],
      [new Set([() => 1]), /a function .*: message\.\(member\)/],
      [new WeakMap(), /a WeakMap cannot be sent to another host$/],
    ]
    function* attempter(): Body {
      for (const [message, complaint] of attempts) {
        expect(() => send(echo, message)).toThrow(complaint)
        expect(() => send(echo, message)).toThrow(TypeError)
        expect(() => cast(echo, message)).toThrow(TypeError)
      }
      const pids = yield* receive<Pid[]>()
      for (const pid of pids) {
        expect(() => sendAfter(1, pid, () => 1)).toThrow(TypeError)
        expect(() => sendExit(pid, [() => 1])).toThrow(TypeError)
      }
      const cycle: unknown[] = []
      cycle.push(cycle)
      expect(() => send(echo, cycle)).toThrow(/nests deeper than 200/)
    }
    for (const connected of [false, true]) {
      if (connected) world.connect(1, 2)
      world.run()
      let pid: Pid | undefined
      if (connected) world.get(1).spawn(pidTeller, (told: Pid) => (pid = told))
      world.run()
      const attempting = world.get(1).spawn(attempter)
      world.get(1).runtime.send(attempting, pid ? [pid] : [])
      world.run()
    }
    expect(crashesOf(world, 1)).toEqual([])
  })

  it('of one that was ended meanwhile, or of nobody, are lost silently', () => {
    onTwoHosts(
      function* () {
        send({ name: 'nobody', host: 2 }, 1)
        send({ name: 'nobody', host: 9 }, 1)
        send({ name: 'nobody', host: 1 }, 1)
        cast({ name: 'nobody', host: 2 }, 1)
        cast({ name: 'nobody', host: 9 }, 1)
        const child = yield* call<Pid>(echo, { type: 'child' })
        sendExit(child, 'kill')
        send(child, 1)
        send('test', yield* ask({ type: 'echo', value: 'still there' }))
      },
      (world) => expect(told(world)).toEqual(['still there']),
    )
  })

  it('by a timer arrive too', () => {
    onTwoHosts(
      function* () {
        const pid = yield* getPid()
        sendAfter(100, pid, 'ding')
      },
      (world) => expect(told(world, 2)).toEqual([['info', 'ding']]),
    )
  })

  it('to what means nobody are an error of the sender, and harm no connection', () => {
    onTwoHosts(
      function* () {
        for (const odd of [undefined, 5, { host: 2 }, { name: 5, host: 2 }] as never[]) {
          const words: (() => unknown)[] = [
            () => send(odd, 1),
            () => monitor(odd),
            () => cast(odd, 1),
            () => call(odd, 1).next(),
          ]
          for (const word of words) expect(word).toThrow(/^nobody is/)
        }
        send('test', yield* call(echo, { type: 'echo', value: 'alive' }))
      },
      (world) => expect([told(world), world.get(1).sees(2)]).toEqual([['alive'], true]),
    )
  })

  it('reach a name of the own host by number', () => {
    onTwoHosts(
      function* () {
        send({ name: 'test', host: 1 }, 'here')
        yield* outcome({ type: 'who' }, { name: 'nobody', host: 1 })
      },
      (world) => expect(told(world)).toEqual(['here', 'noproc']),
    )
  })
})

function* pidTeller(tell: (pid: Pid) => void): Body {
  tell(yield* getPid())
}

describe('names', () => {
  it('are the same object each time they arrive, and when they come home', () => {
    onTwoHosts(
      function* () {
        const [one, two] = [yield* getPid(), yield* getPid()]
        const port = yield* ask({ type: 'echo', value: self() })
        const ref = monitor(one)
        const value = { ref, list: [self(), one, one] }
        const back = (yield* ask({ type: 'echo', value })) as typeof value
        const dead = spawn(function* () {})
        const early = yield* ask({ type: 'echo', value: dead })
        yield* sleep(50)
        const late = yield* ask({ type: 'echo', value: dead })
        send('test', [one === two, port === self(), back.ref === ref, back.list[0] === self()])
        send('test', [back.list[1] === one, back.list[2] === one, early === dead, late === dead])
        send('test', [String(one), one.host])
        demonitor(ref)
      },
      (world) => {
        const serial = world.get(2).runtime.registry.find('echo')!.serial
        const all = [true, true, true, true]
        expect(told(world)).toEqual([all, all, [`<2.${serial}.0>`, 2]])
      },
    )
  })

  it('reach a third host and work from there, whoever brought them', () => {
    forSeveralHosts(seeds, [1, 2, 3], (world) => {
      startEcho(world, 2)
      for (const [a, b] of [
        [1, 2],
        [1, 3],
        [2, 3],
      ] as const)
        world.connect(a, b)
      world.run()
      world.get(3).runtime.start(undefined, { name: 'third' }, third, [])
      world.get(1).spawn(function* () {
        const pid = yield* getPid()
        send({ name: 'third', host: 3 }, pid)
        const child = yield* call<Pid>(echo, { type: 'child' })
        send({ name: 'third', host: 3 }, child)
        yield* sleep(500)
        sendExit(child, 'enough')
      })
      function* third(): Body {
        const brought = yield* receive<Pid>()
        const asked = yield* getPid()
        const ref = monitor(yield* receive<Pid>())
        const down = yield* receive<Down>()
        send('test', [brought === asked, down.ref === ref, down.reason])
      }
      world.run()
      expect(told(world, 3)).toEqual([[true, true, 'enough']])
    })
  })

  it('that a third host brings when they have ended are not held as living', () => {
    forSeveralHosts(seeds, [1, 2, 3], (world) => {
      startEcho(world, 2)
      for (const [a, b] of [
        [1, 2],
        [1, 3],
        [2, 3],
      ] as const)
        world.connect(a, b)
      world.run()
      world.get(3).runtime.start(undefined, { name: 'third' }, waits, [])
      world.get(1).spawn(function* () {
        const child = yield* call<Pid>(echo, { type: 'child' })
        sendExit(child, 'kill')
        yield* sleep(100)
        send({ name: 'third', host: 3 }, child)
      })
      world.run()
      expect(world.get(3).runtime.hosts.find(2)!.names.livingCount).toBe(0)
    })
  })

  it('are not held as living once what they name has ended, and are the same before', () => {
    onTwoHosts(
      function* () {
        const first = yield* getPid()
        for (let n = 0; n < 100; n++) {
          send(
            echo,
            spawn(function* () {}),
          )
        }
        yield* sleep(100)
        send('test', first === (yield* getPid()))
      },
      (world) => {
        expect(told(world)).toEqual([true])
        const { names } = world.get(2).runtime.hosts.find(1)!
        expect(names.livingCount).toBe(0)
        const [[, message]] = told(world, 2) as [[string, Pid]]
        expect(names.find(message.serial)).toBe(message)
      },
    )
  })

  it('of another host are no matter of isAlive', () => {
    onTwoHosts(
      function* () {
        const pid = yield* getPid()
        expect(() => isAlive(pid)).toThrow('is a process of another host')
      },
      () => {},
    )
  })
})

describe('calls', () => {
  it('are answered by the server or by another process', () => {
    onTwoHosts(
      function* () {
        yield* outcome({ type: 'echo', value: 1 })
        yield* outcome({ type: 'later', afterMs: 100 })
      },
      (world) => expect(told(world)).toEqual([1, 'late']),
    )
  })

  it('fail with the reason of a server that dies, with noproc, and at once without a host', () => {
    onTwoHosts(
      function* (world) {
        const dead = yield* getPid()
        yield* outcome({ type: 'crash' })
        yield* outcome({ type: 'who' })
        yield* outcome({ type: 'who' }, dead)
        const before = world.nowMs
        yield* outcome({ type: 'who' }, { name: 'echo', host: 9 })
        send('test', world.nowMs - before)
      },
      (world) => {
        const [crash, ...others] = told(world)
        expect(crash).toMatchObject({ name: 'RangeError', message: 'as asked' })
        expect(others).toEqual(['noproc', 'noproc', 'noconnection', 0])
        expect(crashesOf(world, 2)).toHaveLength(1)
      },
    )
  })

  it('never get an answer that comes after their limit', () => {
    onTwoHosts(
      function* () {
        yield* outcome({ type: 'later', afterMs: 500 }, echo, 200)
        yield* sleep(1_000)
        send('test', yield* receive(undefined, 0) as Body)
      },
      (world) => {
        expect(told(world)[0]).toBe('timeout')
        expect(typeof told(world)[1]).toBe('symbol')
      },
    )
  })

  it('fail once with noconnection when the host is lost, and never get an answer from its return', () => {
    forSeveralHosts(seeds, [1, 2], (world) => {
      startEcho(world, 2)
      const [wire] = world.connect(1, 2)
      world.run()
      const asker = world.get(1).spawn(function* () {
        yield* outcome({ type: 'later', afterMs: 600 })
        yield* sleep(2_000)
      })
      world.runFor(100)
      wire.cut()
      world.runFor(100)
      world.connect(1, 2)
      world.runFor(1_000)
      expect(told(world)).toEqual(['noconnection'])
      expect(world.get(1).runtime.info(asker)!.messages).toEqual([])
    })
  })

  it('of a caller who cannot run yet get no answer over the next connection either', () => {
    const world = new SeveralHosts(1, [1, 2])
    startEcho(world, 2)
    world.connect(1, 2)
    world.run()
    const { runtime } = world.get(1)
    const asker = runtime.spawn(function* () {
      yield* outcome({ type: 'never' })
      yield* sleep(2_000)
    })
    world.runFor(100)
    const { awaited: ref, mailbox } = (asker.target as
      { awaited: Ref; mailbox: object } | undefined)!
    const from = { pid: asker, ref }
    // As the next life of the connection would: the down lies in the mailbox, unread.
    runtime.hosts.find(2)!.connection!.end('test')
    answer(from, 'too late')
    expect((mailbox as { length: number }).length).toBe(1)
    world.runFor(1)
    expect(told(world)).toEqual(['noconnection'])
  })
})

describe('links and exits', () => {
  it('end both sides, with the reason, in either direction', () => {
    onTwoHosts(
      function* () {
        trapExits(true)
        const child = yield* call<Pid>(echo, { type: 'child' })
        link(child)
        sendExit(child, ['why', 1])
        send('test', yield* receive<ExitMessage>())
        const other = yield* call<Pid>(echo, { type: 'child' })
        const ref = monitor(other)
        spawnLink(function* () {
          link(other)
          exit(['here'])
        })
        const word = yield* receive<Down>((message) => (message as Down).ref === ref)
        send('test', word.reason)
      },
      (world) => {
        const exit = { type: 'exit', reason: ['why', 1] }
        expect(told(world)).toMatchObject([exit, ['here']])
      },
    )
  })

  it('to a dead process are answered with noproc, to a lost host with noconnection', () => {
    onTwoHosts(
      function* (world) {
        trapExits(true)
        const child = yield* call<Pid>(echo, { type: 'child' })
        sendExit(child, 'kill')
        link(child)
        send('test', (yield* receive<ExitMessage>()).reason)
        world.kill(2)
        yield* sleep(100)
        link(child)
        send('test', (yield* receive<ExitMessage>()).reason)
        const ref = monitor(child)
        const down = yield* receive<Down>()
        send('test', [down.reason, down.ref === ref, down.pid === child])
        monitor(echo)
        send('test', (yield* receive<Down>()).pid)
      },
      (world) => {
        const [first, ...rest] = told(world)
        // The kill and the link are two signals of one pair: the link finds a dead process.
        expect(first).toBe('noproc')
        expect(rest).toEqual(['noconnection', ['noconnection', true, true], echo])
      },
    )
  })

  it('kill untrappably, and are trapped otherwise', () => {
    onTwoHosts(
      function* () {
        const pid = yield* getPid()
        const ref = monitor(pid)
        sendExit(pid, 'kill')
        const down = yield* receive<Down>()
        send('test', [down.ref === ref, down.pid === pid, down.reason])
      },
      (world) => expect(told(world)).toEqual([[true, true, 'killed']]),
    )
  })

  it('have no effect after unlink, whenever the other side dies', () => {
    forSeveralHosts(200, [1, 2], (world) => {
      startEcho(world, 2)
      world.connect(1, 2)
      world.run()
      const dieAfterMs = world.random.below(100)
      world.get(1).spawn(function* () {
        trapExits(true)
        const child = yield* call<Pid>(echo, { type: 'child' })
        link(child)
        spawn(killer, child, dieAfterMs)
        yield* sleep(world.random.below(100))
        unlink(child)
        while (typeof (yield* receive(undefined, 0) as Body<unknown>) !== 'symbol');
        send('test', yield* receive(undefined, 1_000) as Body<unknown>)
      })
      function* killer(child: Pid, afterMs: number): Body {
        yield* sleep(afterMs)
        sendExit(child, 'shot')
      }
      world.run()
      expect(typeof told(world)[0]).toBe('symbol')
    })
  })

  it('stand or do not on both sides alike, however links and unlinks of both cross', () => {
    forSeveralHosts(300, [1, 2], (world) => {
      world.get(1).runtime.start(undefined, { name: 'left' }, tie, [world, 'right', 2])
      world.get(2).runtime.start(undefined, { name: 'right' }, tie, [world, 'left', 1])
      world.connect(1, 2)
      world.run()
      const [left, right] = [1, 2].map((n) => world.get(n).runtime)
      const info = [
        left!.info(left!.registry.find('left')!)!,
        right!.info(right!.registry.find('right')!)!,
      ]
      expect(info[0]!.links.length).toBe(info[1]!.links.length)
      for (const host of [1, 2]) expect(crashesOf(world, host)).toEqual([])
    })
    function* tie(world: SeveralHosts, name: string, host: number): Body {
      yield* sleep(100)
      send({ name, host }, self())
      const other = yield* receive<Pid>()
      for (let n = 0; n < 20; n++) {
        if (world.random.chance(0.5)) link(other)
        else unlink(other)
        if (world.random.chance(0.5)) yield* sleep(world.random.below(20))
      }
      yield* waits()
    }
  })
})

describe('monitors', () => {
  it('tell once, after all that the process sent before', () => {
    onTwoHosts(
      function* () {
        const child = yield* call<Pid>(echo, { type: 'child' })
        const ref = monitor(child)
        const again = monitor(echo)
        send(echo, 'something')
        yield* sleep(100)
        demonitor(again)
        sendExit(child, 'done')
        const down = yield* receive<Down>()
        send('test', [down.ref === ref, down.reason])
        yield* outcome({ type: 'crash' })
        send('test', typeof ((yield* receive(undefined, 500)) as unknown))
      },
      (world) =>
        expect(told(world)).toMatchObject([[true, 'done'], { name: 'RangeError' }, 'symbol']),
    )
  })

  it('see all messages of a process before its down', () => {
    forSeveralHosts(seeds, [1, 2], (world) => {
      world.connect(1, 2, { capacity: 3 })
      world.get(1).runtime.start(undefined, { name: 'watcher' }, watcher, [])
      world.run()
      world.get(2).spawn(function* () {
        send({ name: 'watcher', host: 1 }, self())
        yield* receive()
        for (let n = 0; n < 50; n++) send({ name: 'watcher', host: 1 }, n)
      })
      function* watcher(): Body {
        const other = yield* receive<Pid>()
        monitor(other)
        send(other, 'go')
        for (let n = 0; n < 51; n++) send('test', yield* receive())
      }
      world.run()
      const all = told(world)
      expect(all.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, n) => n))
      expect(all[50]).toMatchObject({ type: 'down', reason: 'normal' })
    })
  })

  it('say why when a reason cannot cross', () => {
    const world = new SeveralHosts(1, [1, 2])
    world.connect(1, 2)
    world.get(2).runtime.start(undefined, { name: 'odd' }, odd, [])
    world.run()
    function* odd(): Body {
      yield* receive()
      throw { because: () => 1 }
    }
    world.get(1).spawn(function* () {
      monitor({ name: 'odd', host: 2 })
      send({ name: 'odd', host: 2 }, 1)
      send('test', (yield* receive<Down>()).reason)
    })
    world.run()
    expect((told(world)[0] as Error).message).toMatch(/a function cannot be sent.*message\.because/)
  })

  it('and links tell noconnection once, however often and from whichever side the wire ends', () => {
    forSeveralHosts(seeds, [1, 2], (world) => {
      startEcho(world, 2)
      const [here, there] = world.connect(1, 2)
      world.run()
      const holder = world.get(1).spawn(function* () {
        trapExits(true)
        const pid = yield* getPid()
        link(pid)
        monitor(pid)
        monitor(echo)
        for (;;) send('test', ((yield* receive()) as Down | ExitMessage).reason)
      })
      world.runFor(200)
      const { links, monitors, monitoredNames } = world.get(1).runtime.info(holder)!
      expect([links.length, monitors.length, monitoredNames]).toEqual([1, 1, [echo]])
      world.random.pick([() => here.cut(), () => there.cut(), () => world.kill(2)])()
      world.runFor(200)
      if (world.get(2).isAlive) world.connect(1, 2)
      world.runFor(200)
      world.kill(2)
      world.run()
      expect(told(world)).toEqual(['noconnection', 'noconnection', 'noconnection'])
      const after = world.get(1).runtime.info(holder)!
      expect([after.links, after.monitors, after.monitoredNames]).toEqual([[], [], []])
    })
  })
})

describe('lives', () => {
  it('of a host are kept apart: what was meant for an old one never reaches a new one', () => {
    forSeveralHosts(seeds, [1, 2], (world) => {
      startEcho(world, 2)
      world.connect(1, 2)
      world.run()
      world.get(1).spawn(function* () {
        const old = yield* getPid()
        world.kill(2)
        world.start(2)
        startEcho(world, 2)
        world.connect(1, 2)
        yield* sleep(200)
        const fresh = yield* getPid()
        send(old, 'for the old one')
        sendExit(old, 'kill')
        monitor(old)
        send('test', (yield* receive<Down>()).reason)
        yield* outcome({ type: 'who' }, old)
        send('test', [String(old) === String(fresh), old === fresh])
        send(fresh, 'for the new one')
      })
      world.run()
      expect(told(world)).toEqual(['noproc', 'noproc', [true, false]])
      expect(told(world, 2)).toEqual([['info', 'for the new one']])
    })
  })

  it('go on after the connection of one was lost and made again: a pid of it works as before', () => {
    onTwoHosts(
      function* (world) {
        const pid = yield* getPid()
        world.get(2).wires[0]!.cut()
        yield* sleep(100)
        send(pid, 'lost')
        world.connect(1, 2)
        yield* sleep(100)
        send(pid, 'arrives')
        send('test', (yield* getPid()) === pid)
      },
      (world) => {
        expect(told(world)).toEqual([true])
        expect(told(world, 2)).toEqual([['info', 'arrives']])
      },
    )
  })
})
