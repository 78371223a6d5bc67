/*
 * The reception: each word reaches the writer of its stream, or is refused.
 */
import { expect, test } from 'vitest'
import { sessionStream } from '../../src/protocol/envelope'
import { forSeeds, World } from '../support/simulation'
import { Boards } from './boards'
import { Play } from './play'

test.each([
  ...['play', 'play/', 'play/session', 'play/session/', 'play/board/x', 'gateway/hosts'],
  ...['', 'reception', 'sums', 'xplay/session/anna', '__proto__'],
])('nobody writes a stream of the name %j', (stream) => {
  const play = new Play(new World(1))
  const before = play.world.runtime.list()
  const refusal = { ok: false, refusal: { code: 'unknown_stream' } }
  expect(play.answer(play.follow(stream))).toEqual(refusal)
  play.world.settle()
  expect(play.said).toHaveLength(1)
  expect(play.world.runtime.list()).toEqual(before)
})

test('a session is started once, when it is first spoken to, however many speak at once', () => {
  forSeeds(200, (world) => {
    const play = new Play(world)
    expect(play.session('anna')).toBe(undefined)
    const refs = Array.from({ length: 5 }, () => play.follow(sessionStream('anna')))
    world.settle()
    for (const ref of refs) expect(play.answers(ref)).toEqual([{ ok: true }])
    const announced = play.said.filter((word) => 'epoch' in word && word.ref === undefined)
    expect(announced).toHaveLength(1)
  })
})

test('every word of a storm of kills is answered or lost, and the reception never falls', () => {
  forSeeds(200, (world) => {
    const play = new Play(world)
    const reception = world.runtime.registry.find('reception')
    for (let blow = 0; blow < 20; blow++) {
      play.wish('anna', '5', 'same-wish')
      play.turns(world.random.below(6))
      const session = play.session('anna')
      if (session && world.random.chance(0.5)) world.runtime.exit(session, 'kill')
    }
    world.settle()
    expect(play.answer(play.wish('anna', '6', 'last-wish'))).toEqual({ ok: true })
    world.settle()
    expect(play.list('anna').filter((line) => line === '6 finished 21')).toHaveLength(1)
    expect(play.list('anna').filter((line) => line.startsWith('5')).length).toBeLessThanOrEqual(1)
    if (world.runtime.registry.find('reception') !== reception)
      console.log(
        JSON.stringify(
          world.records.map((r) => ({ ...r, reason: String(r['reason']) })),
          null,
          0,
        ),
      )
    expect(world.runtime.registry.find('reception')).toBe(reception)
  })
})

test('a writer that is being restarted is asked again; one that nobody is, never', () => {
  forSeeds(100, (world) => {
    const boards = new Boards(world)
    const wishes = ['tools', 'none'].map((board) => {
      const writer = boards.process()
      if (writer) world.runtime.exit(writer, 'kill')
      return boards.wish('anna', { type: 'post_note', text: 'logs' }, undefined, board)
    })
    const [being, never] = wishes.map((ref) => boards.answer(ref))
    expect([{ ok: true }, { ok: false, refusal: { code: 'host_down' } }]).toContainEqual(being)
    expect(never).toEqual({ ok: false, refusal: { code: 'unknown_stream' } })
  })
})
