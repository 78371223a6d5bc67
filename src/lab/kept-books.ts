/* What the logs of the lab's hosts have kept, in the page: it outlives every worker. */
import type { Checkpoint, Entry } from '../protocol/log'
import type { FromWorker, KeptStreams } from './words'

export class KeptBooks {
  private readonly streams: Map<string, { entries: Entry[]; checkpoint?: Checkpoint }>

  /** @param before what was kept when the lab began */
  constructor(before: ReadonlyMap<string, readonly Entry[]>) {
    this.streams = new Map([...before].map(([name, entries]) => [name, { entries: [...entries] }]))
  }

  keep(word: Extract<FromWorker, { type: 'kept' | 'checkpoint' }>): void {
    const kept = this.streams.get(word.stream) ?? { entries: [] }
    this.streams.set(word.stream, kept)
    if (word.type === 'kept') kept.entries.push(...word.entries)
    else kept.checkpoint = word.checkpoint
  }

  all(): KeptStreams {
    return this.streams
  }
}
