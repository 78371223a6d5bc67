/*
 * Which notes this browser has seconded, so that their buttons say so after a reload. The board is
 * the judge of it; this only spares people a button that would be refused. Notes are numbers of one
 * log, and a vote is one visitor's, so both are part of the name.
 */
import type { Memory } from '../parts/browser-memory'

/** More than anybody seconds; the oldest are forgotten. */
const maxRemembered = 1_000

const nameOf = (board: string, epoch: string, visitor: string): string =>
  `seconded/${board}/${epoch}/${visitor}`

export interface Seconded {
  readonly notes: ReadonlySet<number>
  add(note: number): void
}

/** What a visitor has seconded on a board. */
export function recallSeconded(
  memory: Memory,
  board: string,
  epoch: string,
  visitor: string,
): Seconded {
  const name = nameOf(board, epoch, visitor)
  const known = (memory.recall(name) ?? '').split(' ').map(Number).filter(Number.isSafeInteger)
  const notes = new Set(known)
  return {
    notes,
    add(note) {
      notes.add(note)
      memory.remember(name, [...notes].slice(-maxRemembered).join(' '))
    },
  }
}
