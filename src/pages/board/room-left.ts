/*
 * How much room a note has left, in characters as readers count them. It counts what would be kept:
 * spaces at the end, say, cost nothing.
 */
import { countGraphemes, maxNoteGraphemes, maxNoteUnits, tidyNote } from '../../protocol/note-text'

/** From so few on people want to know. */
const nearEnd = 40

export interface Room {
  readonly left: number
  readonly isNearEnd: boolean
  readonly isTooLong: boolean
}

/** The room that is left beside `text`. */
export function roomLeft(text: string): Room {
  const left = maxNoteGraphemes - countGraphemes(tidyNote(text))
  // What is longer than anybody looks at would be cut without a word.
  const isTooLong = left < 0 || text.length > maxNoteUnits
  return { left, isNearEnd: left <= nearEnd, isTooLong }
}
