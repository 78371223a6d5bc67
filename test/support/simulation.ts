/*
 * A world in which nothing happens by chance: a runtime under a clock that moves only when told,
 * with random numbers and an order of the runnable that come from a seed. Half the seeds choose
 * each next process freely; the other half give processes priorities that change now and then,
 * which finds rare orders sooner (probabilistic concurrency testing). A slice is 1 to 4,000 steps
 * long, and short ones are common, so that a body is interrupted between any two of its checks.
 * What ran is recorded: the same seed, the same hash.
 */
import {
  reductions,
  Runtime,
  type Body,
  type BodyOf,
  type LogRecord,
  type Pid,
  type Place,
  type Process,
  type RunQueue,
} from '../../src/runtime'
import { FairQueue } from '../../src/runtime/scheduler'
import { Random } from './random'

/** So many slices, or steps, mean a hang and not a long test. */
const hangSlices = 10_000_000
const hangSteps = 500_000_000

/** The order of the runnable, chosen by a seed. Gives the processor back after a few slices. */
export class SeededQueue implements RunQueue {
  private readonly runnable: Process[] = []
  private readonly random: Random
  private readonly priorities: WeakMap<Process, number> | undefined
  private readonly told: (process: Process, steps: number) => void
  private allowance = 0
  private inRow = 0
  private last: Process | undefined = undefined

  constructor(random: Random, told: (process: Process, steps: number) => void) {
    this.random = random
    this.priorities = random.chance(0.5) ? new WeakMap() : undefined
    this.told = told
  }

  get length(): number {
    return this.runnable.length
  }

  add(process: Process): void {
    this.runnable.push(process)
  }

  next(): Process | undefined {
    if (this.allowance-- <= 0) {
      this.allowance = this.random.between(1, 16)
      return undefined
    }
    while (this.runnable.length > 0) {
      const at = this.priorities ? this.mostUrgent(this.priorities) : this.random.below(this.length)
      const process = this.runnable[at]!
      this.runnable[at] = this.runnable.at(-1)!
      this.runnable.pop()
      if (process.status !== 'exited') return process
    }
    return undefined
  }

  slice(): number {
    return this.random.chance(0.5) ? this.random.between(1, 8) : this.random.between(1, 4_000)
  }

  ran(process: Process, steps: number): void {
    this.inRow = process === this.last ? this.inRow + 1 : 0
    this.last = process
    this.told(process, steps)
  }

  /** Who wins too often in a row falls behind all others: a priority may starve nobody. */
  private mostUrgent(priorities: WeakMap<Process, number>): number {
    if (this.last && (this.inRow > 20 || this.random.chance(0.05))) {
      priorities.set(this.last, -this.random.next())
    }
    let best = 0
    let highest = -Infinity
    this.runnable.forEach((process, at) => {
      const priority = priorities.get(process) ?? this.random.next()
      priorities.set(process, priority)
      if (priority > highest) [best, highest] = [at, priority]
    })
    return best
  }
}

/** The fair order, with what ran told to the world. */
class WatchedQueue extends FairQueue {
  private readonly told: (process: Process, steps: number) => void

  constructor(told: (process: Process, steps: number) => void) {
    super()
    this.told = told
  }

  override ran(process: Process, steps: number): void {
    super.ran(process, steps)
    this.told(process, steps)
  }
}

export interface WorldOptions {
  /** What the clock says at first. */
  readonly nowMs?: number
  /** Milliseconds that each counted step takes. 0: the clock stands still while processes run. */
  readonly stepMs?: number
  /** Runs in the fair order, as hosts do, instead of the seeded one. */
  readonly fair?: boolean
}

/**
 * One runtime and all that it is lent. Processes tell the test what they saw with `send('test',
 * …)`.
 */
export class World {
  readonly seed: number
  readonly random: Random
  readonly runtime: Runtime
  /** All messages to the port 'test', in their order. */
  readonly told: unknown[] = []
  readonly records: LogRecord[] = []
  /** What ran: serial and steps of each slice. */
  readonly trace: number[] = []
  private time: number
  private slices = 0
  private steps = 0
  private mixed = 0x811c9dc5

  constructor(seed: number, { nowMs = 0, stepMs = 0, fair = false }: WorldOptions = {}) {
    this.seed = seed
    this.random = new Random(seed)
    this.time = nowMs
    const order = new Random(this.random.bits())
    const ran = (process: Process, steps: number): void => {
      this.time += steps * stepMs
      this.note(process.pid.serial, steps)
    }
    this.runtime = new Runtime({
      now: () => this.time,
      random: () => this.random.next(),
      log: (record) => this.records.push(record),
      queue: fair ? new WatchedQueue(ran) : new SeededQueue(order, ran),
    })
    this.runtime.openPort('test', (message) => {
      this.told.push(message)
      for (const character of String(message)) this.mix(character.charCodeAt(0))
    })
  }

  get nowMs(): number {
    return this.time
  }

  /** A number that differs when anything ran differently. */
  get hash(): string {
    return this.mixed.toString(16).padStart(8, '0')
  }

  spawn<Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): Pid {
    return this.runtime.spawn(body, ...args)
  }

  /**
   * Runs all that can run at this moment of the clock. Gives when more is due, undefined for never.
   */
  settle(): number | undefined {
    for (;;) {
      const waitMs = this.runtime.turn()
      if (waitMs !== 0) return waitMs
    }
  }

  /** Runs until nothing will ever happen again by itself: jumps from timer to timer. */
  run(): void {
    for (let waitMs = this.settle(); waitMs !== undefined; waitMs = this.settle()) {
      this.time += waitMs
    }
  }

  /** Runs all that happens within the next `ms` milliseconds, and leaves the clock there. */
  runFor(ms: number): void {
    this.runUntil(this.time + ms)
  }

  runUntil(untilMs: number): void {
    for (;;) {
      const waitMs = this.settle()
      if (waitMs === undefined || this.time + waitMs > untilMs) break
      this.time += waitMs
    }
    this.time = Math.max(this.time, untilMs)
    this.settle()
  }

  private note(serial: number, steps: number): void {
    this.steps += steps
    if (++this.slices > hangSlices || this.steps > hangSteps) {
      throw new Error('this world does not come to rest')
    }
    this.trace.push(serial, steps)
    this.mix(serial)
    this.mix(steps)
    this.mix(this.time)
  }

  /** FNV-1a over 32-bit parts. */
  private mix(part: number): void {
    this.mixed = Math.imul(this.mixed ^ (part | 0), 0x01000193) >>> 0
  }
}

/**
 * Calls `check` with a fresh world for each of `count` seeds. A failure names its seed and the last
 * slices; `SEED=17` in the environment runs that one alone.
 */
export function forSeeds(
  count: number,
  check: (world: World, seed: number) => void,
  options?: WorldOptions,
): void {
  const only = Number(process.env['SEED'] ?? 0)
  for (let seed = only || 1; seed <= (only || count); seed++) {
    const world = new World(seed, options)
    try {
      check(world, seed)
    } catch (error) {
      const last = world.trace.slice(-24).join(' ')
      if (error instanceof Error) error.message += `\nseed ${seed}; last (pid steps)…: ${last}`
      throw error
    }
  }
}

const point: Place = {
  kind: 'call',
  file: 'test',
  function: 'point',
  line: 1,
  column: 1,
  names: [],
}

/**
 * A check by hand, for bodies in test files, which are not compiled: here the next process may run.
 */
export function* mayYield(): Body {
  if (--reductions.left <= 0)
    do yield [point]
    while (reductions.looking)
}
