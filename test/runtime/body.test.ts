/*
 * The words of process code: spawn, send, receive, sleep, timers, exit. What they promise is what
 * the Erlang Reference Manual promises of theirs, under every order that 200 seeds can think of.
 */
import { describe, expect, it } from 'vitest'
import {
  demonitor,
  exit,
  isAlive,
  link,
  log,
  monitor,
  now,
  receive,
  register,
  self,
  send,
  sendAfter,
  sendAt,
  sendExit,
  setLabel,
  sleep,
  spawn,
  spawnLink,
  spawnMonitor,
  spawnWith,
  timeout,
  trapExits,
  whereis,
  type Body,
  type Down,
  type ExitMessage,
  type Pid,
  Runtime,
  type LogRecord,
} from '../../src/runtime'
import { killsItself, reader, writer, type Letter } from '../support/letters.process'
import { forSeeds, mayYield, World } from '../support/simulation'

const seeds = 200

/** Runs one body to its end and gives what it returned or why it ended. */
function outcome<Value>(body: () => Body<Value>, world = new World(1)): Value {
  let value: Value | undefined
  let reason: unknown
  world.spawn(function* () {
    spawnMonitor(function* () {
      value = yield* body()
    })
    reason = (yield* receive<Down>()).reason
  })
  world.run()
  if (reason !== 'normal') throw reason
  return value as Value
}

describe('send', () => {
  it('keeps the order between each pair of processes', () => {
    forSeeds(seeds, (world) => {
      const receivers = [world.spawn(reader, 45), world.spawn(reader, 45)]
      for (let count = 0; count < 3; count++) world.spawn(writer, receivers, 15)
      world.run()
      expect(world.told).toHaveLength(2)
      for (const letters of world.told as Letter[][]) {
        for (const from of new Set(letters.map((letter) => letter.from))) {
          const numbers = letters
            .filter((letter) => letter.from === from)
            .map((each) => each.number)
          expect(numbers).toEqual([...numbers.keys()])
        }
      }
    })
  })

  it('interleaves different senders freely', () => {
    const orders = new Set<string>()
    forSeeds(50, (world) => {
      const receiver = world.spawn(reader, 12)
      for (let count = 0; count < 3; count++) world.spawn(writer, [receiver], 4)
      world.run()
      const letters = world.told[0] as Letter[]
      orders.add(letters.map(({ from }) => from.serial).join(' '))
    })
    expect(orders.size).toBeGreaterThan(10)
  })

  it('reaches the sender itself', () => {
    const seen = outcome(function* () {
      send(self(), 1)
      send(self(), 2)
      return [yield* receive(), yield* receive()]
    })
    expect(seen).toEqual([1, 2])
  })

  it('to a dead process is lost silently', () => {
    const alive = outcome(function* () {
      const { pid } = spawnMonitor(function* () {})
      yield* receive<Down>()
      send(pid, 'lost')
      return isAlive(pid)
    })
    expect(alive).toBe(false)
  })

  it('to a name that nobody has ends the sender', () => {
    expect(() =>
      outcome(function* () {
        send('nobody', 1)
      }),
    ).toThrow("no process is registered as 'nobody'")
  })

  it('of what cannot be copied is an error of the sender, and nothing arrives', () => {
    const seen = outcome(function* () {
      let caught: unknown
      try {
        send(self(), { deep: [new Promise(() => {})] })
      } catch (error) {
        caught = error
      }
      return [caught, yield* receive(undefined, 0)]
    })
    expect(seen[0]).toBeInstanceOf(TypeError)
    expect(String(seen[0])).toContain('Promise')
    expect(seen[1]).toBe(timeout)
  })
})

