/*
 * The words of a board: a question to the audience, and the short notes that answer it. Its log is
 * the truth; the view here is the whole of it, for the board itself and whoever moderates. What the
 * hall sees of it is wall.ts, what an author sees of their own notes is own-notes.ts.
 *
 * Every wish of a moderator sets something to a value, so each is undone by setting it back. A note
 * is shown while it is in the state `shown`, its author is not muted, and it is merged into none.
 */
import type { Fold } from './fold'

/** What the word filter does with a note that holds a listed word; it never throws one away. */
export type WordFilter = 'off' | 'mark' | 'hold'

export interface BoardSettings {
  readonly open: boolean
  /** Notes wait until somebody approves them. */
  readonly approveFirst: boolean
  /** An author waits so long between two notes; 0 for no such limit. */
  readonly slowSeconds: number
  readonly filter: WordFilter
}

/** A board as the deck declares it. */
export interface DeclaredBoard {
  readonly id: string
  readonly question: string
  readonly settings: BoardSettings
}

export const defaultSettings: BoardSettings = {
  open: false,
  approveFirst: false,
  slowSeconds: 0,
  filter: 'hold',
}

export type NoteState = 'waiting' | 'shown' | 'hidden'

export interface Note {
  /** Number of the event that posted it. */
  readonly id: number
  /** Id of the wish that posted it: by it a page knows its own. */
  readonly wish: string
  readonly text: string
  /** Public name of the visitor. */
  readonly author: string
  readonly atMs: number
  readonly state: NoteState
  /** How many visitors seconded it. */
  readonly votes: number
  readonly pinned: boolean
  /** The word filter found something. */
  readonly marked: boolean
  /** The note that says the same and is shown in its place. */
  readonly mergedInto?: number
}

export interface BoardView {
  readonly question: string
  readonly settings: BoardSettings
  /** Whether it was ever open since its last reset. */
  readonly wasOpened: boolean
  /** Oldest first; the log has them all, the view the last of them. */
  readonly notes: readonly Note[]
  /** Public names of the authors whose notes are not shown. */
  readonly muted: readonly string[]
  /** The note that fills the wall. */
  readonly spotlight?: number
  /** The wall shows nothing. */
  readonly blank: boolean
  /** How many notes were posted since the last reset. */
  readonly posted: number
  /** What a reset put away, until it is taken back or notes come anew. */
  readonly before?: BoardView
}

export type BoardEvent =
  | {
      readonly type: 'board_declared'
      readonly question: string
      readonly settings: BoardSettings
    }
  | {
      readonly type: 'note_posted'
      readonly id: number
      readonly wish: string
      readonly text: string
      readonly author: string
      readonly atMs: number
      readonly state: NoteState
      readonly marked: boolean
    }
  | { readonly type: 'note_withdrawn'; readonly note: number; readonly wish: string }
  | {
      readonly type: 'note_seconded'
      readonly note: number
      readonly visitor: string
      readonly wish: string
    }
  | { readonly type: 'note_moderated'; readonly note: number; readonly state: NoteState }
  | { readonly type: 'note_pinned'; readonly note: number; readonly pinned: boolean }
  | { readonly type: 'note_merged'; readonly note: number; readonly into: number | null }
  | { readonly type: 'note_spotlit'; readonly note: number | null }
  | { readonly type: 'author_muted'; readonly author: string; readonly muted: boolean }
  | { readonly type: 'settings_changed'; readonly settings: Partial<BoardSettings> }
  | { readonly type: 'wall_blanked'; readonly blank: boolean }
  | { readonly type: 'board_reset'; readonly settings: BoardSettings }
  | { readonly type: 'reset_undone' }

/** What everybody may wish. */
export type AudienceCommand =
  | { readonly type: 'post_note'; readonly text: string }
  | { readonly type: 'withdraw_note'; readonly note: number }
  | { readonly type: 'second_note'; readonly note: number }

