/*
 * How long ago an author did something, on the clock that never jumps: how soon the next note may
 * come, and how long the last one can be taken back. Kept in memory only: a restarted board is
 * generous, and forgets that somebody was hasty.
 */
import { withdrawWithinMs } from '../protocol/board'

/** A thumb writes no faster for long; a burst of corrections is fine. */
const notesPerSecond = 0.5
const burst = 5
/** What the way to us may take, on top of the time that the phone shows. */
const networkMs = 3_000
/** More authors and notes than a hall has in half a minute: the oldest are forgotten. */
const remembered = 5_000

interface Author {
  readonly tokens: number
  readonly filledMs: number
  readonly lastNoteMs: number
}

export interface Patience {
  readonly startedMs: number
  readonly authors: Map<string, Author>
  readonly postedMs: Map<number, number>
}

export const freshPatience = (nowMs: number): Patience => ({
  startedMs: nowMs,
  authors: new Map(),
  postedMs: new Map(),
})

/** Why an author may post no note yet, or undefined. */
export function whyWait(
  patience: Patience,
  author: string,
  slowSeconds: number,
  nowMs: number,
): 'too_fast' | 'slow_mode' | undefined {
  const known = patience.authors.get(author)
  if (!known) return undefined
  if (tokensOf(known, nowMs) < 1) return 'too_fast'
  return nowMs < known.lastNoteMs + slowSeconds * 1000 ? 'slow_mode' : undefined
}

/** Remembers that an author posted a note. Gives what takes it back, if the note was not kept. */
export function notePosted(
  { authors, postedMs }: Patience,
  author: string,
  note: number,
  nowMs: number,
): () => void {
  const known = authors.get(author)
  const tokens = (known ? tokensOf(known, nowMs) : burst) - 1
  authors.delete(author)
  authors.set(author, { tokens, filledMs: nowMs, lastNoteMs: nowMs })
  postedMs.set(note, nowMs)
  forgetOldest(authors)
  forgetOldest(postedMs)
  return () => {
    if (known) authors.set(author, known)
    else authors.delete(author)
    postedMs.delete(note)
  }
}

/** Whether a note is so new that its author can take it back. */
export function isFresh({ postedMs, startedMs }: Patience, note: number, nowMs: number): boolean {
  // A note of the board's life before: as if it had been posted when this life began.
  return nowMs <= (postedMs.get(note) ?? startedMs) + withdrawWithinMs + networkMs
}

const tokensOf = ({ tokens, filledMs }: Author, nowMs: number): number =>
  Math.min(burst, tokens + ((nowMs - filledMs) / 1000) * notesPerSecond)

function forgetOldest<Key>(map: Map<Key, unknown>): void {
  const [oldest] = map.keys()
  if (map.size > remembered && oldest !== undefined) map.delete(oldest)
}
