/*
 * Servers in the manner of gen_server: calls, casts, other messages, stopping, and all the ways in
 * which a call may fail.
 */
import { describe, expect, it } from 'vitest'
import {
  answer,
  call,
  CallFailed,
  cast,
  exit,
  ignore,
  isAlive,
  monitor,
  noReply,
  now,
  receive,
  register,
  reply,
  self,
  send,
  sendAfter,
  sendExit,
  server,
  sleep,
  spawn,
  spawnLink,
  spawnMonitor,
  stop,
  timeout,
  trapExits,
  type Body,
  type Down,
  type ExitReason,
  type From,
  type Pid,
  type ServerModule,
  type Started,
} from '../../src/runtime'
import { startLink } from '../../src/runtime/start'
import { forSeeds, mayYield, World } from '../support/simulation'

const seeds = 200

/** A server that does what its requests say. */
const obeys: ServerModule<number, [traps?: boolean]> = {
  *init(traps = false) {
    trapExits(traps)
    yield* mayYield()
    return 0
  },
  *handleCall(request, from, state) {
    yield* mayYield()
    const [word, argument] = request as [string, unknown]
    if (word === 'add') return reply(state + (argument as number), state + (argument as number))
    if (word === 'echo') return reply(argument, state)
    if (word === 'silent') return noReply(state)
    if (word === 'later') {
      spawn(answersLater, from, argument as number)
      return noReply(state)
    }
    if (word === 'twice') {
      answer(from, 'first')
      return reply('second', state)
    }
    if (word === 'stop') return stop(argument, state)
    if (word === 'die') exit(argument)
    if (word === 'kill itself') {
      sendExit(self(), 'kill')
      throw new Error('a dead process throws nothing')
    }
    throw new Error(`unknown: ${word}`)
  },
  *handleCast(request, state) {
    send('test', ['cast', request])
    return noReply(state + 1)
  },
  *handleInfo(message, state) {
    send('test', ['info', message])
    return noReply(state)
  },
  *terminate(reason, state) {
    terminated.push(reason)
    send('test', ['terminate', reason, state])
  },
}

/** What `terminate` of `obeys` was run with, though nobody were told. */
const terminated: ExitReason[] = []

function* answersLater(from: From, ms: number): Body {
  yield* sleep(ms)
  answer(from, `after ${ms}`)
}

/** The reason for which a call ended its caller. */
function* failureOf(body: () => Body<unknown>): Body<unknown> {
  const { ref } = spawnMonitor(body)
  const { reason } = yield* receive<Down>((message) => (message as Down).ref === ref)
  expect(reason).toBeInstanceOf(CallFailed)
  return (reason as CallFailed).reason
}

function inWorlds(body: (world: World) => Body, check: (world: World) => void = () => {}): void {
  forSeeds(seeds, (world) => {
    let finished = false
    world.spawn(function* () {
      yield* body(world)
      finished = true
    })
    world.run()
    expect(world.records.map((record) => String(record['reason']))).toEqual(
      world.records.map(() => expect.stringContaining('CallFailed')),
    )
    expect(finished).toBe(true)
    check(world)
  })
}

