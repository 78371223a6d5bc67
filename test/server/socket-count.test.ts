import { expect, test } from 'vitest'
import { SocketCount } from '../../server/socket-count'

test('there is room until all are there, and again when one has left', () => {
  const count = new SocketCount({ all: 3, ofOne: 3 })
  for (const visitor of ['anna', 'ben', 'cleo']) count.add(visitor)
  expect(count.hasRoom('dora')).toBe(false)
  count.remove('ben')
  expect(count.hasRoom('dora')).toBe(true)
})

test.each(['anna', '__proto__', 'constructor', ''])('%j has room for two, beside others', (who) => {
  const count = new SocketCount({ all: 100, ofOne: 2 })
  count.add('other')
  count.add(who)
  expect(count.hasRoom(who)).toBe(true)
  count.add(who)
  expect([count.hasRoom(who), count.hasRoom('other')]).toEqual([false, true])
  count.remove(who)
  count.remove(who)
  count.add(who)
  expect(count.hasRoom(who)).toBe(true)
})
