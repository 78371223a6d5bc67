/*
 * The export of a recording, as it is called: what left a wall is nowhere in the whole text.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { readRecording } from '../../src/protocol/recording'
import { wallFold } from '../../src/protocol/wall'

const folder = mkdtempSync(join(tmpdir(), 'recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) =>
  spawnSync('node', ['server/recording.mjs', ...args], { encoding: 'utf8' })

const stream = 'boards/board/building-blocks'
const note = (id: number, text: string) => ({ id, text, votes: 1, pinned: false })
const changed = (change: object) => [{ type: 'wall_changed', ...change }]
const kept = note(1, 'stays-here')
const hidden = note(2, 'hidden-later')
const gone = note(3, 'gone-in-a-gap')
const later = note(4, 'hidden-in-the-next-life')

test('has no note that ever left its wall, and no visitor', () => {
  const view = { ...wallFold.empty, notes: [kept, hidden] }
  const next = { ...wallFold.empty, notes: [kept, later] }
  const shown = { type: 'slide_shown', atMs: 5, slide: 'a', step: 0, wish: 'secret-wish' }
  const lines = [
    { recording: 1, title: 'Talk', version: '0.1.0', beganAtMs: 0 },
    { atMs: 1, type: 'snapshot', stream, epoch: 'secretlife.1', seq: 2, view },
    {
      atMs: 2,
      type: 'events',
      stream,
      epoch: 'secretlife.1',
      seq: 3,
      events: changed({ put: [gone] }),
    },
    {
      atMs: 3,
      type: 'events',
      stream,
      epoch: 'secretlife.1',
      seq: 4,
      events: changed({ put: [later] }),
    },
    {
      atMs: 4,
      type: 'events',
      stream,
      epoch: 'secretlife.1',
      seq: 5,
      events: changed({ drop: [2] }),
    },
    { atMs: 5, type: 'gap' },
    { atMs: 6, type: 'snapshot', stream, epoch: 'otherlife.1', seq: 6, view: next },
    {
      atMs: 7,
      type: 'events',
      stream,
      epoch: 'otherlife.1',
      seq: 7,
      events: changed({ drop: [4] }),
    },
    {
      atMs: 8,
      type: 'snapshot',
      stream: 'boards/deck',
      epoch: 'otherlife.1',
      seq: 1,
      view: { shown },
    },
  ]
  const file = join(folder, 'talk.jsonl')
  const out = join(folder, 'public.jsonl.gz')
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'))
  const { status, stderr } = run(file, '--out', out)
  expect([status, stderr]).toEqual([0, ''])
  const text = gunzipSync(readFileSync(out)).toString()
  expect(text).toContain(kept.text)
  const secrets = [hidden, gone, later].map((each) => each.text)
  for (const secret of [...secrets, 'secret', 'otherlife']) expect(text).not.toContain(secret)
  expect(readRecording(text.split('\n'))).toMatchObject({ unreadable: 0 })
})

test('says in one sentence that a file is no recording', () => {
  const file = join(folder, 'foreign.jsonl')
  writeFileSync(file, '{"hello":1}\n')
  const { status, stdout, stderr } = run(file)
  expect([status, stdout, stderr]).toEqual([1, '', `${file} is no recording.\n`])
})
