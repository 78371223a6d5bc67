/*
 * Words to many sockets: a slice in each turn of the loop, in order, encoded once for a slice.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FanOut, socketsPerTurn, type Telling } from '../../src/gateway/fan-out'
import { LocalStream } from '../../src/gateway/local-stream'
import { hostsStream } from '../../src/protocol/hosts'
import { openHall, type Phone } from '../server/hall'
import { Random } from '../support/random'
import { until } from '../support/until'

const word = (seq: number): Telling => {
  return { type: 'events', stream: 's', epoch: 'e', seq, events: [seq] }
}
const names = (count: number) => Array.from({ length: count }, (_, at) => `f${at}`)

/** A fan-out that writes down which followers were written to at one time, and what each heard. */
function written() {
  const fanOut = new FanOut()
  const slices: number[] = []
  const heard = new Map<string, number[]>()
  fanOut.open((followers, _, body) => {
    slices.push(followers.length)
    for (const follower of followers) {
      heard.set(follower, [...(heard.get(follower) ?? []), body.seq])
    }
  })
  return { fanOut, slices, heard }
}

test('a few are told at once; a crowd is told a slice in each turn of the loop', async () => {
  const { fanOut, slices } = written()
  fanOut.tell(names(3), word(1))
  expect(slices).toEqual([3])
  await nextTurn()
  fanOut.tell(names(2 * socketsPerTurn + 50), word(2))
  expect(slices).toEqual([3, socketsPerTurn])
  await nextTurn()
  expect(slices).toEqual([3, socketsPerTurn, socketsPerTurn])
  await nextTurn()
  expect(slices).toEqual([3, socketsPerTurn, socketsPerTurn, 50])
})

test('many words to one follower each share a turn as one word to many does', async () => {
  const { fanOut, slices } = written()
  for (const name of names(socketsPerTurn + 10)) fanOut.tell([name], word(1))
  expect(slices).toHaveLength(socketsPerTurn)
  await nextTurn()
  expect(slices).toHaveLength(socketsPerTurn + 10)
})

test('a word to nobody is not told to everybody', () => {
  const { fanOut, slices } = written()
  fanOut.tell([], word(1))
  expect(slices).toEqual([])
})

test.each([1, 2, 3])(
  'each follower hears its words in order, each once (seed %i)',
  async (seed) => {
    const random = new Random(seed)
    const { fanOut, heard } = written()
    const all = names(500)
    const meant = new Map<string, number[]>(all.map((name) => [name, []]))
    for (let seq = 1; seq <= 60; seq++) {
      const share = random.next()
      const some = all.filter(() => random.chance(share))
      fanOut.tell(new Set(some), word(seq))
      for (const name of some) meant.get(name)!.push(seq)
      if (random.chance(0.5)) await nextTurn()
    }
    await until(() =>
      expect([...heard.values()].flat()).toHaveLength([...meant.values()].flat().length),
    )
    for (const name of all) expect(heard.get(name) ?? []).toEqual(meant.get(name))
  },
)

test('a word is encoded once, not once for each socket', async () => {
  const hall = await openHall({ hosts: {} })
  const stream = new LocalStream<null, object>(hostsStream, 'e', { empty: null, fold: () => null })
  hall.streams.addLocal(stream)
  const phones = await Promise.all(names(30).map((name) => hall.join(name)))
  let encoded = 0
  const stepsFor = async (some: readonly Phone[]) => {
    encoded = 0
    const said = stream.say({ toJSON: () => ++encoded })
    hall.streams.publish(said)
    for (const { told } of some) await until(() => expect(told.at(-1)?.[1].seq).toBe(said.seq))
    return encoded
  }
  await phones[0]!.ask('follow', { stream: hostsStream })
  const stepsForOne = await stepsFor(phones.slice(0, 1))
  await Promise.all(phones.map((phone) => phone.ask('follow', { stream: hostsStream })))
  expect(await stepsFor(phones)).toBe(stepsForOne)
  await hall.close()
})
