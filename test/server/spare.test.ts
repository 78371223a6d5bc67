/* A warm spare: it takes the place of a lost host of its group, and another one follows it. */
import { expect, test } from 'vitest'
import { found, hostSpec, isAlive, supervised, type Supervised } from '../support/supervised'
import { until } from '../support/until'

const spareSpec = hostSpec('steady', { name: 'play-spare' })
const spareOf = (system: Supervised): number =>
  found(system.read().find(({ host, costs }) => host === 'play-spare' && costs)?.pid)
const spareIsThere = (system: Supervised, not?: number) =>
  until(() => {
    const pid = spareOf(system)
    expect(pid).not.toBe(not)
    return pid
  })

/** Runs until it has said so: only then it is ready. */
async function running(hosts = [hostSpec('steady', { name: 'play-1' })]) {
  const system = supervised(hosts, { spare: spareSpec })
  await system.nth('host_ready', hosts.length)
  return { system, spare: await spareIsThere(system) }
}

/** Kills a host once the spare has said that it is ready, which nobody is told. */
async function killUntilTaken(system: Supervised, host: string, spare: number): Promise<void> {
  await until(async () => {
    const { pid, restarts } = system.healthOf(host)
    if (pid === spare) return
    process.kill(pid!, 'SIGKILL')
    await until(() => {
      const now = system.healthOf(host)
      expect([now.state, now.restarts > restarts]).toEqual(['ready', true])
    })
    expect(system.healthOf(host).pid).toBe(spare)
  })
}

test('takes the place of a lost host, under its name', async () => {
  const { system, spare } = await running()
  await killUntilTaken(system, 'play-1', spare)
  expect(system.healthOf('play-1')).toMatchObject({ pid: spare, reason: 'killed (SIGKILL)' })
  system.send('play-1', 'hello')
  await system.heard('hello')
  expect(system.words.at(-1)).toEqual({ host: 'play-1', word: 'hello' })
  system.send('play-1', 'print')
  await until(() =>
    expect(system.records).toContainEqual(
      expect.objectContaining({ host: 'play-1', line: 'a line of output' }),
    ),
  )
  const next = await spareIsThere(system, spare)
  await killUntilTaken(system, 'play-1', next)
})

test('tells of itself what it said when it became ready', async () => {
  const args = ['some', 'words']
  const system = supervised([hostSpec('steady', { name: 'play-1' })], {
    spare: { ...spareSpec, args },
  })
  await system.nth('host_ready')
  const spare = await spareIsThere(system)
  await killUntilTaken(system, 'play-1', spare)
  expect(system.healthOf('play-1').details).toEqual(args)
})

test('becomes a host of its group that is added, and none of another group', async () => {
  const { system, spare } = await running([
    hostSpec('steady', { name: 'play-1' }),
    hostSpec('steady', { name: 'boards' }),
  ])
  process.kill(system.healthOf('boards').pid!, 'SIGKILL')
  await system.nth('host_ready', 3)
  expect(system.healthOf('boards').pid).not.toBe(spare)
  expect(await spareIsThere(system)).toBe(spare)
})

test('is watched like a host, and replaced when it dies', async () => {
  const { system, spare } = await running()
  process.kill(spare, 'SIGKILL')
  await until(() =>
    expect(system.records).toContainEqual(
      expect.objectContaining({ event: 'spare_lost', reason: 'killed (SIGKILL)' }),
    ),
  )
  const next = await spareIsThere(system, spare)
  expect(system.healthOf('play-1').restarts).toBe(0)
  expect(isAlive(next)).toBe(true)
})

test('that cannot start is tried again in growing rests, and the root lives on', async () => {
  const lostMs: number[] = []
  const system = supervised([hostSpec('steady', { name: 'play-1' })], {
    spare: hostSpec('doomed', { name: 'play-spare' }),
    log: ({ event }) => event === 'spare_lost' && lostMs.push(performance.now()),
  })
  await until(() => expect(lostMs).toHaveLength(4))
  const rests = lostMs.slice(1).map((atMs, nth) => atMs - lostMs[nth]!)
  // It was started, and died, in each of them; only the rest before that grows.
  expect(rests[2]! - rests[0]!).toBeGreaterThan(500)
  expect(system.healthOf('play-1').state).toBe('ready')
})

test('that there is no memory for does not cost the root its life', async () => {
  const system = supervised([hostSpec('steady', { name: 'play-1' })], {
    spare: { ...spareSpec, entry: 7 as never },
  })
  await until(() =>
    expect(system.records).toContainEqual(
      expect.objectContaining({
        event: 'spare_lost',
        reason: expect.stringMatching(/^could not be started/) as unknown,
      }),
    ),
  )
  expect(system.healthOf('play-1').state).toBe('ready')
})

test('ends with the system', async () => {
  const { system, spare } = await running()
  await system.stop()
  expect(isAlive(spare)).toBe(false)
})
