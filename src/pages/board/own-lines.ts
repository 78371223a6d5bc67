/*
 * A visitor's own notes as they are listed: what the board tells of them, and before it does, what
 * the outbox knows. One note is one line all the way, since both know it by the id of its wish.
 */
import { withdrawWithinMs } from '../../protocol/board'
import type { NoteState } from '../../protocol/board'
import type { OwnNote } from '../../protocol/own-notes'
import { sentenceOf, type Refusal } from '../../protocol/refusals'
import type { Connection } from '../../source/source'
import type { SentNote } from './outbox'

export type OwnState = 'sending' | 'late' | 'kept' | 'stored' | 'refused' | NoteState

export interface OwnLine {
  readonly wish: string
  readonly text: string
  readonly state: OwnState
  readonly votes: number
  /** The board's name for it, once it is told. */
  readonly note?: number
  /** Until when its author can take it back. */
  readonly takeBackUntilMs?: number
  readonly refusal?: Refusal
}

const words: Readonly<Record<Exclude<OwnState, 'refused'>, string>> = {
  sending: 'Sending…',
  late: 'Still on its way. It is sent again by itself until it is stored.',
  kept: 'Kept here. It is sent when the connection is back.',
  stored: 'Stored',
  waiting: 'Stored, waiting for approval',
  shown: 'On the wall',
  hidden: 'Hidden by the presenter',
}

/** What became of a note, in words. */
export const wordsOf = ({ state, refusal }: OwnLine): string =>
  state === 'refused' ? (refusal ? sentenceOf(refusal) : '') : words[state]

/** The lines, newest first. */
export function ownLines(
  own: readonly OwnNote[],
  sent: readonly SentNote[],
  connection: Connection,
): readonly OwnLine[] {
  const sentByWish = new Map(sent.map((note) => [note.wish, note]))
  const told = own.map(({ id, wish, text, state, votes }): OwnLine => {
    const storedAtMs = sentByWish.get(wish)?.storedAtMs
    sentByWish.delete(wish)
    const line = { wish, text, state, votes, note: id }
    return storedAtMs === undefined
      ? line
      : { ...line, takeBackUntilMs: storedAtMs + withdrawWithinMs }
  })
  const untold = [...sentByWish.values()].map((note): OwnLine => {
    const { wish, text, refusal } = note
    const line = { wish, text, state: stateOf(note, connection), votes: 0 }
    return refusal ? { ...line, refusal } : line
  })
  return [...told, ...untold].reverse()
}

function stateOf({ storedAtMs, refusal, isLate }: SentNote, connection: Connection): OwnState {
  if (storedAtMs !== undefined) return 'stored'
  if (refusal) return 'refused'
  if (connection === 'lost' || (connection === 'connecting' && isLate)) return 'kept'
  return isLate ? 'late' : 'sending'
}
