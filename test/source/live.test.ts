import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { accepted, refused, type Wish } from '../../src/protocol/envelope'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { refuse } from '../../src/protocol/refusals'
import { sumFold, type SumView } from '../../src/protocol/sum'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import type { Connection, Followed } from '../../src/source/source'
import { openHall } from '../server/hall'
import { createStandIn, type StandIn } from './stand-in-gateway'
import { until } from '../support/until'

const mine = 'play/session/7f3a'
const started = (id: string) => ({ type: 'sum_started', id, number: id })

let gateway: StandIn
let source: LiveSource
let connections: Connection[]
let told: Followed<SumView>[]
let wake: () => void

beforeEach(async () => {
  gateway = await createStandIn()
  gateway.keep(hostsStream, hostsFold, 'g1')
  gateway.keep(mine, sumFold, 'h1.1')
  source = createLiveSource({
    url: gateway.url,
    wakes(woken) {
      wake = woken
      return () => {}
    },
  })
  connections = []
  told = []
  source.onConnection((connection) => connections.push(connection))
})

afterEach(async () => {
  source.close()
  await gateway.kill()
})

const untilLive = () => until(() => expect(connections.at(-1)).toBe('live'))
const follow = () => source.follow(mine, sumFold, (followed) => told.push(followed))
const ids = () => told.at(-1)?.view.lines.map(({ id }) => id)
const untilIds = (...expected: string[]) => until(() => expect(ids()).toEqual(expected))
const follows = () =>
  gateway.heard.filter(
    ([word, body]) => word === 'follow' && (body as { stream: string }).stream === mine,
  )
const heardWishes = () =>
  gateway.heard.filter(([word]) => word === 'wish').map(([, body]) => body as Wish)

/** What was said before is heard by then: this wish and its answer went the same ways. */
async function settle() {
  gateway.say(mine, { type: 'unheard_of' })
  const wish = source.wish('gateway/settle', {})
  await wish
}

describe('a live source', () => {
  test('is connecting until the gateway welcomes it, and tells the welcome', async () => {
    const welcomes: unknown[] = []
    source.onWelcome((welcome) => welcomes.push(welcome))
    await untilLive()
    expect(connections).toEqual(['connecting', 'live'])
    expect(welcomes).toEqual([gateway.welcome])
  })

  test('tells the empty view at once, then the snapshot, then each event', async () => {
    gateway.swallow(mine, started('a'))
    follow()
    expect(told).toEqual([{ view: sumFold.empty, epoch: undefined }])
    await untilIds('a')
    expect(told.at(-1)?.epoch).toBe('h1.1')
    gateway.say(mine, started('b'), started('c'))
    await untilIds('a', 'b', 'c')
  })

  test('shares one follow among the followers of a stream, and ends it with the last', async () => {
    await untilLive()
    const first = follow()
    await until(() => expect(told.at(-1)?.epoch).toBe('h1.1'))
    const views: SumView[] = []
    const second = source.follow(mine, sumFold, ({ view }) => views.push(view))
    gateway.say(mine, started('a'))
    await untilIds('a')
    expect(views.map(({ lines }) => lines.length)).toEqual([0, 1])
    expect(follows()).toHaveLength(1)
    first()
    second()
    second()
    await until(() => expect(gateway.heard.at(-1)).toEqual(['unfollow', { stream: mine }]))
  })

  test('cuts off events that it has already', async () => {
    follow()
    await until(() => expect(told.at(-1)?.epoch).toBe('h1.1'))
    gateway.say(mine, started('a'), started('b'))
    gateway.repeat(mine, 2)
    gateway.say(mine, started('c'))
    await untilIds('a', 'b', 'c')
    expect(follows()).toHaveLength(1)
  })

  test('asks for what it missed when the numbers show a gap', async () => {
    follow()
    await until(() => expect(told.at(-1)?.epoch).toBe('h1.1'))
    gateway.swallow(mine, started('a'))
    gateway.say(mine, started('b'))
    await untilIds('a', 'b')
    expect(follows().map(([, body]) => body)).toEqual([
      { stream: mine },
      { stream: mine, epoch: 'h1.1', after: 0 },
    ])
  })

  test('takes the empty view of a new epoch', async () => {
    gateway.swallow(mine, started('a'))
    follow()
    await untilIds('a')
    gateway.restart(mine, 'h1.2')
    await untilIds()
    expect(told.at(-1)?.epoch).toBe('h1.2')
  })

  test('asks for a snapshot when events of another epoch come', async () => {
    gateway.swallow(mine, started('a'))
    follow()
    await untilIds('a')
    gateway.keep(mine, sumFold, 'h2.1')
    gateway.say(mine, started('b'))
    await untilIds('b')
    expect(told.at(-1)?.epoch).toBe('h2.1')
  })

  test('ignores an event that its fold throws at, and takes the next', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const touchy: typeof sumFold = {
      ...sumFold,
      fold(view, event) {
        if (event.type === 'sum_failed') throw new Error('planned')
        return sumFold.fold(view, event)
      },
    }
    source.follow(mine, touchy, (followed) => told.push(followed))
    await until(() => expect(told.at(-1)?.epoch).toBe('h1.1'))
    gateway.say(mine, { type: 'sum_failed', id: 'x', reason: '' }, started('a'))
    await untilIds('a')
    expect(warn).toHaveBeenCalledOnce()
    warn.mockRestore()
  })

  test('asks again for a stream whose host is down', async () => {
    let down = 2
    gateway.onFollow = ({ stream }) =>
      stream === mine && down-- > 0 ? refused(refuse('host_down')) : accepted
    gateway.swallow(mine, started('a'))
    follow()
    await untilIds('a')
    expect(follows()).toHaveLength(3)
  })
})

