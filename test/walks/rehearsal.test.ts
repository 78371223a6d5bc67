/*
 * A short rehearsal: what its replay shows at moments of a seed is what was live then, and nothing
 * of whoever was there is in its file. The long one is `npm run rehearse`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rehearse, type Rehearsed } from '../rehearsal/rehearsal'
import { buildingBlocks, hidden } from '../rehearsal/words'

const folder = mkdtempSync(join(tmpdir(), 'rehearsed-'))
const out = join(folder, 'short.jsonl.gz')
const slides = [
  'live-load',
  'how-would-you-build-it',
  'hunt',
  'hunt-console',
  'hunt-large',
  'live-tree',
]

let rehearsed: Rehearsed

beforeAll(async () => {
  rehearsed = await rehearse({ out, slides, visitors: 3, pace: 0.05, seed: 1, moments: 20 })
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a replay shows at every moment what was live, and ends in the same wherever it jumps', () => {
  expect(rehearsed.unequal).toEqual([])
})

const shipped = join(import.meta.dirname, '../../slides/rehearsal.jsonl.gz')

test.each([
  ['made just now', out],
  ['that ships', shipped],
])('the recording %s tells of the talk, and of no machine', (_, path) => {
  const packed = readFileSync(path)
  const text = gunzipSync(packed).toString()
  expect(text).toContain(buildingBlocks[0])
  for (const secret of [hidden, 'localhost', '127.0.0.1', tmpdir(), process.cwd()]) {
    expect(text).not.toContain(secret)
  }
  expect(packed.length).toBeLessThan(400_000)
})
