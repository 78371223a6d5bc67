/*
 * A talk that is recorded while hosts are killed: nothing that was written down is lost, and what
 * is made of it for everybody has neither what left its wall nor whom it was of.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boardStream, type AudienceCommand } from '../../src/protocol/board'
import { sessionStream } from '../../src/protocol/envelope'
import { readRecording } from '../../src/protocol/recording'
import { sumFold } from '../../src/protocol/sum'
import { wallFold, type WallNote } from '../../src/protocol/wall'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { enter, takeCookies, type Presenter } from '../chaos/presenter'
import { foldedTo } from '../source/folded'
import { startSystem, type System } from '../support/system'
import { until } from '../support/until'

const board = 'building-blocks'
const folder = mkdtempSync(join(tmpdir(), 'recorded-'))
const recordings = join(folder, 'data/recordings')

let system: System
let presenter: Presenter
let phone: LiveSource
/** Who came, by the names that others may know. */
const visitors: string[] = []
let notes: () => readonly WallNote[]

beforeAll(async () => {
  system = await startSystem(() => ({ RECORD: 'yes', DATA_DIR: join(folder, 'data') }))
  await system.ready()
  const page = await fetch(system.url)
  await page.arrayBuffer()
  presenter = await enter(system.url)
  await presenter.open(board)
  notes = presenter.watch(board)
  phone = open(page.headers.getSetCookie()[0]!.split(';', 1)[0]!)
})
afterAll(async () => {
  phone?.close()
  presenter?.leave()
  await system?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function open(cookie: string): LiveSource {
  const [, id = ''] = /visitor=([^.;]+)/.exec(cookie) ?? []
  visitors.push(createHash('sha256').update(id).digest('hex').slice(0, 12))
  return createLiveSource({ url: system.url, wakes: () => () => {}, cookie })
}

const written = (): string =>
  readdirSync(recordings)
    .map((name) => readFileSync(join(recordings, name), 'utf8'))
    .join('')
const isWritten = (text: string) => until(() => expect(written()).toContain(text))

const wish = async (command: AudienceCommand) =>
  expect(await phone.wish(boardStream(board), command)).toMatchObject({ ok: true })
async function post(text: string): Promise<void> {
  await until(() => wish({ type: 'post_note', text }))
  await isWritten(text)
}

/** Has one of the presenter's windows calculate a sum, which the hall sees. */
async function sum(number: string): Promise<void> {
  const hall = open(await takeCookies(system.url))
  const stream = sessionStream(visitors.at(-1)!)
  const ended = new Promise<void>((resolve) => {
    hall.follow(stream, sumFold, ({ view }) => {
      if (view.lines[0]?.state === 'finished') resolve()
    })
  })
  expect(await hall.wish(stream, { type: 'start_sum', text: number })).toEqual({ ok: true })
  await ended.finally(() => hall.close())
  await isWritten('sum_finished')
}
const idOf = (text: string): number => notes().find((note) => note.text === text)!.id

async function kill(host: string): Promise<void> {
  const pid = await system.pidOf(host)
  process.kill(pid, 'SIGKILL')
  await until(async () => expect(await system.pidOf(host)).not.toBe(pid))
  await system.ready()
}

test('goes on in one file, whoever is killed', async () => {
  await post('before all')
  await kill('recorder')
  await post('after the recorder')
  await kill('gateway')
  await post('after the gateway')
  await kill('boards')
  await post('after the boards')
  expect(readdirSync(recordings)).toHaveLength(1)
  const recording = readRecording(written().split('\n'))!
  expect(recording.unreadable).toBe(0)
  const { view } = foldedTo(recording, boardStream(board), wallFold, Infinity)
  expect(view.notes.map(({ text }) => text)).toEqual(notes().map(({ text }) => text))
  expect(view.notes).toHaveLength(4)
})

test('is made one for everybody, without what was taken away and whom it was of', async () => {
  await post('hidden by the presenter')
  await presenter.wish(board, {
    type: 'moderate_note',
    note: idOf('hidden by the presenter'),
    state: 'hidden',
  })
  await post('taken back')
  await wish({ type: 'withdraw_note', note: idOf('taken back') })
  await post('stays')
  await sum('4711')
  const [name = ''] = readdirSync(recordings)
  const out = join(folder, 'public.jsonl.gz')
  const args = ['server/recording.mjs', join(recordings, name), '--out', out]
  const { status, stderr } = spawnSync('node', args, { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  const text = gunzipSync(readFileSync(out)).toString()
  expect(text).toContain('stays')
  expect(text).toContain('sum_finished')
  const secrets = ['hidden by', 'taken back', '4711', ...visitors]
  for (const secret of secrets) expect(text).not.toContain(secret)
})
