/*
 * A follower's place in a stream, and what of the gateway's words lies beyond it. The server keeps
 * no place for anybody: after a loss of any kind the follower says how far it has come
 * (envelope.ts).
 */
import type { Events } from '../protocol/envelope'

export interface Place {
  /** Undefined before the first word of the stream. */
  readonly epoch: string | undefined
  /** Number of the last event that was folded. */
  readonly seq: number
}

/**
 * The events that are new at `place`, oldest first; none when all of them are known.
 * `'gap'` when events between are missing, or when they belong to another epoch.
 */
export function newAt(place: Place, heard: Events): readonly unknown[] | 'gap' {
  if (heard.epoch !== place.epoch) return 'gap'
  const first = heard.seq - heard.events.length + 1
  if (first > place.seq + 1) return 'gap'
  return heard.events.slice(place.seq + 1 - first)
}
