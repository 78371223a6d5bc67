/*
 * A pipe between two hosts in one thread, under a clock and a seed of the test. Words keep their
 * order and are otherwise treated as badly as a socket may: they arrive late, in other batches than
 * they were sent in, and when the pipe ends, some of the last ones do not arrive at all. It is full
 * after a few words. Either end may close first, or a third hand cuts it.
 */
import type { Wire } from '../../src/runtime'
import type { Random } from './random'

/** What a pipe is lent by its world. */
export interface PipeWorld {
  readonly random: Random
  /** Calls `act` in `ms` milliseconds of the simulated clock. */
  after(ms: number, act: () => void): void
}

export interface PipeOptions {
  /** The longest that a batch takes. */
  readonly delayMs?: number
  /** So many words on their way are too many. */
  readonly capacity?: number
}

const nobody = (): void => {}

/** One end of a simulated pipe. */
export class SimulatedWire implements Wire {
  readonly #world: PipeWorld
  readonly #delayMs: number
  readonly #capacity: number
  #other: SimulatedWire = this
  /** Words from here that are on their way. */
  #travelling: unknown[] = []
  #isCarrying = false
  #isFull = false
  /** It takes no words any more; what travels still arrives, and then the news of the end. */
  #isEnding = false
  #isDeaf = false
  #hearBatch: (batch: unknown) => void = nobody
  #hearDrained: () => void = nobody
  #hearClose: () => void = nobody

  constructor(world: PipeWorld, { delayMs = 20, capacity = 50 }: PipeOptions) {
    this.#world = world
    this.#delayMs = delayMs
    this.#capacity = capacity
  }

  /** Makes these two the ends of one pipe. */
  join(other: SimulatedWire): void {
    this.#other = other
    other.#other = this
  }

  send(batch: readonly unknown[]): boolean {
    if (this.#isEnding) return true
    // A copy, as bytes would be: neither side sees what the other changes later.
    this.#travelling.push(...structuredClone(batch))
    this.#carry()
    this.#isFull = this.#travelling.length >= this.#capacity
    return !this.#isFull
  }

  close(): void {
    this.#isDeaf = true
    this.#end()
  }

  onBatch(hear: (batch: unknown) => void): void {
    this.#hearBatch = hear
  }

  onDrained(hear: () => void): void {
    this.#hearDrained = hear
  }

  onClose(hear: () => void): void {
    this.#hearClose = hear
  }

  /** Cuts the pipe: both ends hear of it, each in its own time. */
  cut(): void {
    this.#end()
    this.#other.#end()
  }

  #end(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#travelling.length = this.#world.random.below(this.#travelling.length + 1)
    this.#carry()
  }

  #carry(): void {
    if (this.#isCarrying) return
    this.#isCarrying = true
    const { random } = this.#world
    const delayMs = random.chance(0.3) ? 0 : random.below(this.#delayMs + 1)
    this.#world.after(delayMs, () => this.#arrive())
  }

  #arrive(): void {
    this.#isCarrying = false
    const travelling = this.#travelling
    if (travelling.length === 0) return this.#other.#learnEnd()
    const batch = travelling.splice(0, this.#world.random.between(1, travelling.length))
    if (travelling.length > 0 || this.#isEnding) this.#carry()
    if (!this.#other.#isDeaf) this.#other.#hearBatch(batch)
    if (!this.#isFull || travelling.length > this.#capacity / 2 || this.#isDeaf) return
    this.#isFull = false
    this.#hearDrained()
  }

  #learnEnd(): void {
    if (this.#isDeaf) return
    this.close()
    this.#hearClose()
  }
}

/** The two ends of a new pipe. */
export function simulatePipe(
  world: PipeWorld,
  options: PipeOptions = {},
): [SimulatedWire, SimulatedWire] {
  const ends: [SimulatedWire, SimulatedWire] = [
    new SimulatedWire(world, options),
    new SimulatedWire(world, options),
  ]
  ends[0].join(ends[1])
  return ends
}
