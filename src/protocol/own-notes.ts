/*
 * What authors see of their own notes: what became of each. Told as a whole whenever it changes,
 * since it is short; there are no events.
 */
import { isCleared, type BoardView, type NoteState } from './board'
import type { Fold } from './fold'

export interface OwnNote {
  readonly id: number
  /** Id of the wish that posted it. */
  readonly wish: string
  readonly text: string
  readonly state: NoteState
  readonly votes: number
}

export interface OwnView {
  /** Oldest first. */
  readonly notes: readonly OwnNote[]
}

/** Notes of one author that are told. */
const maxOwn = 20

export const ownFold: Fold<OwnView, never> = {
  empty: { notes: [] },
  fold: (view) => view,
}

/** What an author sees of a board. A muted author's notes read as hidden. */
export function ownNotesOf(board: BoardView, author: string): OwnView {
  const own = board.notes.filter((note) => note.author === author).slice(-maxOwn)
  const notes = own.map((note) => {
    const { id, wish, text, votes } = note
    const state = note.state === 'shown' && !isCleared(note, board) ? 'hidden' : note.state
    return { id, wish, text, votes, state }
  })
  return { notes }
}
