/*
 * The hosts of a group over real pipes, each played by the test: whom a question reaches, and that
 * nothing is asked or lost while streams change hands.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localLines } from '../../server/local-lines'
import type { Telling } from '../../src/gateway/fan-out'
import { HostGroup } from '../../src/gateway/host-group'
import { sessionStream, type ToHost } from '../../src/protocol/envelope'
import { ownerOf } from '../../src/protocol/share'
import { createHost, type StandInHost } from '../server/hall'
import { until } from '../support/until'

const both = ['play-1', 'play-2']
/** What a session leaves. */
const state = { list: { epoch: 'e', seq: 0, view: { lines: [] } }, granted: ['wish-0001'] }
const granted = { ok: true } as const
const streams = Array.from({ length: 20 }, (_, at) => sessionStream(`visitor-${at}`))
const ofFirst = streams.filter((stream) => ownerOf(stream, both) === 'play-1')
const ofSecond = streams.filter((stream) => ownerOf(stream, both) === 'play-2')
const [stays, moves] = [ofFirst[0]!, ofSecond[0]!]

let one: StandInHost
let two: StandInHost
let group: HostGroup
let opened: string[]
let emptied: string[]
let words: Telling[]
/** The streams whose followers may have missed something, each time. */
let gaps: string[][]

beforeEach(async () => {
  ;[opened, emptied, gaps, words] = [[], [], [], []]
  ;[one, two] = [await createHost(), await createHost()]
  group = new HostGroup(
    'play-1',
    {
      onOpen: (host) => opened.push(host),
      onGap: (concerns) => gaps.push(streams.filter(concerns)),
      onWord: (word) => words.push(word),
      onEmptied: (host) => emptied.push(host),
    },
    localLines,
  )
  for (const host of [one, two]) host.onWord = ({ ref }) => answer(host, ref)
  group.join('play-1', one.address)
  await until(() => expect(opened).toEqual(['play-1']))
})
afterEach(() => {
  for (const host of both) group.hangUp(host)
  one.close()
  two.close()
})

const answer = (host: StandInHost, ref: number) =>
  host.say({ type: 'answer', ref, answer: granted })
const ask = (stream: string) =>
  group.ask({ type: 'wish', id: 'wish-0001', stream, command: {}, visitor: 'a', role: 'audience' })
const shares = ({ heard }: StandInHost) =>
  heard.flatMap((word) => (word.type === 'share' ? [[word.host, ...word.hosts]] : []))
const wishes = ({ heard }: StandInHost) =>
  heard.flatMap((word) => (word.type === 'wish' ? [word.stream] : []))
const joins = async () => {
  group.join('play-2', two.address)
  await until(() => expect(opened).toContain('play-2'))
}

test('a host that is alone is asked for all, and never told to share', async () => {
  await Promise.all(streams.map(ask))
  expect(wishes(one)).toEqual(streams)
  group.hangUp('play-1')
  group.join('play-1', one.address)
  await until(() => expect(opened).toHaveLength(2))
  expect(await ask(stays)).toEqual(granted)
  expect(shares(one)).toEqual([])
})

describe('when a host joins', () => {
  test('both are told, and then each is asked for its own', async () => {
    await joins()
    await Promise.all(streams.map(ask))
    expect(shares(one)).toEqual([['play-1', ...both]])
    expect(shares(two)).toEqual([['play-2', ...both]])
    expect([wishes(one), wishes(two)]).toEqual([ofFirst, ofSecond])
  })

  test('questions wait until all has been handed over, which goes to its new owner first', async () => {
    const refs: number[] = []
    one.onWord = (word) => void refs.push(word.ref)
    await joins()
    await until(() => expect(refs).toHaveLength(1))
    const answers = [ask(stays), ask(moves)]
    one.say({ type: 'handed_over', stream: moves, state })
    await until(() => expect(two.heard.some(({ type }) => type === 'take_over')).toBe(true))
    expect([wishes(one), wishes(two)]).toEqual([[], []])
    one.onWord = ({ ref }) => answer(one, ref)
    answer(one, refs[0]!)
    expect(await Promise.all(answers)).toEqual([granted, granted])
    const order = two.heard.map(({ type }) => type)
    expect(order.indexOf('take_over')).toBeLessThan(order.indexOf('wish'))
    expect(two.heard.find(({ type }) => type === 'take_over')).toMatchObject({
      stream: moves,
      state,
    })
  })

  test('the followers of what has moved are asked for, and no others', async () => {
    await joins()
    await until(() => expect(gaps.at(-1)).toEqual(ofSecond))
  })

  test('what is handed over to a host that was just lost waits for it', async () => {
    one.onWord = ({ ref, type }) => {
      if (type === 'share') {
        two.hangUp()
        one.say({ type: 'handed_over', stream: moves, state })
      }
      answer(one, ref)
    }
    await joins()
    expect(await ask(moves)).toEqual(granted)
    const order = two.heard.map(({ type }) => type).filter((type) => type !== 'share')
    expect(order).toEqual(['take_over', 'wish'])
  })

  test('one that dies in the middle of it holds nobody up', async () => {
    one.onWord = ({ type }) => {
      if (type === 'share') one.hangUp()
    }
    await joins()
    expect(await ask(moves)).toEqual(granted)
  })
})

