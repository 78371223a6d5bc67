/* Jobs as `play` does them, under many orders of events: each is answered for once. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { FromJobs } from '../../src/protocol/jobs'
import type { Pid } from '../../src/runtime'
import { forSeeds, World } from '../support/simulation'
import { Play } from './play'

const batch = (line: number, ...jobs: number[]) => {
  return { type: 'batch', line, jobs: Uint32Array.from(jobs) }
}

interface Ended {
  readonly line: number
  readonly ended: number[]
  readonly crashed: number[]
}

const endedOf = (words: readonly FromJobs[]): Ended[] =>
  words.flatMap((word) =>
    word.type === 'batch_ended'
      ? [{ line: word.line, ended: [...word.ended], crashed: [...word.crashed].sort() }]
      : [],
  )

function processesOf(play: Play, call: RegExp): Pid[] {
  const { runtime } = play.world
  return runtime.list().filter((pid) => call.test(runtime.info(pid)?.initialCall ?? ''))
}

const job = /^job$/
const batches = /^batch/

const inWorlds = (check: (play: Play, world: World) => void): void =>
  forSeeds(100, (world) => check(new Play(world), world))

describe('a batch', () => {
  let play: Play
  beforeEach(() => {
    // In the fair order all jobs are started before the first of them runs.
    play = new Play(new World(1, { fair: true }))
  })

  test('is answered at once for all of its jobs, each of which was a process', () => {
    const { world, toLoad } = play
    const started: Pid[] = []
    onStart(world, job, (pid) => started.push(pid))
    world.runtime.send('jobs', batch(1, 7, 9, 11))
    world.settle()
    expect(new Set(started).size).toBe(3)
    expect(endedOf(toLoad)).toEqual([{ line: 1, ended: [7, 9, 11], crashed: [] }])
    expect([...processesOf(play, job), ...processesOf(play, batches)]).toEqual([])
  })

  test('tells which of its jobs were killed, and the others are done', () => {
    const { world, toLoad } = play
    killAsStarted(world, job, [1, 2])
    world.runtime.send('jobs', batch(1, 0, 1, 2, 3, 4))
    world.settle()
    expect(endedOf(toLoad)).toEqual([{ line: 1, ended: [0, 1, 2, 3, 4], crashed: [1, 2] }])
  })

  test('that is killed fails all of its jobs, and no other batch', () => {
    const { world, toLoad } = play
    killAsStarted(world, batches, [0])
    world.runtime.send('jobs', batch(1, 0, 1))
    world.runtime.send('jobs', batch(1, 2, 3))
    world.settle()
    const ended = endedOf(toLoad).sort((a, b) => a.ended[0]! - b.ended[0]!)
    expect(ended).toEqual([
      { line: 1, ended: [0, 1], crashed: [0, 1] },
      { line: 1, ended: [2, 3], crashed: [] },
    ])
  })

  test('answers for each of its jobs once, whoever kills what and when', () => {
    inWorlds((play, world) => {
      const all = Array.from({ length: 20 }, (_, number) => number)
      world.runtime.send('jobs', batch(1, ...all.slice(0, 13)))
      world.runtime.send('jobs', batch(1, ...all.slice(13)))
      for (let kill = 0; kill < 4; kill++) {
        play.turns(world.random.below(3))
        const victims = processesOf(play, world.random.pick([job, batches]))
        if (victims.length > 0) world.runtime.exit(world.random.pick(victims), 'kill')
      }
      world.settle()
      const ended = endedOf(play.toLoad)
      expect(ended.flatMap((each) => each.ended).sort((a, b) => a - b)).toEqual(all)
      for (const each of ended) expect(each.ended).toEqual(expect.arrayContaining(each.crashed))
    })
  })
})

/** Kills those processes of a kind whose number in the order of their start is named. */
function killAsStarted(world: World, call: RegExp, numbers: readonly number[]): void {
  let started = 0
  onStart(world, call, (pid) => {
    if (numbers.includes(started++)) world.runtime.exit(pid, 'kill')
  })
}

function onStart({ runtime }: World, call: RegExp, act: (pid: Pid) => void): void {
  const start = runtime.start.bind(runtime)
  runtime.start = (parent, options, body, args) => {
    const child = start(parent, options, body, args)
    if (call.test(body.name)) act(child.pid)
    return child
  }
}

test('a master that was killed says that nobody knows which jobs are open, and takes new ones', () => {
  inWorlds((play, world) => {
    world.runtime.send('jobs', batch(1, 0, 1))
    play.turns(world.random.below(6))
    world.runtime.exit(world.runtime.registry.find('jobs')!, 'kill')
    play.until(() => play.toLoad.filter(({ type }) => type === 'none_open').length === 2)
    world.runtime.send('jobs', batch(2, 0, 1))
    world.settle()
    expect(endedOf(play.toLoad).filter(({ line }) => line === 2)).toEqual([
      { line: 2, ended: [0, 1], crashed: [] },
    ])
  })
})