describe('messages are copies', () => {
  it('a change by the sender after sending is not seen, nor one by the receiver', () => {
    const mine = { list: [1] }
    const theirs: { list: number[] }[] = []
    outcome(function* () {
      const parent = self()
      const child = spawn(function* () {
        const message = yield* receive<{ list: number[] }>()
        message.list.push(3)
        theirs.push(message)
        send(parent, 'done')
      })
      send(child, mine)
      mine.list.push(2)
      yield* receive()
    })
    expect(mine.list).toEqual([1, 2])
    expect(theirs).toEqual([{ list: [1, 3] }])
  })

  it('so are the arguments of spawn', () => {
    const given = { list: [1] }
    const seen: unknown[] = []
    outcome(function* () {
      spawnMonitor(function* (argument: { list: number[] }) {
        seen.push([...argument.list])
        argument.list.push(3)
      }, given)
      given.list.push(2)
      yield* receive<Down>()
    })
    expect(seen).toEqual([[1]])
    expect(given.list).toEqual([1, 2])
  })

  it('so are exit reasons, as an exit signal, by a link and by a monitor', () => {
    const reason = { list: [1] }
    const seen: unknown[] = []
    outcome(function* () {
      const dies = function* (): Body {
        const given = yield* receive<unknown[]>()
        exit(given[0])
      }
      const watcher = function* (how: string, ready: Pid): Body {
        trapExits(true)
        const pid = how === 'link' ? spawnLink(dies) : spawnMonitor(dies).pid
        send(ready, how === 'signal' ? self() : pid)
        const word = yield* receive<Down | ExitMessage>()
        seen.push((word.reason as { list: number[] }).list.join())
        ;(word.reason as { list: number[] }).list.push(9)
      }
      for (const how of ['signal', 'link', 'monitor']) {
        spawn(watcher, how, self())
        const whom = yield* receive<Pid>()
        if (how === 'signal') sendExit(whom, reason)
        else send(whom, [reason])
        reason.list.push(2)
        yield* sleep(1)
        reason.list.pop()
      }
    })
    expect(seen).toEqual(['1', '1', '1'])
    expect(reason.list).toEqual([1])
  })

  it('two watchers of one death do not share its reason', () => {
    const seen: unknown[] = []
    outcome(function* () {
      const dead = spawn(function* () {
        yield* receive()
        exit({ list: [1] })
      })
      for (const mark of [2, 3]) {
        spawn(function* () {
          monitor(dead)
          const { reason } = yield* receive<Down>()
          ;(reason as { list: number[] }).list.push(mark)
          seen.push(reason)
        })
      }
      yield* sleep(1)
      send(dead, 'go')
    })
    expect(seen).toContainEqual({ list: [1, 2] })
    expect(seen).toContainEqual({ list: [1, 3] })
  })

  it('a message that is sent later is copied when sending is asked for', () => {
    const seen = outcome(function* () {
      const message = { list: [1] }
      sendAfter(10, self(), message)
      message.list.push(2)
      return yield* receive()
    })
    expect(seen).toEqual({ list: [1] })
  })

  it('an exit reason that cannot be copied is an error of who sends it', () => {
    const seen = outcome(function* () {
      const other = spawn(function* () {
        yield* receive()
      })
      let caught: unknown
      try {
        sendExit(other, new WeakMap())
      } catch (error) {
        caught = error
      }
      return [caught instanceof TypeError, isAlive(other)]
    })
    expect(seen).toEqual([true, true])
  })

  it('who ends with a reason that cannot be copied is told so', () => {
    const down = outcome(function* () {
      spawnMonitor(function* () {
        exit(new WeakMap())
      })
      return yield* receive<Down>()
    })
    expect(down.reason).toBeInstanceOf(TypeError)
    expect(String(down.reason)).toContain('WeakMap')
  })
})

