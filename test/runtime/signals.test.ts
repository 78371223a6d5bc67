/*
 * Links, monitors and exit signals. First each rule of the Erlang Reference Manual ('Processes') by
 * itself, then all of them together: random histories of five processes, each step compared with a
 * model that is nothing but the table at the top of signals.ts.
 */
import { describe, expect, it } from 'vitest'
import {
  demonitor,
  exit,
  isAlive,
  link,
  monitor,
  receive,
  register,
  self,
  send,
  sendExit,
  sleep,
  spawn,
  spawnLink,
  spawnMonitor,
  timeout,
  trapExits,
  unlink,
  type Body,
  type Down,
  type ExitMessage,
  type Pid,
  type Ref,
} from '../../src/runtime'
import { Random } from '../support/random'
import { forSeeds, mayYield, World } from '../support/simulation'

const seeds = 200

/** Waits for a message and ends with it as its reason. */
function* endsAsTold(): Body {
  exit(yield* receive())
}

function* waits(): Body {
  yield* receive()
}

/** Runs `body` in each of many worlds; a crash of any process in it fails the test. */
function inWorlds(body: (world: World) => Body, check: (world: World) => void = () => {}): void {
  forSeeds(seeds, (world) => {
    world.spawn(body, world)
    world.run()
    expect(world.records).toEqual([])
    check(world)
  })
}

/** Why `body` ended. */
function reasonOf(body: () => Body): unknown {
  const world = new World(1)
  let reason: unknown
  world.spawn(function* () {
    spawnMonitor(body)
    reason = (yield* receive<Down>()).reason
  })
  world.run()
  return reason
}

