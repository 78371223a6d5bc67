/*
 * The books of open jobs: each job is counted once, however it ends, never are there too many, and
 * who is slower is given less.
 */
import { describe, expect, test } from 'vitest'
import { mostOpen } from '../../src/host/job-book'
import { createOpenJobs, type OpenJobs, type OpenLine } from '../../src/host/open-jobs'
import { Random } from '../support/random'

const none = new Uint32Array()
const totalOf = (failed: object) => Object.values(failed).reduce((sum, count) => sum + count, 0)

const openLine = (jobs: OpenJobs): OpenLine => jobs.open(() => {})

function opened() {
  const jobs = createOpenJobs()
  const { book, close } = openLine(jobs)
  return { jobs, book, close }
}

function start(jobs: OpenJobs, count: number, dueMs = 0): void {
  for (let job = 0; job < count; job++) jobs.door.start(dueMs)
}

test('a job is sent once, and its latency counts from when it should have started', () => {
  const { jobs, book } = opened()
  jobs.door.start(1_000)
  const batch = book.take()
  expect([batch.length, book.take().length]).toEqual([1, 0])
  book.settle({ ended: batch, crashed: none }, 1_250)
  expect(jobs.count()).toMatchObject({ due: 1, done: 1, failed: {}, latencyMs: { max: 250 } })
  expect(jobs.count()).toEqual({ due: 0, done: 0, failed: {}, backsOff: false })
})

test('all jobs of a turn are one batch, and are wanted once', () => {
  const jobs = createOpenJobs()
  let wanted = 0
  const { book } = jobs.open(() => wanted++)
  start(jobs, 5)
  expect(wanted).toBe(1)
  expect(new Set(book.take()).size).toBe(5)
  jobs.door.start(0)
  expect(wanted).toBe(2)
})

test('a job that crashed is failed and not done, and its number is free again', () => {
  const { jobs, book } = opened()
  for (let round = 0; round < 2 * mostOpen; round++) {
    jobs.door.start(0)
    const ended = book.take()
    book.settle({ ended, crashed: ended }, 5)
  }
  const { due, done, failed, backsOff } = jobs.count()
  expect([due, done, failed, backsOff]).toEqual([2 * mostOpen, 0, { crashed: 2 * mostOpen }, false])
})

test('without a line a job fails at once', () => {
  const jobs = createOpenJobs()
  jobs.door.start(0)
  expect(jobs.count()).toMatchObject({ due: 1, done: 0, failed: { host_away: 1 } })
  const { book } = openLine(jobs)
  jobs.door.start(0)
  expect(book.take()).toHaveLength(1)
})

test('with the line go its open jobs, sent or not, and none of them is counted again', () => {
  const { jobs, book, close } = opened()
  jobs.door.start(0)
  const sent = book.take()
  jobs.door.start(0)
  close()
  expect(jobs.count()).toMatchObject({ failed: { host_lost: 2 } })
  close()
  const next = openLine(jobs)
  book.settle({ ended: sent, crashed: none }, 5)
  expect(jobs.count()).toMatchObject({ done: 0, failed: {} })
  jobs.door.start(0)
  expect(next.book.take()).toHaveLength(1)
})

test('when the book is full it backs off and says so, until an answer comes', () => {
  const { jobs, book } = opened()
  start(jobs, mostOpen + 3)
  expect(jobs.count()).toMatchObject({ failed: { held_back: 3 }, backsOff: true })
  book.settle({ ended: book.take().slice(0, 1), crashed: none }, 1)
  jobs.door.start(0)
  expect(jobs.count()).toMatchObject({ due: 1, done: 1, failed: {}, backsOff: false })
})

test('rounds that a client missed are due, and held back', () => {
  const { jobs } = opened()
  jobs.door.miss(4)
  expect(jobs.count()).toMatchObject({ due: 4, failed: { held_back: 4 }, backsOff: true })
})

