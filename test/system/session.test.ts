/*
 * A visitor's session in its whole system, under many orders of events: what it answers, what it
 * writes down, and what its followers see.
 */
import { describe, expect, test } from 'vitest'
import { sessionStream } from '../../src/protocol/envelope'
import { forSeeds, World } from '../support/simulation'
import { hear, Play } from './play'

const seeds = 200

const ok = { ok: true }
const refusedAs = (code: string) => ({ ok: false, refusal: { code } })

const inWorlds = (check: (play: Play, world: World) => void, stepMs = 0): void =>
  forSeeds(seeds, (world) => check(new Play(world), world), { stepMs })

describe('a number', () => {
  test('is accepted, calculated in a process of its own, and finished', () => {
    inWorlds((play, world) => {
      const number = world.random.between(1, 300)
      const ref = play.wish('anna', String(number), 'the-wish')
      play.until(() => play.seen('anna').seq === 2)
      world.settle()
      const stream = sessionStream('anna')
      const { epoch } = play.seen('anna')
      const result = String((number * (number + 1)) / 2)
      expect(play.said).toEqual([
        { type: 'snapshot', stream, epoch, seq: 0, view: { lines: [] } },
        {
          ...{ type: 'events', stream, epoch, seq: 1 },
          events: [{ type: 'sum_started', id: 'the-wish', number: String(number) }],
        },
        { type: 'answer', ref, answer: ok },
        {
          ...{ type: 'events', stream, epoch, seq: 2 },
          events: [{ type: 'sum_finished', id: 'the-wish', result }],
        },
      ])
      expect(epoch).toMatch(/^life\.\d+$/)
      expect(play.calculating()).toEqual([])
    })
  })

  test.each([
    ['5', '5 finished 15'],
    ['  7 ', '7 finished 28'],
    ['+5', '5 finished 15'],
    ['007', '7 finished 28'],
    ['\u00a01\ufeff', '1 finished 1'],
  ])('may be typed as %j', (text, line) => {
    const play = new Play(new World(1))
    expect(play.answer(play.wish('anna', text))).toEqual(ok)
    play.world.settle()
    expect(play.list('anna')).toEqual([line])
  })

  test.each([
    ...['', ' ', 'abc', '1.5', '1e3', '0x10', '5 5', '--5', '+', '-', '1n', '5,0', '1_000'],
    ...['\u0665', '\u{1f600}', '\ud800', '5\n5', 'NaN', 'Infinity', '[object Object]'],
  ])('is not a number when it reads %j, and leaves no line', (text) => {
    const play = new Play(new World(1))
    expect(play.answer(play.wish('anna', text))).toEqual(refusedAs('not_a_number'))
    play.world.settle()
    expect(play.seen('anna').seq).toBe(0)
  })

  test('that brings bad luck fails with its reason, and nobody else notices', () => {
    inWorlds((play, world) => {
      const numbers = world.random.shuffle(['13', '4', '13', '6', '13'])
      const anna = numbers.map((number) => play.wish('anna', number))
      play.wish('ben', '8')
      const session = () => play.session('anna')
      play.until(() => session() !== undefined)
      const before = session()
      world.settle()
      const lines: Record<string, string> = { 4: 'finished 10', 6: 'finished 21' }
      const bad = 'failed Error: 13 brings bad luck'
      expect(play.list('anna')).toEqual(numbers.map((each) => `${each} ${lines[each] ?? bad}`))
      expect(anna.map((ref) => play.answers(ref))).toEqual(numbers.map(() => [ok]))
      expect(play.list('ben')).toEqual(['8 finished 36'])
      expect(session()).toBe(before)
    })
  })

  test('that never ends holds up neither its own session nor another', () => {
    inWorlds((play, world) => {
      const endless = world.random.pick(['-5', '0', '-0', '9'.repeat(40)])
      play.wish('anna', endless)
      play.wish('anna', '5')
      play.wish('ben', '5')
      play.until(() => play.seen('anna').seq === 3 && play.seen('ben').seq === 2)
      expect(play.answer(play.wish('anna', 'abc'))).toEqual(refusedAs('not_a_number'))
      expect(play.list('anna')).toEqual([`${BigInt(endless)} calculating`, '5 finished 15'])
      expect(play.list('ben')).toEqual(['5 finished 15'])
      expect(play.calculating()).toHaveLength(1)
    })
  })
})