describe('linked processes', () => {
  it('die together, with the same reason', () => {
    inWorlds(
      function* () {
        const reasons: unknown[] = []
        const one = spawn(function* () {
          const two = spawnLink(waits)
          send('test', two)
          yield* endsAsTold()
        })
        yield* sleep(1)
        monitor(one)
        send(one, 'boom')
        reasons.push((yield* receive<Down>()).reason)
      },
      ({ told, runtime }) => {
        expect(told).toHaveLength(1)
        expect(runtime.list()).toEqual([])
      },
    )
  })

  it('take no notice of a normal end', () => {
    inWorlds(function* () {
      const pid = spawn(function* () {
        spawnLink(function* () {})
        yield* receive()
      })
      yield* sleep(1)
      expect(isAlive(pid)).toBe(true)
      send(pid, 'end')
    })
  })

  it('who traps exits is told instead, of a normal end too', () => {
    inWorlds(function* () {
      trapExits(true)
      for (const reason of ['normal', 'shutdown', 'kill', 'boom', undefined, ['shutdown', 1]]) {
        const pid = spawnLink(endsAsTold)
        yield* mayYield()
        send(pid, reason)
        expect(yield* receive()).toEqual({ type: 'exit', from: pid, reason })
      }
    })
  })

  it('whoever ends by kill passes on killed, which can be trapped', () => {
    inWorlds(function* () {
      trapExits(true)
      const pid = spawnLink(waits)
      sendExit(pid, 'kill')
      expect(yield* receive()).toEqual({ type: 'exit', from: pid, reason: 'killed' })
    })
  })

  it('a reason kill that comes along a link can be trapped, and ends with kill who does not', () => {
    inWorlds(function* () {
      trapExits(true)
      const outer = spawnLink(function* () {
        spawnLink(function* () {
          exit('kill')
        })
        yield* receive()
      })
      expect(yield* receive()).toEqual({ type: 'exit', from: outer, reason: 'kill' })
    })
  })

  it('whichever comes first, the link or the death, the other hears of it', () => {
    const reasons = new Set<unknown>()
    inWorlds(function* () {
      trapExits(true)
      const pid = spawn(function* () {
        yield* mayYield()
        exit('boom')
      })
      yield* mayYield()
      yield* mayYield()
      link(pid)
      const word = yield* receive<ExitMessage>()
      expect(word.from).toBe(pid)
      reasons.add(word.reason)
      expect(yield* receive(undefined, 10)).toBe(timeout)
    })
    expect(reasons).toEqual(new Set(['boom', 'noproc']))
  })

  it('linking a dead process ends with noproc who does not trap', () => {
    expect(
      reasonOf(function* () {
        const { pid } = spawnMonitor(function* () {})
        yield* receive<Down>()
        link(pid)
        yield* receive()
      }),
    ).toBe('noproc')
  })

  it('linking a dead process sends noproc to who traps', () => {
    inWorlds(function* () {
      trapExits(true)
      const { pid } = spawnMonitor(function* () {})
      yield* receive<Down>()
      link(pid)
      expect(yield* receive()).toEqual({ type: 'exit', from: pid, reason: 'noproc' })
    })
  })

  it('linking oneself does nothing', () => {
    const world = new World(1)
    const pid = world.spawn(function* () {
      link(self())
      yield* receive()
    })
    world.run()
    expect(world.runtime.info(pid)?.links).toEqual([])
    expect(
      reasonOf(function* () {
        link(self())
        unlink(self())
        exit('went on')
      }),
    ).toBe('went on')
  })

  it('linking twice is one link: one message, and one unlink ends it', () => {
    inWorlds(function* () {
      trapExits(true)
      const pid = spawnLink(endsAsTold)
      link(pid)
      link(pid)
      send(pid, 'boom')
      yield* receive<ExitMessage>()
      expect(yield* receive(undefined, 5)).toBe(timeout)
      const other = spawnLink(endsAsTold)
      link(other)
      unlink(other)
      send(other, 'boom')
      expect(yield* receive(undefined, 5)).toBe(timeout)
    })
  })

  it('either side may unlink, and then neither hears of the other', () => {
    inWorlds(function* () {
      trapExits(true)
      const parent = self()
      const pid = spawnLink(function* () {
        unlink(parent)
        yield* mayYield()
        exit('boom')
      })
      monitor(pid)
      expect((yield* receive<Down | ExitMessage>()).type).toBe('down')
      expect(yield* receive(undefined, 5)).toBe(timeout)
    })
  })

  it('after unlink nothing of that link arrives any more, whatever the other does meanwhile', () => {
    inWorlds(function* () {
      trapExits(true)
      const pid = spawnLink(function* () {
        yield* mayYield()
        exit('boom')
      })
      yield* mayYield()
      yield* mayYield()
      unlink(pid)
      const before = yield* receive(undefined, 0)
      yield* sleep(5)
      // Either it was in the mailbox before the unlink, or it never comes.
      if (before !== timeout) expect(before).toEqual({ type: 'exit', from: pid, reason: 'boom' })
      expect(yield* receive(undefined, 0)).toBe(timeout)
    })
  })

  it('unlinking a stranger or a dead process is harmless', () => {
    inWorlds(function* () {
      unlink(spawn(waits))
      const { pid } = spawnMonitor(function* () {})
      yield* receive<Down>()
      unlink(pid)
    })
  })

  it('a chain of 100,000 dies without overflow, and tells in the order of the chain', () => {
    const world = new World(1, { fair: true })
    const length = 100_000
    function* chain(rest: number): Body {
      if (rest > 0) spawnLink(chain, rest - 1)
      yield* receive()
    }
    const first = world.spawn(chain, length - 1)
    world.run()
    expect(world.runtime.counts().processes).toBe(length)
    world.runtime.exit(first, 'boom')
    expect(world.runtime.counts().processes).toBe(0)
    world.run()
    expect(world.records).toEqual([])
  })

  it('a star of 100,000 dies as one, in a time that grows with their number and not with its square', () => {
    const world = new World(1, { fair: true })
    const middle = world.spawn(function* () {
      for (let count = 0; count < 100_000; count++) spawnLink(waits)
      yield* receive()
    })
    world.run()
    expect(world.runtime.counts().processes).toBe(100_001)
    world.runtime.exit(middle, 'boom')
    expect(world.runtime.counts().processes).toBe(0)
  })

  it('a ring, and a crowd all linked to one another, die once each', () => {
    inWorlds(function* () {
      const crowd = Array.from({ length: 12 }, () =>
        spawn(function* () {
          for (;;) {
            const word = yield* receive<Pid | string>()
            if (typeof word === 'string') exit(word)
            link(word)
          }
        }),
      )
      for (const one of crowd) for (const other of crowd) send(one, other)
      yield* sleep(1)
      const refs = crowd.map((pid) => monitor(pid))
      send(crowd[5]!, 'boom')
      const downs = []
      for (const _ of refs) downs.push(yield* receive<Down>())
      expect(new Set(downs.map((down) => down.ref))).toEqual(new Set(refs))
      expect(downs.every((down) => down.reason === 'boom')).toBe(true)
      expect(yield* receive(undefined, 5)).toBe(timeout)
    })
  })
})