describe('a server', () => {
  it('answers calls one after the other and keeps its state', () => {
    inWorlds(
      function* () {
        const pid = spawn(server, obeys)
        const callers = 5
        for (let count = 0; count < callers; count++) {
          spawnMonitor(function* () {
            yield* mayYield()
            send('test', yield* call<number>(pid, ['add', 1]))
          })
        }
        for (let count = 0; count < callers; count++) yield* receive<Down>()
        expect(yield* call(pid, ['add', 0])).toBe(callers)
      },
      ({ told }) => expect([...told].sort()).toEqual([1, 2, 3, 4, 5]),
    )
  })

  it('takes calls, casts and messages of one sender in the order sent', () => {
    inWorlds(
      function* () {
        const pid = spawn(server, obeys)
        cast(pid, 'a')
        send(pid, 'b')
        expect(yield* call(pid, ['add', 0])).toBe(1)
        cast(pid, 'c')
        for (const odd of [null, undefined, 0, { type: 'exit' }, { type: 'down' }, []])
          send(pid, odd)
        expect(yield* call(pid, ['add', 0])).toBe(2)
      },
      ({ told }) =>
        expect(told).toEqual([
          ['cast', 'a'],
          ['info', 'b'],
          ['cast', 'c'],
          ['info', null],
          ['info', undefined],
          ['info', 0],
          ['info', { type: 'exit' }],
          ['info', { type: 'down' }],
          ['info', []],
        ]),
    )
  })

  it('copies requests and answers', () => {
    inWorlds(function* () {
      const kept: number[][] = []
      const pid = spawn(server, {
        *init() {},
        *handleCall(request) {
          kept.push(request as number[])
          return reply(request, undefined)
        },
      } satisfies ServerModule)
      const request = [1]
      const answer = yield* call<number[]>(pid, request)
      request.push(2)
      answer.push(3)
      expect(kept).toEqual([[1]])
    })
  })

  it('without a callback crashes on calls and lets the rest pass', () => {
    const world = new World(1)
    world.spawn(function* () {
      const pid = spawn(server, { *init() {} })
      cast(pid, 1)
      send(pid, 2)
      yield* sleep(1)
      expect(isAlive(pid)).toBe(true)
      expect(yield* failureOf(() => call(pid, 3))).toEqual(new Error('this server takes no calls'))
      send('test', 'done')
    })
    world.run()
    expect(world.told).toEqual(['done'])
  })

  it('that stops runs terminate with its reason, and the caller sees that reason', () => {
    inWorlds(
      function* () {
        for (const reason of ['normal', 'shutdown', 'boom']) {
          const { pid, ref } = spawnMonitor(server, obeys)
          expect(yield* failureOf(() => call(pid, ['stop', reason]))).toBe(reason)
          expect(yield* receive()).toEqual({ type: 'down', ref, pid, reason })
        }
      },
      ({ told }) =>
        expect(told).toEqual([
          ['terminate', 'normal', 0],
          ['terminate', 'shutdown', 0],
          ['terminate', 'boom', 0],
        ]),
    )
  })

  it('that traps exits runs terminate when its parent ends', () => {
    inWorlds(
      function* () {
        const parent = spawn(function* () {
          const pid = spawnLink(server, obeys, true)
          yield* call(pid, ['add', 7])
          exit('boom')
        })
        yield* sleep(5)
        expect(isAlive(parent)).toBe(false)
      },
      ({ told, runtime }) => {
        expect(told).toEqual([['terminate', 'boom', 7]])
        expect(runtime.list()).toEqual([])
      },
    )
  })

  it('that does not trap dies with its parent, without terminate', () => {
    inWorlds(
      function* () {
        spawn(function* () {
          const pid = spawnLink(server, obeys)
          yield* call(pid, ['add', 7])
          exit('boom')
        })
        yield* sleep(5)
      },
      ({ told, runtime }) => {
        expect(told).toEqual([])
        expect(runtime.list()).toEqual([])
      },
    )
  })

  it('that traps exits takes the end of another linked process as a message', () => {
    inWorlds(
      function* () {
        const pid = spawn(server, obeys, true)
        spawn(function* () {
          yield* call(pid, ['echo', 1])
          sendExit(pid, 'strange')
        })
        yield* sleep(5)
        expect(isAlive(pid)).toBe(true)
      },
      ({ told }) =>
        expect(told).toEqual([['info', expect.objectContaining({ reason: 'strange' })]]),
    )
  })

  it('started from outside ends in order when outside says shutdown', () => {
    const world = new World(1)
    const pid = world.spawn(server, obeys, true)
    world.settle()
    world.runtime.exit(pid, 'shutdown')
    world.run()
    expect(world.told).toEqual([['terminate', 'shutdown', 0]])
    expect(isAlive(pid)).toBe(false)
  })

  it('whose callback throws ends with that error, and so do its callers', () => {
    const world = new World(1)
    world.spawn(function* () {
      const { pid } = spawnMonitor(server, obeys)
      expect(yield* failureOf(() => call(pid, ['what']))).toEqual(new Error('unknown: what'))
      expect((yield* receive<Down>()).reason).toEqual(new Error('unknown: what'))
      send('test', 'done')
    })
    world.run()
    expect(world.told).toEqual([['terminate', new Error('unknown: what'), 0], 'done'])
  })
})

