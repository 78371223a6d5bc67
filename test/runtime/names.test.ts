/*
 * What the tables of names keep, and what they release.
 */
import { expect, it } from 'vitest'
import { Runtime } from '../../src/runtime'
import { RemoteNames } from '../../src/runtime/names'
import { RemoteHost } from '../../src/runtime/remote-host'

const kept = 65_536

function namesOfAnotherHost(): RemoteNames {
  const runtime = new Runtime({ now: () => 0, random: () => 0, log() {} })
  return new RemoteHost(runtime.hosts, 2, 'a life').names
}

it('a living pid is kept whatever else crosses', () => {
  const names = namesOfAnotherHost()
  const pid = names.pid(1, 'will_be_told')
  for (let serial = 2; serial < kept * 2; serial++) {
    names.pid(serial, 'will_be_told')
    names.end(serial)
  }
  expect(names.pid(1, 'will_be_told') === pid).toBe(true)
  expect(names.livingCount).toBe(1)
})

it('an ended pid is kept until 65,536 others have ended or crossed after it', () => {
  const names = namesOfAnotherHost()
  const pid = names.pid(1, 'will_be_told')
  names.end(1)
  for (let serial = 2; serial <= kept; serial++) names.pid(serial, 'ended_or_unknown')
  expect(names.find(1) === pid).toBe(true)
  for (let serial = 2; serial <= kept; serial++) names.pid(kept + serial, 'ended_or_unknown')
  expect(names.find(1) === pid).toBe(true)
  for (let serial = 2; serial <= kept + 1; serial++)
    names.pid(3 * kept + serial, 'ended_or_unknown')
  expect(names.find(1)).toBe(undefined)
})

it('a ref is kept until 65,536 others have crossed after it', () => {
  const names = namesOfAnotherHost()
  const ref = names.ref(1)
  for (let serial = 2; serial <= kept; serial++) names.ref(serial)
  expect(names.ref(1) === ref).toBe(true)
  for (let serial = 2; serial <= kept + 1; serial++) names.ref(serial)
  expect(names.ref(1) === ref).toBe(false)
})

it('without a connection all count as ended, and with the next one as living until told', () => {
  const names = namesOfAnotherHost()
  const [one, two] = [names.pid(1, 'will_be_told'), names.pid(2, 'will_be_told')]
  names.end(2)
  names.despair()
  expect(names.livingCount).toBe(0)
  expect(names.hope().toSorted()).toEqual([1, 2])
  names.end(2)
  expect(names.livingCount).toBe(1)
  expect([names.find(1) === one, names.find(2) === two]).toEqual([true, true])
})
