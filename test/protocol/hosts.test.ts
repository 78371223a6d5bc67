/*
 * The stream of the hosts: what their events add up to.
 */
import { expect, test } from 'vitest'
import {
  checkHostsCommand,
  groupOfHost,
  hostsFold,
  numberOfHost,
  type HostsEvent,
  type HostsView,
} from '../../src/protocol/hosts'

const viewOf = (...events: HostsEvent[]): HostsView =>
  events.reduce(hostsFold.fold, hostsFold.empty)

const starting = (host: string): HostsEvent => ({ type: 'host_starting', host })
const ready = (host: string): HostsEvent => ({ type: 'host_ready', host })
const lost = (host: string, reason: string): HostsEvent => ({ type: 'host_lost', host, reason })

test('each host has one line, in the order in which they were first heard of', () => {
  expect(viewOf(starting('gateway'), ready('play'), ready('gateway'))).toEqual({
    hosts: [
      { host: 'gateway', state: 'ready', losses: 0 },
      { host: 'play', state: 'ready', losses: 0 },
    ],
  })
})

test('a loss is counted, and its reason stays until the next', () => {
  const once = viewOf(ready('play'), lost('play', 'silent for 512 ms'), starting('play'))
  expect(once.hosts).toEqual([
    { host: 'play', state: 'starting', losses: 1, reason: 'silent for 512 ms' },
  ])
  const twice = hostsFold.fold(once, lost('play', 'killed (SIGKILL)'))
  expect(twice.hosts).toEqual([
    { host: 'play', state: 'lost', losses: 2, reason: 'killed (SIGKILL)' },
  ])
})

test('a host is in quarantine until it is ready, however often it is tried', () => {
  const host = 'play-2'
  const quarantined: HostsEvent = { type: 'host_quarantined', host, reason: 'x' }
  const tried = viewOf(quarantined, { type: 'host_starting', host }, lost(host, 'y'))
  expect(tried.hosts).toEqual([{ host, state: 'quarantined', losses: 1, reason: 'y' }])
  const well = hostsFold.fold(tried, { type: 'host_ready', host })
  expect(well.hosts[0]?.state).toBe('ready')
})

test('a host that is to go is leaving, and then it is no part of the system', () => {
  const host = 'play-2'
  const leaving = viewOf({ type: 'host_ready', host }, { type: 'host_leaving', host })
  expect(leaving.hosts).toEqual([{ host, state: 'leaving', losses: 0 }])
  expect(hostsFold.fold(leaving, { type: 'host_left', host }).hosts).toEqual([])
})

test.each([
  ['play-2', 'play', 2],
  ['play', 'play', 1],
  ['play-spare', 'play-spare', 1],
  ['boards', 'boards', 1],
])('the host %s is of the group %s, and number %d there', (host, group, number) => {
  expect([groupOfHost(host), numberOfHost(host)]).toEqual([group, number])
})

test('a quarantine is no further loss', () => {
  const reason = 'died 3 times before it was ready'
  const view = viewOf(lost('play', 'x'), { type: 'host_quarantined', host: 'play', reason })
  expect(view.hosts).toEqual([{ host: 'play', state: 'quarantined', losses: 1, reason }])
})

test('what happens to one host leaves the lines of the others as they are', () => {
  const before = viewOf(ready('gateway'), ready('play'))
  const after = hostsFold.fold(before, lost('play', 'x'))
  expect(after.hosts[0]).toBe(before.hosts[0])
  expect(before.hosts[1]).toEqual({ host: 'play', state: 'ready', losses: 0 })
  expect(hostsFold.empty).toEqual({ hosts: [] })
})

test.each([{ type: 'host_renamed', host: 'play' }, { type: 'constructor', host: 'play' }, {}, []])(
  'an event that it does not know leaves the view as it is: %j',
  (event) => {
    const view = viewOf(ready('play'))
    expect(hostsFold.fold(view, event as never)).toBe(view)
  },
)

test.each([
  [{ type: 'start_host', host: 'play-1' }, undefined],
  [{ type: 'start_host', host: 'x'.repeat(41) }, 'malformed'],
  [{ type: 'start_host' }, 'malformed'],
  [{ type: 'start_host', host: 'boards', now: true }, 'malformed'],
  [{ type: 'stop_host', host: 'boards' }, 'malformed'],
  ['start_host', 'malformed'],
  [null, 'malformed'],
])('the wish %j is refused: %s', (command, code) => {
  expect(checkHostsCommand(command)?.code).toBe(code)
})