describe('an exit signal that is sent', () => {
  it('normal to another is ignored, to oneself ends', () => {
    inWorlds(function* () {
      const pid = spawn(waits)
      sendExit(pid, 'normal')
      expect(isAlive(pid)).toBe(true)
      sendExit(pid, 'shutdown')
      expect(isAlive(pid)).toBe(false)
    })
    expect(
      reasonOf(function* () {
        sendExit(self(), 'normal')
        yield* receive()
      }),
    ).toBe('normal')
  })

  it('normal, trapping, becomes a message, from others and from oneself', () => {
    inWorlds(function* () {
      trapExits(true)
      sendExit(self(), 'normal')
      expect(yield* receive()).toEqual({ type: 'exit', from: self(), reason: 'normal' })
      spawn(function* (parent: Pid) {
        sendExit(parent, 'normal')
      }, self())
      expect(yield* receive()).toMatchObject({ type: 'exit', reason: 'normal' })
    })
  })

  it('kill cannot be trapped, and is seen as killed', () => {
    for (const traps of [false, true]) {
      const reason = reasonOf(function* () {
        trapExits(traps)
        const parent = self()
        spawn(function* () {
          sendExit(parent, 'kill')
        })
        for (;;) yield* receive()
      })
      expect(reason).toBe('killed')
    }
  })

  it('killed, sent, is a reason like others', () => {
    inWorlds(function* () {
      trapExits(true)
      sendExit(self(), 'killed')
      expect(yield* receive()).toMatchObject({ reason: 'killed' })
    })
  })

  it('needs no link, and leaves none', () => {
    inWorlds(function* () {
      trapExits(true)
      const pid = spawn(waits)
      sendExit(pid, 'boom')
      expect(yield* receive(undefined, 5)).toBe(timeout)
      expect(isAlive(pid)).toBe(false)
    })
  })

  it('trapping is judged when it arrives', () => {
    const ends = new Set<unknown>()
    inWorlds(function* () {
      const pid = spawn(function* () {
        yield* mayYield()
        trapExits(true)
        yield* mayYield()
        yield* receive<ExitMessage>()
        trapExits(false)
        yield* receive()
      })
      const ref = monitor(pid)
      yield* mayYield()
      sendExit(pid, 'first')
      const early = yield* receive<Down>(undefined, 5)
      if (early !== timeout) {
        expect(early).toEqual({ type: 'down', ref, pid, reason: 'first' })
        ends.add('first')
        return
      }
      sendExit(pid, 'second')
      expect(yield* receive()).toEqual({ type: 'down', ref, pid, reason: 'second' })
      ends.add('second')
    })
    expect(ends).toEqual(new Set(['first', 'second']))
  })

  it('trapExits gives what held before', () => {
    expect(
      reasonOf(function* () {
        exit([trapExits(true), trapExits(true), trapExits(false), trapExits(false)])
      }),
    ).toEqual([false, true, true, false])
  })

  it('to a dead process is harmless', () => {
    inWorlds(function* () {
      const { pid } = spawnMonitor(function* () {})
      yield* receive<Down>()
      sendExit(pid, 'boom')
      sendExit(pid, 'kill')
    })
  })
})

