/*
 * What an observer tells is judged: its host may be broken, and all of it goes on to browsers.
 */
import { describe, expect, test } from 'vitest'
import { isFromHost } from '../../src/protocol/from-host'
import type { ProcessRow, Seen, TreeNode } from '../../src/protocol/observe'

const row: ProcessRow = {
  serial: 5,
  initialCall: 'sum.sum',
  reductionsDiff: 1,
  reductions: 2,
  mailboxLength: 0,
  status: 'waiting',
  ageMs: 0.5,
}
const node: TreeNode = { initialCall: 'top', type: 'worker', count: 1, serials: [1], children: [] }
const table = { kind: 'table', windowMs: 1_000, rows: [row], matched: 1, processes: 1 } as const

const may = (seen: unknown) => isFromHost({ type: 'seen', ref: 1, seen })
const deep = (levels: number): TreeNode =>
  levels === 0 ? node : { ...node, children: [deep(levels - 1)] }

const good: Seen[] = [
  table,
  { kind: 'tree', roots: [{ ...node, id: 'x', restart: 'permanent', children: [deep(40)] }] },
  { kind: 'kill', killed: 3 },
  { kind: 'refused', code: 'too_busy' },
]
test.each(good)('$kind is taken', (seen) => expect(may(seen)).toBe(true))

/** Longer than anybody can walk through. */
const endless = { length: 2 ** 32 - 1, __proto__: Array.prototype }

describe('is not taken', () => {
  const bad: [string, unknown][] = [
    ['nothing', undefined],
    ['an unknown kind', { kind: 'secret' }],
    ['a row with more in it', { ...table, rows: [{ ...row, note: 'a text' }] }],
    ['a row with a wrong number', { ...table, rows: [{ ...row, reductions: -1 }] }],
    ['a row without end', { ...table, rows: [{ ...row, initialCall: 'x'.repeat(201) }] }],
    ['too many rows', { ...table, rows: Array.from({ length: 201 }, () => row) }],
    ['rows that are no list', { ...table, rows: endless }],
    ['a tree that is too deep', { kind: 'tree', roots: [deep(5_000)] }],
    [
      'a tree that is too large',
      { kind: 'tree', roots: Array.from({ length: 3_001 }, () => node) },
    ],
    ['a tree of something else', { kind: 'tree', roots: [{ ...node, children: endless }] }],
    ['a tree without nodes', { kind: 'tree', roots: [null] }],
    ['a code that is none', { kind: 'refused', code: 'constructor' }],
  ]
  test.each(bad)('%s', (_, seen) => expect(may(seen)).toBe(false))
})
