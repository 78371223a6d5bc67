/*
 * Several hosts in one thread, under one clock and one seed, joined by simulated pipes. A host may
 * be killed at any moment: its runtime gets no further turn, and its pipes end as a dead process's
 * sockets do. Started again it is another life, with a new incarnation.
 */
import { Runtime, type BodyOf, type LogRecord, type Pid } from '../../src/runtime'
import { Random } from './random'
import {
  simulatePipe,
  type PipeOptions,
  type PipeWorld,
  type SimulatedWire,
} from './simulated-pipe'
import { SeededQueue } from './simulation'

/** So many turns mean a hang and not a long test. */
const hangTurns = 1_000_000

/** One life of one host. */
export class Host {
  readonly number: number
  readonly incarnation: string
  readonly runtime: Runtime
  readonly records: LogRecord[] = []
  /** All messages to the port 'test', in their order. */
  readonly told: unknown[] = []
  readonly wires: SimulatedWire[] = []
  isAlive = true

  constructor(world: SeveralHosts, number: number, incarnation: string) {
    this.number = number
    this.incarnation = incarnation
    this.runtime = new Runtime({
      host: number,
      incarnation,
      now: () => world.nowMs,
      random: () => world.random.next(),
      log: (record) => this.records.push(record),
      queue: new SeededQueue(new Random(world.random.bits()), () => {}),
    })
    this.runtime.openPort('test', (message) => this.told.push(message))
  }

  spawn<Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): Pid {
    return this.runtime.spawn(body, ...args)
  }

  /** Whether a connection to that host stands, as this one sees it. */
  sees(number: number): boolean {
    return this.runtime.hosts.list().includes(number)
  }
}

interface Happening {
  readonly dueMs: number
  readonly act: () => void
}

export class SeveralHosts implements PipeWorld {
  readonly seed: number
  readonly random: Random
  /** The present life of each host. */
  readonly hosts = new Map<number, Host>()
  nowMs = 0
  private happenings: Happening[] = []
  private lives = 0
  private turns = 0

  constructor(seed: number, numbers: readonly number[] = []) {
    this.seed = seed
    this.random = new Random(seed)
    for (const number of numbers) this.start(number)
  }

  /** Starts a host, or another life of it. */
  start(number: number): Host {
    const host = new Host(this, number, `life-${++this.lives}`)
    this.hosts.set(number, host)
    return host
  }

  get(number: number): Host {
    return this.hosts.get(number)!
  }

  /** Joins two hosts; gives the ends of the pipe. */
  connect(a: number, b: number, options?: PipeOptions): [SimulatedWire, SimulatedWire] {
    const ends = simulatePipe(this, options)
    ;[this.get(a), this.get(b)].forEach((host, at) => {
      host.wires.push(ends[at]!)
      host.runtime.hosts.connect(ends[at]!)
    })
    return ends
  }

  /** What `kill -9` does. */
  kill(number: number): void {
    const host = this.get(number)
    host.isAlive = false
    for (const wire of host.wires) wire.close()
  }

  after(ms: number, act: () => void): void {
    this.happenings.push({ dueMs: this.nowMs + ms, act })
  }

  /** Runs until nothing will ever happen again by itself. */
  run(): void {
    this.runUntil(Infinity)
  }

  runFor(ms: number): void {
    this.runUntil(this.nowMs + ms)
  }

  private runUntil(untilMs: number): void {
    for (;;) {
      const nextMs = this.settle()
      if (nextMs === undefined || nextMs > untilMs) break
      this.nowMs = nextMs
    }
    if (untilMs !== Infinity) this.nowMs = untilMs
  }

  /** Runs all that can happen at this moment. Gives when something will, undefined for never. */
  private settle(): number | undefined {
    for (;;) {
      if (++this.turns > hangTurns) throw new Error('these hosts do not come to rest')
      const due = this.takeDue()
      due?.act()
      const living = [...this.hosts.values()].filter(({ isAlive }) => isAlive)
      const waits = this.random.shuffle(living).map((host) => host.runtime.turn())
      if (due || waits.includes(0)) continue
      const times = this.happenings.map(({ dueMs }) => dueMs)
      for (const waitMs of waits) if (waitMs !== undefined) times.push(this.nowMs + waitMs)
      return times.length === 0 ? undefined : Math.min(...times)
    }
  }

  /** One of those that are due, in any order: a pipe keeps its own order itself. */
  private takeDue(): Happening | undefined {
    const due = this.happenings.filter(({ dueMs }) => dueMs <= this.nowMs)
    if (due.length === 0) return undefined
    const happening = this.random.pick(due)
    this.happenings.splice(this.happenings.indexOf(happening), 1)
    return happening
  }
}

/**
 * Calls `check` with a fresh world for each of `count` seeds after `before`; `SEED=17` runs that
 * one alone.
 */
export function forSeveralHosts(
  count: number,
  numbers: readonly number[],
  check: (world: SeveralHosts) => void,
  before = 0,
): void {
  const only = Number(process.env['SEED'] ?? 0)
  for (let seed = only || before + 1; seed <= (only || before + count); seed++) {
    try {
      check(new SeveralHosts(seed, numbers))
    } catch (error) {
      if (error instanceof Error) error.message += `\nseed ${seed}`
      throw error
    }
  }
}