describe('terminate', () => {
  /** Told of `terminate`, and how the server ended, after `act` has done something to it. */
  function endOf(act: (pid: Pid) => Body<unknown>, traps = true): unknown[] {
    let ends: unknown[] = []
    inWorlds(
      function* () {
        const { pid, ref } = spawnMonitor(server, obeys, traps)
        spawn(function* () {
          yield* act(pid)
        })
        const { reason } = yield* receive<Down>((message) => (message as Down).ref === ref)
        send('test', ['down', reason])
      },
      ({ told }) => {
        expect(ends.length === 0 || JSON.stringify(ends) === JSON.stringify(told)).toBe(true)
        ends = told
      },
    )
    return ends
  }

  it('runs when a callback exits or throws, with its reason and the state before it', () => {
    const acts = (pid: Pid) =>
      (function* () {
        yield* call(pid, ['add', 7])
        yield* call(pid, ['die', 'planned'])
      })()
    expect(endOf(acts)).toEqual([
      ['terminate', 'planned', 7],
      ['down', 'planned'],
    ])
  })

  it('does not run when the server is killed, not even by itself in its own callback', () => {
    expect(
      endOf(function* (pid) {
        yield* call(pid, ['echo', 1])
        sendExit(pid, 'kill')
      }),
    ).toEqual([['down', 'killed']])
    terminated.length = 0
    expect(endOf((pid) => call(pid, ['kill itself']))).toEqual([['down', 'killed']])
    expect(terminated).toEqual([])
  })

  it('does not run when an exit signal that is not trapped ends the server', () => {
    const act = function* (pid: Pid): Body {
      yield* call(pid, ['echo', 1])
      sendExit(pid, 'stranger')
    }
    expect(endOf(act, false)).toEqual([['down', 'stranger']])
  })

  it('that ends otherwise gives the end its own reason', () => {
    const world = new World(1)
    world.spawn(function* () {
      const { pid } = spawnMonitor(server, {
        *init() {},
        *handleCast() {
          return stop('wanted', undefined)
        },
        *terminate() {
          exit('other')
        },
      } satisfies ServerModule)
      cast(pid, 'stop')
      send('test', (yield* receive<Down>()).reason)
    })
    world.run()
    expect(world.told).toEqual(['other'])
  })
})

describe('what a callback returns', () => {
  /** A server whose callbacks all return `made()`. */
  const gives = (made: () => unknown): ServerModule => {
    const callback = function* () {
      return made() as never
    }
    return {
      *init() {},
      handleCall: callback,
      handleCast: callback,
      handleInfo: callback,
      *terminate(reason) {
        send('test', ['terminate', reason])
      },
    }
  }

  function endsOf(made: () => unknown, ...speak: ((pid: Pid) => void)[]): ExitReason[] {
    const reasons: ExitReason[] = []
    for (const act of speak) {
      const world = new World(1)
      world.spawn(function* () {
        const { pid } = spawnMonitor(server, gives(made))
        act(pid)
        const { reason } = yield* receive<Down>()
        send('test', reason)
      })
      world.run()
      expect(world.told[0]).toEqual(['terminate', world.told[1]])
      reasons.push(world.told[1])
    }
    return reasons
  }

  const calls = (pid: Pid): void => {
    spawn(function* () {
      yield* call(pid, 1)
    })
  }
  const casts = (pid: Pid): void => cast(pid, 1)
  const sends = (pid: Pid): void => send(pid, 1)

  it('and is no turn ends the server with bad_return_value, after terminate', () => {
    for (const odd of [undefined, null, 7, 'reply', { type: 'reply' }, [1]]) {
      const bad = ['bad_return_value', odd]
      expect(endsOf(() => odd, calls, casts, sends)).toEqual([bad, bad, bad])
    }
  })

  it('and is a reply to what was no call does so too', () => {
    const turn = { type: 'reply', value: 1, state: 2, reason: undefined, limitMs: Infinity }
    const bad = ['bad_return_value', turn]
    expect(endsOf(() => reply(1, 2), casts, sends)).toEqual([bad, bad])
    const last = { ...turn, type: 'stop_reply', reason: 'done' }
    expect(endsOf(() => stop('done', 2, 1), casts)).toEqual([['bad_return_value', last]])
  })

  it('with a limit that is none does so too', () => {
    const [end] = endsOf(() => noReply(1, Number.NaN), casts)
    expect(end).toEqual(['bad_return_value', expect.objectContaining({ limitMs: Number.NaN })])
  })

  it('and is a reply that cannot be sent ends it after terminate', () => {
    const odd = new WeakMap()
    const [end] = endsOf(() => reply(odd, 1), calls)
    expect(String(end)).toContain('a WeakMap cannot be sent')
  })

  it('stop ends the server from every callback', () => {
    const ends = endsOf(() => stop('done', undefined), calls, casts, sends)
    expect(ends).toEqual(['done', 'done', 'done'])
  })

  it('stop with a last reply gives it after terminate, even after one that throws', () => {
    for (const throws of [false, true]) {
      inWorlds(
        function* () {
          const { pid, ref } = spawnMonitor(server, {
            *init() {},
            *handleCall() {
              return stop('planned', undefined, 'last words')
            },
            *terminate() {
              yield* sleep(5)
              send('test', 'terminate')
              if (throws) exit('planned too')
            },
          } satisfies ServerModule)
          send('test', yield* call(pid, 1))
          send('test', (yield* receive<Down>((message) => (message as Down).ref === ref)).reason)
        },
        ({ told }) =>
          expect(told).toEqual(['terminate', 'last words', throws ? 'planned too' : 'planned']),
      )
    }
  })
})

