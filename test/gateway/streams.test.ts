/*
 * Who follows what, through real sockets and a real line to a host that the test plays: who is told
 * what, how seldom a crowd is, and what becomes of questions and followers when the line breaks.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localLines } from '../../server/local-lines'
import { Streams } from '../../src/gateway/streams'
import type { Events, Follow, FromHost, ToHost } from '../../src/protocol/envelope'
import {
  createHost,
  deaf,
  openHall,
  type Hall,
  type HallDoors,
  type Phone,
  type StandInHost,
} from '../server/hall'
import { until } from '../support/until'

const wall = 'boards/board/tools'
const mine = 'play/session/anna'
const down = { ok: false, refusal: { code: 'host_down' } }
const granted = { ok: true }
/** A crowd begins with two. What is to fall into one window is asked or said in one turn. */
const windowMs = (followers: number) => (followers < 2 ? 0 : 200)

let play: StandInHost
let boards: StandInHost
let hall: Hall

async function open(doors: Omit<HallDoors, 'hosts'> = {}) {
  ;[play, boards] = [await createHost(), await createHost()]
  hall = await openHall({ hosts: { play, boards }, ...doors })
}

beforeEach(() => open())
afterEach(() => hall.close())

const snapshot = (seq: number, stream = wall, epoch = 'e') => {
  return { stream, epoch, seq, view: stream.startsWith(mine) ? { lines: [] } : seq }
}
/** Events with their numbers for content, up to `seq`. */
const events = (seq: number, count = 1, stream = wall, epoch = 'e'): Events => {
  const numbers = Array.from({ length: count }, (_, at) => seq - count + 1 + at)
  return { stream, epoch, seq, events: numbers }
}
const saying = (told: Events): FromHost => ({ type: 'events', ...told })
const follows = ({ heard }: StandInHost, stream = wall) =>
  heard.filter((word) => word.type === 'follow' && word.stream === stream)
const hears = (host: StandInHost, count: number, stream = wall) =>
  until(() => expect(follows(host, stream)).toHaveLength(count))
const isTold = (phone: Phone, ...told: [string, object][]) =>
  until(() => expect(phone.told).toEqual(told))

/** The host grants a follow, the last one unless told, with a first word. */
function grant(host: StandInHost, first: object = snapshot(0), ref = host.heard.at(-1)!.ref) {
  const type = 'view' in first ? 'snapshot' : 'events'
  host.say({ type: 'answer', ref, answer: { ok: true } }, { type, ref, ...first } as FromHost)
}

/** From now on the host grants every follow with the view after `seq`. */
function grantAll(host: StandInHost, seq = 0) {
  host.onWord = (word) => {
    if (word.type === 'follow') grant(host, snapshot(seq, word.stream), word.ref)
  }
}

const joinAll = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, at) => hall.join(`visitor${at}`)))

/** All of them ask in one turn of the loop. */
const askAll = (phones: readonly Phone[], follow: Follow = { stream: wall }) =>
  Promise.all(phones.map(({ socket }) => hall.streams.follow(socket.id!, follow)))