describe('a monitor', () => {
  it('tells of the end exactly once, with its reason, and of a normal end too', () => {
    inWorlds(function* () {
      for (const reason of ['normal', 'shutdown', 'boom', 'kill', undefined]) {
        const { pid, ref } = spawnMonitor(endsAsTold)
        send(pid, reason)
        yield* mayYield()
        expect(yield* receive()).toEqual({ type: 'down', ref, pid, reason })
        expect(yield* receive(undefined, 5)).toBe(timeout)
      }
    })
  })

  it('does not make its holder die, nor the other one with the holder', () => {
    inWorlds(function* () {
      const watched = spawn(waits)
      spawnMonitor(function* () {
        monitor(watched)
        exit('boom')
      })
      yield* receive<Down>()
      expect(isAlive(watched)).toBe(true)
      expect(self().target).toBeDefined()
      send(watched, 'end')
    })
  })

  it('on a dead process tells noproc at once', () => {
    inWorlds(function* () {
      const { pid } = spawnMonitor(function* () {})
      yield* receive<Down>()
      const ref = monitor(pid)
      expect(yield* receive(undefined, 0)).toEqual({ type: 'down', ref, pid, reason: 'noproc' })
      expect(yield* receive(undefined, 5)).toBe(timeout)
    })
  })

  it('whichever comes first, the monitor or the death, there is one down', () => {
    const reasons = new Set<unknown>()
    inWorlds(function* () {
      const pid = spawn(function* () {
        yield* mayYield()
        exit('boom')
      })
      yield* mayYield()
      yield* mayYield()
      const ref = monitor(pid)
      const down = yield* receive<Down>()
      expect([down.ref, down.pid]).toEqual([ref, pid])
      reasons.add(down.reason)
      expect(yield* receive(undefined, 5)).toBe(timeout)
    })
    expect(reasons).toEqual(new Set(['boom', 'noproc']))
  })

  it('by a name watches who has it now, and is noproc for a name that nobody has', () => {
    inWorlds(function* () {
      const none = monitor('sum')
      expect(yield* receive()).toMatchObject({ type: 'down', ref: none, reason: 'noproc' })
      const pid = spawn(function* () {
        register('sum')
        yield* endsAsTold()
      })
      yield* sleep(1)
      const ref = monitor('sum')
      send('sum', 'boom')
      expect(yield* receive()).toEqual({ type: 'down', ref, pid, reason: 'boom' })
    })
  })

  it('several on one process tell several times, each by its own ref', () => {
    inWorlds(function* () {
      const pid = spawn(endsAsTold)
      const refs = [monitor(pid), monitor(pid), monitor(pid)]
      demonitor(refs[1]!)
      send(pid, 'boom')
      const seen = [yield* receive<Down>(), yield* receive<Down>()].map((down) => down.ref)
      expect(new Set(seen)).toEqual(new Set([refs[0], refs[2]]))
      expect(yield* receive(undefined, 5)).toBe(timeout)
    })
  })

  it('tells after all that the process had sent', () => {
    inWorlds(function* () {
      const parent = self()
      const { ref } = spawnMonitor(function* () {
        for (let number = 0; number < 20; number++) {
          send(parent, number)
          yield* mayYield()
        }
        exit('boom')
      })
      const seen: unknown[] = []
      for (;;) {
        const word = yield* receive()
        if ((word as Down).ref === ref) break
        seen.push(word)
        yield* mayYield()
      }
      expect(seen).toEqual([...Array(20).keys()])
    })
  })

  it('once ended tells nothing, though its down lay in the mailbox already', () => {
    const cases = new Set<boolean>()
    inWorlds(function* () {
      const { pid, ref } = spawnMonitor(function* () {
        yield* mayYield()
        exit('boom')
      })
      yield* mayYield()
      yield* mayYield()
      cases.add(isAlive(pid))
      demonitor(ref)
      yield* sleep(5)
      expect(yield* receive(undefined, 0)).toBe(timeout)
    })
    expect(cases.size).toBe(2)
  })

  it('ending it takes no other message away', () => {
    inWorlds(function* () {
      const one = spawnMonitor(function* () {})
      const two = spawnMonitor(function* () {})
      yield* sleep(1)
      send(self(), { type: 'other', ref: one.ref })
      demonitor(one.ref)
      demonitor(one.ref)
      expect(yield* receive()).toMatchObject({ type: 'down', ref: two.ref })
      expect(yield* receive()).toEqual({ type: 'other', ref: one.ref })
    })
  })

  it('on oneself is harmless', () => {
    inWorlds(function* () {
      monitor(self())
      demonitor(monitor(self()))
      expect(yield* receive(undefined, 5)).toBe(timeout)
    })
  })

  it('whose holder died leaves nothing at the process that it watched', () => {
    inWorlds(function* ({ runtime }) {
      const watched = spawn(waits)
      spawnMonitor(function* () {
        monitor(watched)
        link(watched)
        unlink(watched)
      })
      yield* receive<Down>()
      expect(runtime.info(watched)).toMatchObject({ monitoredBy: [], links: [] })
      send(watched, 'end')
    })
  })
})