describe('a limit of a turn', () => {
  const ticks: ServerModule<string[], []> = {
    *init() {
      return noReply(['init'], 10)
    },
    *handleCall(request, _from, state) {
      return reply(state, state, request as number)
    },
    *handleCast(request, state) {
      return noReply(state, request as number)
    },
    *handleInfo(message, state) {
      const name = message === timeout ? `timeout at ${now()}` : String(message)
      return noReply([...state, name])
    },
  }

  it('hands timeout to the server when no message came in time, once', () => {
    inWorlds(function* () {
      const pid = spawn(server, ticks)
      yield* sleep(100)
      expect(yield* call(pid, 20)).toEqual(['init', 'timeout at 10'])
      yield* sleep(100)
      expect(yield* call(pid, Infinity)).toEqual(['init', 'timeout at 10', 'timeout at 120'])
    })
  })

  it('is ended by any message', () => {
    inWorlds(function* () {
      const pid = spawn(server, ticks)
      yield* sleep(9)
      send(pid, 'hello')
      yield* sleep(100)
      expect(yield* call(pid, Infinity)).toEqual(['init', 'hello'])
    })
  })

  it('of 0 passes at once, unless a message lies there', () => {
    inWorlds(function* () {
      const pid = spawn(server, ticks)
      cast(pid, 0)
      yield* sleep(3)
      cast(pid, 0)
      send(pid, 'hello')
      expect(yield* call(pid, Infinity)).toEqual(['init', 'timeout at 0', 'hello'])
    })
  })
})

describe('init', () => {
  const starts = (
    init: ServerModule['init'],
  ): { started: Started | undefined; told: unknown[]; rest: unknown } => {
    const world = new World(1)
    let started: Started | undefined
    let rest: unknown
    const module = {
      init,
      *terminate() {
        send('test', 'terminate')
      },
    } satisfies ServerModule
    world.spawn(function* () {
      trapExits(true)
      started = yield* startLink({}, server, [module])
      rest = yield* receive(undefined, 10)
    })
    world.run()
    expect(started?.ok ? 1 : 0).toBe(world.runtime.list().length)
    return { started, told: world.told, rest }
  }

  it('that stops or exits has not started, for that reason, and terminate does not run', () => {
    for (const init of [
      function* () {
        return stop('no luck', undefined)
      },
      function* () {
        exit('no luck')
      },
    ] as ServerModule['init'][]) {
      const { started, told, rest } = starts(init)
      expect([started, told, rest]).toEqual([{ ok: false, reason: 'no luck' }, [], timeout])
    }
  })

  it('that ignores has not started, ends in order, and nothing of it is told but that', () => {
    forSeeds(seeds, (world) => {
      let seen: unknown
      world.spawn(function* () {
        trapExits(true)
        const module: ServerModule = {
          *init() {
            yield* mayYield()
            return ignore
          },
        }
        const outcome = yield* startLink({ name: 'shy' }, server, [module])
        seen = [outcome, yield* receive(undefined, 10), self() === world.runtime.list()[0]]
      })
      world.run()
      expect(seen).toEqual([{ ok: false, reason: ignore }, timeout, true])
      expect([world.records, world.runtime.registry.find('shy')]).toEqual([[], undefined])
    })
  })

  it('may not reply', () => {
    const { started } = starts(function* () {
      return reply(1, 2)
    })
    expect(started).toMatchObject({ ok: false, reason: ['bad_return_value', { type: 'reply' }] })
  })

  it('may not give a limit that is none', () => {
    const { started } = starts(function* () {
      return noReply(1, Number.NaN)
    })
    expect(started).toMatchObject({ ok: false, reason: ['bad_return_value', { state: 1 }] })
  })

  it('may give a state that looks like a turn', () => {
    const { started } = starts(function* () {
      return { type: 'stop', reason: 'no luck', state: 0 }
    })
    expect(started?.ok).toBe(true)
  })
})