describe('a live source that lost its gateway', () => {
  test('says so, comes back by itself, and asks on from its own place', async () => {
    follow()
    await until(() => expect(told.at(-1)?.epoch).toBe('h1.1'))
    gateway.say(mine, started('a'))
    await untilIds('a')
    await gateway.kill()
    await until(() => expect(connections).toEqual(['connecting', 'live', 'lost']))
    gateway.swallow(mine, started('b'))
    await gateway.live()
    await untilIds('a', 'b')
    expect(connections).toEqual(['connecting', 'live', 'lost', 'live'])
    expect(follows().at(-1)?.[1]).toEqual({ stream: mine, epoch: 'h1.1', after: 1 })
  })

  test('sends a wish again with its id after the server died', async () => {
    await untilLive()
    gateway.onWish = () => undefined
    const wish = source.wish(mine, { type: 'start_sum', text: '5' })
    await until(() => expect(heardWishes()).toHaveLength(1))
    await gateway.kill()
    gateway.onWish = () => accepted
    await gateway.live()
    expect(await wish).toEqual(accepted)
    expect(heardWishes()).toHaveLength(2)
    expect(heardWishes()[1]).toEqual(heardWishes()[0])
  })

  test('sends what was wished meanwhile, in order and each once', async () => {
    await untilLive()
    await gateway.kill()
    await until(() => expect(connections.at(-1)).toBe('lost'))
    const wishes = ['1', '2', '3'].map((text) => source.wish(mine, { type: 'start_sum', text }))
    await gateway.live()
    await Promise.all(wishes)
    expect(heardWishes().map(({ command }) => (command as { text: string }).text)).toEqual([
      '1',
      '2',
      '3',
    ])
  })

  test('comes back when it was the gateway that ended the connection', async () => {
    await untilLive()
    gateway.sendAway()
    await until(() => expect(connections).toEqual(['connecting', 'live', 'lost', 'live']))
  })
})

describe('a live source that wakes', () => {
  test('keeps a connection that answers', async () => {
    await untilLive()
    wake()
    await until(() => expect(gateway.heard.at(-1)?.[0]).toBe('unfollow'))
    await settle()
    expect(gateway.welcomed()).toBe(1)
    expect(connections).toEqual(['connecting', 'live'])
  })

  test('begins anew when the connection looks open and answers nothing', async () => {
    follow()
    await untilLive()
    gateway.deaf = true
    wake()
    await until(() => expect(connections.at(-1)).toBe('lost'))
    gateway.deaf = false
    gateway.swallow(mine, started('a'))
    await untilIds('a')
    // Seen late, it has begun more than once.
    expect(gateway.welcomed()).toBeGreaterThan(1)
  })

  test('tries again at once, however long the gateway told it to wait', async () => {
    gateway.welcome = { ...gateway.welcome, reconnectWithinMs: 100_000_000 }
    await untilLive()
    vi.spyOn(Math, 'random').mockReturnValue(0.25)
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await gateway.kill()
    await until(() => expect(connections.at(-1)).toBe('lost'))
    expect(timers.mock.calls.map(([, afterMs]) => afterMs)).toContain(25_000_000)
    vi.restoreAllMocks()
    await gateway.live()
    wake()
    await untilLive()
  })
})