describe('a follower', () => {
  test('is told what it asked for, and from then on what everybody is', async () => {
    const [anna, ben] = [await hall.join(), await hall.join('ben')]
    const answers = [anna.ask('follow', { stream: wall, epoch: 'e', after: 0 })]
    await hears(boards, 1)
    expect(boards.heard).toEqual([{ type: 'follow', ref: 1, stream: wall, epoch: 'e', after: 0 }])
    grant(boards)
    answers.push(ben.ask('follow', { stream: wall }))
    await hears(boards, 2)
    grant(boards)
    expect(await Promise.all(answers)).toEqual([granted, granted])
    boards.say(saying(events(1)))
    for (const phone of [anna, ben]) {
      await isTold(phone, ['snapshot', snapshot(0)], ['events', events(1)])
    }
  })

  test.each(['unfollow', 'close'] as const)('%s overtakes a follow under way', async (leaving) => {
    const [anna, ben] = [await hall.join(), await hall.join('ben')]
    void anna.ask('follow', { stream: wall })
    await hears(boards, 1)
    if (leaving === 'unfollow') await anna.ask('unfollow', { stream: wall })
    else anna.socket.disconnect()
    await until(() => expect(hall.sockets()).toBe(leaving === 'close' ? 1 : 2))
    grant(boards)
    void ben.ask('follow', { stream: wall })
    await hears(boards, 2)
    grant(boards)
    boards.say(saying(events(1)))
    await until(() => expect(ben.told).toHaveLength(2))
    expect(anna.told).toEqual([])
  })

  test('who has left is told nothing more', async () => {
    grantAll(boards)
    const [anna, ben] = [await hall.join(), await hall.join('ben')]
    await askAll([anna, ben])
    await anna.ask('unfollow', { stream: wall })
    boards.say(saying(events(1)))
    await until(() => expect(ben.told).toHaveLength(2))
    await anna.ask('unfollow', { stream: wall })
    expect(anna.told).toHaveLength(1)
  })

  test('of one host is not told what another host answers under the same ref', async () => {
    const anna = await hall.join()
    void anna.ask('follow', { stream: mine })
    await hears(play, 1, mine)
    void anna.ask('follow', { stream: wall })
    await hears(boards, 1)
    expect(play.heard[0]!.ref).toBe(boards.heard[0]!.ref)
    grant(boards, snapshot(7))
    grant(play, snapshot(3, mine))
    await isTold(anna, ['snapshot', snapshot(7)], ['snapshot', snapshot(3, mine)])
  })

  test('wants a hundred streams at most', async () => {
    grantAll(boards)
    const anna = await hall.join()
    const streams = Array.from({ length: 101 }, (_, at) => `boards/board/b${at}`)
    const answers = await Promise.all(streams.map((stream) => askAll([anna], { stream })))
    expect(answers.slice(99)).toEqual([[granted], [{ ok: false, refusal: { code: 'too_busy' } }]])
    await anna.ask('unfollow', { stream: streams[0] })
    expect(await anna.ask('follow', { stream: wall })).toEqual(granted)
  })
})

describe('a question', () => {
  test('wishing says who wishes it, and its answer is the host’s', async () => {
    const anna = await hall.join()
    const wish = { id: 'wish-0001', stream: mine, command: { type: 'start_sum', text: '5' } }
    const answer = anna.ask('wish', wish)
    await until(() => expect(play.heard).toHaveLength(1))
    expect(play.heard[0]).toEqual({
      type: 'wish',
      ref: 1,
      ...wish,
      visitor: 'anna',
      role: 'audience',
    })
    const refusal = { ok: false, refusal: { code: 'too_busy' } } as const
    play.say({ type: 'answer', ref: 99, answer: { ok: true } })
    play.say({ type: 'answer', ref: 1, answer: refusal })
    expect(await answer).toEqual(refusal)
  })

  test('is answered when its line breaks, which is dialled again while the host lives', async () => {
    const anna = await hall.join()
    const answer = anna.ask('follow', { stream: wall })
    await hears(boards, 1)
    boards.hangUp()
    expect(await answer).toEqual(down)
    await until(() => expect(hall.opened).toEqual(['play', 'boards', 'boards']))
    grantAll(boards)
    expect(await anna.ask('follow', { stream: wall })).toEqual(granted)
  })

  test('for what no host writes is refused', async () => {
    const refusal = { ok: false, refusal: { code: 'unknown_stream' } }
    const streams = new Streams([], deaf, localLines)
    expect(await streams.follow('x', { stream: 'nobody/x' })).toEqual(refusal)
    const wish = { id: 'wish-0001', stream: 'nobody/x', command: {} }
    expect(await streams.wish(wish, 'anna', 'audience')).toEqual(refusal)
  })

  test('that a crowd asks at one moment is asked twice: for the first, and for all others', async () => {
    await hall.close()
    await open({ windowMs })
    grantAll(boards)
    const phones = await joinAll(30)
    await askAll(phones.slice(0, 2))
    const before = follows(boards).length
    const others = phones.slice(2)
    expect(await askAll(others)).toEqual(others.map(() => granted))
    expect(follows(boards)).toHaveLength(before + 2)
    for (const phone of phones) await isTold(phone, ['snapshot', snapshot(0)])
    boards.say(saying(events(1)))
    for (const phone of phones) {
      await isTold(phone, ['snapshot', snapshot(0)], ['events', events(1)])
    }
  })

  test('from another place is another question', async () => {
    await hall.close()
    await open({ windowMs })
    grantAll(boards)
    const phones = await joinAll(4)
    await askAll(phones.slice(0, 2))
    const before = follows(boards).length
    const cursors = [
      { epoch: 'e', after: 1 },
      { epoch: 'e', after: 2 },
      { epoch: 'f', after: 2 },
    ]
    await Promise.all(cursors.map((cursor) => askAll(phones, { stream: wall, ...cursor })))
    const [one, two] = cursors
    const asked = follows(boards).slice(before)
    // A place in a log that is none of this crowd's is no place: who makes them up asks together.
    expect(asked).toMatchObject([one, two, {}, one, two, {}])
    for (const at of [2, 5]) expect(asked[at]).not.toHaveProperty('epoch')
  })

  test('that waits for its crowd’s is not answered to who has left', async () => {
    await hall.close()
    await open({ windowMs })
    grantAll(boards)
    const phones = await joinAll(5)
    await askAll(phones.slice(0, 2))
    const [, ...later] = phones.slice(2)
    const answers = askAll(phones.slice(2))
    hall.streams.unfollow(later[0]!.socket.id!, wall)
    await answers
    boards.say(saying(events(1)))
    await until(() => expect(later[1]!.told).toHaveLength(2))
    await later[0]!.ask('unfollow', { stream: wall })
    expect(later[0]!.told).toEqual([])
  })
})

