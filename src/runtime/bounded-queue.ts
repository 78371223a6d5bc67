/*
 * The fair order for a host that nobody outside can look into, as a worker of a browser is: slices
 * of dear steps are short, so that the host keeps answering while somebody fills its memory, and
 * whoever holds too much of that ends. Elsewhere the operating system counts a host's memory, and
 * steps are never clocked.
 */
import type { Process } from './process'
import { FairQueue, sliceLength, type RunQueue } from './scheduler'
import { terminate } from './signals'
import { framesOf } from './stack'
import { Scales } from './weight'

export interface MemoryBounds {
  /** Milliseconds of any clock. */
  readonly now: () => number
  /** Of one process's variables, and of the modules' own. */
  readonly limitMb: number
  /** The variables of the hot modules themselves, which no process's end gives back. */
  held(): readonly unknown[]
  /** Those hold too much: in one sentence. The host cannot go on. */
  onFull(sentence: string): void
}

/** The first slice of each process; longer ones while they are cheap. */
const firstSlice = 250
const wantedMs = 2
/** A process that ran so long is weighed. */
const weighEveryMs = 20
const bytesPerMb = 2 ** 20

/** What is known of a process's slices. */
interface Pace {
  slice: number
  /** Time that it ran since it was weighed last. */
  unweighedMs: number
}

export class BoundedQueue implements RunQueue {
  private readonly fair = new FairQueue()
  private readonly bounds: MemoryBounds
  private readonly paces = new WeakMap<Process, Pace>()
  private beganMs = 0
  private given = firstSlice

  constructor(bounds: MemoryBounds) {
    this.bounds = bounds
  }

  get length(): number {
    return this.fair.length
  }

  add(process: Process): void {
    this.fair.add(process)
  }

  next(): Process | undefined {
    return this.fair.next()
  }

  slice(process: Process): number {
    this.beganMs = this.bounds.now()
    this.given = this.paces.get(process)?.slice ?? firstSlice
    return this.given
  }

  ran(process: Process, steps: number): void {
    this.fair.ran(process, steps)
    if (process.status === 'exited') return
    const tookMs = this.bounds.now() - this.beganMs
    const pace = this.paces.get(process) ?? { slice: firstSlice, unweighedMs: 0 }
    this.paces.set(process, pace)
    const wanted = tookMs > 0 ? Math.floor((this.given * wantedMs) / tookMs) : sliceLength
    pace.slice = Math.min(Math.max(1, wanted), 4 * this.given, sliceLength)
    pace.unweighedMs += tookMs
    if (pace.unweighedMs < weighEveryMs) return
    pace.unweighedMs = 0
    this.weigh(process)
  }

  private weigh(process: Process): void {
    const { limitMb, held, onFull } = this.bounds
    const scales = new Scales()
    const modulesMb = Math.round(scales.weigh(held()) / bytesPerMb)
    if (modulesMb > limitMb) {
      return onFull(`memory: the variables of its modules hold ${modulesMb} MB of ${limitMb} MB`)
    }
    const variables = (framesOf(process) ?? []).map(([, ...values]) => values)
    const ownMb = Math.round(scales.weigh(variables) / bytesPerMb)
    if (ownMb > limitMb) end(process, `memory: its variables hold ${ownMb} MB of ${limitMb} MB`)
  }
}

function end(process: Process, reason: string): void {
  const { runtime, pid, name, label, initialCall } = process
  terminate(process, reason)
  const who = { pid, name, initialCall: label ?? initialCall }
  runtime.log({ level: 'error', event: 'process_crashed', ...who, reason })
}