describe('twenty sums at once', () => {
  test('are as many as a session calculates, until one of them ends', () => {
    // In the fair order: twenty that never end can starve a session in an order made of chance.
    forSeeds(
      20,
      (world) => {
        const play = new Play(world)
        const refs = Array.from({ length: 20 }, () => play.wish('anna', '-5'))
        for (const ref of refs) expect(play.answer(ref)).toEqual(ok)
        expect(play.answer(play.wish('anna', '5'))).toEqual(refusedAs('too_many_running'))
        expect(play.answer(play.wish('ben', '5'))).toEqual(ok)
        world.runtime.exit(world.random.pick(play.calculating()), 'kill')
        play.until(() => play.list('anna').includes('-5 failed killed'))
        expect(play.answer(play.wish('anna', '5'))).toEqual(ok)
        play.until(() => play.list('anna').includes('5 finished 15'))
        expect(play.list('anna')).toHaveLength(21)
      },
      { fair: true, stepMs: 0.0001 },
    )
  })
})

describe('a wish that is sent again with its id', () => {
  test('is accepted again and granted once, however its copies arrive', () => {
    inWorlds((play, world) => {
      const refs: number[] = []
      for (let copy = 0; copy < 4; copy++) {
        refs.push(play.wish('anna', '5', 'same-wish'))
        play.wish('anna', '6')
        play.turns(world.random.below(8))
      }
      world.settle()
      expect(refs.map((ref) => play.answers(ref))).toEqual(refs.map(() => [ok]))
      expect(play.list('anna').filter((line) => line.startsWith('5'))).toEqual(['5 finished 15'])
      expect(play.list('anna')).toHaveLength(5)
    })
  })

  test('is granted once even when 50 other lines have pushed its own out of the list', () => {
    const play = new Play(new World(1))
    play.wish('anna', '5', 'same-wish')
    for (let line = 0; line < 55; line++) {
      play.wish('anna', '6')
      play.world.settle()
    }
    const { seq } = play.seen('anna')
    expect(play.answer(play.wish('anna', '5', 'same-wish'))).toEqual(ok)
    play.world.settle()
    expect(play.seen('anna').seq).toBe(seq)
    expect(play.list('anna')).toEqual(Array.from({ length: 50 }, () => '6 finished 21'))
  })

  test('is another wish in another session', () => {
    const play = new Play(new World(1))
    play.wish('anna', '5', 'same-wish')
    play.wish('ben', '5', 'same-wish')
    play.world.settle()
    expect([play.list('anna'), play.list('ben')]).toEqual([['5 finished 15'], ['5 finished 15']])
  })

  test('and was refused before is read anew', () => {
    const play = new Play(new World(1))
    expect(play.answer(play.wish('anna', 'x', 'same-wish'))).toEqual(refusedAs('not_a_number'))
    expect(play.answer(play.wish('anna', '5', 'same-wish'))).toEqual(ok)
  })
})

describe('a follower', () => {
  test('without a cursor gets the view as it stands, and then misses nothing', () => {
    inWorlds((play, world) => {
      const stream = sessionStream('anna')
      play.wish('anna', '5')
      play.turns(world.random.below(20))
      const ref = play.follow(stream)
      play.wish('anna', '13')
      world.settle()
      const at = play.said.findIndex((word) => 'epoch' in word && word.ref === ref)
      expect(play.said[at]).toMatchObject({ type: 'snapshot', stream })
      expect(play.said[at - 1]).toEqual({ type: 'answer', ref, answer: ok })
      const heard = play.said.slice(at).filter((word) => 'epoch' in word)
      const seen = heard.reduce(hear, { epoch: '', seq: 0, view: { lines: [] } })
      expect(seen).toEqual(play.seen('anna'))
      expect(seen.seq).toBe(4)
    })
  })

  test('with a cursor gets the events after it, and comes to the same view', () => {
    inWorlds((play, world) => {
      const stream = sessionStream('anna')
      for (const number of ['5', '13', '7']) play.wish('anna', number)
      world.settle()
      const end = play.seen('anna')
      const after = world.random.between(0, end.seq)
      const ref = play.follow(stream, { epoch: end.epoch, after })
      world.settle()
      const [word, ...more] = play.told(ref)
      expect(more).toEqual([])
      expect(word).toMatchObject({ type: 'events', stream, epoch: end.epoch, seq: end.seq })
      expect(word?.type === 'events' && word.events).toHaveLength(end.seq - after)
      const said = play.said.flatMap((each) =>
        each.type === 'events' && each.ref === undefined && each.seq > after ? each.events : [],
      )
      expect(word?.type === 'events' && word.events).toEqual(said)
    })
  })

  test.each([
    ['of another life', (epoch: string) => ({ epoch: `${epoch}0`, after: 1 })],
    ['from the future', (epoch: string) => ({ epoch, after: 3 })],
    ['without a number', (epoch: string) => ({ epoch })],
    ['without an epoch', () => ({ after: 1 })],
  ])('with a cursor %s gets the view', (_, cursorOf) => {
    const play = new Play(new World(1))
    play.wish('anna', '5')
    play.world.settle()
    const { epoch, seq, view } = play.seen('anna')
    const stream = sessionStream('anna')
    const ref = play.follow(stream, cursorOf(epoch))
    play.world.settle()
    expect(play.told(ref)).toEqual([{ type: 'snapshot', ref, stream, epoch, seq, view }])
  })

  test('that missed more than is kept gets the view', () => {
    const play = new Play(new World(1))
    for (let sum = 0; sum < 101; sum++) {
      play.wish('anna', '1')
      play.world.settle()
    }
    const { epoch } = play.seen('anna')
    const late = play.follow(sessionStream('anna'), { epoch, after: 1 })
    const inTime = play.follow(sessionStream('anna'), { epoch, after: 2 })
    play.world.settle()
    expect(play.told(late).map(({ type }) => type)).toEqual(['snapshot'])
    expect(play.told(inTime).map(({ type }) => type)).toEqual(['events'])
  })
})

