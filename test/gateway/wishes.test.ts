/*
 * Wishes on their way to a host that a test plays over a real pipe: each is answered once, whatever
 * becomes of the host meanwhile, and the host hears no copy of what is under way.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localLines } from '../../server/local-lines'
import { HostGroup } from '../../src/gateway/host-group'
import { Wishes } from '../../src/gateway/wishes'
import { createHost, type StandInHost } from '../server/hall'
import { until } from '../support/until'

const stream = 'boards/board/tools'
const wish = { id: 'wish-0001', stream, command: { type: 'post_note', text: 'a hammer' } }
const granted = { ok: true } as const
const down = { ok: false, refusal: { code: 'host_down' } }

let host: StandInHost
let group: HostGroup
let wishes: Wishes
let opened: number

beforeEach(async () => {
  opened = 0
  wishes = new Wishes()
  host = await createHost()
  group = new HostGroup(
    'boards',
    {
      onOpen: () => opened++,
      onGap: () => {},
      onWord: () => {},
      onEmptied: () => {},
    },
    localLines,
  )
  group.join('boards', host.address)
  await until(() => expect(opened).toBe(1))
})
afterEach(() => {
  group.hangUp('boards')
  host.close()
})

const ask = (changed: Partial<typeof wish> = {}, visitor = 'anna') =>
  wishes.ask(group, { ...wish, ...changed }, visitor, 'audience')
const grant = ({ ref }: { ref: number }) => host.say({ type: 'answer', ref, answer: granted })
const hears = (count: number) => until(() => expect(host.heard).toHaveLength(count))

test('a wish that its host took to its grave goes to the next life, and is answered by it', async () => {
  const answer = ask()
  await hears(1)
  host.hangUp()
  await hears(2)
  expect(host.heard[1]).toMatchObject({ type: 'wish', ...wish, visitor: 'anna', role: 'audience' })
  grant(host.heard[1]!)
  expect(await answer).toEqual(granted)
})

test('wishes that come while the host is away wait for it', async () => {
  host.hangUp()
  await until(() => expect(group.isOpen(stream)).toBe(false))
  const answers = [ask(), ask({ id: 'wish-0002' })]
  host.onWord = grant
  expect(await Promise.all(answers)).toEqual([granted, granted])
})

test('a copy of a wish that is under way shares its answer, and the host hears it once', async () => {
  const answers = [ask(), ask()]
  await hears(1)
  answers.push(ask())
  const other = ask({ id: 'wish-0002' })
  await hears(2)
  grant(host.heard[0]!)
  expect(await Promise.all(answers)).toEqual([granted, granted, granted])
  grant(host.heard[1]!)
  expect(await other).toEqual(granted)
  const again = ask()
  await hears(3)
  grant(host.heard[2]!)
  expect(await again).toEqual(granted)
})

test('the same id with another command, from somebody else, or elsewhere is another wish', async () => {
  const all = [
    ask(),
    ask({ command: { type: 'post_note', text: 'a saw' } }),
    ask({ stream: 'boards/board/blocks' }),
    ask({}, 'berta'),
    wishes.ask(group, wish, 'anna', 'presenter'),
  ]
  await hears(all.length)
  host.heard.forEach(grant)
  expect(await Promise.all(all)).toEqual(all.map(() => granted))
})

test('a host that is not back in time is told to whoever waits', async () => {
  group.hangUp('boards')
  expect(await ask()).toEqual(down)
})

test('no more than a bounded number of wishes waits', async () => {
  group.hangUp('boards')
  const all = Array.from({ length: 5_001 }, (_, at) => ask({ id: `wish-${at}` }))
  let told = 0
  for (const answer of all) void answer.then(() => told++)
  await until(() => expect(told).toBeGreaterThan(0))
  expect(told).toBe(1)
  expect(await all.at(-1)).toEqual(down)
})

test('what a host that lives says of one of its parts is told at once', async () => {
  host.onWord = ({ ref }) =>
    host.say({ type: 'answer', ref, answer: { ok: false, refusal: { code: 'host_down' } } })
  expect(await ask()).toEqual(down)
  expect(host.heard).toHaveLength(1)
})
