/* A life of a host, as its root sees it: an OS process, or a worker of a page. */
import type { Log } from '../protocol/log-record'
import type { Reading } from './gauges'

/** Who watches over a life, and what they are told. */
export interface Watch {
  readonly log: Log
  /** How long it may take to be ready. */
  readonly startWithinMs: number
  /** How long its inspector may take to tell the stack once it is wedged. */
  readonly stackWithinMs: number
  /** The root's clock, which stands still while the root is not awake. */
  awakeMs(): number
  onReady(details: unknown): void
  onWord(word: unknown): void
  /** The process is gone. `sentence` is its own word for why it could not start. */
  onEnd(reason: string, sentence: string | undefined): void
}

export interface Life {
  /** Its OS process; undefined where it is none, or never lived. */
  readonly pid: number | undefined
  /** Memory at the last look, in MB. */
  readonly rssMb: number | undefined
  /** What it has cost so far, and how many processes its runtime has; undefined: not known. */
  read(): Omit<Reading, 'host'>
  /** One look, at each turn of the root's pulse, which was `rootLagMs` late. */
  look(rootLagMs: number): void
  /** Sends a word; it is lost when it is gone. */
  send(word: unknown): void
  /** Asks it to end in order, and ends it when that takes longer. */
  stop(withinMs: number): void
}
