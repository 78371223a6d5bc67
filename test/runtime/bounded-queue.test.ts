/*
 * The order of a host that nobody outside can look into: who fills its memory ends, with the reason
 * and before the host does, and slices of dear steps are short. And what values weigh.
 */
import { expect, test } from 'vitest'
import { BoundedQueue } from '../../src/runtime/bounded-queue'
import type { Process } from '../../src/runtime/process'
import { Runtime, type Body, type LogRecord } from '../../src/runtime'
import { Scales } from '../../src/runtime/weight'

const megabytes = (value: unknown): number => Math.round(new Scales().weigh(value) / 2 ** 20)

test('what is large is weighed, whatever it lies in', () => {
  const block = () => new Uint8Array(2 ** 20)
  expect(megabytes(Array.from({ length: 1_000 }, block))).toBe(1_000)
  expect(megabytes({ a: { b: [block()] } })).toBe(1)
  expect(megabytes(new Map([['a', block()]]))).toBe(1)
  expect(megabytes(new Set([block(), block()]))).toBe(2)
  expect(megabytes('a'.repeat(2 ** 21))).toBe(2)
  expect(megabytes(new Array(2 ** 17).fill(1))).toBe(1)
})

test('what is shared counts once, what is only long for nothing, and nothing is run', () => {
  const block = new Uint8Array(2 ** 20)
  expect(megabytes([block, block, { block }])).toBe(1)
  expect(megabytes(new Array(2 ** 30))).toBe(0)
  const circle: unknown[] = [block]
  circle.push(circle)
  expect(megabytes(circle)).toBe(1)
  const shy = {
    get text(): string {
      throw new Error('asked')
    },
  }
  const hostile = new Proxy([], {
    get() {
      throw new Error('asked')
    },
  })
  expect(megabytes([shy, hostile, 1n, null, undefined, () => {}])).toBe(0)
})

/** A runtime in which each step takes a millisecond, and what befell it. */
function bounded(limitMb: number, held: readonly unknown[] = []) {
  let nowMs = 0
  const log: LogRecord[] = []
  const full: string[] = []
  const now = () => nowMs
  const bounds = { now, limitMb, held: () => held, onFull: (text: string) => full.push(text) }
  const queue = new BoundedQueue(bounds)
  const slices: number[] = []
  const slice = queue.slice.bind(queue)
  queue.slice = (process: Process) => {
    const given = slice(process)
    slices.push(given)
    nowMs += given
    return given
  }
  const options = { now, random: () => 0, log: (record: LogRecord) => log.push(record), queue }
  return { runtime: new Runtime(options), log, full, slices }
}

const place = { kind: 'turn', file: 'a.ts', function: 'hoard', line: 1, column: 1 } as const

function* hoard(most: number): Body {
  const all: unknown[] = []
  for (;;) {
    if (all.length < most) all.push(new Uint8Array(2 ** 20))
    yield [{ ...place, names: ['all'] }, all]
  }
}

test('a process that holds more than it may ends with the reason, and nobody else does', () => {
  const { runtime, log, full } = bounded(20)
  const greedy = runtime.spawn(hoard, Infinity)
  const modest = runtime.spawn(hoard, 10)
  for (let turn = 0; turn < 500 && runtime.info(greedy); turn++) runtime.turn()
  expect(runtime.info(greedy)).toBe(undefined)
  expect(runtime.info(modest)).not.toBe(undefined)
  expect(log.map(({ event, reason }) => [event, reason])).toEqual([
    ['process_crashed', expect.stringMatching(/^memory: its variables hold 2\d MB of 20 MB$/)],
  ])
  expect(full).toEqual([])
})

test('modules that hold too much are told, since no process can give that back', () => {
  const { runtime, full } = bounded(20, [new Uint8Array(30 * 2 ** 20)])
  runtime.spawn(hoard, 1)
  for (let turn = 0; turn < 20 && full.length === 0; turn++) runtime.turn()
  expect([...new Set(full)]).toEqual(['memory: the variables of its modules hold 30 MB of 20 MB'])
})

test('dear steps make short slices', () => {
  const { runtime, slices } = bounded(20)
  runtime.spawn(hoard, 1)
  for (let turn = 0; turn < 5; turn++) runtime.turn()
  expect(slices.slice(0, 3)).toEqual([250, 2, 2])
})