describe('when a host leaves', () => {
  beforeEach(async () => {
    await joins()
    await ask(stays)
  })

  test('it hands over all it has, and that is told; the other is asked for all', async () => {
    two.onWord = ({ ref, type }: ToHost) => {
      if (type === 'share') two.say({ type: 'handed_over', stream: moves, state })
      answer(two, ref)
    }
    group.leave('play-2', two.address)
    await until(() => expect(emptied).toEqual(['play-2']))
    expect(shares(two).at(-1)).toEqual(['play-2', 'play-1'])
    expect(one.heard.at(-1)).toMatchObject({ type: 'take_over', stream: moves })
    expect(await ask(moves)).toEqual(granted)
    expect(wishes(one)).toContain(moves)
  })

  test('and joins again before it has gone, it has its share again', async () => {
    group.leave('play-2', two.address)
    group.join('play-2', two.address)
    expect(await ask(moves)).toEqual(granted)
    expect(wishes(two)).toEqual([moves])
    expect(emptied).toEqual([])
  })

  test('a gateway that did not see it come has it emptied too', async () => {
    const late = new HostGroup(
      'play-1',
      {
        onOpen: () => {},
        onGap: () => {},
        onWord: () => {},
        onEmptied: (host) => emptied.push(host),
      },
      localLines,
    )
    const before = shares(one).length
    late.join('play-1', one.address)
    late.leave('play-2', two.address)
    await until(() => expect(emptied).toEqual(['play-2']))
    expect(shares(two).at(-1)).toEqual(['play-2', 'play-1'])
    // Nothing goes to who is about to leave.
    expect(shares(one).slice(before)).toEqual([['play-1', 'play-1']])
    late.hangUp('play-1')
    late.hangUp('play-2')
  })
})

describe('what a host says of streams that are not its own', () => {
  const told = (stream: string) => ({ stream, epoch: 'e', seq: 1 })
  const takenOver = ({ heard }: StandInHost) => heard.filter(({ type }) => type === 'take_over')

  beforeEach(async () => {
    await joins()
    await ask(stays)
  })

  test('nobody hears', async () => {
    for (const stream of [moves, 'boards/deck', 'gateway/hosts']) {
      one.say({ type: 'snapshot', ...told(stream), view: { lines: [] } })
      one.say({ type: 'events', ...told(stream), events: [] })
    }
    one.say({ type: 'events', ...told(stays), events: [] })
    two.say({ type: 'events', ...told(moves), events: [] })
    await until(() =>
      expect(words.map(({ stream }) => stream).toSorted()).toEqual([stays, moves].toSorted()),
    )
  })

  test('nobody hears in the place of what was asked for', async () => {
    const heard: Telling[] = []
    one.onWord = ({ ref }) =>
      one.say({ type: 'snapshot', ref, ...told('boards/deck'), view: 'forged' })
    await group.ask({ type: 'follow', stream: stays }, (word) => heard.push(word))
    expect(heard).toEqual([])
  })

  test('is handed over to nobody, nor is anything while no streams change hands', async () => {
    for (const stream of streams) one.say({ type: 'handed_over', stream, state })
    await ask(stays)
    one.onWord = ({ ref, type }) => {
      if (type === 'share') {
        for (const stream of ofSecond) one.say({ type: 'handed_over', stream, state })
      }
      answer(one, ref)
    }
    group.leave('play-2', two.address)
    await until(() => expect(emptied).toEqual(['play-2']))
    expect([takenOver(one), takenOver(two)]).toEqual([[], []])
  })
})

test('a host that never served has nothing to hand over, and nobody waits for it', async () => {
  group.leave('play-2', undefined)
  expect(await ask(moves)).toEqual(granted)
  expect(emptied).toEqual([])
  expect(shares(one)).toEqual([])
})

describe('a host that is gone', () => {
  beforeEach(async () => {
    await joins()
    await ask(stays)
  })

  test('for a moment keeps its share', async () => {
    group.hangUp('play-2')
    expect(await ask(moves)).toMatchObject({ refusal: { code: 'host_down' } })
    expect(group.isOpen(moves)).toBe(false)
    group.join('play-2', two.address)
    await until(() => expect(group.isOpen(moves)).toBe(true))
    expect(await ask(moves)).toEqual(granted)
    expect(wishes(two)).toEqual([moves])
  })

  test('for a moment holds up nobody but its own visitors', async () => {
    const before = shares(one).length
    one.onWord = ({ type, ref }) => {
      if (type === 'wish') answer(one, ref)
    }
    group.hangUp('play-2')
    group.join('play-2', two.address)
    expect(await ask(stays)).toEqual(granted)
    await until(() => expect(group.isOpen(moves)).toBe(true))
    expect(await ask(moves)).toEqual(granted)
    expect(shares(one)).toHaveLength(before)
  })

  test('for good loses it to the others', async () => {
    group.forget('play-2')
    expect(await ask(moves)).toEqual(granted)
    expect(wishes(one)).toContain(moves)
  })

  test('for good keeps its share where it is the only one', async () => {
    group.forget('play-2')
    group.forget('play-1')
    expect(await ask(moves)).toMatchObject({ refusal: { code: 'host_down' } })
    group.join('play-1', one.address)
    await until(() => expect(group.isOpen(moves)).toBe(true))
    expect(await ask(moves)).toEqual(granted)
  })

  test('for good has no share any more once there is another one', async () => {
    group.forget('play-1')
    group.forget('play-2')
    group.join('play-1', one.address)
    await until(() => expect(group.isOpen(moves)).toBe(true))
    expect(await ask(moves)).toEqual(granted)
  })
})
