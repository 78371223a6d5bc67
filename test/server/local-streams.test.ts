/*
 * The gateway's own streams over real sockets: those that live while somebody follows them, and
 * those that take wishes.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LocalStream } from '../../src/gateway/local-stream'
import { accepted, refused, type Answer, type Wish } from '../../src/protocol/envelope'
import { refuse } from '../../src/protocol/refusals'
import { until } from '../support/until'
import { createHost, openHall, type Hall, type Phone } from './hall'

const fold = { empty: 0, fold: (_: number, event: number) => event }
const stream = 'gateway/processes/pid/asc/50/1/-'

let hall: Hall
let opened: number
let closed: number
/** The one that lives now. */
let local: LocalStream<number, number> | undefined

beforeEach(async () => {
  ;[opened, closed, local] = [0, 0, undefined]
  hall = await openHall({ hosts: { play: await createHost(), boards: await createHost() } })
  hall.streams.addLocalKind((name) => {
    if (name !== stream) return undefined
    if (opened === 2) return refuse('too_busy')
    opened++
    local = new LocalStream<number, number>(name, `life${opened}`, fold)
    const close = () => {
      closed++
      local = undefined
    }
    return { stream: local as LocalStream<unknown, never>, close }
  })
})
afterEach(() => hall.close())

const follow = (phone: Phone) => hall.streams.follow(phone.socket.id!, { stream })
const leave = (phone: Phone) => hall.streams.unfollow(phone.socket.id!, stream)

test('a stream of a kind lives from its first follower to its last', async () => {
  const [anna, bert] = [await hall.join('anna'), await hall.join('bert')]
  expect(await follow(anna)).toEqual(accepted)
  expect(await follow(bert)).toEqual(accepted)
  expect([opened, closed]).toEqual([1, 0])
  hall.streams.publish(local!.say(7))
  for (const { told } of [anna, bert]) {
    await until(() => expect(told.at(-1)?.[1]).toMatchObject({ epoch: 'life1', events: [7] }))
  }
  leave(anna)
  expect(closed).toBe(0)
  bert.socket.disconnect()
  await until(() => expect(closed).toBe(1))

  expect(await follow(anna)).toEqual(accepted)
  await until(() => expect(anna.told.at(-1)?.[1]).toMatchObject({ epoch: 'life2', view: 0 }))
  leave(anna)
  expect([opened, closed]).toEqual([2, 2])
})

test('a stream whose only follower leaves before it is told lives no longer', async () => {
  const anna = await hall.join('anna')
  const asked = follow(anna)
  leave(anna)
  await asked
  expect([opened, closed]).toEqual([1, 1])
})

test('a kind may be full, and says so', async () => {
  opened = 2
  expect(await follow(await hall.join('anna'))).toEqual(refused(refuse('too_busy')))
})

test('a wish is granted once, however often it is sent, and again when it was passing', async () => {
  const granted: Wish[] = []
  const answers: Answer[] = [refused(refuse('host_down')), accepted, refused(refuse('malformed'))]
  hall.streams.addLocal(new LocalStream('gateway/x', 'life', fold), (wish) => {
    granted.push(wish)
    return answers[granted.length - 1]!
  })
  const wish = (id: string) =>
    hall.streams.wish({ id, stream: 'gateway/x', command: {} }, 'anna', 'presenter')
  expect(await wish('one')).toEqual(answers[0])
  expect(await wish('one')).toEqual(accepted)
  expect(await wish('one')).toEqual(accepted)
  expect(granted).toHaveLength(2)
  expect(await wish('two')).toEqual(answers[2])
  expect(await wish('two')).toEqual(answers[2])
  expect(granted).toHaveLength(3)
})
