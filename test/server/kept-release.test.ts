/* The current release on the disk, and what else may lie there in its place. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { KeptRelease } from '../../server/kept-release'
import type { LogRecord } from '../../src/protocol/log-record'

const built = { sum: 'a sum', session: 'a session' }
const repaired = { ...built, sum: 'a better sum' }

let folder: string
let log: LogRecord[]
const open = (from = built, within = folder) =>
  new KeptRelease(join(within, 'data'), from, (record) => void log.push(record))
const isKept = (kept: KeptRelease, current: typeof built | undefined) =>
  vi.waitFor(() => expect(kept.read()).toEqual(current))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lic-kept-'))
  log = []
})
afterEach(() => rmSync(folder, { recursive: true }))

test('is what was current last, and nothing once that is what was built', async () => {
  const kept = open()
  expect(kept.read()).toBe(undefined)
  kept.keep({ ...built, session: 'once' })
  kept.keep(repaired)
  await isKept(open(), repaired)
  kept.keep(built)
  await isKept(open(), undefined)
  await vi.waitFor(() => expect(readdirSync(join(folder, 'data'))).toEqual([]))
  expect(log).toEqual([])
})

test('counts for what it was made over and for nothing else', async () => {
  open().keep(repaired)
  await isKept(open(), repaired)
  expect(open({ ...built, session: 'of today' }).read()).toBe(undefined)
  expect(log).toMatchObject([{ level: 'info', event: 'upgrade_forgotten' }])
})

test.each(['', '{"built":', '[]', '{"built":{},"current":{}}', 'null'])(
  'a file that holds %j is told, and is none',
  async (text) => {
    const kept = open()
    kept.keep(repaired)
    await isKept(kept, repaired)
    writeFileSync(join(folder, 'data/release.json'), text)
    expect(kept.read()).toBe(undefined)
    expect(log).toMatchObject([{ level: 'warn', event: 'upgrade_forgotten', host: 'root' }])
  },
)

test('what cannot be kept is told, and the next is kept', async () => {
  const kept = open()
  writeFileSync(join(folder, 'data'), 'no folder')
  kept.keep(repaired)
  await vi.waitFor(() => expect(log).toMatchObject([{ event: 'upgrade_not_kept' }]))
  rmSync(join(folder, 'data'))
  kept.keep(repaired)
  await isKept(kept, repaired)
})
