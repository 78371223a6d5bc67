/* Whose a stream is: all agree, shares are even, and only what must move moves. */
import { describe, expect, test } from 'vitest'
import { sessionStream } from '../../src/protocol/envelope'
import { ownerOf } from '../../src/protocol/share'

const hosts = ['play-1', 'play-2', 'play-3', 'play-4']
const streams = Array.from({ length: 8_000 }, (_, at) => sessionStream(`visitor-${at}`))

describe('the owner of a stream', () => {
  test('is nobody where there is nobody', () => {
    expect(ownerOf('play/session/anna', [])).toBeUndefined()
  })

  test('is the same in whatever order the hosts are named', () => {
    const owners = streams.map((stream) => ownerOf(stream, hosts))
    expect(streams.map((stream) => ownerOf(stream, hosts.toReversed()))).toEqual(owners)
  })

  test('is each host about as often', () => {
    for (const count of [2, 3, 4]) {
      const among = hosts.slice(0, count)
      for (const host of among) {
        const share = streams.filter((stream) => ownerOf(stream, among) === host).length
        expect(share / streams.length).toBeGreaterThan(0.9 / count)
        expect(share / streams.length).toBeLessThan(1.1 / count)
      }
    }
  })

  test('changes with the hosts only where a host comes or goes', () => {
    const fewer = hosts.slice(0, 3)
    for (const stream of streams) {
      const owner = ownerOf(stream, hosts)
      if (owner !== 'play-4') expect(ownerOf(stream, fewer)).toBe(owner)
    }
  })
})
