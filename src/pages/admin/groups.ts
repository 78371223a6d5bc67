/*
 * A board's notes in the order in which a moderator wants them: what waits, oldest first, so that
 * nothing is forgotten; what the wall shows, newest first; and what is put away. A note that
 * waits but whose author is muted, or that is merged into another, asks for nothing: it is away.
 */
import type { BoardView, Note } from '../../protocol/board'
import { wallOf } from '../../protocol/wall'

export interface Groups {
  readonly waiting: readonly Note[]
  readonly shown: readonly Note[]
  readonly away: readonly Note[]
  /** As the wall counts them: of a note and of those that are merged into it. */
  readonly votes: ReadonlyMap<number, number>
  /** The note that fills the wall, if one does. */
  readonly lit: number | null
}

export function groupsOf(view: BoardView): Groups {
  const wall = wallOf(view)
  const votes = new Map(wall.notes.map((note) => [note.id, note.votes]))
  const muted = new Set(view.muted)
  const waiting: Note[] = []
  const shown: Note[] = []
  const away: Note[] = []
  for (const note of view.notes) {
    const asks = note.state === 'waiting' && note.mergedInto === undefined
    if (votes.has(note.id)) shown.push(note)
    else if (asks && !muted.has(note.author)) waiting.push(note)
    else away.push(note)
  }
  return { waiting, shown: shown.reverse(), away: away.reverse(), votes, lit: wall.spotlight }
}

/** How many notes each author has on the board: a flood shows. */
export function notesByAuthor({ notes }: BoardView): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { author } of notes) counts.set(author, (counts.get(author) ?? 0) + 1)
  return counts
}

/** Notes of the minute before `nowMs`. */
export const postedWithinMinute = ({ notes }: BoardView, nowMs: number): number =>
  notes.filter(({ atMs }) => atMs > nowMs - 60_000).length