describe('a crowd', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => saying(events(at + 1)))

  test('of a few is told each word at once', async () => {
    grantAll(boards)
    const phones = await joinAll(20)
    await askAll(phones)
    boards.say(...hundred)
    for (const { told } of phones) {
      await until(() => expect(told).toHaveLength(101))
      expect(told.slice(1).map(([, { seq }]) => seq)).toEqual(hundred.map((_, at) => at + 1))
    }
  })

  test('is told the first of many events at once, and all others in one word', async () => {
    await hall.close()
    await open({ windowMs })
    grantAll(boards)
    const phones = await joinAll(30)
    await askAll(phones)
    boards.say(...hundred)
    for (const phone of phones) {
      await isTold(
        phone,
        ['snapshot', snapshot(0)],
        ['events', events(1)],
        ['events', events(100, 99)],
      )
    }
  })

  test('is told what waits before a snapshot, and nothing after it twice', async () => {
    await hall.close()
    await open({ windowMs })
    grantAll(boards)
    const phones = await joinAll(3)
    await askAll(phones)
    boards.say(
      saying(events(1)),
      saying(events(2)),
      saying(events(3)),
      { type: 'snapshot', ...snapshot(0, wall, 'f') },
      saying(events(1, 1, wall, 'f')),
    )
    for (const phone of phones) {
      await isTold(
        phone,
        ['snapshot', snapshot(0)],
        ['events', events(1)],
        ['events', events(3, 2)],
        ['snapshot', snapshot(0, wall, 'f')],
        ['events', events(1, 1, wall, 'f')],
      )
    }
  })

  test('takes in who comes while events wait, who may be told them twice', async () => {
    await hall.close()
    await open({ windowMs })
    grantAll(boards)
    const phones = await joinAll(3)
    await askAll(phones.slice(0, 2))
    boards.onWord = (word) => {
      boards.say(saying(events(1)), saying(events(2)))
      grant(boards, snapshot(2), word.ref)
      boards.say(saying(events(3)))
    }
    await askAll(phones.slice(2))
    await isTold(phones[2]!, ['snapshot', snapshot(2)], ['events', events(3, 2)])
  })

  test('is asked on for when events are missing, and none of it asks', async () => {
    grantAll(boards)
    const phones = await joinAll(3)
    await askAll(phones)
    boards.heard.length = 0
    boards.onWord = (word) => grant(boards, events(5, 5), word.ref)
    boards.say(saying(events(4)), saying(events(5)))
    for (const phone of phones) {
      await isTold(phone, ['snapshot', snapshot(0)], ['events', events(5, 5)])
    }
    expect(boards.heard).toMatchObject([{ type: 'follow', stream: wall, epoch: 'e', after: 0 }])
  })
})

