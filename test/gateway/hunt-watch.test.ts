/* What is seen in the words of sessions: which bug somebody has triggered, and which not. */
import { beforeEach, describe, expect, test } from 'vitest'
import { HuntWatch, hugeAfterMs } from '../../src/gateway/hunt-watch'
import { sessionStream } from '../../src/protocol/envelope'

const huge = '9999999999'

let told: string[]
let timers: { readonly ms: number; readonly act: () => void }[]
let watch: HuntWatch

beforeEach(() => {
  ;[told, timers] = [[], []]
  watch = new HuntWatch(
    (visitor, { bug, isShadow }) => told.push(`${visitor} ${bug}${isShadow ? ' 0' : ''}`),
    (ms, act) => timers.push({ ms, act }),
  )
})

const hear = (event: unknown, visitor = 'anna') => watch.hear(sessionStream(visitor), [event])
const started = (number: string, id = 'a') => hear({ type: 'sum_started', id, number })
const finished = (id = 'a') => hear({ type: 'sum_finished', id, result: '1' })
const failed = (id = 'a') => hear({ type: 'sum_failed', id, reason: 'bad luck' })
const waitLong = () => timers.splice(0).forEach(({ act }) => act())

describe('a bug is triggered', () => {
  test('by a number below 1 that was taken, and 0 is the shadow of it', () => {
    started('-5')
    started('0', 'b')
    expect(told).toEqual(['anna negative', 'anna negative 0'])
  })

  test('by 13 when it crashes', () => {
    started('13')
    expect(told).toEqual([])
    failed()
    expect(told).toEqual(['anna thirteen'])
  })

  test('by a huge number that still calculates after a while', () => {
    started(huge)
    expect(timers.map(({ ms }) => ms)).toEqual([hugeAfterMs])
    waitLong()
    expect(told).toEqual(['anna huge'])
  })

  test('by each visitor for themselves', () => {
    started('13')
    hear({ type: 'sum_started', id: 'a', number: '13' }, 'ben')
    hear({ type: 'sum_failed', id: 'a', reason: 'bad luck' }, 'ben')
    expect(told).toEqual(['ben thirteen'])
  })
})

describe('no bug is triggered', () => {
  test('by 13 that is added up, or by any other number that fails', () => {
    started('13')
    finished()
    started('12', 'b')
    failed('b')
    failed('a')
    expect(told).toEqual([])
  })

  test('by a huge number that is quick, or dies', () => {
    started(huge)
    finished()
    started(huge, 'b')
    failed('b')
    waitLong()
    expect(told).toEqual([])
  })

  test.each(['1', '5', '99999999', '113', '130'])('by %s', (number) => {
    started(number)
    waitLong()
    failed()
    expect(told).toEqual([])
  })

  test('by what is no session, and by nonsense', () => {
    watch.hear('boards/board/x', [{ type: 'sum_started', id: 'a', number: '-5' }])
    for (const nonsense of [null, undefined, 7, {}, { type: 'sum_started', number: -5 }]) {
      hear(nonsense)
    }
    expect(told).toEqual([])
  })
})

test('what is never heard of again takes no room for ever', () => {
  for (let at = 0; at < 5_001; at++) started('13', `a${at}`)
  failed('a5000')
  expect(told).toEqual([])
  failed('a0')
  started('13', 'again')
  failed('again')
  expect(told).toEqual(['anna thirteen', 'anna thirteen'])
})
