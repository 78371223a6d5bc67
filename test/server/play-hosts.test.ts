/*
 * As many play hosts as are wanted, each an OS process: more are added, those that are too many
 * leave when they have handed over, and the first one never goes.
 */
import { expect, test } from 'vitest'
import type { HostsEvent } from '../../src/protocol/hosts'
import { PlayHosts } from '../../server/play-hosts'
import { builtFile } from '../support/build'
import { hostSpec, supervised, type Supervised } from '../support/supervised'
import { until } from '../support/until'

const spec = { entry: builtFile('hosts/steady') }
const names = (system: Supervised) => system.health().map(({ name }) => name)
const states = (system: Supervised) =>
  Object.fromEntries(system.health().map(({ name, state }) => [name, state]))

/** A system with one play host between others, which runs. */
async function running() {
  const events: HostsEvent[] = []
  const system = supervised(
    ['gateway', 'play-1', 'load'].map((name) => hostSpec('steady', { name })),
    {
      onHosts(event) {
        events.push(event)
        hosts.see(event)
      },
    },
  )
  const hosts = new PlayHosts(system, spec, 1)
  const isReady = () =>
    until(() => {
      expect(system.health().every(({ state }) => state === 'ready')).toBe(true)
    })
  await isReady()
  return { system, hosts, events, isReady }
}

test('more are added behind the first, and the others are left alone', async () => {
  const { system, hosts, isReady } = await running()
  const before = system.health()
  hosts.want(3)
  expect(names(system)).toEqual(['gateway', 'play-1', 'play-2', 'play-3', 'load'])
  await isReady()
  expect(system.health().filter(({ name }) => !/play-[23]/.test(name))).toEqual(
    before.map((health) => ({ ...health, rssMb: expect.anything() as unknown })),
  )
})

test('one too many is told to leave, and ends when it has handed over, and not before', async () => {
  const { system, hosts, events, isReady } = await running()
  hosts.want(2)
  await isReady()
  hosts.want(1)
  expect(states(system)).toMatchObject({ 'play-1': 'ready', 'play-2': 'leaving' })
  hosts.hearEmptied('play-1')
  hosts.hearEmptied('load')
  expect(states(system)).toMatchObject({ 'play-1': 'ready', 'play-2': 'leaving', load: 'ready' })
  hosts.hearEmptied('play-2')
  hosts.hearEmptied('play-2')
  await until(() => expect(names(system)).toEqual(['gateway', 'play-1', 'load']))
  await system.stop()
  const left = events.filter(({ type }) => type === 'host_left')
  expect(left).toEqual([{ type: 'host_left', host: 'play-2' }])
})

test('one that dies while it is to leave is not started again', async () => {
  const { system, hosts, isReady } = await running()
  hosts.want(2)
  await isReady()
  hosts.want(1)
  process.kill(system.health().find(({ name }) => name === 'play-2')!.pid!, 'SIGKILL')
  await until(() => expect(names(system)).toEqual(['gateway', 'play-1', 'load']))
})

test('one that is wanted again while it leaves comes back as another process', async () => {
  const { system, hosts, isReady } = await running()
  hosts.want(2)
  await isReady()
  const { pid } = system.health().find(({ name }) => name === 'play-2')!
  hosts.want(1)
  hosts.want(2)
  expect(states(system)['play-2']).toBe('leaving')
  hosts.hearEmptied('play-2')
  await until(() => {
    const second = system.health().find(({ name }) => name === 'play-2')
    expect(second?.state).toBe('ready')
    expect(second?.pid).not.toBe(pid)
  })
})

test('a flood of wishes ends with as many as were wanted last', async () => {
  const { system, hosts, isReady } = await running()
  for (let at = 0; at < 50; at++) hosts.want(1 + (at % 3))
  hosts.want(2)
  await until(() => {
    for (const { name, state } of system.health()) if (state === 'leaving') hosts.hearEmptied(name)
    expect(names(system)).toEqual(['gateway', 'play-1', 'play-2', 'load'])
  })
  await isReady()
})

test('one that is killed meanwhile is started again, like every host', async () => {
  const { system, hosts, isReady } = await running()
  hosts.want(2)
  await isReady()
  const { pid } = system.health().find(({ name }) => name === 'play-2')!
  process.kill(pid!, 'SIGKILL')
  await until(() => {
    const second = system.health().find(({ name }) => name === 'play-2')
    expect([second?.state, second?.restarts]).toEqual(['ready', 1])
  })
})
