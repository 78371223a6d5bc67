/*
 * The load in a simulated world: its own tree and book of jobs, and in place of `play` somebody who
 * answers, or does not.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import { mostOpen } from '../../src/host/job-book'
import { createOpenJobs, type OpenJobs, type OpenLine } from '../../src/host/open-jobs'
import type { FromHost } from '../../src/protocol/envelope'
import {
  loadFold,
  loadStream,
  type LoadEvent,
  type LoadSample,
  type LoadView,
  type Wanted,
} from '../../src/protocol/load'
import { supervisor, type Pid } from '../../src/runtime'
import { loadApplication } from '../../src/system/application'
import { createMemoryStore } from '../../src/system/memory-store'
import { gatewayPort } from '../../src/system/stream'
import { World } from '../support/simulation'

const startedMs = 1_700_000_000_000

class Load {
  readonly world: World
  readonly jobs: OpenJobs = createOpenJobs()
  line: OpenLine = this.jobs.open(() => {})
  readonly said: FromHost[] = []
  readonly remembered: Wanted[] = []
  /** How long `play` takes for a batch; undefined: it never answers. */
  playMs: number | undefined = 3
  private lastRef = 0

  /** @param stepMs how long a counted step takes: with many clients there is no time for all */
  constructor(lastTarget = 0, stepMs = 0) {
    this.world = new World(1, { nowMs: 5_000, fair: true, stepMs })
    const { world, jobs } = this
    const { runtime } = world
    let wanted: Wanted = { target: lastTarget, playHosts: 1 }
    runtime.openPort(gatewayPort, (word) => this.said.push(word as FromHost))
    const load = {
      store: createMemoryStore(),
      life: 'life',
      jobs,
      clock: () => startedMs + world.nowMs,
      mostPlayHosts: 2,
      wanted: () => wanted,
      remember: (next: Wanted) => {
        wanted = next
        this.remembered.push(next)
      },
    }
    world.spawn(...supervisor('application', loadApplication(load)).start)
    world.settle()
  }

  /** Lives for some time, with a `play` that looks each millisecond. */
  live(ms: number): void {
    for (let at = 0; at < ms; at++) {
      this.world.runFor(1)
      const { book } = this.line
      const ended = book.take()
      if (this.playMs === undefined || ended.length === 0) continue
      book.settle({ ended, crashed: new Uint32Array() }, this.world.nowMs + this.playMs)
    }
  }

  /** Runs turn after turn, where more is due than can be done, until something holds. */
  toil(isSo: () => boolean): void {
    const { world } = this
    for (const endMs = world.nowMs + 60_000; !isSo();) {
      if (world.nowMs > endMs) throw new Error('not so within a minute')
      const waitMs = world.runtime.turn() ?? 1
      if (waitMs > 0) Object.assign(world, { time: world.nowMs + Math.min(waitMs, 1) })
      const { book } = this.line
      book.settle({ ended: book.take(), crashed: new Uint32Array() }, world.nowMs)
    }
  }

  send(target: number, id = `wish-${this.lastRef + 1}`): number {
    const ref = ++this.lastRef
    const command = { type: 'set_target', target }
    const wish = { type: 'wish', ref, id, stream: loadStream, command, visitor: 'eva' }
    this.world.runtime.send('reception', { ...wish, role: 'presenter' })
    return ref
  }

  isGranted(ref: number): boolean {
    return this.said.some((word) => word.type === 'answer' && word.ref === ref && word.answer.ok)
  }

  wish(target: number, id?: string): void {
    const ref = this.send(target, id)
    this.world.settle()
    expect(this.said).toContainEqual({ type: 'answer', ref, answer: { ok: true } })
  }

  get view(): LoadView {
    return this.said.reduce<LoadView>((view, word) => {
      if (word.type === 'snapshot') return word.view as LoadView
      if (word.type !== 'events') return view
      return (word.events as LoadEvent[]).reduce(loadFold.fold, view)
    }, loadFold.empty)
  }

  get events(): LoadEvent[] {
    return this.said.flatMap((word) => (word.type === 'events' ? (word.events as LoadEvent[]) : []))
  }

  clients(): Pid[] {
    const { runtime } = this.world
    return runtime
      .list()
      .filter((pid) => runtime.info(pid)?.initialCall.startsWith('virtual client'))
  }

  /** What was counted in the samples of the last `ms`, together. */
  counted(ms: number) {
    const all = this.view.samples.slice(-Math.round(ms / 100))
    const sum = (of: (sample: LoadSample) => number) =>
      all.reduce((total, sample) => total + of(sample), 0)
    return {
      due: sum(({ due }) => due),
      done: sum(({ done }) => done),
      heldBack: sum(({ failed }) => failed.held_back ?? 0),
      hostAway: sum(({ failed }) => failed.host_away ?? 0),
    }
  }
}

let load: Load
beforeEach(() => {
  load = new Load()
})