describe('a call', () => {
  it('by name finds who has it now', () => {
    inWorlds(function* () {
      spawn(server, {
        *init() {
          register('sum')
        },
        *handleCall() {
          return reply('here', undefined)
        },
      })
      yield* sleep(1)
      expect(yield* call('sum', 1)).toBe('here')
    })
  })

  it('may be answered later, by another process', () => {
    inWorlds(function* () {
      const pid = spawn(server, obeys)
      expect(yield* call(pid, ['later', 30])).toBe('after 30')
      expect(now()).toBe(30)
    })
  })

  it('ends the caller with noproc for a dead process and an unknown name', () => {
    inWorlds(function* () {
      const { pid } = spawnMonitor(function* () {})
      yield* receive<Down>()
      expect(yield* failureOf(() => call(pid, 1))).toBe('noproc')
      expect(yield* failureOf(() => call('nobody', 1))).toBe('noproc')
    })
  })

  it('to oneself ends the caller at once', () => {
    inWorlds(function* () {
      expect(yield* failureOf(() => call(self(), 1))).toBe('calling_self')
      expect(now()).toBe(0)
    })
  })

  it('whose server dies meanwhile ends with the reason of that', () => {
    inWorlds(function* () {
      for (const reason of ['boom', 'normal', 'kill'] as const) {
        const pid = spawn(server, obeys)
        expect(yield* failureOf(() => call(pid, ['die', reason]))).toBe(reason)
      }
      const pid = spawn(server, obeys)
      spawn(function* () {
        yield* sleep(5)
        sendExit(pid, 'kill')
      })
      expect(yield* failureOf(() => call(pid, ['silent']))).toBe('killed')
    })
  })

  it('whichever comes first, answer or death, the caller gets one of them and its mailbox is clean', () => {
    const ends = new Set<unknown>()
    inWorlds(function* () {
      const pid = spawn(server, obeys)
      spawn(function* () {
        yield* mayYield()
        yield* mayYield()
        sendExit(pid, 'kill')
      })
      const caller = spawnMonitor(function* () {
        trapExits(true)
        let end: unknown
        try {
          end = yield* call(pid, ['echo', 'answer'])
        } catch (error) {
          end = (error as { reason: CallFailed }).reason.reason
        }
        ends.add(end)
        expect(yield* receive(undefined, 10)).toBe(timeout)
      })
      expect((yield* receive<Down>()).ref).toBe(caller.ref)
    })
    expect(ends).toEqual(new Set(['answer', 'killed', 'noproc']))
  })

  it('that is not answered in time ends the caller with timeout', () => {
    inWorlds(function* () {
      const pid = spawn(server, obeys)
      expect(yield* failureOf(() => call(pid, ['silent'], 20))).toBe('timeout')
      expect(now()).toBe(20)
      expect(yield* failureOf(() => call(pid, ['silent']))).toBe('timeout')
      expect(now()).toBe(5_020)
    })
  })

  it('an answer that comes too late never reaches the mailbox of a caller who went on', () => {
    const ends = new Set<unknown>()
    inWorlds(function* () {
      const pid = spawn(server, obeys)
      let end: unknown
      try {
        end = yield* call(pid, ['later', 20], 20)
      } catch {
        end = 'timeout'
      }
      ends.add(end)
      expect(yield* receive(undefined, 100)).toBe(timeout)
      sendExit(pid, 'kill')
      expect(yield* receive(undefined, 100)).toBe(timeout)
    })
    expect(ends).toEqual(new Set(['timeout', 'after 20']))
  })

  it('answered twice is answered once', () => {
    inWorlds(function* () {
      const pid = spawn(server, obeys)
      expect(yield* call(pid, ['twice'])).toBe('first')
      expect(yield* receive(undefined, 10)).toBe(timeout)
    })
  })

  it('leaves other messages in the mailbox, in their order', () => {
    inWorlds(function* () {
      const pid = spawn(server, obeys)
      for (const ms of [1, 2, 3]) sendAfter(ms, self(), ms)
      send(self(), 0)
      yield* call(pid, ['later', 2])
      yield* sleep(5)
      expect([yield* receive(), yield* receive(), yield* receive(), yield* receive()]).toEqual([
        0, 1, 2, 3,
      ])
    })
  })

  it('leaves no monitor behind', () => {
    inWorlds(function* ({ runtime }) {
      const pid = spawn(server, obeys)
      yield* call(pid, ['echo', 1])
      try {
        yield* call(pid, ['silent'], 5)
      } catch {
        // It goes on.
      }
      expect(runtime.info(pid)?.monitoredBy).toEqual([])
      expect(runtime.info(self())?.monitors).toEqual([])
    })
  })

  it('from a process that has ended meanwhile is answered to nobody', () => {
    inWorlds(function* () {
      const pid = spawn(server, obeys)
      const caller = spawn(function* () {
        yield* call(pid, ['later', 20])
      })
      yield* sleep(10)
      sendExit(caller, 'kill')
      yield* sleep(20)
      expect(yield* call(pid, ['echo', 'alive'])).toBe('alive')
    })
  })

  it('of what cannot be copied is an error of the caller, leaves no monitor, and the server lives', () => {
    inWorlds(function* ({ runtime }) {
      const pid = spawn(server, obeys)
      let caught: unknown
      try {
        yield* call(pid, ['echo', new WeakMap()])
      } catch (error) {
        caught = error
      }
      expect(caught).toBeInstanceOf(TypeError)
      expect(runtime.info(self())?.monitors).toEqual([])
      expect(yield* call(pid, ['echo', 1])).toBe(1)
    })
  })
})

