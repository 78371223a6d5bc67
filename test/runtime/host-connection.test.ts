/*
 * A connection and its wire: order and completeness under back-pressure, a bounded wait, and which
 * of two connections counts.
 */
import { describe, expect, it } from 'vitest'
import {
  monitor,
  receive,
  Runtime,
  send,
  sleep,
  type Body,
  type Down,
  type Wire,
} from '../../src/runtime'
import { forSeveralHosts, SeveralHosts } from '../support/several-hosts'

function* taker(): Body {
  for (;;) send('test', yield* receive())
}

/** A wire whose other side is the test. */
function testedWire() {
  const sent: unknown[][] = []
  let hear: (batch: unknown) => void = () => {}
  let drained = (): void => {}
  let closes = 0
  let hasRoom = true
  const wire: Wire = {
    send(batch) {
      sent.push([...batch])
      return hasRoom
    },
    close: () => void closes++,
    onBatch: (take) => void (hear = take),
    onDrained: (act) => void (drained = act),
    onClose() {},
  }
  return {
    wire,
    sent,
    greet: (host: number) => hear([{ type: 'hello', version: 1, host, incarnation: 'x' }]),
    fill: () => void (hasRoom = false),
    drain() {
      hasRoom = true
      drained()
    },
    /** Has room for one batch. */
    drainOnce: () => drained(),
    get closes() {
      return closes
    },
  }
}

describe('a full wire', () => {
  it('loses nothing and keeps the order', () => {
    forSeveralHosts(100, [1, 2], (world) => {
      world.get(2).runtime.start(undefined, { name: 'taker' }, taker, [])
      world.connect(1, 2, { capacity: world.random.between(1, 10) })
      world.run()
      world.get(1).spawn(function* () {
        for (let n = 0; n < 300; n++) {
          send({ name: 'taker', host: 2 }, n)
          if (world.random.chance(0.1)) yield* sleep(world.random.below(30))
        }
      })
      world.run()
      expect(world.get(2).told).toEqual(Array.from({ length: 300 }, (_, n) => n))
    })
  })

  it('is given nothing until it has drained, and then all that waited', () => {
    const world = new SeveralHosts(1, [1])
    const { runtime } = world.get(1)
    const line = testedWire()
    runtime.hosts.connect(line.wire)
    line.greet(7)
    line.fill()
    for (let n = 0; n < 2_500; n++) runtime.send({ name: 'taker', host: 7 }, n)
    expect(line.sent).toHaveLength(2)
    line.drain()
    expect(line.sent.map(({ length }) => length)).toEqual([1, 1, 1_000, 1_000, 499])
    const messages = line.sent.flat().slice(1) as { message: number }[]
    expect(messages.map(({ message }) => message)).toEqual(messages.map((_, n) => n))
  })

  it('that is full again while it drains keeps the rest waiting', () => {
    const world = new SeveralHosts(1, [1])
    const { runtime } = world.get(1)
    const line = testedWire()
    runtime.hosts.connect(line.wire)
    line.greet(7)
    line.fill()
    for (let n = 0; n < 2_500; n++) runtime.send({ name: 'taker', host: 7 }, n)
    line.drainOnce()
    expect(line.sent.map(({ length }) => length)).toEqual([1, 1, 1_000])
    line.drain()
    const messages = line.sent.flat().slice(1) as { message: number }[]
    expect(messages.map(({ message }) => message)).toEqual(
      Array.from({ length: 2_500 }, (_, n) => n),
    )
  })

  it('beyond 64 MB ends the connection as unread, and everybody tied to it is told', () => {
    const world = new SeveralHosts(1, [1])
    const { runtime } = world.get(1)
    const line = testedWire()
    const ends: string[] = []
    runtime.hosts.connect(line.wire, (reason) => ends.push(reason))
    line.greet(7)
    runtime.spawn(function* () {
      monitor({ name: 'taker', host: 7 })
      send('test', (yield* receive<Down>()).reason)
    })
    world.run()
    line.fill()
    const text = 'x'.repeat(1_000_000)
    for (let n = 0; n < 80; n++) runtime.send({ name: 'taker', host: 7 }, text)
    world.run()
    expect(ends).toEqual(['unread'])
    expect(line.closes).toBe(1)
    expect(world.get(1).told).toEqual(['noconnection'])
    line.drain()
    expect(line.sent.length).toBeLessThan(10)
  })
})

describe('a connection', () => {
  it('takes the place of an older one to the same host', () => {
    const world = new SeveralHosts(1, [1])
    const ends: string[] = []
    const lines = [testedWire(), testedWire()]
    for (const [at, { wire }] of lines.entries()) {
      world.get(1).runtime.hosts.connect(wire, (reason) => ends.push(`${at} ${reason}`))
    }
    lines[0]!.greet(7)
    lines[1]!.greet(7)
    expect(ends).toEqual(['0 replaced'])
    expect(world.get(1).runtime.hosts.list()).toEqual([7])
    world.get(1).runtime.send({ name: 'taker', host: 7 }, 'hi')
    expect(lines.map(({ sent }) => sent.length)).toEqual([1, 2])
  })

  it('needs an incarnation', () => {
    const runtime = new Runtime({ now: () => 0, random: () => 0, log() {} })
    expect(() => runtime.hosts.connect(testedWire().wire)).toThrow('without an incarnation')
  })
})