describe('receive', () => {
  it('takes the first that matches and leaves the others in their order', () => {
    forSeeds(seeds, (world, seed) => {
      const { random } = world
      const model: number[] = []
      world.spawn(function* () {
        for (let turn = 0; turn < 60; turn++) {
          const coming = Array.from({ length: random.below(4) }, () => random.below(6))
          model.push(...coming)
          const parent = self()
          spawn(function* () {
            for (const number of coming) {
              send(parent, number)
              yield* mayYield()
            }
            send(parent, 'all sent')
          })
          yield* receive((message) => message === 'all sent')
          const wanted = random.below(6)
          const got = yield* receive<number>((message) => message === wanted, 0)
          const at = model.indexOf(wanted)
          expect(got).toBe(at < 0 ? timeout : wanted)
          if (at >= 0) model.splice(at, 1)
        }
        expect(yield* drained()).toEqual(model)
        world.told.push('checked')
      })
      world.run()
      expect(world.told, `seed ${seed}: ${String(world.records[0]?.['reason'])}`).toEqual([
        'checked',
      ])
    })
  })

  it('a limit of 0 looks and does not wait', () => {
    const seen = outcome(function* () {
      const none = yield* receive(undefined, 0)
      send(self(), 'a')
      return [
        none,
        yield* receive((message) => message === 'b', 0),
        yield* receive(undefined, 0),
        now(),
      ]
    })
    expect(seen).toEqual([timeout, timeout, 'a', 0])
  })

  it('waits exactly until its limit has passed, and never less', () => {
    for (const [nowMs, limitMs, endMs] of [
      [0, 250, 250],
      [10.75, 1, 12],
      [10.75, 0.2, 11],
      [1e12, 86_400_000, 1e12 + 86_400_000],
    ] as const) {
      const seen = outcome(
        function* () {
          const word = yield* receive(undefined, limitMs)
          return [word, now()]
        },
        new World(1, { nowMs }),
      )
      expect(seen).toEqual([timeout, endMs])
    }
  })

  it('a message that does not match neither ends nor prolongs the limit', () => {
    const seen = outcome(function* () {
      for (const ms of [30, 60, 90]) sendAfter(ms, self(), 'other')
      const word = yield* receive((message) => message === 'wanted', 100)
      return [word, now(), yield* drained()]
    })
    expect(seen).toEqual([timeout, 100, ['other', 'other', 'other']])
  })

  it('when message and limit fall together, one of them wins and nothing is lost', () => {
    const winners = new Set<unknown>()
    forSeeds(seeds, (world) => {
      let word: unknown
      let rest: unknown
      let endMs = 0
      const waits = world.spawn(function* () {
        yield* mayYield()
        word = yield* receive((message) => message === 'word', 10)
        // The limit of the receive before must not cut this one short.
        yield* receive((message) => message === 'never', 25)
        endMs = now()
        rest = yield* receive(undefined, 0)
      })
      world.spawn(function* () {
        yield* sleep(10)
        send(waits, 'word')
      })
      world.run()
      winners.add(word)
      expect([word, rest]).toEqual(word === timeout ? [timeout, 'word'] : ['word', timeout])
      expect(endMs).toBe(35)
    })
    expect(winners.size).toBe(2)
  })

  it('a message in time leaves no limit behind', () => {
    const world = new World(1)
    world.spawn(function* () {
      sendAfter(5, self(), 'here')
      yield* receive(undefined, 3_600_000)
      yield* receive()
    })
    world.run()
    expect(world.nowMs).toBe(5)
  })

  it('a match that throws leaves no limit behind that cuts a later one short', () => {
    const endMs = outcome(function* () {
      sendAfter(5, self(), 'bad')
      try {
        yield* receive(() => {
          throw new Error('bad match')
        }, 10)
      } catch {
        // The process goes on.
      }
      yield* receive((message) => message === 'never', 50)
      return now()
    })
    expect(endMs).toBe(55)
  })

  it.each([
    [undefined],
    [null],
    [false],
    [0],
    [''],
    [Number.NaN],
    ['timeout'],
    [10n],
    [Symbol.iterator],
  ])('takes %s as any other message', (message) => {
    const seen = outcome(function* () {
      send(self(), message)
      return [yield* receive(undefined, 10), now()]
    })
    expect(seen).toEqual([message, 0])
  })

  it('a limit that is no number ends the caller', () => {
    expect(() =>
      outcome(function* () {
        yield* receive(undefined, Number.NaN)
      }),
    ).toThrow('NaN')
  })
})

describe('sleep', () => {
  it('waits its time while messages wait too', () => {
    const seen = outcome(function* () {
      for (const ms of [1, 40, 99]) sendAfter(ms, self(), ms)
      yield* sleep(100)
      return [now(), yield* drained()]
    })
    expect(seen).toEqual([100, [1, 40, 99]])
  })

  it('of 0 goes on at once', () => {
    expect(
      outcome(function* () {
        yield* sleep(0)
        return now()
      }),
    ).toBe(0)
  })
})

describe('sendAfter', () => {
  it('delivers once, when its time has come', () => {
    const seen = outcome(function* () {
      sendAfter(20, self(), 'b')
      sendAfter(10, self(), 'a')
      const seen = [yield* receive(), now(), yield* receive(), now()]
      return [...seen, yield* receive(undefined, 1_000)]
    })
    expect(seen).toEqual(['a', 10, 'b', 20, timeout])
  })

  it('says whether cancelling came in time', () => {
    const seen = outcome(function* () {
      const early = sendAfter(10, self(), 'early')
      const late = sendAfter(10, self(), 'late')
      const cancelled = early.cancel()
      yield* sleep(20)
      return [cancelled, early.cancel(), late.cancel(), yield* drained()]
    })
    expect(seen).toEqual([true, false, false, ['late']])
  })

  it('to a process that has ended meanwhile is lost', () => {
    const world = new World(1)
    world.spawn(function* () {
      sendAfter(
        10,
        spawn(function* () {}),
        'lost',
      )
    })
    world.run()
    expect(world.records).toEqual([])
    expect(world.nowMs).toBe(10)
  })

  it('of its own sender that has ended is still delivered', () => {
    const seen = outcome(function* () {
      spawn(function* (parent: Pid) {
        sendAfter(10, parent, 'late')
      }, self())
      return [yield* receive(), now()]
    })
    expect(seen).toEqual(['late', 10])
  })
})