describe('the limit of a call', () => {
  it.each([-1, Number.NaN, 'soon'])(
    'is not %s: an error of the caller, who sent nothing',
    (odd) => {
      inWorlds(function* ({ runtime }) {
        const pid = spawn(server, obeys)
        let caught: unknown
        try {
          yield* call(pid, ['stop', 'asked'], odd as number)
        } catch (error) {
          caught = error
        }
        expect(caught).toEqual(new TypeError(`limitMs must not be ${odd}`))
        expect(runtime.info(self())?.monitors).toEqual([])
        yield* sleep(1)
        expect(isAlive(pid)).toBe(true)
      })
    },
  )
})

/** Calls a server that answers by `act`, once it is dead; gives what is in the mailbox after that. */
function* leftAfter(act: (from: From, pid: Pid) => void): Body<unknown> {
  const pid = spawn(server, {
    *init() {},
    *handleCall(_request, from) {
      act(from, self())
      yield* receive(() => false)
      return noReply(undefined)
    },
  } satisfies ServerModule)
  let end: unknown
  try {
    yield* call(pid, 1)
  } catch (error) {
    end = (error as { reason: CallFailed }).reason.reason
  }
  expect(end).toBe('killed')
  return yield* receive(undefined, 10)
}

it('an answer of another process after the server has died never reaches the mailbox', () => {
  inWorlds(function* () {
    const left = yield* leftAfter((from, pid) => {
      spawn(function* () {
        sendExit(pid, 'kill')
        answer(from, 'too late')
      })
    })
    expect(left).toBe(timeout)
  })
})

it('a process that was ended in its own slice answers nobody', () => {
  inWorlds(function* () {
    const pid = spawn(server, {
      *init() {},
      *handleCall(_request, from) {
        spawn(function* () {
          sendExit(self(), 'kill')
          answer(from, 'from the dead')
        })
        return noReply(undefined)
      },
    } satisfies ServerModule)
    expect(yield* failureOf(() => call(pid, 1, 50))).toBe('timeout')
  })
})

describe('a cast', () => {
  it('to nobody is lost silently', () => {
    inWorlds(function* () {
      cast('nobody', 1)
      const { pid } = spawnMonitor(function* () {})
      yield* receive<Down>()
      cast(pid, 1)
    })
  })
})

it('two servers that call each other at once both end by timeout, and nobody hangs', () => {
  const world = new World(1)
  const calls = (other: Pid | string): ServerModule<undefined> => ({
    *init() {
      return undefined
    },
    *handleInfo(_message, state) {
      yield* call(other, 'hello', 100)
      return noReply(state)
    },
  })
  world.spawn(function* () {
    const one = spawn(server, calls('two'))
    const two = spawn(function* () {
      register('two')
      yield* server(calls(one))
    })
    const refs = [monitor(one), monitor(two)]
    yield* sleep(1)
    send(one, 'go')
    send(two, 'go')
    const reasons = [yield* receive<Down>(), yield* receive<Down>()].map((down) => down.reason)
    expect(refs).toHaveLength(2)
    expect(reasons.map((reason) => (reason as CallFailed).reason)).toContain('timeout')
    send('test', 'done')
  })
  world.run()
  expect(world.told).toEqual(['done'])
})