describe('a killed session', () => {
  test('comes back at once under a new epoch with an empty list, and serves on', () => {
    inWorlds((play, world) => {
      play.wish('anna', '5')
      play.wish('ben', '7')
      play.until(() => play.session('anna') !== undefined)
      play.turns(world.random.below(20))
      const first = play.session('anna')!
      world.runtime.exit(first, 'kill')
      const wishAgain = () => play.wish('anna', '6', 'after-the-kill')
      const refs = [wishAgain()]
      world.settle()
      // As a page does whose wish was lost with the mailbox that it lay in.
      if (play.answers(refs[0]!).length === 0) refs.push(wishAgain())
      world.settle()
      expect(play.session('anna')).not.toBe(first)
      expect(play.answers(refs.at(-1)!)).toEqual([ok])
      expect(play.seen('anna').epoch).toBe(`life.${play.session('anna')!.serial}`)
      expect(play.list('anna').filter((line) => line.startsWith('6'))).toEqual(['6 finished 21'])
      expect(play.list('ben')).toEqual(['7 finished 28'])
      const ref = play.follow(sessionStream('anna'), { epoch: `life.${first.serial}`, after: 0 })
      world.settle()
      expect(play.told(ref)).toMatchObject([{ type: 'snapshot', ...play.seen('anna') }])
    })
  })

  test('with a full list announces the empty one to who followed it', () => {
    inWorlds((play, world) => {
      for (const number of ['5', '13']) play.wish('anna', number)
      world.settle()
      const before = play.seen('anna')
      world.runtime.exit(play.session('anna')!, 'kill')
      world.settle()
      const after = play.seen('anna')
      expect([before.seq, after.seq, after.view]).toEqual([4, 0, { lines: [] }])
      expect(after.epoch).not.toBe(before.epoch)
    })
  })
})

describe('a session that nobody speaks to', () => {
  test('ends, with the sums that still count for it, and begins anew when spoken to', () => {
    inWorlds((play) => {
      play.wish('anna', '-5')
      play.wish('anna', '0')
      play.until(() => play.list('anna').length === 2)
      const before = play.seen('anna')
      play.until(() => play.session('anna') === undefined)
      play.until(() => play.calculating().length === 0)
      const ref = play.follow(sessionStream('anna'), { epoch: before.epoch, after: before.seq })
      play.until(() => play.told(ref).length > 0)
      expect(play.told(ref)).toMatchObject([{ type: 'snapshot', seq: 0, view: { lines: [] } }])
      expect(play.seen('anna').epoch).not.toBe(before.epoch)
    }, 50)
  })

  test('ends sooner with an empty list than with a full one', () => {
    const world = new World(1)
    const play = new Play(world)
    play.follow(sessionStream('anna'))
    play.wish('ben', '5')
    world.runFor(60 * 60 * 1000)
    expect(play.session('anna')).toBe(undefined)
    expect(play.list('ben')).toEqual(['5 finished 15'])
    expect(play.session('ben')).not.toBe(undefined)
    world.runFor(4 * 60 * 60 * 1000)
    expect(play.session('ben')).toBe(undefined)
  })
})

describe('two visitors', () => {
  test('have a session each, and neither sees what the other does', () => {
    inWorlds((play, world) => {
      const wishes = world.random.shuffle([
        ...['1', '2', '3', '13'].map((number) => ['anna', number] as const),
        ...['4', '5', '13', '6'].map((number) => ['ben', number] as const),
      ])
      for (const [visitor, number] of wishes) {
        play.wish(visitor, number)
        play.turns(world.random.below(4))
      }
      world.settle()
      for (const visitor of ['anna', 'ben']) {
        const own = wishes.filter(([who]) => who === visitor).map(([, number]) => number)
        expect(play.seen(visitor).view.lines.map(({ number }) => number)).toEqual(own)
        expect(play.list(visitor).filter((line) => line.includes('calculating'))).toEqual([])
      }
      expect(play.session('anna')).not.toBe(play.session('ben'))
    })
  })
})
