/*
 * The line between `load` and a play host, over a real socket: jobs there, answers back, and what is
 * left of both when an end of it goes.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { localLines } from '../../server/local-lines'
import { openJobDoor, type JobDoor } from '../../src/host/job-door'
import { JobLine } from '../../src/host/job-line'
import { createOpenJobs, type OpenJobs } from '../../src/host/open-jobs'
import type { Batch } from '../../src/protocol/jobs'
import { until } from '../support/until'

const folder = mkdtempSync(join(tmpdir(), 'job-line-'))
const none = new Uint32Array()

let door: JobDoor
let batches: Batch[] = []
const ends: { readonly jobs: OpenJobs; readonly line: JobLine }[] = []

beforeAll(async () => {
  vi.stubEnv('RUN_DIR', folder)
  door = await openJobDoor((batch) => batches.push(batch), localLines)
})
beforeEach(() => {
  batches = []
})
afterEach(() => {
  for (const { line } of ends.splice(0)) line.hangUp()
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** A `load` whose line stands. */
async function call() {
  const jobs = createOpenJobs()
  const line = new JobLine(jobs, door.address, localLines)
  ends.push({ jobs, line })
  await reaches(jobs)
  return { jobs, line }
}

/** Waits until a job gets through; before, each of them fails. */
async function reaches(jobs: OpenJobs): Promise<Batch> {
  const batch = await until(() => {
    const before = batches.length
    jobs.door.start(performance.now())
    return until(() => {
      if (batches.length > before) return batches.at(-1)!
      const { failed } = jobs.count()
      if (failed.host_away || failed.host_lost) throw new Error('no line yet')
      throw new Error('not here yet')
    }, 50)
  })
  answer(batch)
  await until(() => expect(jobs.count().done).toBe(1))
  return batch
}

const answer = ({ line, jobs }: Batch, crashed: Uint32Array = none) =>
  door.hear({ type: 'batch_ended', line, ended: jobs, crashed })

test('answers that are none are as if they were never said', async () => {
  const { jobs } = await call()
  jobs.door.start(performance.now())
  await until(() => expect(batches.at(-1)?.jobs).toHaveLength(1))
  const { line, jobs: ended } = batches.at(-1)!
  for (const nonsense of [null, 5, ['x'], { length: 2 ** 31 }, new Float64Array(1)]) {
    door.hear({ type: 'batch_ended', line, ended: nonsense as never, crashed: none })
    door.hear({ type: 'batch_ended', line, ended, crashed: nonsense as never })
  }
  answer(batches.at(-1)!)
  await until(() => expect(jobs.count()).toMatchObject({ done: 1, failed: {} }))
})

test('jobs of a turn cross as one batch, and each is answered', async () => {
  const { jobs } = await call()
  batches = []
  for (let job = 0; job < 300; job++) jobs.door.start(performance.now())
  await until(() => expect(batches).toHaveLength(1))
  expect(batches[0]!.jobs).toHaveLength(300)
  answer(batches[0]!, batches[0]!.jobs.slice(0, 7))
  await until(() => expect(jobs.count()).toMatchObject({ done: 293, failed: { crashed: 7 } }))
})

test('when nobody knows which jobs are open, they are lost, and the line is dialled again', async () => {
  const { jobs } = await call()
  batches = []
  jobs.door.start(0)
  await until(() => expect(batches).toHaveLength(1))
  const [old] = batches
  door.hear({ type: 'none_open' })
  await until(() => expect(jobs.count().failed).toEqual({ host_lost: 1 }))
  const next = await reaches(jobs)
  expect(next.line).toBeGreaterThan(old!.line)
  jobs.door.start(0)
  answer(old!)
  answer(await until(() => batches.at(-1)!))
  expect(jobs.count().failed).toEqual({})
})

test('an answer for a line before is dropped', async () => {
  const first = await call()
  batches = []
  first.jobs.door.start(0)
  await until(() => expect(batches).toHaveLength(1))
  const [old] = batches
  first.line.hangUp()
  const second = await call()
  batches = []
  second.jobs.door.start(0)
  await until(() => expect(batches).toHaveLength(1))
  // Both have the same number: only the line tells them apart.
  answer(old!, old!.jobs)
  answer(batches[0]!)
  await until(() => expect(second.jobs.count()).toMatchObject({ done: 1, failed: {} }))
})

test('whoever hangs up loses what is open, and does not dial again', async () => {
  const { jobs, line } = await call()
  jobs.door.start(0)
  line.hangUp()
  expect(jobs.count().failed).toEqual({ host_lost: 1 })
  jobs.door.start(0)
  expect(jobs.count().failed).toEqual({ host_away: 1 })
})

test('who does not answer is awaited for a while only', async () => {
  const { jobs, line } = await call()
  jobs.door.start(0)
  line.drain(50)
  jobs.door.start(0)
  expect(jobs.count()).toMatchObject({ due: 2, failed: { host_away: 1 } })
  await until(() => expect(jobs.count().failed).toEqual({ host_lost: 1 }))
  line.drain(50)
  line.hangUp()
  expect(jobs.count().failed).toEqual({})
})

test('who breaks while it is drained has lost its jobs, and is not dialled again', async () => {
  const { jobs, line } = await call()
  batches = []
  jobs.door.start(0)
  line.drain()
  await until(() => expect(batches).toHaveLength(1))
  const [drained] = batches
  door.hear({ type: 'none_open' })
  await until(() => expect(jobs.count().failed).toEqual({ host_lost: 1 }))
  // Another that breaks later is dialled again: by then the first would have been, too.
  const other = await call()
  door.hear({ type: 'none_open' })
  expect((await reaches(other.jobs)).line).toBe(drained!.line + 2)
})
