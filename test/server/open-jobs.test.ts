/* The book of open jobs: each is counted once, however it ends, and never are there too many. */
import { describe, expect, test } from 'vitest'
import { createOpenJobs, mostOpen, type OpenJobs } from '../../server/open-jobs'
import { Random } from '../support/random'

const none = new Uint32Array()
const totalOf = (failed: object) => Object.values(failed).reduce((sum, count) => sum + count, 0)

function opened(): OpenJobs {
  const jobs = createOpenJobs()
  jobs.open(() => {})
  return jobs
}

test('a job is sent once, and its latency counts from when it should have started', () => {
  const jobs = opened()
  jobs.door.start(1_000)
  const batch = jobs.take()
  expect([batch.length, jobs.take().length]).toEqual([1, 0])
  jobs.settle({ ended: batch, crashed: none }, 1_250)
  expect(jobs.count()).toMatchObject({ due: 1, done: 1, failed: {}, latencyMs: { max: 250 } })
  expect(jobs.count()).toEqual({ due: 0, done: 0, failed: {}, backsOff: false })
})

test('all jobs of a turn are one batch, and are wanted once', () => {
  const jobs = createOpenJobs()
  let wanted = 0
  jobs.open(() => wanted++)
  for (let job = 0; job < 5; job++) jobs.door.start(0)
  expect(wanted).toBe(1)
  expect(new Set(jobs.take()).size).toBe(5)
  jobs.door.start(0)
  expect(wanted).toBe(2)
})

test('a job that crashed is failed and not done, and its number is free again', () => {
  const jobs = opened()
  for (let round = 0; round < 2 * mostOpen; round++) {
    jobs.door.start(0)
    const ended = jobs.take()
    jobs.settle({ ended, crashed: ended }, 5)
  }
  const { due, done, failed, backsOff } = jobs.count()
  expect([due, done, failed, backsOff]).toEqual([2 * mostOpen, 0, { crashed: 2 * mostOpen }, false])
})

test('without a line a job fails at once', () => {
  const jobs = createOpenJobs()
  jobs.door.start(0)
  expect(jobs.count()).toMatchObject({ due: 1, done: 0, failed: { host_away: 1 } })
  expect(jobs.take()).toHaveLength(0)
})

test('with the line go its open jobs, sent or not, and none of them is counted again', () => {
  const jobs = opened()
  jobs.door.start(0)
  const sent = jobs.take()
  jobs.door.start(0)
  jobs.close()
  expect(jobs.count()).toMatchObject({ failed: { host_lost: 2 } })
  jobs.close()
  jobs.open(() => {})
  jobs.settle({ ended: sent, crashed: none }, 5)
  expect(jobs.count()).toMatchObject({ done: 0, failed: {} })
  jobs.door.start(0)
  expect(jobs.take()).toHaveLength(1)
})

test('when the book is full it backs off and says so, until an answer comes', () => {
  const jobs = opened()
  for (let job = 0; job < mostOpen + 3; job++) jobs.door.start(0)
  expect(jobs.count()).toMatchObject({ failed: { held_back: 3 }, backsOff: true })
  jobs.settle({ ended: jobs.take().slice(0, 1), crashed: none }, 1)
  jobs.door.start(0)
  expect(jobs.count()).toMatchObject({ due: 1, done: 1, failed: {}, backsOff: false })
})

test('rounds that a client missed are due, and held back', () => {
  const jobs = opened()
  jobs.door.miss(4)
  expect(jobs.count()).toMatchObject({ due: 4, failed: { held_back: 4 }, backsOff: true })
})

describe('whatever happens', () => {
  test('what is due is done, failed or open, and numbers of open jobs are different', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = new Random(seed)
      const jobs = createOpenJobs()
      let open: number[] = []
      let isOpen = false
      const sum = { due: 0, done: 0, failed: 0 }
      for (let step = 0; step < 500; step++) {
        const deed = random.below(8)
        if (deed === 0) {
          if (isOpen) jobs.close()
          else jobs.open(() => {})
          isOpen = !isOpen
          open = []
        } else if (deed < 5) for (let job = random.below(80); job > 0; job--) jobs.door.start(step)
        else if (deed === 5) open.push(...jobs.take())
        else {
          const ended = Uint32Array.from(open.splice(0, random.below(open.length + 1)))
          jobs.settle({ ended, crashed: ended.slice(0, random.below(ended.length + 1)) }, step)
        }
        const { due, done, failed } = jobs.count()
        sum.due += due
        sum.done += done
        sum.failed += totalOf(failed)
      }
      open.push(...jobs.take())
      expect(new Set(open).size, `seed ${seed}`).toBe(open.length)
      expect(sum.done + sum.failed + open.length, `seed ${seed}`).toBe(sum.due)
    }
  })
})
