/*
 * A store that keeps streams in memory, and of each only its last events: enough for followers that
 * blinked. Whoever missed more gets the view. It lives and dies with its host, which is what
 * sessions want.
 */
import type { Store } from '../protocol/store'

/** Events kept of one stream, if nothing else is said. */
const usual = 200

interface Tail {
  readonly epoch: string
  /** Number of the first event in `events`. */
  first: number
  readonly events: unknown[]
}

/**
 * A plain object of closures, so that it can be handed to processes.
 * @param kept events kept of each stream
 */
export function createMemoryStore(kept = usual): Store {
  const tails = new Map<string, Tail>()
  return {
    append(stream, epoch, seq, event) {
      let tail = tails.get(stream)
      if (tail?.epoch !== epoch) {
        tail = { epoch, first: seq, events: [] }
        tails.set(stream, tail)
      }
      tail.events.push(event)
      if (tail.events.length <= kept) return
      tail.events.shift()
      tail.first++
    },
    read(stream, epoch, after) {
      const tail = tails.get(stream)
      if (tail?.epoch !== epoch) return undefined
      return after + 1 >= tail.first ? tail.events.slice(after + 1 - tail.first) : undefined
    },
    forget(stream) {
      tails.delete(stream)
    },
  }
}