describe('ports', () => {
  it('take copies in the order sent, and cannot be linked', () => {
    const world = new World(1)
    const message = { list: [1] }
    world.spawn(function* () {
      send('test', message)
      message.list.push(2)
      send('test', message)
    })
    world.run()
    expect(world.told).toEqual([{ list: [1] }, { list: [1, 2] }])
    const port = world.runtime.registry.find('test')!
    expect(
      reasonOf(function* () {
        link(port)
        yield* receive()
      }),
    ).toBe('noproc')
  })
})

describe('a crowd under random words', () => {
  it('keeps its books at every step: links both ways, monitors both ways, names, and one down each', () => {
    forSeeds(seeds, (world) => {
      const crowd = Array.from({ length: 8 }, (_, at) => world.spawn(member, world, `m${at}`))
      for (const pid of crowd) world.runtime.send(pid, crowd)
      let turns = 0
      while (world.runtime.turn() !== undefined && turns++ < 300) {
        checkBooks(world)
        if (world.random.chance(0.2)) world.runFor(1)
      }
      for (const pid of world.runtime.list()) world.runtime.exit(pid, 'kill')
      checkBooks(world)
      world.run()
      expect(world.records).toEqual([])
    })
  })

  /** Does what chance says to the others, and complains when it runs though it has ended. */
  function* member(world: World, name: string): Body {
    const { random } = world
    const crowd = yield* receive<Pid[]>()
    const told = new Set<Ref>()
    const refs: Ref[] = []
    if (world.runtime.registry.find(name) === undefined) register(name)
    for (let turn = 0; turn < 30; turn++) {
      yield* mayYield()
      expect(isAlive(self())).toBe(true)
      const other = random.pick(crowd)
      const word = random.below(12)
      if (word < 3) link(other)
      if (word === 3) unlink(other)
      if (word === 4 || word === 5) refs.push(monitor(other))
      if (word === 6 && refs.length > 0) demonitor(random.pick(refs))
      if (word === 7) trapExits(random.chance(0.7))
      if (word === 8 && random.chance(0.2)) sendExit(other, random.pick(['boom', 'kill', 'normal']))
      if (word === 9 && random.chance(0.2)) exit(random.pick(['boom', 'normal']))
      if (word === 10) crowd.push(spawnLink(waits))
      const heard = yield* receive<Down>(
        (message) => (message as Down).type === 'down',
        random.below(2),
      )
      if (heard === timeout) continue
      expect(told.has(heard.ref)).toBe(false)
      told.add(heard.ref)
    }
  }

  function checkBooks({ runtime }: World): void {
    const living = new Map(runtime.list().map((pid) => [pid, runtime.info(pid)!]))
    const count = (list: readonly Pid[] = [], pid: Pid) =>
      list.filter((each) => each === pid).length
    const wrong: string[] = []
    for (const [pid, { name, links, monitors, monitoredBy }] of living) {
      const here = (list: readonly Pid[], there: 'links' | 'monitors' | 'monitoredBy') =>
        list.every((other) => count(list, other) === count(living.get(other)?.[there], pid))
      if (!here(links, 'links')) wrong.push(`links of ${pid}`)
      if (!here(monitors, 'monitoredBy')) wrong.push(`monitors of ${pid}`)
      if (!here(monitoredBy, 'monitors')) wrong.push(`monitors on ${pid}`)
      if (name !== undefined && runtime.registry.find(name) !== pid) wrong.push(`name of ${pid}`)
    }
    for (let at = 0; at < 8; at++) {
      const holder = runtime.registry.find(`m${at}`)
      if (holder && living.get(holder)?.name !== `m${at}`) wrong.push(`holder of m${at}`)
    }
    expect(wrong).toEqual([])
  }
})