describe('spawn', () => {
  it.each([undefined, null, 'sum', 7])('of %j, no function, is an error of the parent', (odd) => {
    const world = new World(1)
    world.spawn(function* () {
      spawn(odd as unknown as () => Body)
    })
    world.run()
    const reason = world.records[0]?.['reason']
    expect(String(reason)).toBe(`TypeError: a body must not be ${String(odd)}`)
    expect(world.runtime.list()).toEqual([])
  })

  it('a body that is no generator function crashes its own process', () => {
    const down = outcome(function* () {
      spawnMonitor((() => 1) as never)
      return yield* receive<Down>()
    })
    expect(String(down.reason)).toContain('not a generator function')
  })

  it('a body that yields what no word yields crashes, and stays visible to nobody', () => {
    for (const odd of [undefined, 1, 'waiting', {}, null]) {
      const down = outcome(function* () {
        spawnMonitor(function* () {
          for (;;) yield odd as never
        })
        return yield* receive<Down>()
      })
      expect(down.reason).toBeInstanceOf(TypeError)
    }
  })

  it('monitors and links before the first line of the new process', () => {
    forSeeds(seeds, (world) => {
      let seen: unknown
      world.spawn(function* () {
        trapExits(true)
        const { pid, ref } = spawnWith({ link: true, monitor: true }, function* () {
          throw new Error('at once')
        })
        yield* mayYield()
        const words = [yield* receive<ExitMessage | Down>(), yield* receive<ExitMessage | Down>()]
        seen = words.map((word) => [
          word.type,
          (word.reason as Error).message,
          word.type === 'down' ? word.ref === ref : word.from === pid,
        ])
      })
      world.run()
      expect(seen).toEqual([
        ['exit', 'at once', true],
        ['down', 'at once', true],
      ])
    })
  })

  it('arguments that cannot be copied are an error of the parent, and nothing starts', () => {
    const world = new World(1)
    expect(() =>
      outcome(function* () {
        spawn(function* (_: unknown) {}, new WeakSet())
      }, world),
    ).toThrow('WeakSet')
    expect(world.runtime.list()).toEqual([])
  })
})

describe('a process that is killed', () => {
  it('runs no further turn in its own slice, no catch and no finally', () => {
    forSeeds(seeds, (world) => {
      const marks: string[] = []
      const pid = world.spawn(killsItself, (line: string) => marks.push(line))
      world.run()
      expect(marks).toEqual([])
      expect(isAlive(pid)).toBe(false)
    })
  })

  it('by others runs no finally either', () => {
    forSeeds(seeds, (world) => {
      const marks: string[] = []
      const victim = world.spawn(function* () {
        try {
          for (;;) yield* mayYield()
        } finally {
          marks.push('finally')
        }
      })
      world.spawn(function* () {
        yield* mayYield()
        sendExit(victim, 'kill')
      })
      world.run()
      expect(marks).toEqual([])
      expect(world.runtime.list()).toEqual([])
    })
  })

  it('in its own slice does nothing more to anybody, until its next check takes it away', () => {
    const world = new World(1)
    let bystander: Pid | undefined
    const marks: string[] = []
    world.spawn(function* () {
      const other = (bystander = spawn(function* () {
        for (;;) marks.push(String(yield* receive()))
      }))
      yield* sleep(1)
      sendExit(self(), 'kill')
      send(other, 'message')
      spawn(function* () {
        marks.push('child')
      })
      spawnLink(function* () {
        marks.push('linked child')
      })
      spawnMonitor(function* () {
        marks.push('monitored child')
      })
      link(other)
      monitor(other)
      sendAfter(5, other, 'later')
      sendExit(other, 'kill')
      log({ level: 'info', event: 'of the dead' })
      trapExits(true)
      setLabel('ghost')
      register('ghost')
      yield* receive(undefined, 10)
      marks.push('after')
    })
    world.run()
    const info = world.runtime.info(bystander!)
    expect(info).toMatchObject({ links: [], monitors: [], monitoredBy: [], messages: [] })
    expect(marks).toEqual([])
    expect(world.records).toEqual([])
    expect(world.runtime.registry.find('ghost')).toBeUndefined()
    expect(world.runtime.list()).toEqual([bystander])
    expect(world.nowMs).toBe(1)
  })

  it('leaves no limit behind', () => {
    const world = new World(1)
    const pid = world.spawn(function* () {
      yield* receive(undefined, 3_600_000)
    })
    world.settle()
    world.runtime.exit(pid, 'kill')
    world.run()
    expect(world.nowMs).toBe(0)
  })
})

