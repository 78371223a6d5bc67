/*
 * The planted bugs, repaired on stage: a new version takes effect while everything runs, and no
 * visitor loses a line.
 */
import { expect, test } from 'vitest'
import type { Pid } from '../../src/runtime'
import { forSeeds } from '../support/simulation'
import { Play } from './play'
import { repaired } from './repaired'

const seeds = 200
const better = { sum: repaired('sum'), session: repaired('session') }

test('a repaired sum takes 13 and −5, and what counts for ever goes on in its own version', () => {
  forSeeds(seeds, (world) => {
    const play = new Play(world)
    play.wish('anna', '13')
    play.wish('anna', '-5')
    play.until(() => play.seen('anna').seq === 3)
    // The call that takes the version must have been made.
    const place = (pid: Pid) => world.runtime.info(pid)?.current?.file
    play.until(() => play.calculating().some((pid) => place(pid) === 'src/system/sum.ts'))
    const before = play.session('anna')
    expect(world.runtime.code.load('sum', better.sum)).toBe(2)
    for (const number of ['13', '-5', '5', '9'.repeat(40)]) play.wish('anna', number)
    play.until(() => play.seen('anna').seq === 11)
    const lines = play.list('anna')
    expect(lines.slice(0, 5)).toEqual([
      ...['13 failed Error: 13 brings bad luck', '-5 calculating'],
      ...['13 finished 91', '-5 finished 10', '5 finished 15'],
    ])
    expect(lines[5]).toMatch(/^9{40} finished 49{39}50{39}$/)
    expect(play.session('anna')).toBe(before)
    expect(play.calculating()).toHaveLength(1)
  })
})

test('a repaired session refuses what is not positive, and keeps its list and its epoch', () => {
  forSeeds(seeds, (world) => {
    const play = new Play(world)
    play.wish('anna', '5')
    play.wish('anna', '13')
    play.until(() => play.session('anna') !== undefined)
    play.turns(world.random.below(30))
    const { epoch } = play.seen('anna')
    expect(world.runtime.code.load('session', better.session)).toBe(2)
    // It waits for its next word in the old version, and goes on in the new one.
    play.answer(play.wish('anna', '6'))
    for (const number of ['-5', '0', '-0']) {
      expect(play.answer(play.wish('anna', number))).toEqual({
        ok: false,
        refusal: { code: 'not_positive' },
      })
    }
    expect(play.answer(play.wish('anna', '1'))).toEqual({ ok: true })
    world.settle()
    expect(play.list('anna')).toEqual([
      ...['5 finished 15', '13 failed Error: 13 brings bad luck'],
      ...['6 finished 21', '1 finished 1'],
    ])
    if (epoch !== '') expect(play.seen('anna').epoch).toBe(epoch)
    expect(play.calculating()).toEqual([])
  })
})
