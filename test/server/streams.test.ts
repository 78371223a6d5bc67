/*
 * The gateway's fan-out over a real line to a host that the test plays: who is told what, and what
 * becomes of questions when the line breaks.
 */
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPipe, type Pipe } from '../../server/pipe'
import { Streams, type Follower } from '../../server/streams'
import type { FromHost, ToHost } from '../../src/protocol/envelope'
import { until } from '../support/until'

const stream = 'play/session/7f3'
const down = { ok: false, refusal: { code: 'host_down' } }
const snapshot = { stream, epoch: 'e.1', seq: 0, view: { lines: [] } }

let heard: ToHost[]
let calls: Socket[]
let host: Pipe<FromHost>
let opened: number
let streams: Streams
let listening: Server

beforeEach(async () => {
  ;[heard, calls, opened] = [[], [], 0]
  listening = createServer((socket) => {
    calls.push(socket)
    host = openPipe<FromHost, ToHost>(socket, (word) => heard.push(word))
  })
  const address = join(mkdtempSync(join(tmpdir(), 'streams-')), 'host.sock')
  await once(listening.listen(address), 'listening')
  streams = new Streams(['play'], () => opened++)
  streams.host('play')!.connect(address)
  await stands(1)
})
afterEach(() => {
  streams.host('play')!.hangUp()
  calls.forEach((socket) => socket.destroy())
  listening.close()
})

const stands = (count: number) =>
  until(() => expect([opened, calls.length]).toEqual([count, count]))
const hears = (count: number) => until(() => expect(heard).toHaveLength(count))

function follower(): Follower & { readonly told: unknown[] } {
  const told: unknown[] = []
  return { told, tell: (word: string, body: object) => void told.push([word, body]) }
}

/** The host grants the follow that it heard last. */
function grant(ref = heard.at(-1)!.ref): void {
  host.send({ type: 'answer', ref, answer: { ok: true } })
  host.send({ type: 'snapshot', ref, ...snapshot })
}

test('a follower is told what it asked for, and from then on what everybody is', async () => {
  const [anna, ben] = [follower(), follower()]
  const answers = [streams.follow(anna, { stream, epoch: 'e.1', after: 0 })]
  await hears(1)
  expect(heard[0]).toEqual({ type: 'follow', ref: 1, stream, epoch: 'e.1', after: 0 })
  grant()
  answers.push(streams.follow(ben, { stream }))
  await hears(2)
  const events = { stream, epoch: 'e.1', seq: 1, events: ['x'] }
  grant()
  host.send({ type: 'events', ...events })
  expect(await Promise.all(answers)).toEqual([{ ok: true }, { ok: true }])
  const both = [
    ['snapshot', snapshot],
    ['events', events],
  ]
  await until(() => expect([anna.told, ben.told]).toEqual([both, both]))
})

test.each(['unfollow', 'forget'] as const)('%s overtakes a follow under way', async (leaving) => {
  const [anna, ben] = [follower(), follower()]
  const answer = streams.follow(anna, { stream })
  await hears(1)
  if (leaving === 'unfollow') streams.unfollow(anna, stream)
  else streams.forget(anna)
  grant()
  expect(await answer).toEqual({ ok: true })
  void streams.follow(ben, { stream })
  await hears(2)
  grant()
  host.send({ type: 'events', stream, epoch: 'e.1', seq: 1, events: ['x'] })
  await until(() => expect(ben.told).toHaveLength(2))
  expect(anna.told).toEqual([])
})

test('a wish says who wishes it, and its answer is the host’s', async () => {
  const wish = { id: 'wish-0001', stream, command: { type: 'start_sum', text: '5' } }
  const answer = streams.wish(wish, '7f3', 'audience')
  await hears(1)
  expect(heard[0]).toEqual({ type: 'wish', ref: 1, ...wish, visitor: '7f3', role: 'audience' })
  const refusal = { ok: false, refusal: { code: 'too_busy' } } as const
  host.send({ type: 'answer', ref: 99, answer: { ok: true } })
  host.send({ type: 'answer', ref: 1, answer: refusal })
  expect(await answer).toEqual(refusal)
})

test('a line that breaks answers what is open, and is dialled again while the host lives', async () => {
  const open = streams.follow(follower(), { stream })
  await hears(1)
  calls[0]!.destroy()
  expect(await open).toEqual(down)
  expect(await streams.follow(follower(), { stream })).toEqual(down)
  await stands(2)
  const again = streams.follow(follower(), { stream })
  await hears(2)
  grant()
  expect(await again).toEqual({ ok: true })
})

test('garbage from a host ends the line, which is dialled again', async () => {
  calls[0]!.write('garbage that is no frame')
  await stands(2)
})

test('what no host writes is unknown', async () => {
  const answer = await streams.follow(follower(), { stream: 'nobody/x' })
  expect(answer).toEqual({ ok: false, refusal: { code: 'unknown_stream' } })
})
