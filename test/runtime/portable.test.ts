/*
 * What arrives from a broken or hostile peer: it ends the connection with a reason that names the
 * fault, and nothing else.
 */
import { deserialize, serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { receive, send, type Body, type Wire } from '../../src/runtime'
import { Random } from '../support/random'
import { SeveralHosts, type Host } from '../support/several-hosts'

const hello = { type: 'hello', version: 1, host: 7, incarnation: 'x' }

/** A peer of host 1 that says what it likes. */
function peerOf(host: Host) {
  let hear: (batch: unknown) => void = () => {}
  const heard: unknown[] = []
  let isClosed = false
  let ended: string | undefined
  const wire: Wire = {
    send: (batch) => heard.push(...batch) > 0,
    close: () => void (isClosed = true),
    onBatch: (take) => void (hear = take),
    onDrained() {},
    onClose() {},
  }
  host.runtime.hosts.connect(wire, (reason) => void (ended = reason))
  return {
    heard,
    say: (batch: unknown) => hear(batch),
    get end() {
      return isClosed ? ended : undefined
    },
  }
}

function* taker(): Body {
  for (;;) send('test', yield* receive())
}

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)]
}

const shared = [1]
const message = (part: unknown) => ({ type: 'message', to: 'taker', message: part })

describe('a peer that says', () => {
  it.each<[string, unknown, RegExp]>([
    ['no batch', 'hello', /^malformed: no batch$/],
    ['a word that is none', [hello, 5], /^malformed: a word that is number$/],
    ['a word of no type', [hello, {}], /^malformed: a word of no known type$/],
    ['an inherited type', [hello, { type: 'toString' }], /no known type/],
    ['anything before its hello', [message(1)], /^malformed: a 'message' before any hello$/],
    ['hello twice', [hello, hello], /^malformed: a second hello$/],
    ['another version', [{ ...hello, version: 2 }], /^refused: speaks version 2$/],
    ['that it is who we are', [{ ...hello, host: 1 }], /^refused: is host 1, as we are$/],
    ['a hello without a life', [{ ...hello, incarnation: 5 }], /a 'hello' without a right 'inc/],
    ['a message to no place', [hello, { ...message(1), to: -1 }], /'message' without a right 'to'/],
    ['a link from nobody', [hello, { type: 'link', from: 0.5, to: 2 }], /without a right 'from'/],
    ['serials that are none', [hello, { type: 'know', serials: [1, 'x'] }], /right 'serials'/],
    ['a part of unknown kind', [hello, message({ a: [/x/] })], /a part of unknown kind/],
    ['a part of unknown mark', [hello, message({ $: 'code' })], /a part of unknown mark/],
    ['a name without a serial', [hello, message({ $: 'pid' })], /a name without a right serial/],
    ['half an error', [hello, message({ $: 'error', name: 'x' })], /an error without/],
    ['what nests too deep', [hello, message(nested(201))], /nests too deep/],
    ['one part in two places', [hello, message([shared, shared])], /one part in two places/],
    ['a function', [hello, message([() => 1])], /a function/],
  ])('%s ends its connection and nothing else', (_, batch, reason) => {
    const world = new SeveralHosts(1, [1])
    world.get(1).runtime.start(undefined, { name: 'taker' }, taker, [])
    const peer = peerOf(world.get(1))
    peer.say(batch)
    peer.say([hello, message('after')])
    world.get(1).runtime.send('taker', 'alive')
    world.run()
    expect(peer.end).toMatch(reason)
    expect(world.get(1).told).toEqual(['alive'])
    expect(world.get(1).runtime.hosts.list()).toEqual([])
  })

  it('what may just be copied here is taken, a name at its end too', () => {
    const deepest = (part: unknown) => {
      let nest = part
      for (let level = 0; level < 200; level++) nest = [nest]
      return nest
    }
    const world = new SeveralHosts(1, [1])
    const { runtime } = world.get(1)
    runtime.start(undefined, { name: 'taker' }, taker, [])
    const peer = peerOf(world.get(1))
    const error = { $: 'error', name: 'Error', message: 'deep', stack: '' }
    for (const part of [0, { $: 'pid', serial: 7 }, { $: 'ref', serial: 8 }, error]) {
      peer.say([hello, message(deepest(part))].slice(part === 0 ? 0 : 1))
    }
    world.run()
    expect([peer.end, world.get(1).told.length]).toEqual([undefined, 4])
  })

  it('a part that doubles at each of 100 levels is refused at once', () => {
    const world = new SeveralHosts(1, [1])
    let bomb: unknown = 0
    for (let level = 0; level < 100; level++) bomb = [bomb, bomb]
    const peer = peerOf(world.get(1))
    peer.say(deserialize(serialize([hello, message(bomb)])))
    expect(peer.end).toMatch(/one part in two places/)
  })

  it('words of any shape harms no runtime', () => {
    const random = new Random(1)
    const types = ['hello', 'message', 'link', 'unlink', 'unlinked', 'linked_exit', 'exit']
    types.push('monitor', 'demonitor', 'down', 'answer', 'know', 'ended')
    const part = (depth: number): unknown => {
      if (depth < 4 && random.chance(0.3)) return [part(depth + 1), part(depth + 1)]
      const mark = random.pick(['pid', 'ref', 'set', 'object', 'bare', 'error', 'x'])
      const serial = random.between(-1, 9)
      const away = random.chance(0.5) ? {} : { host: random.below(3), incarnation: 'life-1' }
      const name = { $: mark, serial, of: random.pick([[], {}, 1]), ...away }
      return random.pick([name, serial, 'taker', null, undefined, new Map([[1, 2]]), new Date(1)])
    }
    const word = (): unknown => {
      const type = random.pick(types)
      const raw: Record<string, unknown> = { type }
      for (const key of ['from', 'to', 'id', 'ref']) raw[key] = random.between(0, 9)
      for (const key of ['message', 'reason', 'value']) raw[key] = part(0)
      raw.serials = [random.below(5), random.below(5)]
      if (random.chance(0.05)) raw[random.pick(Object.keys(raw))] = part(0)
      return raw
    }
    const ends = new Set<string>()
    const world = new SeveralHosts(1, [1])
    for (let n = 0; n < 2_000; n++) {
      world.get(1).runtime.start(undefined, {}, taker, [])
      const peer = peerOf(world.get(1))
      peer.say([hello])
      for (let m = 0; m < 20; m++) peer.say([word()])
      ends.add(peer.end ?? 'stands')
      if (n % 50 === 0) world.run()
    }
    world.run()
    expect(ends.size).toBeGreaterThan(8)
    const crashes = world.get(1).records.filter(({ event }) => event === 'process_crashed')
    expect(crashes).toEqual([])
  })
})
