import { beforeEach, expect, test } from 'vitest'
import { PromptWriter } from '../../server/prompt-writer'

let taken: string
/** How many bytes the reader takes at once; undefined: it is gone. */
let room: number | undefined
let again: (() => void)[]
let writer: PromptWriter

beforeEach(() => {
  taken = ''
  room = Infinity
  again = []
  writer = new PromptWriter(
    (bytes) => {
      if (room === undefined) throw Object.assign(new Error('gone'), { code: 'EPIPE' })
      if (room === 0) throw Object.assign(new Error('not now'), { code: 'EAGAIN' })
      const some = bytes.subarray(0, room)
      room -= some.length
      taken += some.toString()
      return some.length
    },
    (_ms, act) => again.push(act),
  )
})
const tryAgain = () => again.splice(0).forEach((act) => act())

test('a line is written before the call returns', () => {
  writer.write('one\n')
  expect(taken).toBe('one\n')
})

test('what a slow reader does not take at once comes whole and in order', () => {
  room = 6
  for (const line of ['one\n', 'two\n', 'three\n']) writer.write(line)
  expect(taken).toBe('one\ntw')
  tryAgain()
  room = 3
  tryAgain()
  expect(taken).toBe('one\ntwo\nt')
  room = Infinity
  tryAgain()
  expect(taken).toBe('one\ntwo\nthree\n')
  expect(again).toEqual([])
})

test('no more than a quarter of a megabyte waits, and the rest is counted', () => {
  room = 0
  for (let at = 0; at < 1_000; at++) writer.write(`${'x'.repeat(999)}\n`)
  expect(writer.takeLeftOut()).toBe(0)
  room = Infinity
  tryAgain()
  expect(taken).toHaveLength(250_000)
  expect([writer.takeLeftOut(), writer.takeLeftOut()]).toEqual([750, 0])
})

test('a reader that is gone is no reason to fall', () => {
  room = undefined
  writer.write('one\n')
  room = Infinity
  writer.write('two\n')
  expect(taken).toBe('two\n')
})
