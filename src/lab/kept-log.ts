/*
 * The log of the lab's boards: kept in the worker's memory, where its processes read it, and told
 * to the page, which hands it to the worker's next life. So notes outlive a killed host, and are
 * gone with the page.
 */
import type { Entry, Log } from '../protocol/log'
import type { FromWorker, KeptStreams } from './words'

interface Kept {
  readonly entries: Entry[]
  readonly keys: Map<string, Entry>
  checkpoint: ReturnType<Log['restore']>
}

/** @param tell to the page */
export function createKeptLog(before: KeptStreams, tell: (word: FromWorker) => void): Log {
  const streams = new Map<string, Kept>()
  const of = (stream: string): Kept => {
    const known = streams.get(stream)
    if (known) return known
    const { entries = [], checkpoint } = before.get(stream) ?? {}
    const keys = new Map(entries.map((entry) => [entry.key, entry]))
    const fresh: Kept = { entries: [...entries], keys, checkpoint }
    streams.set(stream, fresh)
    return fresh
  }

  return {
    id: 'lab',
    last: (stream) => of(stream).entries.length,
    append(stream, after, added) {
      const { entries, keys } = of(stream)
      if (after !== entries.length) throw new Error(`${stream} is at ${entries.length}`)
      for (const { key } of added) if (keys.has(key)) throw new Error(`${key} is taken`)
      // Copies: nobody's later change reaches what is kept.
      for (const entry of structuredClone(added)) {
        entries.push(entry)
        keys.set(entry.key, entry)
      }
      tell({ type: 'kept', stream, entries: [...added] })
      return true
    },
    read: (stream, after, limit = Infinity) =>
      of(stream)
        .entries.slice(after, after + limit)
        .map(({ event }) => event),
    find: (stream, key) => of(stream).keys.get(key)?.event,
    restore: (stream) => of(stream).checkpoint,
    checkpoint(stream, checkpoint) {
      of(stream).checkpoint = structuredClone(checkpoint)
      tell({ type: 'checkpoint', stream, checkpoint })
    },
    probe: () => true,
  }
}