describe('a host that returns', () => {
  test('is asked nothing when nobody follows', async () => {
    boards.hangUp()
    await until(() => expect(hall.opened).toHaveLength(3))
    void (await hall.join()).ask('follow', { stream: wall })
    await hears(boards, 1)
    expect(boards.heard).toHaveLength(1)
  })

  test('is asked nothing for those who have gone', async () => {
    grantAll(boards)
    const phones = await joinAll(3)
    await askAll(phones)
    for (const { socket } of phones) socket.disconnect()
    await until(() => expect(hall.sockets()).toBe(0))
    boards.heard.length = 0
    boards.hangUp()
    await until(() => expect(hall.opened).toHaveLength(3))
    expect(await (await hall.join()).ask('follow', { stream: wall })).toEqual(granted)
    expect(boards.heard).toHaveLength(1)
  })

  test('is asked on once for each followed stream, and its answer is told to all', async () => {
    grantAll(boards)
    grantAll(play)
    const phones = await joinAll(30)
    await askAll(phones)
    await askAll([phones[0]!], { stream: 'play/session/visitor0' })
    boards.say(saying(events(1)))
    for (const { told } of phones) await until(() => expect(told.at(-1)![1].seq).toBe(1))
    boards.heard.length = 0
    play.heard.length = 0
    boards.onWord = (word) => grant(boards, events(4, 3), word.ref)
    boards.hangUp()
    for (const { told } of phones) {
      await until(() => expect(told.at(-1)).toEqual(['events', events(4, 3)]))
    }
    expect(boards.heard).toMatchObject([{ stream: wall, epoch: 'e', after: 1 }])
    expect(play.heard).toEqual([])
  })

  test('hears the wishes that waited for it before any question', async () => {
    grantAll(boards)
    const phones = await joinAll(2)
    await askAll(phones)
    boards.heard.length = 0
    boards.hangUp()
    await until(() => expect(hall.streams.groupWith('boards')!.isOpen(wall)).toBe(false))
    const wish = { id: 'wish-0001', stream: wall, command: { type: 'post_note', text: 'a saw' } }
    const answer = hall.streams.wish(wish, 'visitor0', 'audience')
    await hears(boards, 1)
    expect(boards.heard.map(({ type }) => type)).toEqual(['wish', 'follow'])
    boards.say({ type: 'answer', ref: boards.heard[0]!.ref, answer: { ok: true } })
    expect(await answer).toEqual(granted)
  })

  test('starts a session anew, and its empty list reaches the page', async () => {
    grantAll(play, 3)
    const anna = await hall.join()
    await anna.ask('follow', { stream: mine })
    const reborn = snapshot(0, mine, 'f')
    play.onWord = (word) => {
      play.say({ type: 'snapshot', ...reborn })
      grant(play, reborn, word.ref)
    }
    play.hangUp()
    await isTold(anna, ['snapshot', snapshot(3, mine)], ['snapshot', reborn], ['snapshot', reborn])
  })

  test('is asked again while it refuses', async () => {
    grantAll(boards)
    const phones = await joinAll(2)
    await askAll(phones)
    let refusals = 2
    boards.onWord = ({ ref }) => {
      const answer = { ok: false, refusal: { code: 'too_busy' } } as const
      if (refusals-- > 0) boards.say({ type: 'answer', ref, answer })
      else grant(boards, events(2, 2), ref)
    }
    boards.hangUp()
    for (const { told } of phones) {
      await until(() => expect(told.at(-1)).toEqual(['events', events(2, 2)]))
    }
  })

  test('and is lost again before it answers is asked by its next line', async () => {
    grantAll(boards)
    const phones = await joinAll(2)
    await askAll(phones)
    boards.heard.length = 0
    boards.onWord = () => boards.hangUp()
    boards.hangUp()
    await hears(boards, 2)
    boards.onWord = (word) => grant(boards, events(2, 2), word.ref)
    for (const { told } of phones) {
      await until(() => expect(told.at(-1)).toEqual(['events', events(2, 2)]))
    }
  })

  test('is asked for a thousand streams, each once', async () => {
    const asked: ToHost[] = []
    grantAll(boards)
    const phones = await joinAll(20)
    const own = (board: number, visitor: number) => `boards/board/b${board}/own/visitor${visitor}`
    const all = phones.flatMap((phone, visitor) =>
      Array.from({ length: 50 }, async (_, board) => {
        await askAll([phone], { stream: own(board, visitor) })
        return own(board, visitor)
      }),
    )
    const streams = await Promise.all(all)
    boards.onWord = (word) => {
      asked.push(word)
      grant(boards, events(0, 0, (word as { stream: string }).stream), word.ref)
    }
    boards.hangUp()
    await until(() => expect(asked).toHaveLength(1_000))
    expect(new Set(asked.map((word) => (word as { stream: string }).stream))).toEqual(
      new Set(streams),
    )
  })
})