describe('histories of five processes', () => {
  it('go as the table of signals says', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const random = new Random(seed)
      const world = new World(seed)
      const model = new Model(5)
      const pids = Array.from({ length: 5 }, () => world.spawn(puppet))
      const told = (): string[][] =>
        pids.map(
          (pid) => world.runtime.info(pid)?.messages.map((message) => named(message, pids)) ?? [],
        )
      for (let turn = 0; turn < 40; turn++) {
        const who = random.below(5)
        const deed = model.randomDeed(random, who)
        if (model.alive(who)) {
          world.runtime.send(pids[who]!, { type: 'deed', deed, other: pids[deed.other] })
          model.do(who, deed)
        }
        world.settle()
        const place = `seed ${seed}, turn ${turn}: ${who} ${JSON.stringify(deed)}`
        expect(pids.map(isAlive), place).toEqual(pids.map((_, at) => model.alive(at)))
        expect(told().map(inPairs), place).toEqual(model.mailboxes().map(inPairs))
        expect(linksOf(world, pids), place).toEqual(model.links())
      }
    }
  })
})

/**
 * What a process of a history does next. Monitors are numbered by their holder, in the order of
 * setting.
 */
interface Deed {
  readonly word:
    'link' | 'unlink' | 'monitor' | 'demonitor' | 'exit' | 'sendExit' | 'trap' | 'untrap' | 'take'
  readonly other: number
  readonly reason: string
  readonly monitor: number
}

const isDeed = (message: unknown): message is { deed: Deed; other: Pid } =>
  (message as { type?: string }).type === 'deed'

/** Does the deeds that it is sent, and leaves all other messages in its mailbox. */
function* puppet(): Body {
  const refs: Ref[] = []
  for (;;) {
    const { deed, other } = yield* receive(isDeed)
    if (deed.word === 'link') link(other)
    if (deed.word === 'unlink') unlink(other)
    if (deed.word === 'monitor') refs.push(monitor(other))
    if (deed.word === 'demonitor' && refs[deed.monitor]) demonitor(refs[deed.monitor]!)
    if (deed.word === 'exit') exit(deed.reason)
    if (deed.word === 'sendExit') sendExit(other, deed.reason)
    if (deed.word === 'trap' || deed.word === 'untrap') trapExits(deed.word === 'trap')
    if (deed.word === 'take') {
      yield* receive((message) => !isDeed(message) && senderOf(message as Down) === other, 0)
    }
  }
}

const senderOf = (word: Down | ExitMessage): Pid =>
  word.type === 'down' ? (word.pid as Pid) : word.from

/** A message as text, with processes by their index. */
function named(message: unknown, pids: readonly Pid[]): string {
  const word = message as Down | ExitMessage
  return `${pids.indexOf(senderOf(word))} ${word.type} ${String(word.reason)}`
}

/**
 * Order is promised between each pair only: messages of one sender stay in order, senders are
 * sorted.
 */
const inPairs = (texts: readonly string[]): string[] =>
  [...texts].sort((one, other) => Number(one[0]) - Number(other[0]))

function linksOf(world: World, pids: readonly Pid[]): string[] {
  return pids.map((pid) =>
    (world.runtime.info(pid)?.links ?? [])
      .map((other) => pids.indexOf(other))
      .sort()
      .join(),
  )
}

/** The rules of signals, as plain as they can be written. */
class Model {
  private readonly ended = new Set<number>()
  private readonly traps = new Set<number>()
  private readonly linked = new Set<string>()
  private readonly boxes: { text: string; monitor?: number }[][]
  /** Monitors in the order of setting: holder, whom, which of the holder's. */
  private monitors: { holder: number; whom: number; number: number }[] = []
  private readonly counts: number[]

