/*
 * All shown notes of a board since its last reset, from the whole log: the view keeps the last ones
 * only. Counted in place, note by note, since a log may be long.
 */
import { sleep, type Body } from '../runtime'
import { votesFor, type BoardEvent, type NoteState } from '../protocol/board'
import type { ExportedNote, ExportView } from '../protocol/board-export'
import type { Log } from '../protocol/log'

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

interface Notes {
  readonly notes: Map<number, Counted>
  readonly muted: Set<string>
}

interface Count {
  question: string
  now: Notes
  /** What the last reset put away, if it can be undone. */
  before: Notes | undefined
}

const nothing = (): Notes => ({ notes: new Map(), muted: new Set() })

/** Events read at a time: a log that is read at once would hold up its whole host. */
const page = 1_000

/** What is exported of the board whose log is the stream `name`. */
export function* exportOf(log: Log, name: string): Body<ExportView> {
  const count: Count = { question: '', now: nothing(), before: undefined }
  for (let seq = 0, events = log.read(name, 0, page); events.length > 0;) {
    for (const event of events as BoardEvent[]) step(count, event)
    seq += events.length
    yield* sleep(0)
    events = log.read(name, seq, page)
  }
  return yield* exported(count)
}

function* exported({ question, now }: Count): Body<ExportView> {
  const echoes = new Map<number, Counted[]>()
  for (const note of now.notes.values()) {
    if (note.mergedInto === undefined || !isCleared(note, now)) continue
    echoes.set(note.mergedInto, [...(echoes.get(note.mergedInto) ?? []), note])
  }
  const notes: ExportedNote[] = []
  for (const note of now.notes.values()) {
    if (note.mergedInto !== undefined || !isCleared(note, now)) continue
    const { id, text, pinned, atMs } = note
    notes.push({ id, text, votes: votesFor(note, echoes.get(id)), pinned, atMs })
  }
  return { question, notes }
}

function step(count: Count, event: BoardEvent): void {
  switch (event.type) {
    case 'board_declared':
      count.question = event.question
      return
    case 'board_reset':
      count.before = count.now
      count.now = nothing()
      return
    case 'reset_undone':
      count.now = count.before ?? count.now
      count.before = undefined
      return
    case 'note_posted':
      count.before = undefined
      return addNote(count.now, event)
    case 'author_muted':
      if (event.muted) count.now.muted.add(event.author)
      else count.now.muted.delete(event.author)
      return
    case 'note_withdrawn':
      return withdraw(count.now, event.note)
    case 'note_merged':
      return merge(count.now, event.note, event.into ?? undefined)
    case 'note_seconded':
    case 'note_moderated':
    case 'note_pinned': {
      const note = count.now.notes.get(event.note)
      if (!note) return
      if (event.type === 'note_seconded') note.votes++
      else if (event.type === 'note_moderated') note.state = event.state
      else note.pinned = event.pinned
    }
  }
}

function addNote({ notes }: Notes, posted: Extract<BoardEvent, { type: 'note_posted' }>): void {
  const { id, text, author, atMs, state } = posted
  const fresh = { votes: 0, pinned: false, mergedInto: undefined }
  notes.set(id, { id, text, author, atMs, state, ...fresh })
}

/** What was merged into a note that is taken back stands for itself again. */
function withdraw({ notes }: Notes, id: number): void {
  notes.delete(id)
  for (const note of notes.values()) if (note.mergedInto === id) note.mergedInto = undefined
}

function merge({ notes }: Notes, id: number, into: number | undefined): void {
  const note = notes.get(id)
  if (note) note.mergedInto = into
  if (into === undefined) return
  for (const other of notes.values()) if (other.mergedInto === id) other.mergedInto = into
}

const isCleared = ({ state, author }: Counted, { muted }: Notes): boolean =>
  state === 'shown' && !muted.has(author)
