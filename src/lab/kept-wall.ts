/*
 * What the log of a board would have kept, had the wall of a recorded moment been made here. A
 * recording has no authors: each note gets one of its own, so that who mutes one mutes no other.
 */
import { defaultSettings, type BoardEvent } from '../protocol/board'
import type { Entry } from '../protocol/log'
import { countGraphemes, maxNoteGraphemes, tidyNote } from '../protocol/note-text'
import type { MomentNote, MomentWall } from '../source/moment'

/** @param nowMs in milliseconds since the epoch */
export function entriesOf(wall: MomentWall, nowMs: number): Entry[] {
  const entries: Entry[] = []
  const add = (event: BoardEvent, key = `taken/${entries.length + 1}`) =>
    entries.push({ key, event })

  const { question, open, wasOpened, approveFirst, slowSeconds, blank, notes } = wall
  const settings = { ...defaultSettings, approveFirst, slowSeconds, open: open || wasOpened }
  add({ type: 'board_declared', question, settings })
  if (wasOpened && !open) add({ type: 'settings_changed', settings: { open } })
  for (const note of notes) {
    const text = tidyNote(note.text)
    if (text === '' || countGraphemes(text) > maxNoteGraphemes) continue
    // The number of the event is the note's.
    const id = entries.length + 1
    const wish = `taken/${id}`
    const author = `author${id}`
    const about = { atMs: nowMs, state: 'shown', marked: false } as const
    add({ type: 'note_posted', id, wish, text, author, ...about }, wish)
    for (const { event, key } of whatBefell(note, id)) add(event, key)
    if (note.id === wall.spotlight) add({ type: 'note_spotlit', note: id })
  }
  if (blank) add({ type: 'wall_blanked', blank })
  return entries
}

function* whatBefell({ votes, pinned }: MomentNote, note: number) {
  for (let at = 1; at <= votes; at++) {
    const key = `second/${note}/visitor${at}`
    const event: BoardEvent = { type: 'note_seconded', note, visitor: `visitor${at}`, wish: key }
    yield { event, key }
  }
  if (pinned) yield { event: { type: 'note_pinned', note, pinned } satisfies BoardEvent }
}