  constructor(size: number) {
    this.boxes = Array.from({ length: size }, () => [])
    this.counts = Array<number>(size).fill(0)
  }

  alive = (who: number): boolean => !this.ended.has(who)

  mailboxes = (): string[][] =>
    this.boxes.map((box, who) => (this.alive(who) ? box.map(({ text }) => text) : []))

  links = (): string[] =>
    this.boxes.map((_, who) =>
      this.boxes
        .map((_, other) => other)
        .filter((other) => this.alive(other) && this.linked.has(pair(who, other)))
        .join(),
    )

  randomDeed(random: Random, who: number): Deed {
    const words = [
      'link',
      'link',
      'monitor',
      'monitor',
      'trap',
      'take',
      'unlink',
      'demonitor',
      'untrap',
    ]
    // Deaths are rarer, or a history is over before it begins.
    const word = random.chance(0.12) ? random.pick(['exit', 'sendExit']) : random.pick(words)
    return {
      word: word as Deed['word'],
      other: random.below(this.boxes.length),
      reason: random.pick(['normal', 'kill', 'boom', 'shutdown']),
      monitor: random.below(this.counts[who]! + 1),
    }
  }

  do(who: number, { word, other, reason, monitor }: Deed): void {
    if (word === 'link' && who !== other) {
      if (this.alive(other)) this.linked.add(pair(who, other))
      else this.signal(who, other, 'noproc')
    }
    if (word === 'unlink') this.linked.delete(pair(who, other))
    if (word === 'monitor') {
      const number = this.counts[who]!++
      if (this.alive(other)) this.monitors.push({ holder: who, whom: other, number })
      else this.boxes[who]!.push({ text: `${other} down noproc`, monitor: number })
    }
    if (word === 'demonitor') {
      const isIt = (each: { holder: number; number: number }) =>
        each.holder === who && each.number === monitor
      this.monitors = this.monitors.filter((each) => !isIt(each))
      this.boxes[who] = this.boxes[who]!.filter((message) => message.monitor !== monitor)
    }
    if (word === 'exit') this.end(who, reason)
    if (word === 'sendExit' && this.alive(other)) {
      if (reason === 'kill') this.end(other, 'killed')
      else this.signal(other, who, reason)
    }
    if (word === 'trap') this.traps.add(who)
    if (word === 'untrap') this.traps.delete(who)
    if (word === 'take' && this.alive(who)) {
      const box = this.boxes[who]!
      const at = box.findIndex(({ text }) => text.startsWith(String(other)))
      if (at >= 0) box.splice(at, 1)
    }
  }

  private signal(to: number, from: number, reason: string): void {
    if (this.traps.has(to)) this.boxes[to]!.push({ text: `${from} exit ${reason}` })
    else if (reason !== 'normal' || from === to) this.end(to, reason)
  }

  /** Deaths spread in waves: all links of one are told before those of the next. */
  private end(first: number, why: string): void {
    const wave = [{ who: first, reason: why }]
    this.ended.add(first)
    for (const { who, reason } of wave) {
      this.monitors = this.monitors.filter(({ holder }) => holder !== who)
      for (const other of this.linksInOrder(who)) {
        this.linked.delete(pair(who, other))
        if (this.traps.has(other)) this.boxes[other]!.push({ text: `${who} exit ${reason}` })
        else if (reason !== 'normal') {
          this.ended.add(other)
          wave.push({ who: other, reason })
        }
      }
      for (const { holder, number } of this.monitors.filter(({ whom }) => whom === who)) {
        if (!this.alive(holder)) continue
        this.boxes[holder]!.push({ text: `${who} down ${reason}`, monitor: number })
      }
      this.monitors = this.monitors.filter(({ whom }) => whom !== who)
    }
  }

  private linksInOrder(who: number): number[] {
    return this.boxes
      .map((_, other) => other)
      .filter((other) => this.linked.has(pair(who, other)) && this.alive(other))
  }
}

const pair = (one: number, other: number): string =>
  one < other ? `${one}-${other}` : `${other}-${one}`