/** What whoever moderates may wish. */
export type ModeratorCommand =
  | { readonly type: 'moderate_note'; readonly note: number; readonly state: NoteState }
  | { readonly type: 'pin_note'; readonly note: number; readonly pinned: boolean }
  | { readonly type: 'merge_note'; readonly note: number; readonly into: number | null }
  | { readonly type: 'spotlight_note'; readonly note: number | null }
  | { readonly type: 'mute_author'; readonly author: string; readonly muted: boolean }
  | { readonly type: 'change_settings'; readonly settings: Partial<BoardSettings> }
  | { readonly type: 'blank_wall'; readonly blank: boolean }
  | { readonly type: 'reset_board' }
  | { readonly type: 'undo_reset' }

export type BoardCommand = AudienceCommand | ModeratorCommand

/** How long an author can take a note back. */
export const withdrawWithinMs = 10_000

/** Notes that a view keeps: so many that are shown, so many that wait, so many that are hidden. */
export const maxShown = 500
export const maxWaiting = 500
export const maxHidden = 500
/**
 * The newest notes, which stay whatever others are worth: they must have a chance to be seconded.
 */
const newest = 50
/** Authors that can be muted at a time. */
export const maxMuted = 200

/** The stream that everybody may follow: what the wall shows. Wishes go to it too. */
export const boardStream = (board: string): string => `boards/board/${board}`
/** The whole view, for whoever moderates. */
export const adminStream = (board: string): string => `${boardStream(board)}/admin`
/** All notes that are shown, from the log: read once, for a file. */
export const exportStream = (board: string): string => `${boardStream(board)}/export`
/** A visitor's own notes. */
export const ownStream = (board: string, visitor: string): string =>
  `${boardStream(board)}/own/${visitor}`

/** Whether nothing speaks against a note. */
export const isCleared = (note: Note, { muted }: Pick<BoardView, 'muted'>): boolean =>
  note.state === 'shown' && !muted.includes(note.author)

/** Whether a note is seen by everybody: it is cleared, and no other stands in its place. */
export const isShown = (note: Note, view: Pick<BoardView, 'muted'>): boolean =>
  note.mergedInto === undefined && isCleared(note, view)

export const boardFold: Fold<BoardView, BoardEvent> = {
  empty: {
    question: '',
    settings: defaultSettings,
    wasOpened: false,
    notes: [],
    muted: [],
    blank: false,
    posted: 0,
  },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'board_declared':
        return withSettings({ ...view, question: event.question }, event.settings)
      case 'settings_changed':
        return withSettings(view, event.settings)
      case 'note_posted':
        return withNote(view, event)
      case 'note_withdrawn':
        return withoutNote(view, event.note)
      case 'note_seconded':
        return change(view, event.note, (note) => ({ ...note, votes: note.votes + 1 }))
      case 'note_moderated':
        return bounded(
          change(view, event.note, (note) => ({ ...note, state: event.state })),
          event.note,
        )
      case 'note_pinned':
        return change(view, event.note, (note) => ({ ...note, pinned: event.pinned }))
      case 'note_merged':
        return merged(view, event.note, event.into)
      case 'note_spotlit':
        return withSpotlight(view, event.note)
      case 'author_muted': {
        const others = view.muted.filter((author) => author !== event.author)
        return { ...view, muted: event.muted ? [...others, event.author] : others }
      }
      case 'wall_blanked':
        return { ...view, blank: event.blank }
      case 'board_reset':
        return reset(view, event.settings)
      case 'reset_undone':
        return view.before ?? view
      default:
        return view
    }
  },
}

function withSettings(view: BoardView, changed: Partial<BoardSettings>): BoardView {
  const settings = { ...view.settings, ...changed }
  return { ...view, settings, wasOpened: view.wasOpened || settings.open }
}

type Posted = Extract<BoardEvent, { type: 'note_posted' }>

function withNote(view: BoardView, posted: Posted): BoardView {
  const { before: _, ...kept } = view
  const { id, wish, text, author, atMs, state, marked } = posted
  // Written out: notes made by spreading take an engine several times as long to go through.
  const note: Note = { id, wish, text, author, atMs, state, votes: 0, pinned: false, marked }
  return bounded({ ...kept, notes: [...view.notes, note], posted: view.posted + 1 }, id)
}

function change(view: BoardView, id: number, step: (note: Note) => Note): BoardView {
  const at = view.notes.findIndex((note) => note.id === id)
  const note = view.notes[at]
  return note ? { ...view, notes: view.notes.with(at, step(note)) } : view
}

