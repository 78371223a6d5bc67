/*
 * A log for simulated worlds: keeps what a disk would keep. It can be full for a while, and it
 * outlives the processes that write it, as a disk does.
 */
import type { Checkpoint, Entry, Log } from '../../src/protocol/log'

interface Kept {
  readonly entries: Entry[]
  checkpoint: Checkpoint | undefined
}

export class MemoryLog {
  /** True: nothing can be kept. */
  isFull = false
  /** Groups that were kept. */
  groups = 0
  private readonly streams = new Map<string, Kept>()

  /** A plain object of closures, so that it can be handed to processes. */
  readonly doors: Log = {
    id: 'log',
    last: (stream) => this.kept(stream).entries.length,
    append: (stream, after, entries) => this.append(stream, after, entries),
    read: (stream, after, limit = Infinity) => this.read(stream, after).slice(0, limit),
    find: (stream, key) => this.kept(stream).entries.find((entry) => entry.key === key)?.event,
    restore: (stream) => this.kept(stream).checkpoint,
    checkpoint: (stream, checkpoint) => {
      this.kept(stream).checkpoint = JSON.parse(JSON.stringify(checkpoint)) as Checkpoint
    },
    probe: () => !this.isFull,
  }

  private append(stream: string, after: number, entries: readonly Entry[]): boolean {
    const kept = this.kept(stream)
    if (after !== kept.entries.length) throw new Error(`${stream} is at ${kept.entries.length}`)
    for (const { key } of entries) {
      if (kept.entries.some((entry) => entry.key === key)) throw new Error(`${key} is taken`)
    }
    if (this.isFull) return false
    // What is kept is text: nobody's later change reaches it.
    kept.entries.push(...(JSON.parse(JSON.stringify(entries)) as Entry[]))
    this.groups++
    return true
  }

  read(stream: string, after: number): readonly unknown[] {
    return this.kept(stream)
      .entries.slice(after)
      .map(({ event }) => event)
  }

  private kept(stream: string): Kept {
    const known = this.streams.get(stream)
    if (known) return known
    const fresh: Kept = { entries: [], checkpoint: undefined }
    this.streams.set(stream, fresh)
    return fresh
  }
}
