/*
 * Sessions that change hosts: two hosts of a group in worlds of their own, and between them the
 * test in place of the gateway. What a visitor sees goes on as if nothing had happened.
 */
import { describe, expect, test } from 'vitest'
import { receive, sleep, startChild, type Body } from '../../src/runtime'
import { hostLifeOf, sessionStream } from '../../src/protocol/envelope'
import { ownerOf } from '../../src/protocol/share'
import * as sessionModule from '../../src/system/session'
import { forSeeds, World } from '../support/simulation'
import { hear, Play, type Seen, type Telling } from './play'

const both = ['play-1', 'play-2']
const ok = { ok: true }
const visitors = ['anna', 'ben', 'cleo', 'dora', 'emil', 'fay']
const movesAway = (visitor: string) => ownerOf(sessionStream(visitor), both) === 'play-2'
const moving = visitors.filter(movesAway)
const staying = visitors.filter((visitor) => !movesAway(visitor))

/** Has `from` share with another host, to which all goes that is no longer its own. */
function move(from: Play, to: Play): void {
  expect(from.answer(from.share(both))).toEqual(ok)
  for (const handed of from.handedOver()) {
    expect(to.answer(to.takeOver(handed))).toEqual(ok)
    to.until(() => to.said.some((word) => 'view' in word && word.stream === handed.stream))
  }
}

/** What a page shows that heard the first host, and then the second. */
const seenOver = (visitor: string, from: Play, to: Play): Seen =>
  to.said
    .filter((word): word is Telling => 'epoch' in word && word.ref === undefined)
    .filter(({ stream }) => stream === sessionStream(visitor))
    .reduce(hear, from.seen(visitor))

test('some visitors of this test move and some stay', () => {
  expect([moving.length > 0, staying.length > 0]).toEqual([true, true])
})

describe('when another host takes a share', () => {
  test('sessions that are its own go there with their lists, and the others stay', () => {
    forSeeds(100, (world) => {
      const [from, to] = [new Play(world), new Play(new World(world.seed + 1_000), 'other')]
      for (const visitor of visitors) from.wish(visitor, '5')
      world.settle()
      move(from, to)
      expect(from.handedOver().map(({ stream }) => stream)).toHaveLength(moving.length)
      for (const visitor of moving) {
        expect(from.session(visitor)).toBeUndefined()
        expect(to.session(visitor)).toBeDefined()
        expect(seenOver(visitor, from, to)).toEqual(from.seen(visitor))
        expect(to.list(visitor)).toEqual(['5 finished 15'])
      }
      for (const visitor of staying) expect(from.session(visitor)).toBeDefined()
    })
  })

  test('a session goes on there: its wishes are known, and what it counted begins anew', () => {
    forSeeds(100, (world) => {
      const [from, to] = [new Play(world), new Play(new World(world.seed + 1_000), 'other')]
      const visitor = moving[0]!
      const [long, endless] = [from.wish(visitor, '3000', 'long-sum'), from.wish(visitor, '-5')]
      expect([from.answer(long), from.answer(endless)]).toEqual([ok, ok])
      from.turns(world.random.below(20))
      move(from, to)
      expect(from.calculating()).toHaveLength(0)
      // The ack may have been lost on the way: then the wish comes again.
      expect(to.answer(to.wish(visitor, '3000', 'long-sum'))).toEqual(ok)
      to.until(() => to.list(visitor).includes('3000 finished 4501500'))
      expect(to.list(visitor)).toEqual(['3000 finished 4501500', '-5 calculating'])
      to.until(() => to.calculating().length === 1)
      expect(seenOver(visitor, from, to).epoch).toBe(from.seen(visitor).epoch)
    })
  })

  test('a session that is killed afterwards has an empty list, as always', () => {
    forSeeds(100, (world) => {
      const [from, to] = [new Play(world), new Play(new World(world.seed + 1_000), 'other')]
      const visitor = moving[0]!
      from.wish(visitor, '5')
      world.settle()
      move(from, to)
      to.world.runtime.exit(to.session(visitor)!, 'kill')
      to.world.settle()
      expect(to.list(visitor)).toEqual([])
      const [before, after] = [from.seen(visitor).epoch, to.seen(visitor).epoch]
      expect(after).not.toBe(before)
      // So the page says that the session was restarted, and not that its host was.
      expect(hostLifeOf(after)).toBe(hostLifeOf(before))
    })
  })

  test('the answer comes whatever befalls a session meanwhile, and none of them stays', () => {
    forSeeds(200, (world) => {
      const play = new Play(world)
      for (const visitor of visitors) play.wish(visitor, '5')
      world.settle()
      const ref = play.share(both)
      play.turns(world.random.below(8))
      const hit = play.session(moving[0]!)
      if (hit) world.runtime.exit(hit, 'kill')
      expect(play.answer(ref)).toEqual(ok)
      for (const visitor of moving) expect(play.session(visitor)).toBeUndefined()
    })
  })
})

