/*
 * The gateway's line to a host, over a real pipe: questions find their answers and first words, and
 * each is answered once, whatever becomes of the line.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localLines } from '../../server/local-lines'
import type { Telling } from '../../src/gateway/fan-out'
import { HostLink } from '../../src/gateway/host-link'
import type { FromHost, HandedOver } from '../../src/protocol/envelope'
import { createHost, type StandInHost } from '../server/hall'
import { until } from '../support/until'

const stream = 'play/session/anna'
const follow = { type: 'follow', stream } as const
const wish = {
  type: 'wish',
  id: 'wish-0001',
  stream,
  command: {},
  visitor: 'anna',
  role: 'audience',
} as const
const granted = { ok: true } as const
const down = { ok: false, refusal: { code: 'host_down' } }
const first = { stream, epoch: 'e', seq: 0, view: { lines: [] } }

let host: StandInHost
let link: HostLink
let opened: number
let told: unknown[]
let handed: unknown[]

beforeEach(async () => {
  ;[opened, told, handed] = [0, [], []]
  host = await createHost()
  const hears = {
    onOpen: () => opened++,
    onHandedOver: (word: HandedOver) => handed.push(word),
    onWord: (word: Telling) => told.push(word),
  }
  link = new HostLink(hears, localLines)
  link.connect(host.address)
  await stands(1)
})
afterEach(() => {
  link.hangUp()
  host.close()
})

const stands = (count: number) =>
  until(() => expect([opened, host.calls.length]).toEqual([count, count]))
const hears = (count: number) => until(() => expect(host.heard).toHaveLength(count))

test('each question has a ref of its own, and gets the answer under it', async () => {
  const answers = [link.ask(wish), link.ask(wish)]
  await hears(2)
  const [one, two] = host.heard
  expect([one, two]).toEqual([
    { ...wish, ref: 1 },
    { ...wish, ref: 2 },
  ])
  const refusal = { ok: false, refusal: { code: 'too_busy' } } as const
  host.say(
    { type: 'answer', ref: 7, answer: granted },
    { type: 'answer', ref: two!.ref, answer: refusal },
    { type: 'answer', ref: one!.ref, answer: granted },
    { type: 'answer', ref: one!.ref, answer: refusal },
  )
  expect(await Promise.all(answers)).toEqual([granted, refusal])
})

test('a follow is granted when its first word is here, and heard by its asker alone', async () => {
  const heard: unknown[] = []
  let isAnswered = false
  const answer = link.ask(follow, (word) => heard.push(word)).finally(() => (isAnswered = true))
  await hears(1)
  host.say({ type: 'answer', ref: 1, answer: granted })
  host.say({ type: 'events', stream, epoch: 'e', seq: 4, events: [] })
  await until(() => expect(told).toHaveLength(1))
  expect(isAnswered).toBe(false)
  host.say({ type: 'snapshot', ref: 1, ...first }, { type: 'snapshot', ref: 1, ...first })
  expect(await answer).toEqual(granted)
  expect(heard).toEqual([{ type: 'snapshot', ...first }])
  expect(told).toEqual([{ type: 'events', stream, epoch: 'e', seq: 4, events: [] }])
})

test('a follow that is refused has no first word', async () => {
  const heard: unknown[] = []
  const answer = link.ask(follow, (word) => heard.push(word))
  await hears(1)
  const refusal = { ok: false, refusal: { code: 'unknown_stream' } } as const
  host.say({ type: 'answer', ref: 1, answer: refusal }, { type: 'snapshot', ref: 1, ...first })
  expect(await answer).toEqual(refusal)
  host.say({ type: 'snapshot', ...first })
  await until(() => expect(told).toHaveLength(1))
  expect(heard).toEqual([])
})

test('a line that breaks answers all that is open, granted or not, and is dialled again', async () => {
  const answers = [link.ask(wish), link.ask(follow, () => {})]
  await hears(2)
  host.say({ type: 'answer', ref: 2, answer: granted })
  host.say({ type: 'events', stream, epoch: 'e', seq: 1, events: [] })
  await until(() => expect(told).toHaveLength(1))
  host.hangUp()
  expect(await Promise.all(answers)).toEqual([down, down])
  expect(link.isOpen).toBe(false)
  expect(await link.ask(wish)).toEqual(down)
  await stands(2)
  const again = link.ask(wish)
  await hears(3)
  host.say({ type: 'answer', ref: host.heard[2]!.ref, answer: granted })
  expect(await again).toEqual(granted)
})

test('whoever waits for the line hears when it stands, before anything else is asked', async () => {
  expect(await link.stands(0)).toBe(true)
  host.hangUp()
  await until(() => expect(link.isOpen).toBe(false))
  const waits = [link.stands(60_000), link.stands(60_000)]
  expect(await link.stands(1)).toBe(false)
  const openedBefore = opened
  const first = waits[0]!.then(() => opened - openedBefore)
  expect(await Promise.all(waits)).toEqual([true, true])
  expect([await first, link.isOpen]).toEqual([1, true])
})

test('garbage from a host ends the line, which is dialled again', async () => {
  host.calls[0]!.write('garbage that is no frame')
  await stands(2)
})

describe('what no host would say is as if it were never said', () => {
  const place = { stream, epoch: 'e', seq: 1 }
  const lines = (...more: unknown[]) => ({ lines: more })
  const left = (list: object, granted: unknown = []) => ({
    type: 'handed_over',
    stream,
    state: { list: { epoch: 'e', seq: 1, view: { lines: [] }, ...list }, granted },
  })
  /** By its own word; whoever prints it is long about it. */
  const endless: unknown[] = []
  const loop: unknown[] = []
  loop.push(loop)
  const nonsense: [what: string, word: unknown][] = [
    ['nothing', null],
    ['a number', 5],
    ['no type', {}],
    ['an answer that is none', { type: 'answer', ref: 1 }],
    ['an answer of no kind', { type: 'answer', ref: 1, answer: { ok: 'yes' } }],
    ['a refusal without a code', { type: 'answer', ref: 1, answer: { ok: false } }],
    ['an answer with more in it', { type: 'answer', ref: 1, answer: { ok: true, more: 1n } }],
    ['events of no stream', { type: 'events', epoch: 'e', seq: 1, events: [] }],
    ['events that are none', { type: 'events', ...place, events: { length: 1 } }],
    ['events without end', { type: 'events', ...place, events: endless }],
    ['events at no place', { type: 'events', ...place, seq: NaN, events: [] }],
    ['events that nobody can write down', { type: 'events', ...place, events: [{ at: 1n }] }],
    ['a list without end', { type: 'snapshot', ...place, view: lines(endless) }],
    ['a list that holds itself', { type: 'snapshot', ...place, view: lines(loop) }],
    ['a list with more in it', { type: 'snapshot', ...place, view: { lines: [], more: 1n } }],
    ['a board that moves', { ...left({}), stream: 'boards/board/tools' }],
    ['a session that left nothing', { ...left({}), state: null }],
    ['a session without a list', left({ view: undefined })],
    ['a session with a number that is none', left({ view: lines({ id: 'a', number: 'b' }) })],
    ['a session that granted no list', left({}, 5)],
    ['a session that granted without end', left({}, endless)],
    ['a session of 1 MB', left({ epoch: 'e'.repeat(2 ** 20) })],
  ]

  beforeEach(() => (endless.length = 2 ** 31))
  afterEach(() => (endless.length = 0))

  test.each(nonsense)('%s', async (_, word) => {
    const answer = link.ask(wish)
    await hears(1)
    host.say(word as FromHost)
    host.say({ type: 'snapshot', ...first }, { type: 'answer', ref: 1, answer: granted })
    expect(await answer).toEqual(granted)
    expect([told, handed]).toEqual([[{ type: 'snapshot', ...first }], []])
    expect(host.calls).toHaveLength(1)
  })

  test('but all that a session knows goes on', async () => {
    const known = [
      { id: 'wish-0001', number: '5', state: 'finished', outcome: '15' },
      { id: 'wish-0002', number: '-5', state: 'calculating' },
    ]
    const word = left({ view: { lines: known } }, ['wish-0001', 'wish-0002']) as FromHost
    host.say(word)
    await until(() => expect(handed).toEqual([word]))
  })
})

test('a host that is gone is not called again until it is back', async () => {
  const answer = link.ask(wish)
  link.hangUp()
  expect(await answer).toEqual(down)
  const next = await createHost()
  link.connect(next.address)
  await until(() => expect(opened).toBe(2))
  link.connect(next.address)
  const asked = link.ask(wish)
  await until(() => expect(next.heard).toHaveLength(1))
  next.say({ type: 'answer', ref: next.heard[0]!.ref, answer: granted })
  expect(await asked).toEqual(granted)
  expect([host.calls.length, next.calls.length]).toEqual([1, 1])
  link.hangUp()
  next.close()
})
