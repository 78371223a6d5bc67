/*
 * What a board makes of each command: the event that it becomes, or why it is refused. Pure rules
 * over the board's view; what an author did lately comes from board-patience.ts.
 */
import {
  isShown,
  maxMuted,
  maxWaiting,
  type BoardCommand,
  type BoardEvent,
  type BoardSettings,
  type BoardView,
  type Note,
} from '../protocol/board'
import { countGraphemes, maxNoteGraphemes, tidyNote } from '../protocol/note-text'
import type { RefusalCode } from '../protocol/refusals'
import { isFresh, whyWait, type Patience } from './board-patience'
import type { HasListedWord } from './word-filter'

export interface Situation {
  readonly view: BoardView
  /** Number that the event would get. */
  readonly seq: number
  readonly visitor: string
  readonly wish: string
  readonly patience: Patience
  /** On the clock that never jumps. */
  readonly nowMs: number
  /** On the clock of people: for what is shown and exported, never subtracted. */
  readonly atMs: number
  readonly defaults: BoardSettings
  readonly hasListedWord: HasListedWord
}

/** The event that a command becomes, or the code of its refusal. */
export function decide(command: BoardCommand, situation: Situation): BoardEvent | RefusalCode {
  const { view } = situation
  switch (command.type) {
    case 'post_note':
      return postNote(command.text, situation)
    case 'withdraw_note':
      return withdrawNote(command.note, situation)
    case 'second_note':
      return secondNote(command.note, situation)
    case 'merge_note':
      return mergeNote(command.note, command.into, view)
    case 'moderate_note': {
      const { note, state } = command
      return find(view, note) ? { type: 'note_moderated', note, state } : 'unknown_note'
    }
    case 'pin_note': {
      const { note, pinned } = command
      return find(view, note) ? { type: 'note_pinned', note, pinned } : 'unknown_note'
    }
    case 'spotlight_note': {
      const { note } = command
      const isThere = note === null || find(view, note)
      return isThere ? { type: 'note_spotlit', note } : 'unknown_note'
    }
    case 'mute_author':
      if (command.muted && view.muted.length >= maxMuted) return 'too_many_muted'
      return { type: 'author_muted', author: command.author, muted: command.muted }
    case 'change_settings':
      return { type: 'settings_changed', settings: command.settings }
    case 'blank_wall':
      return { type: 'wall_blanked', blank: command.blank }
    case 'reset_board':
      return { type: 'board_reset', settings: situation.defaults }
    case 'undo_reset':
      return view.before ? { type: 'reset_undone' } : 'nothing_to_undo'
  }
}

/** Whether a wish that was granted before wished the same: then it is one that was sent again. */
export function isSameWish(command: BoardCommand, granted: BoardEvent): boolean {
  const { type: wished, ...fields } = command
  const { type: was, ...facts } = granted as Readonly<Record<string, unknown>> & BoardEvent
  if (eventTypes[wished] !== was) return false
  return Object.entries(fields).every(([name, value]) => {
    const fact = (facts as Readonly<Record<string, unknown>>)[name]
    return name === 'text' ? tidyNote(String(value)) === fact : isEqual(value, fact)
  })
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const eventTypes: Readonly<Record<BoardCommand['type'], BoardEvent['type']>> = {
  post_note: 'note_posted',
  withdraw_note: 'note_withdrawn',
  second_note: 'note_seconded',
  moderate_note: 'note_moderated',
  pin_note: 'note_pinned',
  merge_note: 'note_merged',
  spotlight_note: 'note_spotlit',
  mute_author: 'author_muted',
  change_settings: 'settings_changed',
  blank_wall: 'wall_blanked',
  reset_board: 'board_reset',
  undo_reset: 'reset_undone',
}

/** What may be said only once: a wish, and a visitor's vote for a note. */
export const keyOf = (command: BoardCommand, wish: string, visitor: string): string =>
  command.type === 'second_note' ? `second/${command.note}/${visitor}` : wish

function postNote(raw: string, situation: Situation): BoardEvent | RefusalCode {
  const { view, seq, visitor, wish, patience, nowMs, atMs, hasListedWord } = situation
  const { open, approveFirst, slowSeconds, filter } = view.settings
  if (!open) return 'board_closed'
  const text = tidyNote(raw)
  if (text === '') return 'empty_note'
  if (countGraphemes(text) > maxNoteGraphemes) return 'note_too_long'
  const haste = whyWait(patience, visitor, slowSeconds, nowMs)
  if (haste) return haste
  const marked = filter !== 'off' && hasListedWord(text)
  const waits = approveFirst || (marked && filter === 'hold')
  // A muted author may write on, and crowds nobody out: hidden notes make room for each other.
  const state = view.muted.includes(visitor) ? 'hidden' : waits ? 'waiting' : 'shown'
  if (state === 'waiting' && countWaiting(view) >= maxWaiting) return 'board_full'
  return { type: 'note_posted', id: seq, wish, text, author: visitor, atMs, state, marked }
}

const countWaiting = ({ notes }: BoardView): number =>
  notes.reduce((count, { state }) => (state === 'waiting' ? count + 1 : count), 0)

function withdrawNote(id: number, situation: Situation): BoardEvent | RefusalCode {
  const { view, visitor, wish, patience, nowMs } = situation
  const note = find(view, id)
  if (!note) return 'unknown_note'
  if (note.author !== visitor) return 'not_yours'
  if (!isFresh(patience, id, nowMs)) return 'too_late'
  return { type: 'note_withdrawn', note: id, wish }
}

function secondNote(id: number, { view, visitor, wish }: Situation): BoardEvent | RefusalCode {
  const note = find(view, id)
  if (!note || !isShown(note, view)) return 'unknown_note'
  if (note.author === visitor) return 'own_note'
  if (!view.settings.open) return 'board_closed'
  return { type: 'note_seconded', note: id, visitor, wish }
}

function mergeNote(note: number, into: number | null, view: BoardView): BoardEvent | RefusalCode {
  const target = into === null ? undefined : find(view, into)
  const isAimed = into === null || (into !== note && target && target.mergedInto === undefined)
  return find(view, note) && isAimed ? { type: 'note_merged', note, into } : 'unknown_note'
}

const find = ({ notes }: BoardView, id: number): Note | undefined =>
  notes.find((note) => note.id === id)