function withoutNote(view: BoardView, id: number): BoardView {
  const at = view.notes.findIndex((note) => note.id === id)
  if (at < 0) return view
  let notes: readonly Note[] = view.notes.toSpliced(at, 1)
  if (notes.some(({ mergedInto }) => mergedInto === id)) {
    notes = notes.map((note) => (note.mergedInto === id ? unmerged(note) : note))
  }
  return view.spotlight === id ? withSpotlight({ ...view, notes }, null) : { ...view, notes }
}

const unmerged = ({ mergedInto: _, ...note }: Note): Note => note

function merged(view: BoardView, id: number, into: number | null): BoardView {
  if (into === null) return change(view, id, unmerged)
  // What was merged into this note follows it, so that no note is two steps away from its place.
  const notes = view.notes.map((note) =>
    note.id === id || note.mergedInto === id ? { ...note, mergedInto: into } : note,
  )
  return { ...view, notes }
}

function withSpotlight(view: BoardView, note: number | null | undefined): BoardView {
  const { spotlight: _, ...dark } = view
  return note === null || note === undefined ? dark : { ...dark, spotlight: note }
}

function reset(view: BoardView, settings: BoardSettings): BoardView {
  const { before: _, ...shelved } = view
  return {
    ...boardFold.empty,
    question: view.question,
    settings,
    wasOpened: settings.open,
    before: shelved,
  }
}

/**
 * Drops what is beyond the bounds: of the shown ones the one that fewest wanted, and not
 * `concerned`, which came just now; of the hidden ones the oldest. What waits is never dropped: the
 * board refuses more of it (board-rules.ts).
 */
function bounded(view: BoardView, concerned: number): BoardView {
  if (view.notes.length <= Math.min(maxShown, maxHidden)) return view
  let [shown, hidden] = [0, 0]
  for (const { state, mergedInto } of view.notes) {
    if (state === 'hidden') hidden++
    else if (state === 'shown' && mergedInto === undefined) shown++
  }
  const excess =
    shown > maxShown
      ? leastWanted(view, concerned)
      : hidden > maxHidden
        ? view.notes.find(({ state }) => state === 'hidden')
        : undefined
  return excess ? withoutNotes(view, excess.id) : view
}

/** Lets a note go, and what was merged into it: its echoes would appear in its place. */
function withoutNotes(view: BoardView, id: number): BoardView {
  const notes = view.notes.filter((note) => note.id !== id && note.mergedInto !== id)
  return { ...view, notes }
}

function leastWanted(view: BoardView, concerned: number): Note | undefined {
  const { notes, spotlight } = view
  const echoes = echoesOf(view)
  let least: Note | undefined
  let fewest = Infinity
  for (const note of notes.slice(0, -newest)) {
    const { id, state, pinned, mergedInto } = note
    const isKept = state !== 'shown' || pinned || mergedInto !== undefined
    if (isKept || id === spotlight || id === concerned) continue
    const votes = votesFor(note, echoes.get(id))
    if (votes >= fewest) continue
    least = note
    fewest = votes
  }
  return least
}

/** The cleared notes that were merged into each note. */
export function echoesOf(view: BoardView): Map<number, Note[]> {
  const echoes = new Map<number, Note[]>()
  for (const note of view.notes) {
    if (note.mergedInto === undefined || !isCleared(note, view)) continue
    const known = echoes.get(note.mergedInto)
    if (known) known.push(note)
    else echoes.set(note.mergedInto, [note])
  }
  return echoes
}

/**
 * Votes for a note: its own, those for the notes that were merged into it, and one for each further
 * author of these. Somebody who seconded two of them counts twice.
 */
export function votesFor(
  { votes, author }: Pick<Note, 'votes' | 'author'>,
  echoes: readonly Pick<Note, 'votes' | 'author'>[] = [],
): number {
  // Nearly every note of nearly every board, so nothing is made for it.
  if (echoes.length === 0) return votes
  const authors = new Set(echoes.map((echo) => echo.author))
  authors.delete(author)
  return echoes.reduce((sum, echo) => sum + echo.votes, votes + authors.size)
}
