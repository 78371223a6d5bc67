/*
 * Lines to several play hosts, over real sockets: who is new is called, who is to go is drained,
 * and whoever dies takes only its own jobs along.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { localLines } from '../../server/local-lines'
import { openJobDoor, type JobDoor } from '../../src/host/job-door'
import { createJobLines, type JobLines } from '../../src/host/job-lines'
import { createOpenJobs, type OpenJobs } from '../../src/host/open-jobs'
import type { Batch } from '../../src/protocol/jobs'
import { until } from '../support/until'

const folder = mkdtempSync(join(tmpdir(), 'job-lines-'))
const none = new Uint32Array()

/** A play host that answers at once, or when it is told to. */
class Play {
  door!: JobDoor
  answersAtOnce = true
  batches: Batch[] = []

  async listen(): Promise<this> {
    vi.stubEnv('RUN_DIR', mkdtempSync(join(folder, 'play-')))
    this.door = await openJobDoor((batch) => {
      this.batches.push(batch)
      if (this.answersAtOnce) this.answer()
    }, localLines)
    return this
  }

  /** Answers for all that it has. */
  answer(): void {
    for (const { line, jobs } of this.batches.splice(0)) {
      this.taken += jobs.length
      this.door.hear({ type: 'batch_ended', line, ended: jobs, crashed: none })
    }
  }

  /** Jobs that were answered for. */
  taken = 0

  get open(): number {
    return this.batches.reduce((sum, { jobs }) => sum + jobs.length, 0)
  }

  /** As when the host dies: its lines break. */
  breakLine(): void {
    this.door.hear({ type: 'none_open' })
  }
}

let plays: Play[]
let jobs: OpenJobs
let lines: JobLines
beforeAll(async () => {
  plays = await Promise.all([new Play().listen(), new Play().listen(), new Play().listen()])
})
beforeEach(() => {
  for (const play of plays) Object.assign(play, { answersAtOnce: true, batches: [], taken: 0 })
  jobs = createOpenJobs()
  lines = createJobLines(jobs, localLines)
})
afterEach(() => {
  for (const play of plays) play.answer()
  lines.serve({})
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** Says that these are there, and waits until each of them is given jobs. */
async function serve(...present: Play[]): Promise<void> {
  lines.serve(addressesOf(present))
  const before = present.map(({ taken }) => taken)
  await until(() => {
    start(present.length)
    expect(present.every(({ taken }, at) => taken > before[at]!)).toBe(true)
  })
  await settled()
  for (const play of present) play.taken = 0
}

const addressesOf = (present: readonly Play[]): Record<string, string> =>
  Object.fromEntries(present.map((play) => [`play-${plays.indexOf(play) + 1}`, play.door.address]))

function start(count: number): void {
  for (let job = 0; job < count; job++) jobs.door.start(performance.now())
}

/** Waits until nothing is open, and what was counted is taken. */
async function settled(): Promise<void> {
  const sum = { due: 0, ended: 0 }
  start(1)
  await until(() => {
    const { due, done, failed } = jobs.count()
    sum.due += due
    sum.ended += done + Object.values(failed).reduce((all, count) => all + count, 0)
    expect(sum.due > 0 && sum.ended >= sum.due).toBe(true)
  })
}

/** What was counted, once it is all of these. */
async function counted(due: number) {
  const sum = { due: 0, done: 0, failed: {} as Record<string, number> }
  await until(() => {
    const { due: more, done, failed } = jobs.count()
    sum.due += more
    sum.done += done
    for (const [why, count] of Object.entries(failed)) {
      sum.failed[why] = (sum.failed[why] ?? 0) + count
    }
    const ended = Object.values(sum.failed).reduce((all, count) => all + count, sum.done)
    expect([sum.due, ended]).toEqual([due, due])
  })
  return sum
}

test('all hosts get their share, and each job is counted once', async () => {
  await serve(...plays)
  start(300)
  expect(await counted(300)).toEqual({ due: 300, done: 300, failed: {} })
  expect(plays.map(({ taken }) => taken)).toEqual([100, 100, 100])
})

test('a host that does not answer gets less than one that does', async () => {
  const [slow, quick] = plays as [Play, Play]
  await serve(slow, quick)
  slow.answersAtOnce = false
  for (let round = 1; round <= 5; round++) {
    start(100)
    await until(() => expect(slow.open + quick.taken).toBe(100 * round))
  }
  // As many as the other had open at a time, and then only what evens out.
  expect(slow.open).toBeLessThanOrEqual(100)
  slow.answer()
  expect(await counted(500)).toEqual({ due: 500, done: 500, failed: {} })
})

test('a host that is to go is given no more jobs, and fails none', async () => {
  const [going, staying] = plays as [Play, Play]
  await serve(going, staying)
  going.answersAtOnce = false
  start(100)
  await until(() => expect([going.open, staying.taken]).toEqual([50, 50]))
  lines.serve(addressesOf([staying]))
  start(10)
  await until(() => expect(staying.taken).toBe(60))
  going.answer()
  expect(await counted(110)).toEqual({ due: 110, done: 110, failed: {} })
  expect(going.taken).toBe(50)
})

test('jobs that are started before a host is to go, and not yet sent, are done too', async () => {
  const [going, staying] = plays as [Play, Play]
  await serve(going, staying)
  start(100)
  lines.serve(addressesOf([staying]))
  expect(await counted(100)).toEqual({ due: 100, done: 100, failed: {} })
  expect(going.taken).toBe(50)
})

test('a host that dies takes its own jobs along, and no others', async () => {
  const [dying, staying] = plays as [Play, Play]
  await serve(dying, staying)
  dying.answersAtOnce = staying.answersAtOnce = false
  start(100)
  await until(() => expect([dying.open, staying.open]).toEqual([50, 50]))
  lines.serve(addressesOf([staying]))
  dying.breakLine()
  await until(() => expect(jobs.count().failed).toEqual({ host_lost: 50 }))
  staying.answer()
  await until(() => expect(jobs.count()).toMatchObject({ done: 50, failed: {} }))
  // What it still has to tell is of jobs that are lost.
  dying.answer()
  staying.answersAtOnce = true
  start(10)
  await until(() => expect(jobs.count()).toMatchObject({ done: 10, failed: {} }))
})

test('a host that is back at another address is called there', async () => {
  const [first, second] = plays as [Play, Play]
  await serve(first)
  lines.serve({ 'play-1': second.door.address })
  start(1)
  expect(jobs.count().failed).toEqual({ host_away: 1 })
  await until(() => {
    start(1)
    expect(second.taken).toBeGreaterThan(0)
  })
  expect(first.taken).toBe(0)
})

test('a host that is still there is called again when its line breaks', async () => {
  const [play] = plays as [Play]
  await serve(play)
  play.breakLine()
  await until(() => {
    start(1)
    expect(play.taken).toBeGreaterThan(0)
  })
})

test('without a host jobs fail at once', () => {
  lines.serve({})
  start(3)
  expect(jobs.count()).toMatchObject({ due: 3, done: 0, failed: { host_away: 3 } })
})
