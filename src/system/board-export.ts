/*
 * All shown notes of a board since its last reset, from the whole log: the view keeps the last ones
 * only. Counted in place, note by note, since a log may be long.
 */
import type { Body } from '../runtime'
import type { BoardEvent, NoteState } from '../protocol/board'
import type { ExportView } from '../protocol/board-export'

interface Counted {
  readonly id: number
  readonly text: string
  readonly author: string
  readonly atMs: number
  state: NoteState
  votes: number
  pinned: boolean
  mergedInto: number | undefined
}

interface Count {
  notes: Map<number, Counted>
  muted: Set<string>
}

const nothing = (): Count => ({ notes: new Map(), muted: new Set() })

/** What is exported of a board with these events. */
export function* exportOf(events: readonly BoardEvent[]): Body<ExportView> {
  let question = ''
  let count = nothing()
  let before: Count | undefined
  for (const event of events) {
    if (event.type === 'board_declared') question = event.question
    else if (event.type === 'board_reset') {
      before = count
      count = nothing()
    } else if (event.type === 'reset_undone') {
      count = before ?? count
      before = undefined
    } else {
      if (event.type === 'note_posted') before = undefined
      step(count, event)
    }
  }
  const echoes = echoesOf(count)
  const notes = [...count.notes.values()]
    .filter((note) => note.mergedInto === undefined && isCleared(note, count))
    .map(({ id, text, votes, pinned, atMs }) => {
      return { id, text, votes: votes + (echoes.get(id) ?? 0), pinned, atMs }
    })
  return { question, notes }
}

function step({ notes, muted }: Count, event: BoardEvent): void {
  switch (event.type) {
    case 'note_posted': {
      const { id, text, author, atMs, state } = event
      const fresh = { votes: 0, pinned: false, mergedInto: undefined }
      notes.set(id, { id, text, author, atMs, state, ...fresh })
      return
    }
    case 'note_withdrawn':
      notes.delete(event.note)
      return
    case 'author_muted':
      if (event.muted) muted.add(event.author)
      else muted.delete(event.author)
      return
    case 'note_merged':
      merge(notes, event.note, event.into ?? undefined)
      return
    case 'note_seconded':
    case 'note_moderated':
    case 'note_pinned': {
      const note = notes.get(event.note)
      if (!note) return
      if (event.type === 'note_seconded') note.votes++
      else if (event.type === 'note_moderated') note.state = event.state
      else note.pinned = event.pinned
    }
  }
}

function merge(notes: Map<number, Counted>, id: number, into: number | undefined): void {
  const note = notes.get(id)
  if (note) note.mergedInto = into
  if (into === undefined) return
  for (const other of notes.values()) if (other.mergedInto === id) other.mergedInto = into
}

function echoesOf(count: Count): Map<number, number> {
  const votes = new Map<number, number>()
  for (const note of count.notes.values()) {
    const { mergedInto } = note
    if (mergedInto === undefined || !isCleared(note, count)) continue
    votes.set(mergedInto, (votes.get(mergedInto) ?? 0) + 1 + note.votes)
  }
  return votes
}

const isCleared = ({ state, author }: Counted, { muted }: Count): boolean =>
  state === 'shown' && !muted.has(author)
