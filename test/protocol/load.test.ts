/* The words of the load: what may be wanted, and what its events add up to. */
import { describe, expect, test } from 'vitest'
import {
  checkLoadCommand,
  loadFold,
  maxSamples,
  type LoadEvent,
  type LoadSample,
} from '../../src/protocol/load'

const code = (command: unknown) => checkLoadCommand(command)?.code ?? 'granted'

describe('a target', () => {
  test.each([0, 1, 100_000, 1_000_000])('may be %d', (target) => {
    expect(code({ type: 'set_target', target })).toBe('granted')
  })

  test.each([-1, 0.5, 1_000_001, 1e12, NaN, Infinity, null, undefined, '5', [], {}, true])(
    'may not be %j',
    (target) => {
      expect(code({ type: 'set_target', target })).toBe('not_a_target')
    },
  )

  test.each([
    null,
    5,
    'set_target',
    [],
    {},
    { type: 'set_target', target: 5, more: 1 },
    { type: 'set_target' },
    { type: 'start_sum', target: 5 },
  ])('is wished in no other shape: %j', (command) => {
    expect(code(command)).toBe('malformed')
  })
})

describe('a number of play hosts', () => {
  test.each([1, 2, 64])('may be %d, as far as anybody but the host knows', (count) => {
    expect(code({ type: 'set_play_hosts', count })).toBe('granted')
  })

  test.each([0, -1, 1.5, NaN, Infinity, null, undefined, '2', [], {}, true])(
    'may not be %j',
    (count) => {
      expect(code({ type: 'set_play_hosts', count })).toBe('not_a_host_count')
    },
  )

  test('is wished in no other shape', () => {
    expect(code({ type: 'set_play_hosts', count: 2, more: 1 })).toBe('malformed')
  })
})

const sample = (atMs: number): LoadSample => ({
  atMs,
  target: 10,
  clients: 10,
  due: 1,
  done: 1,
  failed: {},
  backsOff: false,
})
const sampled = (atMs: number): LoadEvent => ({ type: 'load_sampled', sample: sample(atMs) })
const viewOf = (...events: LoadEvent[]) => events.reduce(loadFold.fold, loadFold.empty)

describe('the view', () => {
  test('has the last target, and the samples oldest first', () => {
    const view = viewOf({ type: 'target_set', target: 5 }, sampled(1), sampled(2))
    expect(view).toMatchObject({ target: 5, samples: [sample(1), sample(2)] })
    expect(loadFold.fold(view, { type: 'target_set', target: 0 }).target).toBe(0)
  })

  test('has the play hosts that are wanted, and how many may be', () => {
    expect(viewOf()).toMatchObject({ playHosts: 1, mostPlayHosts: 1 })
    const view = viewOf({ type: 'play_hosts_set', count: 2, most: 4 })
    expect(view).toMatchObject({ playHosts: 2, mostPlayHosts: 4 })
  })

  test('keeps the samples of the last minute', () => {
    const events = Array.from({ length: maxSamples + 7 }, (_, at) => sampled(at))
    const { samples } = viewOf(...events)
    expect(samples).toHaveLength(maxSamples)
    expect(samples[0]!.atMs).toBe(7)
  })

  test.each([undefined, null, {}, [], { type: 'toString' }, { type: 7 }])(
    'is left as it is by an event that it does not know: %j',
    (event) => {
      const view = viewOf(sampled(1))
      expect(loadFold.fold(view, event as never)).toBe(view)
    },
  )
})
