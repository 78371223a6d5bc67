import { expect, test } from 'vitest'
import { logText } from '../../src/protocol/log-text'
import { kindOfEntry, logsFold, maxEntries, type LogEntry } from '../../src/protocol/logs'

const entry = (number: number, more: Partial<LogEntry> = {}): LogEntry => {
  return { number, atMs: 1_000, level: 'warn', event: 'host_lost', host: 'play-1', ...more }
}
const fold = (...events: unknown[]) =>
  events.reduce(
    (view: typeof logsFold.empty, event) => logsFold.fold(view, event as never),
    logsFold.empty,
  )

test('the last 500 records are kept, and what was left out is counted', () => {
  const many = Array.from({ length: 700 }, (_, at) => entry(at))
  const view = fold(
    { type: 'logged', records: [entry(-1, { event: 'left_out', count: 30 })] },
    { type: 'logged', records: many },
    { type: 'logged', records: [entry(700, { event: 'left_out', count: 12 })] },
  )
  expect(view.records).toHaveLength(maxEntries)
  expect([view.records[0]!.number, view.records.at(-1)!.number]).toEqual([201, 700])
  expect(view.leftOut).toBe(42)
})

test('what is no event, and what is no record, leaves the view as it is', () => {
  const known = fold({ type: 'logged', records: [entry(1)] })
  const odd: unknown[] = [
    undefined,
    null,
    7,
    {},
    { type: 'logged' },
    { type: 'logged', records: 'x' },
  ]
  for (const event of odd) expect(logsFold.fold(known, event as never)).toBe(known)
  const records = [null, 1, 'x', {}, { number: 'x' }, entry(2, { event: 'left_out', count: 1.5 })]
  const view = logsFold.fold(known, { type: 'logged', records: records as never })
  expect([view.records.map(({ number }) => number), view.leftOut]).toEqual([[1, 2], 0])
})

test.each([
  [{ event: 'process_crashed' }, 'crash'],
  [{ event: 'gave_up' }, 'supervisor'],
  [{ event: 'host_wedged' }, 'host'],
  [{ event: 'upgrade_loaded' }, 'upgrade'],
  [{ event: 'left_out', of: 'process_crashed' }, 'crash'],
  [{ event: 'left_out' }, 'other'],
  [{ event: 'constructor' }, 'other'],
])('%j is about: %s', (told, kind) => {
  expect(kindOfEntry(told)).toBe(kind)
})

test.each<[Partial<LogEntry>, string]>([
  [
    { event: 'process_crashed', call: 'sum.sum', pid: '<0.9.0>', reason: 'Error: no' },
    'sum.sum <0.9.0> crashed: Error: no',
  ],
  [
    {
      event: 'child_ended',
      child: 'deck',
      supervisor: '<1.3.0>',
      reason: 'killed',
      details: { isRestarted: true },
    },
    'deck ended: killed; it is started again (supervisor <1.3.0>)',
  ],
  [
    {
      event: 'gave_up',
      child: 'deck',
      supervisor: '<1.3.0>',
      details: { intensity: 1, periodSeconds: 5 },
    },
    'supervisor <1.3.0> gave up on deck: more than 1 restart in 5 s',
  ],
  [
    { event: 'left_out', of: 'process_crashed', count: 99_980, call: 'sum', reason: 'no' },
    '… and 99,980 more like this in the last second (sum: no)',
  ],
  [{ event: 'left_out', count: 3 }, '… and 3 of other kinds in the last second'],
  [{ event: 'host_wedged', details: { silentMs: 512.4 } }, 'does not answer: silent for 512 ms'],
  [
    { event: 'host_output', details: { stream: 'stderr', length: 7 } },
    'wrote 7 characters to stderr',
  ],
  [{ event: 'upgrade_refused', reason: 'no such module' }, 'upgrade refused: no such module'],
])('%j reads: %s', (more, sentence) => {
  expect(logText(entry(1, more))).toBe(sentence)
})