describe('of several lines', () => {
  test('the one with the fewest open jobs is given the next', () => {
    const jobs = createOpenJobs()
    const slow = openLine(jobs)
    start(jobs, 10)
    const quick = openLine(jobs)
    start(jobs, 4)
    expect([slow.book.take().length, quick.book.take().length]).toEqual([10, 4])
    start(jobs, 20)
    expect([slow.book.take().length, quick.book.take().length]).toEqual([7, 13])
  })

  test('equals have their turn, also when jobs are done one at a time', () => {
    const jobs = createOpenJobs()
    const lines = [openLine(jobs), openLine(jobs), openLine(jobs)]
    const taken = [0, 0, 0]
    for (let round = 0; round < 30; round++) {
      jobs.door.start(0)
      for (const [at, { book }] of lines.entries()) {
        const ended = book.take()
        taken[at]! += ended.length
        book.settle({ ended, crashed: none }, 1)
      }
    }
    expect(taken).toEqual([10, 10, 10])
  })

  test('a job is held back only when the books of all are full', () => {
    const jobs = createOpenJobs()
    const first = openLine(jobs)
    start(jobs, mostOpen)
    const second = openLine(jobs)
    start(jobs, mostOpen)
    expect(jobs.count()).toMatchObject({ due: 2 * mostOpen, failed: {}, backsOff: false })
    start(jobs, 2)
    expect(jobs.count()).toMatchObject({ failed: { held_back: 2 }, backsOff: true })
    second.book.settle({ ended: second.book.take().slice(0, 1), crashed: none }, 1)
    first.close()
    expect(jobs.count()).toMatchObject({ done: 1, failed: { host_lost: mostOpen } })
    start(jobs, 2)
    expect(jobs.count()).toMatchObject({ failed: { held_back: 1 } })
  })

  test('one that rests is given no more, and its open jobs are done as ever', () => {
    const jobs = createOpenJobs()
    const resting = openLine(jobs)
    start(jobs, 3)
    resting.rest()
    jobs.door.start(0)
    expect(jobs.count()).toMatchObject({ due: 4, failed: { host_away: 1 } })
    const staying = openLine(jobs)
    jobs.door.start(0)
    expect(staying.book.take()).toHaveLength(1)
    resting.book.settle({ ended: resting.book.take(), crashed: none }, 1)
    expect(jobs.count()).toMatchObject({ done: 3, failed: {} })
    resting.close()
    expect(jobs.count().failed).toEqual({})
  })
})

/** What `play` holds of a line, and the line. */
interface Held extends OpenLine {
  open: number[]
}

describe('whatever happens', () => {
  test('what is due is done, failed or open, and numbers of open jobs are different', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = new Random(seed)
      const jobs = createOpenJobs()
      let lines: Held[] = []
      const sum = { due: 0, done: 0, failed: 0 }
      for (let step = 0; step < 500; step++) {
        const deed = random.below(9)
        const line = lines.length > 0 ? random.pick(lines) : undefined
        if (deed === 0) {
          if (lines.length < 4) lines.push({ ...openLine(jobs), open: [] })
        } else if (deed < 5) start(jobs, random.below(80), step)
        else if (!line) continue
        else if (deed === 5) line.open.push(...line.book.take())
        else if (deed === 6 && random.below(4) === 0) line.rest()
        else if (deed === 7 && random.below(4) === 0) {
          line.close()
          lines = lines.filter((other) => other !== line)
        } else {
          const ended = Uint32Array.from(line.open.splice(0, random.below(line.open.length + 1)))
          line.book.settle({ ended, crashed: ended.slice(0, random.below(ended.length + 1)) }, step)
        }
        const { due, done, failed } = jobs.count()
        sum.due += due
        sum.done += done
        sum.failed += totalOf(failed)
      }
      for (const { book, open } of lines) {
        open.push(...book.take())
        expect(new Set(open).size, `seed ${seed}`).toBe(open.length)
        expect(open).toHaveLength(book.size)
      }
      const open = lines.reduce((all, { book }) => all + book.size, 0)
      expect(sum.done + sum.failed + open, `seed ${seed}`).toBe(sum.due)
    }
  })
})
