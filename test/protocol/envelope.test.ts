/*
 * Names that several rooms read in the same way.
 */
import { expect, test } from 'vitest'
import { groupOf, hostLifeOf, sessionStream } from '../../src/protocol/envelope'

test('a stream’s name begins with the host group of its writer', () => {
  expect(groupOf(sessionStream('7f3'))).toBe('play')
  expect([groupOf('gateway/hosts'), groupOf('alone'), groupOf('')]).toEqual([
    'gateway',
    'alone',
    '',
  ])
})

test('two epochs tell whether the writer alone began anew, or its host', () => {
  expect(hostLifeOf('a1.7')).toBe(hostLifeOf('a1.8'))
  expect(hostLifeOf('a1.7')).not.toBe(hostLifeOf('b2.7'))
})
