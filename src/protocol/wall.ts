/*
 * What everybody sees of a board: its question, its shown notes, and how it is set. Each event of
 * the board is one event here, with the same number, that says what changed on the wall; of what is
 * withheld it says nothing. `wallOf` and `wallChange` are what the board derives it with.
 */
import { echoesOf, isCleared, isShown, votesFor } from './board'
import type { BoardEvent, BoardView, Note } from './board'
import type { Fold } from './fold'

export interface WallNote {
  readonly id: number
  readonly text: string
  /** Who seconded it, and who wrote the same (votesFor). */
  readonly votes: number
  readonly pinned: boolean
}

/** All of the wall but its notes. */
export interface WallFace {
  readonly question: string
  readonly open: boolean
  readonly approveFirst: boolean
  readonly slowSeconds: number
  /** Whether it was ever open: a board that is closed is over, or has not begun. */
  readonly wasOpened: boolean
  readonly blank: boolean
  /** The note that fills the wall, or null. */
  readonly spotlight: number | null
}

export interface WallView extends WallFace {
  /** By id, which is the order in which they were written. */
  readonly notes: readonly WallNote[]
}

export interface WallEvent {
  readonly type: 'wall_changed'
  /** New and changed notes. */
  readonly put?: readonly WallNote[]
  /** Notes that are to be seen no more. */
  readonly drop?: readonly number[]
  readonly face?: Partial<WallFace>
  /** All that left the wall was put away by a reset, and hidden by nobody. */
  readonly reset?: true
}

export const wallFold: Fold<WallView, WallEvent> = {
  empty: {
    question: '',
    open: false,
    approveFirst: false,
    slowSeconds: 0,
    wasOpened: false,
    blank: false,
    spotlight: null,
    notes: [],
  },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    if (event?.type !== 'wall_changed') return view
    const { put = [], drop = [], face } = event
    const left = drop.length > 0 ? view.notes.filter(({ id }) => !drop.includes(id)) : view.notes
    return { ...view, ...face, notes: put.reduce(withNote, left) }
  },
}

function withNote(notes: readonly WallNote[], note: WallNote): readonly WallNote[] {
  const at = notes.findLastIndex(({ id }) => id <= note.id)
  if (notes[at]?.id === note.id) return notes.with(at, note)
  return notes.toSpliced(at + 1, 0, note)
}

/**
 * Changes as somebody may hear them who missed them: without the text of notes that have left the
 * wall since, which nobody shall read any more.
 */
export const withoutLeft = (changes: readonly WallEvent[], wall: WallView): WallEvent[] => {
  const there = new Set(wall.notes.map(({ id }) => id))
  return changes.map((change) =>
    change.put ? { ...change, put: change.put.filter(({ id }) => there.has(id)) } : change,
  )
}

/** The wall of a board. */
export function wallOf(board: BoardView): WallView {
  const echoes = echoesOf(board)
  const notes = board.notes
    .filter((note) => isShown(note, board))
    .map(({ id, text, votes, author, pinned }) => {
      return { id, text, votes: votesFor({ votes, author }, echoes.get(id)), pinned }
    })
  return { ...faceOf(board), notes }
}

/** What an event changes on the wall, when it makes `after` of `before`. */
export function wallChange(event: BoardEvent, before: BoardView, after: BoardView): WallEvent {
  const put: WallNote[] = []
  const drop: number[] = []
  for (const id of concernedIds(event, before, after)) {
    const [old, now] = [wallNote(id, before), wallNote(id, after)]
    if (now && !isSameNote(old, now)) put.push(now)
    else if (old && !now) drop.push(id)
  }
  const face = changedFace(faceOf(before), faceOf(after))
  return {
    type: 'wall_changed',
    ...(put.length > 0 && { put }),
    ...(drop.length > 0 && { drop }),
    ...(face && { face }),
    ...(event.type === 'board_reset' && { reset: true }),
  }
}

/** Notes that an event may have put on the wall, taken from it, or changed there. */
function concernedIds(event: BoardEvent, before: BoardView, after: BoardView): Set<number> {
  const ids = new Set<number>()
  if (before.notes === after.notes && before.muted === after.muted) return ids
  const add = (id: number | null | undefined) => id !== null && id !== undefined && ids.add(id)
  if (event.type === 'note_posted') add(event.id)
  if ('note' in event) add(event.note)
  if (event.type === 'note_merged') add(event.into)
  const isAll = event.type === 'board_reset' || event.type === 'reset_undone'
  const muted = event.type === 'author_muted' ? event.author : undefined
  let at = 0
  for (const { id, author } of before.notes) {
    // Both lie in the order of their ids.
    while (at < after.notes.length && after.notes[at]!.id < id) at++
    if (isAll || author === muted || after.notes[at]?.id !== id) add(id)
  }
  if (isAll) for (const { id } of after.notes) add(id)
  // A note counts for the one that it is merged into, and stands for those merged into it.
  for (const view of [before, after]) {
    for (const { id, mergedInto } of view.notes) {
      if (mergedInto === undefined) continue
      if (ids.has(id)) add(mergedInto)
      else if (ids.has(mergedInto)) add(id)
    }
  }
  return ids
}

/** Notes lie in the order of their ids. */
function find({ notes }: BoardView, id: number): Note | undefined {
  let [low, high] = [0, notes.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const note = notes[middle]
    if (note === undefined || note.id === id) return note
    if (note.id < id) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

function wallNote(id: number, board: BoardView): WallNote | undefined {
  const note = find(board, id)
  if (!note || !isShown(note, board)) return undefined
  const { text, pinned } = note
  const echoes = board.notes.filter((echo) => echo.mergedInto === id && isCleared(echo, board))
  return { id, text, votes: votesFor(note, echoes), pinned }
}

function faceOf(board: BoardView): WallFace {
  const { question, settings, wasOpened, blank, spotlight } = board
  const { open, approveFirst, slowSeconds } = settings
  const lit = spotlight === undefined ? undefined : find(board, spotlight)
  const face = { question, open, approveFirst, slowSeconds, wasOpened, blank }
  return { ...face, spotlight: lit && isShown(lit, board) ? lit.id : null }
}

const isSameNote = (a: WallNote | undefined, b: WallNote): boolean =>
  a !== undefined && a.text === b.text && a.votes === b.votes && a.pinned === b.pinned

const faceNames = [
  'question',
  'open',
  'approveFirst',
  'slowSeconds',
  'wasOpened',
  'blank',
  'spotlight',
] as const satisfies readonly (keyof WallFace)[]

function changedFace(old: WallFace, now: WallFace): Partial<WallFace> | undefined {
  const changed = faceNames.filter((name) => old[name] !== now[name])
  if (changed.length === 0) return undefined
  return Object.fromEntries(changed.map((name) => [name, now[name]]))
}
