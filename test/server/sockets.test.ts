/*
 * The gateway's door: who is let in and how often, what is checked before anything is done, and
 * what becomes of a browser that does not read.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until'
import { createHost, openHall, type Hall, type StandInHost } from './hall'

const wall = 'boards/board/tools'
const granted = { ok: true }
const refusal = (code: string) => ({ ok: false, refusal: { code } })

let boards: StandInHost
let hall: Hall

beforeEach(async () => {
  boards = await createHost()
  boards.onWord = ({ ref, ...word }) => {
    boards.say({ type: 'answer', ref, answer: { ok: true } })
    if (word.type !== 'follow') return
    boards.say({ type: 'snapshot', ref, stream: word.stream, epoch: 'e', seq: 0, view: null })
  }
  hall = await openHall({ hosts: { boards }, cap: { all: 5, ofOne: 2 } })
})
afterEach(() => hall.close())

test('a follow is checked for who asks, before a host hears of it', async () => {
  const [anna, speaker] = [await hall.join(), await hall.join('eva presenter')]
  expect(await anna.ask('follow', { stream: `${wall}/admin` })).toEqual(refusal('presenter_only'))
  expect(await anna.ask('follow', { stream: `${wall}/own/ben` })).toEqual(refusal('not_yours'))
  expect(boards.heard).toEqual([])
  expect(await speaker.ask('follow', { stream: `${wall}/admin` })).toEqual(granted)
  expect(await anna.ask('follow', { stream: `${wall}/own/anna` })).toEqual(granted)
})

test('a wish is checked for who wishes it, before a host hears of it', async () => {
  const [anna, speaker] = [await hall.join(), await hall.join('eva presenter')]
  const wish = { id: 'wish-0001', stream: wall, command: { type: 'blank_wall', blank: true } }
  expect(await anna.ask('wish', wish)).toEqual(refusal('presenter_only'))
  expect(boards.heard).toEqual([])
  expect(await speaker.ask('wish', wish)).toEqual(granted)
  expect(boards.heard).toMatchObject([{ ...wish, visitor: 'eva', role: 'presenter' }])
})

test('a visitor has a few sockets, a hall has many; who is too many is refused', async () => {
  const first = await hall.join('anna')
  await hall.join('anna')
  for (const transports of [['polling'], ['websocket']]) {
    await expect(hall.join('anna', { transports })).rejects.toThrow()
  }
  await Promise.all(['ben', 'cleo', 'dora'].map((name) => hall.join(name)))
  await expect(hall.join('eva')).rejects.toThrow()
  const response = await fetch(`${hall.url}/socket.io/?EIO=4&transport=polling`)
  expect([response.status, await response.json()]).toMatchObject([403, { code: 4 }])
  first.socket.disconnect()
  await until(() => expect(hall.sockets()).toBe(4))
  await hall.join('anna')
})

test('nobody gets a script for an answer', async () => {
  const path = `${hall.url}/socket.io/?EIO=4&transport=polling`
  expect((await fetch(`${path}&j=0`)).status).toBe(403)
  expect((await fetch(path)).status).toBe(200)
})

/** Stops reading, as a phone in a tunnel does; its kernel takes some megabytes more. */
function stopReading({ socket }: Awaited<ReturnType<Hall['join']>>): void {
  const { transport } = socket.io.engine as unknown as {
    transport: { ws: { _socket: { pause(): void } } }
  }
  transport.ws._socket.pause()
}

test('a browser that stopped reading is cut, and nobody else is', async () => {
  const [anna, ben] = [await hall.join('anna'), await hall.join('ben')]
  for (const phone of [anna, ben]) await phone.ask('follow', { stream: wall })
  stopReading(anna)
  const large = 'x'.repeat(200_000)
  let seq = 0
  await until(() => {
    for (let word = 0; word < 5; word++) {
      boards.say({ type: 'events', stream: wall, epoch: 'e', seq: ++seq, events: [large] })
    }
    expect(hall.sockets()).toBe(1)
  })
  await until(() => expect(ben.told.at(-1)![1].seq).toBe(seq))
  expect(ben.told).toHaveLength(seq + 1)
})

test('a browser that asks on and on without reading is cut as it asks', async () => {
  boards.onWord = ({ ref }) => {
    const view = 'x'.repeat(2_000_000)
    boards.say(
      { type: 'answer', ref, answer: { ok: true } },
      { type: 'snapshot', ref, stream: wall, epoch: 'e', seq: 0, view },
    )
  }
  const anna = await hall.join('anna')
  stopReading(anna)
  for (let question = 1; question <= 18 && hall.sockets() > 0; question++) {
    void anna.ask('follow', { stream: wall })
    await until(() => expect(boards.heard.length === question || hall.sockets() === 0).toBe(true))
  }
  expect(hall.sockets()).toBe(0)
  expect(boards.heard.length).toBeLessThan(18)
})
