/* The hunt's book: each visitor counts once for each bug, and no killed host forgets it. */
import { describe, expect, test } from 'vitest'
import { huntStream, type Bug, type HuntView } from '../../src/protocol/hunt'
import { forSeeds, World } from '../support/simulation'
import { Boards } from './boards'

const ok = { ok: true }
const found = (boards: Boards) => boards.seen<HuntView>(huntStream).found
const find = (boards: Boards, visitor: string, bug: Bug = 'negative', isShadow = false) =>
  boards.hunt({ type: 'find_bug', bug, isShadow }, visitor, `found-${bug}`)

describe('a bug', () => {
  test('counts once for each visitor, however often they trigger it', () => {
    const boards = new Boards(new World(1))
    for (const visitor of ['anna', 'ben', 'anna']) {
      expect(boards.answer(find(boards, visitor))).toEqual(ok)
    }
    boards.answer(find(boards, 'anna', 'huge'))
    expect(found(boards)).toMatchObject({ negative: { count: 2 }, huge: { count: 1 } })
    expect(found(boards).negative.firstAtMs).toBe(1_000_000)
  })

  test('is told without the names of those who found it', () => {
    const boards = new Boards(new World(1))
    boards.answer(find(boards, 'anna'))
    boards.answer(boards.follow(huntStream))
    expect(JSON.stringify(boards.said)).not.toContain('anna')
  })

  test('is still found after its host was killed, and its finders are known', () => {
    const boards = new Boards(new World(1))
    boards.answer(find(boards, 'anna', 'thirteen'))
    const again = new Boards(new World(2), boards.log)
    boards.answer(find(again, 'anna', 'thirteen'))
    expect(again.answer(find(again, 'ben', 'thirteen'))).toEqual(ok)
    expect(found(again).thirteen.count).toBe(2)
  })
})

describe('a hunt', () => {
  test('that rests counts nothing, and goes on', () => {
    const boards = new Boards(new World(1))
    boards.answer(boards.hunt({ type: 'arm_hunt', armed: false }))
    expect(boards.answer(find(boards, 'anna'))).toEqual(ok)
    expect(found(boards).negative.count).toBe(0)
    boards.answer(boards.hunt({ type: 'arm_hunt', armed: true }))
    boards.answer(find(boards, 'anna'))
    expect(found(boards).negative.count).toBe(1)
  })

  test('that begins anew lets everybody find everything again', () => {
    const boards = new Boards(new World(1))
    boards.answer(find(boards, 'anna'))
    boards.answer(boards.hunt({ type: 'reset_hunt' }))
    expect(found(boards).negative.count).toBe(0)
    boards.answer(find(boards, 'anna'))
    expect(boards.seen<HuntView>(huntStream)).toMatchObject({ round: 1 })
    expect(found(boards).negative.count).toBe(1)
  })

  test('grants a wish once, however often it is sent', () => {
    const boards = new Boards(new World(1))
    boards.answer(boards.hunt({ type: 'reset_hunt' }, 'host', 'the-wish'))
    boards.answer(find(boards, 'anna'))
    expect(boards.answer(boards.hunt({ type: 'reset_hunt' }, 'host', 'the-wish'))).toEqual(ok)
    expect(found(boards).negative.count).toBe(1)
  })

  test('counts right whatever is killed meanwhile', () => {
    forSeeds(100, (world) => {
      const boards = new Boards(world)
      const visitors = ['anna', 'ben', 'cleo', 'dora']
      const refs = visitors.map((visitor) => find(boards, visitor))
      for (let turn = world.random.below(10); turn > 0; turn--) world.runtime.turn()
      const hunt = world.runtime.registry.find(huntStream)
      if (hunt) world.runtime.exit(hunt, 'kill')
      world.settle()
      const lost = visitors.filter((_, at) => boards.answers(refs[at]!)[0]?.ok !== true)
      for (const visitor of lost) boards.answer(find(boards, visitor))
      expect(found(boards).negative.count).toBe(visitors.length)
    })
  })

  test('is told that nothing can be kept when nothing can', () => {
    const boards = new Boards(new World(1))
    boards.log.isFull = true
    expect(boards.answer(find(boards, 'anna'))).toMatchObject({ refusal: { code: 'not_kept' } })
    expect(found(boards).negative.count).toBe(0)
  })
})