describe('a target', () => {
  test('becomes as many processes, each with a label, and each has one job a second', () => {
    load.wish(1_000)
    load.live(1_500)
    expect(load.clients()).toHaveLength(1_000)
    expect(load.world.runtime.info(load.clients()[16]!)?.initialCall).toBe('virtual client 17')
    load.live(3_000)
    expect(load.counted(3_000)).toEqual({ due: 3_000, done: 3_000, heldBack: 0, hostAway: 0 })
    expect(load.view.samples.at(-1)).toMatchObject({ target: 1_000, clients: 1_000 })
  })

  test('spreads its jobs over the second, however many there are', () => {
    for (const target of [10, 100, 997, 5_000]) {
      load.wish(target)
      load.live(3_000)
      for (const { due } of load.view.samples.slice(-10)) {
        expect(Math.abs(due - target / 10)).toBeLessThanOrEqual(Math.max(2, target / 50))
      }
    }
  })

  test('goes down as it goes up, to nothing too', () => {
    load.wish(2_345)
    load.live(200)
    load.wish(7)
    load.live(200)
    expect(load.clients()).toHaveLength(7)
    load.wish(0)
    load.live(200)
    expect(load.clients()).toEqual([])
    load.live(1_500)
    expect(load.counted(1_000).due).toBe(0)
  })

  test('that changes while clients are still started is taken at once', () => {
    load.wish(100_000)
    load.wish(30)
    load.live(200)
    expect(load.clients()).toHaveLength(30)
  })

  test('is remembered before it is answered, and granted once however often it is sent', () => {
    load.wish(5, 'same-wish')
    load.wish(6)
    load.wish(5, 'same-wish')
    expect(load.remembered).toEqual([
      { target: 5, playHosts: 1 },
      { target: 6, playHosts: 1 },
    ])
    expect(load.view.target).toBe(6)
  })
})

test('a host that comes back goes on with its last target', () => {
  const next = new Load(50)
  expect(next.view.target).toBe(50)
  next.live(1_500)
  expect(next.clients()).toHaveLength(50)
})

test('a sample comes each tenth of a second, with its time', () => {
  load.live(1_000)
  const times = load.view.samples.map(({ atMs }) => atMs - startedMs - 5_000)
  expect(times).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000])
})

test('latency counts from when a job should have started', () => {
  load.playMs = 40
  load.wish(100)
  load.live(2_000)
  const { latencyMs } = load.view.samples.at(-1)!
  expect(latencyMs!.p50).toBeGreaterThanOrEqual(38)
  expect(latencyMs!.max).toBeLessThanOrEqual(42)
})

test('a client that was killed is replaced by another', () => {
  load.wish(20)
  load.live(100)
  for (const pid of load.clients().slice(3, 9)) load.world.runtime.exit(pid, 'kill')
  load.live(100)
  expect(load.clients()).toHaveLength(20)
  load.wish(0)
  load.live(100)
  expect(load.clients()).toEqual([])
})

test('clients end with their keeper, and its next life has as many again', () => {
  load.wish(40)
  load.live(1_000)
  const before = load.clients()
  load.world.runtime.exit(load.world.runtime.registry.find('clients')!, 'kill')
  load.live(1_500)
  const after = load.clients()
  expect(after).toHaveLength(40)
  expect(after.filter((pid) => before.includes(pid))).toEqual([])
})

test('without a play jobs fail, and are sent again when there is one', () => {
  load.wish(100)
  load.live(2_000)
  load.line.close()
  load.live(1_000)
  expect(load.counted(900)).toMatchObject({ done: 0, hostAway: load.counted(900).due })
  load.line = load.jobs.open(() => {})
  load.live(2_000)
  expect(load.counted(1_000)).toEqual({ due: 100, done: 100, heldBack: 0, hostAway: 0 })
})

test('a play that does not answer is given no more than the book holds, and that is said', () => {
  load.playMs = undefined
  load.wish(mostOpen / 2)
  load.live(4_000)
  expect(load.view.samples.at(-1)).toMatchObject({ backsOff: true, done: 0 })
  const sent = load.view.samples.reduce(
    (total, { due, failed }) => total + due - (failed.held_back ?? 0),
    0,
  )
  expect(sent).toBe(mostOpen)
})

test('who is late by whole seconds counts what was missed, and goes on at its own moment', () => {
  load.wish(10)
  load.live(2_000)
  const before = load.view.samples.length
  const { world } = load
  // As when a host was stopped for a while: the clock has gone on.
  Object.assign(world, { time: world.nowMs + 5_000 })
  load.live(1_000)
  const since = load.view.samples.slice(before)
  expect(since.reduce((total, { due }) => total + due, 0)).toBe(60)
  expect(since.some(({ backsOff }) => backsOff)).toBe(true)
  load.live(2_000)
  expect(load.counted(1_000)).toEqual({ due: 10, done: 10, heldBack: 0, hostAway: 0 })
})

describe('with more clients than there is time for', () => {
  const many = 50_000
  let busy: Load
  beforeEach(() => {
    busy = new Load(0, 0.01)
    busy.send(many)
    busy.toil(() => busy.view.samples.at(-1)?.clients === many)
    const { nowMs } = busy.world
    busy.toil(() => busy.world.nowMs > nowMs + 3_000)
  })

  test('it backs off and says so, and does what it can', () => {
    const { due, done, heldBack } = busy.counted(2_000)
    expect(done + heldBack).toBe(due)
    expect(busy.view.samples.slice(-20).some(({ backsOff }) => backsOff)).toBe(true)
    expect(done).toBeGreaterThan(many / 4)
    expect(due).toBeGreaterThan(many)
  })

  test('samples go on coming', () => {
    const times = busy.view.samples.slice(-20).map(({ atMs }) => atMs)
    const gaps = times.slice(1).map((atMs, at) => atMs - times[at]!)
    expect(Math.max(...gaps)).toBeLessThan(150)
  })

  test('a target of 0 is granted at once, and all clients end soon', () => {
    const ref = busy.send(0)
    const { nowMs } = busy.world
    busy.toil(() => busy.isGranted(ref))
    expect(busy.world.nowMs - nowMs).toBeLessThan(100)
    busy.toil(() => busy.view.samples.at(-1)?.clients === 0)
    expect(busy.world.nowMs - nowMs).toBeLessThan(3_000)
    expect(busy.clients()).toEqual([])
  })
})