test('who shares again hands over nothing that has gone already', () => {
  const play = new Play(new World(1))
  for (const visitor of visitors) play.wish(visitor, '5')
  play.world.settle()
  play.answer(play.share(both))
  const before = play.handedOver().length
  expect(play.answer(play.share(both))).toEqual(ok)
  expect(play.handedOver()).toHaveLength(before)
})

test('a session that lives in a host already is not put back to what another one knew', () => {
  const [from, to] = [new Play(new World(1)), new Play(new World(2), 'other')]
  const visitor = moving[0]!
  from.wish(visitor, '5')
  to.wish(visitor, '7')
  from.world.settle()
  to.world.settle()
  move(from, to)
  expect(to.list(visitor)).toEqual(['7 finished 28'])
})

test('a follower who has seen nothing of a list that moved is told all of it', () => {
  const [from, to] = [new Play(new World(1)), new Play(new World(2), 'other')]
  const visitor = moving[0]!
  from.answer(from.follow(sessionStream(visitor)))
  const { epoch } = from.seen(visitor)
  from.wish(visitor, '5')
  from.world.settle()
  move(from, to)
  const ref = to.follow(sessionStream(visitor), { epoch, after: 0 })
  expect(to.answer(ref)).toEqual(ok)
  to.until(() => to.told(ref).length > 0)
  expect(to.told(ref)).toMatchObject([{ type: 'snapshot', epoch, seq: 2 }])
  const knowing = to.follow(sessionStream(visitor), { epoch, after: 2 })
  to.until(() => to.told(knowing).length > 0)
  expect(to.told(knowing)).toMatchObject([{ type: 'events', epoch, seq: 2, events: [] }])
})

test('a session that does not move is ended after a while, and the answer comes', () => {
  const play = new Play(new World(1, { fair: true }))
  const visitor = moving[0]!
  play.wish(visitor, '5')
  play.world.settle()
  play.world.runtime.code.load('session', { ...sessionModule, serve: deaf })
  play.wish(visitor, '6')
  play.world.settle()
  const ref = play.share(both)
  play.world.runFor(5_000)
  expect(play.answers(ref)).toEqual([ok])
  expect(play.session(visitor)).toBeUndefined()
})

/** A session of a version that has never heard of other hosts. */
function* deaf(): Body {
  for (;;) yield* receive()
}

test('what does not fit any more is written down, not lost', () => {
  const [from, to] = [new Play(new World(1)), new Play(new World(2), 'other')]
  from.wish(moving[0]!, '-5')
  from.until(() => from.calculating().length === 1)
  to.world.spawn(fill)
  to.world.settle()
  move(from, to)
  to.until(() => to.list(moving[0]!)[0]?.startsWith('-5 failed moved') === true)
})

/** Takes all the room there is for sums. */
function* fill(): Body {
  for (;;) {
    const child = yield* startChild('sums', sleep, Infinity)
    if (!child.ok) return
  }
}
