/*
 * Starting and having started: who starts an announcing body goes on when that has said `started`,
 * or ended.
 */
import { expect, it } from 'vitest'
import {
  announcing,
  exit,
  receive,
  register,
  self,
  send,
  sendExit,
  server,
  sleep,
  spawnLink,
  spawnWith,
  started,
  trapExits,
  type Body,
  type ExitMessage,
  type ServerModule,
  type Started,
} from '../../src/runtime'
import { startLink } from '../../src/runtime/start'
import { forSeeds, mayYield, World } from '../support/simulation'

const seeds = 200

const slow = announcing(function* (ms: number): Body {
  yield* sleep(ms)
  register('slow')
  yield* mayYield()
  started()
  yield* receive()
})

it('a start waits until the child has said that it has started', () => {
  forSeeds(seeds, (world) => {
    world.spawn(function* () {
      const outcome = yield* startLink({}, slow, [250])
      expect(outcome).toEqual({ ok: true, pid: world.runtime.registry.find('slow') })
      expect(world.nowMs).toBe(250)
      world.told.push('started')
    })
    world.run()
    expect([world.told, world.records]).toEqual([['started'], []])
  })
})

it('a body that announces nothing has started at once', () => {
  const world = new World(1)
  world.spawn(function* () {
    const outcome = yield* startLink(
      {},
      function* () {
        yield* sleep(1_000)
      },
      [],
    )
    expect(outcome.ok).toBe(true)
    expect(world.nowMs).toBe(0)
  })
  world.run()
  expect(world.records).toEqual([])
})

it('a start that fails gives its reason, whether it throws, exits, returns or is killed', () => {
  const ends: [unknown, () => Body][] = [
    [
      'boom',
      function* () {
        exit('boom')
      },
    ],
    ['normal', function* () {}],
    [
      'killed',
      function* () {
        sendExit(self(), 'kill')
        started()
        yield* receive()
      },
    ],
    [
      'killed',
      function* () {
        yield* sleep(3)
        sendExit(self(), 'kill')
        yield* receive()
      },
    ],
  ]
  for (const [reason, body] of ends) {
    forSeeds(40, (world) => {
      let outcome: Started | undefined
      let rest: unknown
      world.spawn(function* () {
        trapExits(true)
        outcome = yield* startLink({}, announcing(body), [])
        rest = yield* receive(undefined, 10)
      })
      world.run()
      expect(outcome).toEqual({ ok: false, reason })
      expect(typeof rest).toBe('symbol')
    })
  }
})

it('other messages, and ends of other processes, do not disturb a start and keep their order', () => {
  forSeeds(seeds, (world) => {
    let seen: unknown[] = []
    world.spawn(function* () {
      trapExits(true)
      const other = spawnLink(function* (parent) {
        for (const number of [1, 2, 3]) {
          send(parent, number)
          yield* mayYield()
        }
        exit('other')
      }, self())
      const outcome = yield* startLink({}, slow, [5])
      expect(outcome.ok).toBe(true)
      seen = [yield* receive(), yield* receive(), yield* receive()]
      expect(yield* receive<ExitMessage>()).toEqual({ type: 'exit', from: other, reason: 'other' })
    })
    world.run()
    expect([seen, world.records]).toEqual([[1, 2, 3], []])
  })
})

it('the word is heard by who waits for it, and lies in nobody else’s mailbox', () => {
  const module: ServerModule = { *init() {} }
  const world = new World(1)
  const parent = world.spawn(function* () {
    spawnLink(server, module)
    spawnLink(function* () {
      started()
      yield* receive()
    })
    yield* receive()
  })
  world.run()
  expect(world.runtime.info(parent)?.messages).toEqual([])
})

it('said twice it is heard once', () => {
  const world = new World(1)
  const parent = world.spawn(function* () {
    yield* startLink(
      {},
      announcing(function* () {
        started()
        started()
        yield* mayYield()
        started()
        yield* receive()
      }),
      [],
    )
    yield* receive()
  })
  world.run()
  expect(world.runtime.info(parent)?.messages).toEqual([])
})

it('a taken name is a failed start with its holder, not a crash of who starts', () => {
  const world = new World(1)
  world.spawn(function* () {
    const first = spawnWith({ name: 'sum' }, function* () {
      yield* receive()
    })
    const outcome = yield* startLink({ name: 'sum' }, slow, [0])
    expect(outcome).toEqual({ ok: false, reason: ['already_started', first.pid] })
  })
  world.run()
  expect(world.records).toEqual([])
})

it('a child that ends right after it has started has started, and its end comes as a message', () => {
  forSeeds(seeds, (world) => {
    world.spawn(function* () {
      trapExits(true)
      const outcome = yield* startLink(
        {},
        announcing(function* () {
          started()
          exit('boom')
        }),
        [],
      )
      expect(outcome.ok).toBe(true)
      expect(yield* receive()).toMatchObject({ type: 'exit', reason: 'boom' })
    })
    world.run()
    expect(world.records).toEqual([])
  })
})