describe('exit', () => {
  it('ends the process with its reason, from a plain function too', () => {
    const plain = () => exit('enough')
    const down = outcome(function* () {
      spawnMonitor(function* () {
        plain()
      })
      return yield* receive<Down>()
    })
    expect(down.reason).toBe('enough')
  })

  it('may be caught, and then the process goes on', () => {
    expect(
      outcome(function* () {
        try {
          exit('enough')
        } catch {
          return 'went on'
        }
      }),
    ).toBe('went on')
  })

  it('with normal ends like a return', () => {
    const down = outcome(function* () {
      spawnMonitor(function* () {
        exit('normal')
      })
      return yield* receive<Down>()
    })
    expect(down.reason).toBe('normal')
  })

  it('what a body throws is its reason, whatever it is', () => {
    for (const thrown of [undefined, null, 0, 'text', { a: 1 }]) {
      const down = outcome(function* () {
        spawnMonitor(function* () {
          throw thrown
        })
        return yield* receive<Down>()
      })
      expect(down.reason).toEqual(thrown)
    }
  })
})

describe('words outside of a process', () => {
  it('throw', () => {
    const words: [string, () => unknown][] = [
      ['self', self],
      ['send', () => send('test', 1)],
      ['spawn', () => spawn(function* () {})],
      ['monitor', () => monitor('test')],
      ['demonitor', () => demonitor(undefined as never)],
      ['whereis', () => whereis('test')],
      ['receive', () => receive().next()],
    ]
    for (const [name, word] of words) expect(word, name).toThrow('no process is running')
  })
})

/** Takes all that lies in the mailbox. */
function* drained(): Body<unknown[]> {
  const messages: unknown[] = []
  for (;;) {
    const message = yield* receive(undefined, 0)
    if (message === timeout) return messages
    messages.push(message)
  }
}

describe('sendAt', () => {
  it('delivers at a moment of the monotonic clock, and can be cancelled', () => {
    const world = new World(1, { nowMs: 5_000 })
    const got: [unknown, number][] = []
    const receiver = world.spawn(function* () {
      for (;;) got.push([yield* receive(), world.nowMs])
    })
    world.spawn(function* () {
      sendAt(5_040, receiver, 'later')
      sendAt(5_010, receiver, 'soon')
      send('test', sendAt(5_020, receiver, 'never').cancel())
    })
    world.run()
    expect(got).toEqual([
      ['soon', 5_010],
      ['later', 5_040],
    ])
    expect(world.told).toEqual([true])
  })
})

describe('a mailbox that is full', () => {
  it('ends its process as mailbox_full, which is told and logged, and no other', () => {
    const records: LogRecord[] = []
    const runtime = new Runtime({
      now: () => 0,
      random: () => 0,
      log: (record) => records.push(record),
      mailboxLimit: 100,
    })
    const reasons: unknown[] = []
    const deaf = runtime.spawn(function* () {
      yield* receive((message) => message === 'never')
    })
    const calm = runtime.spawn(function* () {
      yield* receive((message) => message === 'never')
    })
    runtime.spawn(function* () {
      monitor(deaf)
      reasons.push((yield* receive<Down>()).reason)
    })
    while (runtime.turn() === 0);
    for (let count = 0; count < 100; count++) {
      runtime.send(deaf, count)
      runtime.send(calm, count)
    }
    expect(runtime.info(deaf)?.mailboxLength).toBe(100)
    runtime.send(deaf, 'one too many')
    while (runtime.turn() === 0);
    expect(reasons).toEqual(['mailbox_full'])
    expect(records.map(({ event }) => event)).toEqual(['mailbox_full'])
    expect(isAlive(calm)).toBe(true)
  })
})
