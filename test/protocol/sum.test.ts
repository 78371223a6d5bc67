/*
 * The words of the buggy service: what is a command, and what its events add up to.
 */
import { describe, expect, test } from 'vitest'
import {
  checkSumCommand,
  maxLines,
  maxTextLength,
  sumFold,
  type SumEvent,
  type SumView,
} from '../../src/protocol/sum'
import { Random } from '../support/random'

const started = (id: string, number = '5'): SumEvent => ({ type: 'sum_started', id, number })
const finished = (id: string, result = '15'): SumEvent => ({ type: 'sum_finished', id, result })
const failed = (id: string, reason = 'killed'): SumEvent => ({ type: 'sum_failed', id, reason })

const viewOf = (...events: SumEvent[]): SumView => events.reduce(sumFold.fold, sumFold.empty)

/** Any change to a frozen part throws. */
function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze)
  return Object.freeze(value)
}

describe('the list of a session', () => {
  test('has a line for each sum, oldest first, each with its own outcome', () => {
    expect(
      viewOf(started('a', '5'), started('b', '13'), started('c', '-5'), failed('b'), finished('a')),
    ).toEqual({
      lines: [
        { id: 'a', number: '5', state: 'finished', outcome: '15' },
        { id: 'b', number: '13', state: 'failed', outcome: 'killed' },
        { id: 'c', number: '-5', state: 'calculating' },
      ],
    })
  })

  test('keeps its last 50 lines, and an outcome of a line that is gone changes nothing', () => {
    const ids = Array.from({ length: maxLines + 7 }, (_, at) => `sum${at}`)
    const view = viewOf(...ids.map((id) => started(id)))
    expect(view.lines.map(({ id }) => id)).toEqual(ids.slice(7))
    expect(sumFold.fold(view, finished('sum6'))).toEqual(view)
  })

  test.each([
    { type: 'sum_renamed', id: 'a' },
    { type: 'toString', id: 'a' },
    { type: '__proto__', id: 'a' },
    { type: 7 },
    {},
    [],
  ])('is left as it is by an event that it does not know: %j', (event) => {
    const view = viewOf(started('a'))
    expect(sumFold.fold(view, event as never)).toEqual(view)
  })

  test('is made anew by each event, and never changed in place', () => {
    const random = new Random(1)
    let view = freeze(sumFold.empty)
    for (let step = 0; step < 400; step++) {
      const id = `sum${random.below(80)}`
      const event = freeze(random.pick([started(id), finished(id), failed(id)]))
      const next = sumFold.fold(view, event)
      expect(sumFold.fold(view, event)).toEqual(next)
      expect(next.lines.length).toBeLessThanOrEqual(maxLines)
      view = freeze(next)
    }
    expect(sumFold.empty).toEqual({ lines: [] })
  })
})

describe('a command', () => {
  test.each(['', '5', '-5', '  7 ', 'abc', '\u{1f600}', '\ud800', '9'.repeat(maxTextLength)])(
    'is any text that was typed, since the session reads it: %j',
    (text) => {
      expect(checkSumCommand({ type: 'start_sum', text })).toBe(undefined)
    },
  )

  test('is refused as too long beyond 40 characters', () => {
    const text = '1'.repeat(maxTextLength + 1)
    expect(checkSumCommand({ type: 'start_sum', text })).toEqual({ code: 'too_long' })
  })

  test.each([
    undefined,
    null,
    5,
    'start_sum',
    [],
    ['start_sum', '5'],
    {},
    { type: 'start_sum' },
    { text: '5' },
    { type: 'stop_sum', text: '5' },
    { type: ['start_sum'], text: '5' },
    { type: 'start_sum', text: 5 },
    { type: 'start_sum', text: null },
    { type: 'start_sum', text: ['5'] },
    { type: 'start_sum', text: NaN },
    { type: 'start_sum', text: '5', more: 1 },
    JSON.parse('{"type":"start_sum","text":"5","__proto__":{}}'),
    JSON.parse('{"__proto__":{"type":"start_sum","text":"5"}}'),
    { type: 'start_sum', text: new String('5') },
  ])('of another shape is malformed: %o', (command) => {
    expect(checkSumCommand(command)).toEqual({ code: 'malformed' })
  })
})
