/*
 * The gateway's picture of the other hosts: what the root tells it, it tells everybody, and a host
 * is ready when the line to it stands.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localLines } from '../../server/local-lines'
import { HostWatch } from '../../src/gateway/host-watch'
import {
  gaugesFold,
  gaugesStream,
  type GaugesEvent,
  type GaugesView,
  type HostGauge,
} from '../../src/protocol/gauges'
import type { HostHealth } from '../../src/protocol/host-health'
import { hostsFold, hostsStream, type HostsView } from '../../src/protocol/hosts'
import { createHost, type StandInHost } from '../server/hall'
import { until } from '../support/until'

let boards: StandInHost
let watch: HostWatch
let view: HostsView

beforeEach(async () => {
  boards = await createHost()
  watch = new HostWatch(
    ['play-1', 'boards'],
    'life',
    {
      onEmptied: () => {},
      onStartHost: () => {},
      onEvents: () => {},
    },
    localLines,
  )
  view = hostsFold.empty
  watch.streams.open((_, type, body) => {
    if ('view' in body) view = body.view as HostsView
    else
      view = body.events.reduce<HostsView>(
        (now, event) => hostsFold.fold(now, event as never),
        view,
      )
    expect(type).toBe('view' in body ? 'snapshot' : 'events')
  })
  await watch.streams.follow('anna', { stream: hostsStream })
})
afterEach(() => {
  watch.streams.groupWith('boards')!.hangUp('boards')
  boards.close()
})

const health = (name: string, state: HostHealth['state'], details?: object): HostHealth => {
  return { name, pid: 1, state, restarts: 0, rssMb: 1, reason: 'killed', details }
}
const states = () => Object.fromEntries(view.hosts.map(({ host, state }) => [host, state]))

test('a gateway that was just started takes over how all hosts are', async () => {
  const ready = health('boards', 'ready', { address: boards.address })
  watch.hear({ type: 'host_ready', host: 'boards' }, [
    health('play', 'starting'),
    health('load', 'quarantined'),
    ready,
  ])
  expect(states()).toEqual({ play: 'starting', load: 'quarantined' })
  await until(() =>
    expect(states()).toEqual({ play: 'starting', load: 'quarantined', boards: 'ready' }),
  )
})

test('a host is ready when the line to it stands, and no longer when it is lost', async () => {
  watch.hear({ type: 'host_starting', host: 'boards' }, [health('boards', 'starting')])
  const ready = [health('boards', 'ready', { address: boards.address })]
  watch.hear({ type: 'host_ready', host: 'boards' }, ready)
  expect([states(), watch.health().ready]).toEqual([{ boards: 'starting' }, false])
  await until(() => expect([states(), watch.health().ready]).toEqual([{ boards: 'ready' }, true]))
  watch.hear({ type: 'host_lost', host: 'boards', reason: 'killed' }, [health('boards', 'lost')])
  expect([states(), watch.health().ready]).toEqual([{ boards: 'lost' }, false])
  expect(watch.streams.groupWith('boards')!.isLineOpen('boards')).toBe(false)
})

test.each([[99_999], ['99999'], [{}], [{ port: 99_999 }], ['/a\0b'], ['/'.repeat(9_999)], [[]]])(
  'a host that says it is at %j is not called',
  (address) => {
    watch.hear({ type: 'host_starting', host: 'boards' }, [health('boards', 'starting')])
    watch.hear({ type: 'host_ready', host: 'boards' }, [health('boards', 'ready', { address })])
    expect(watch.health().ready).toBe(false)
  },
)

test('what all OS processes cost is told to whoever follows that, a sample at a time', async () => {
  let gauges = gaugesFold.empty
  watch.streams.open((_, type, body) => {
    if ('view' in body) gauges = body.view as GaugesView
    else gauges = (body.events as GaugesEvent[]).reduce(gaugesFold.fold, gauges)
    expect(type).toBe('view' in body ? 'snapshot' : 'events')
  })
  const load: HostGauge = { host: 'load', busy: 0.5, cores: 0.6, rssMb: 100, processes: 7 }
  watch.gauge([load], 1_000)
  await watch.streams.follow('ben', { stream: gaugesStream })
  expect(gauges.samples).toEqual([{ atMs: 1_000, hosts: [load] }])
  watch.gauge([], 1_100)
  await until(() => expect(gauges.samples).toHaveLength(2))
})

test('gauges are told twice to a hall that asks again and again, from any place', async () => {
  const told: number[] = []
  watch.streams.open((followers, type) => {
    if (type === 'snapshot') told.push(followers.length)
  })
  const hall = Array.from({ length: 20 }, (_, at) => `visitor-${at}`)
  const asks = Array.from({ length: 200 }, (_, after) =>
    watch.streams.follow(hall[after % 20]!, { stream: gaugesStream, epoch: 'life.1', after }),
  )
  expect(new Set((await Promise.all(asks)).map(({ ok }) => ok))).toEqual(new Set([true]))
  expect(told).toEqual([1, 20])
})

test('nothing is ready before the root has spoken', () => {
  expect(watch.health()).toMatchObject({ ready: false, hosts: [] })
})