describe('a live source whose line died in its sleep', () => {
  test('begins anew at once when it hears of it after the wake', async () => {
    gateway.welcome = { ...gateway.welcome, reconnectWithinMs: 100_000_000 }
    await untilLive()
    wake()
    gateway.sendAway()
    await until(() => expect(connections).toEqual(['connecting', 'live', 'lost', 'live']))
  })
})

describe('a host that comes back', () => {
  const lose = (host: string) =>
    gateway.say(hostsStream, { type: 'host_lost', host, reason: 'killed (SIGKILL)' })
  const isBack = (host: string) => gateway.say(hostsStream, { type: 'host_ready', host })

  beforeEach(async () => {
    isBack('play')
    isBack('boards')
    follow()
    await until(() => expect(told.at(-1)?.epoch).toBe('h1.1'))
  })

  test('is not asked again for what is followed: the gateway asks for all', async () => {
    lose('play')
    isBack('play')
    gateway.restart(mine, 'h2.1')
    await until(() => expect(told.at(-1)?.epoch).toBe('h2.1'))
    await settle()
    expect(follows()).toHaveLength(1)
  })

  test('is asked at once for what it refused while it was down, and no other host is', async () => {
    const [wall, theirs] = ['boards/board/tools', 'play/session/b']
    gateway.keep(wall, sumFold, 'b1')
    vi.spyOn(Math, 'random').mockReturnValue(1_000_000)
    gateway.onFollow = ({ stream }) => {
      return stream === mine || stream === hostsStream ? accepted : refused(refuse('host_down'))
    }
    lose('boards')
    const epochs: unknown[] = []
    source.follow(wall, sumFold, ({ epoch }) => epochs.push(epoch))
    source.follow(theirs, sumFold, () => {})
    await settle()
    gateway.onFollow = () => accepted
    isBack('boards')
    await until(() => expect(epochs.at(-1)).toBe('b1'))
    await settle()
    const asked = gateway.heard.filter(([word]) => word === 'follow').map(([, body]) => body)
    expect(asked.slice(2)).toEqual([{ stream: wall }, { stream: theirs }, { stream: wall }])
    vi.restoreAllMocks()
  })

  test('gets the wishes at once that wait for it, and no other host does', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1_000_000)
    gateway.onWish = ({ stream }) =>
      stream === 'gateway/settle' ? accepted : refused(refuse('host_down'))
    lose('play')
    lose('boards')
    void source.wish('boards/board/tools', { type: 'post_note', text: 'x' })
    void source.wish(mine, { type: 'start_sum', text: '5' })
    await settle()
    gateway.onWish = () => accepted
    isBack('play')
    await until(() => expect(heardWishes()).toHaveLength(4))
    await settle()
    const streams = heardWishes().map(({ stream }) => stream)
    expect(streams.filter((stream) => stream !== 'gateway/settle')).toEqual([
      'boards/board/tools',
      mine,
      mine,
    ])
    vi.restoreAllMocks()
  })

  test('is seen to be back when all of it is told in one word', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1_000_000)
    gateway.onWish = () => refused(refuse('host_down'))
    void source.wish(mine, { type: 'start_sum', text: '5' })
    await until(() => expect(heardWishes()).toHaveLength(1))
    gateway.say(
      hostsStream,
      { type: 'host_lost', host: 'play', reason: 'killed (SIGKILL)' },
      { type: 'host_starting', host: 'play' },
      { type: 'host_ready', host: 'play' },
    )
    await until(() => expect(heardWishes()).toHaveLength(2))
    vi.restoreAllMocks()
  })
})

test('a client that is no browser brings its cookie itself', async () => {
  const hall = await openHall({ hosts: {} })
  const visitor = createLiveSource({
    url: hall.url,
    wakes: () => () => {},
    cookie: 'cleo presenter',
  })
  const welcomes: unknown[] = []
  visitor.onWelcome((welcome) => welcomes.push(welcome))
  await until(() => expect(welcomes).toMatchObject([{ visitor: 'cleo', role: 'presenter' }]))
  visitor.close()
  await hall.close()
})
