/*
 * A board as it is taken home: all notes that are shown, also those that the view has let go, and
 * nothing of what was withheld or of who wrote. Read once, told as one snapshot.
 */
import type { Fold } from './fold'

export interface ExportedNote {
  readonly id: number
  readonly text: string
  readonly votes: number
  readonly pinned: boolean
  readonly atMs: number
}

export interface ExportView {
  readonly question: string
  /** Oldest first. */
  readonly notes: readonly ExportedNote[]
}

export const exportFold: Fold<ExportView, never> = {
  empty: { question: '', notes: [] },
  fold: (view) => view,
}
