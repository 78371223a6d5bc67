/*
 * The notes that this browser has sent, or will send: each under the id of its wish, which it keeps
 * over a reload, so that it is stored once however often it travels. A note leaves the outbox when
 * the board tells it among the visitor's own and it can no longer be taken back, or when its text
 * was given back to be edited. A refused note that nobody could take back stays, with its refusal.
 *
 * Each note is remembered under a name of its own: two tabs never overwrite each other's.
 */
import { boardStream, withdrawWithinMs } from '../../protocol/board'
import type { OwnNote } from '../../protocol/own-notes'
import type { Refusal } from '../../protocol/refusals'
import type { Source } from '../../source/source'
import { newWishId } from '../../source/wish-id'
import type { Memory } from '../parts/browser-memory'

/** What is remembered of a note. */
interface KeptNote {
  readonly text: string
  readonly writtenAtMs: number
  /** When this page learned that the note is stored. */
  readonly storedAtMs?: number
  readonly refusal?: Refusal
}

export interface SentNote extends KeptNote {
  readonly wish: string
  /** Under way for so long that its author wants to hear that it is not lost. */
  readonly isLate: boolean
  /** The board has told it among the visitor's own notes. */
  readonly isTold: boolean
}

export interface OutboxDoors {
  /** Told at each change, oldest first. */
  tell(notes: readonly SentNote[]): void
  /** Takes a refused text where it can be edited. False when there is no room for it now. */
  giveBack(text: string, refusal: Refusal): boolean
}

export interface Outbox {
  post(text: string): void
  forget(wish: string): void
  /** Compares with what the board tells of the visitor's own notes. */
  see(own: readonly OwnNote[]): void
  /** Tells no more. What is under way goes on, and its answer is remembered. */
  stop(): void
}

const patienceMs = 1_000
/** A note of an older talk answers a question that nobody asks any more. */
const maxAgeMs = 24 * 60 * 60 * 1000

const prefixOf = (board: string): string => `note/${board}/`

/** Sends at once what was left unsent by the page's life before. */
export function createOutbox(
  source: Source,
  memory: Memory,
  board: string,
  doors: OutboxDoors,
): Outbox {
  const prefix = prefixOf(board)
  let notes: readonly SentNote[] = []
  let isOver = false

  function change(next: readonly SentNote[]) {
    notes = next
    if (!isOver) doors.tell(notes)
  }

  function keep({ wish, isLate: _late, isTold: _told, ...kept }: SentNote) {
    memory.remember(prefix + wish, JSON.stringify(kept))
  }

  /** Another tab, or this page's later life, may have settled it: what is forgotten stays so. */
  const isKept = (wish: string) => memory.recall(prefix + wish) !== undefined

  function amend(wish: string, news: Partial<SentNote>) {
    const note = notes.find((note) => note.wish === wish)
    if (!note) return
    if (!isKept(wish)) return forget(wish)
    const amended = { ...note, ...news }
    keep(amended)
    change(notes.map((other) => (other === note ? amended : other)))
  }

  function forget(wish: string) {
    memory.forget(prefix + wish)
    change(notes.filter((note) => note.wish !== wish))
  }

  async function send({ wish, text }: SentNote) {
    const stopWaiting = source.after(patienceMs, () => amend(wish, { isLate: true }))
    const answer = await source.wish(boardStream(board), { type: 'post_note', text }, wish)
    stopWaiting()
    if (!isKept(wish)) return forget(wish)
    if (answer.ok) settle(wish)
    else if (!isOver && doors.giveBack(text, answer.refusal)) forget(wish)
    else amend(wish, { refusal: answer.refusal, isLate: false })
  }

  function settle(wish: string) {
    const isNews = notes.some((note) => note.wish === wish && note.storedAtMs === undefined)
    if (isNews) amend(wish, { storedAtMs: source.now(), isLate: false })
  }

  function add(note: SentNote) {
    keep(note)
    change([...notes, note])
    if (note.storedAtMs === undefined && !note.refusal) void send(note)
  }

  recallNotes(memory, prefix, source.now()).forEach(add)
  return {
    post: (text) =>
      add({
        wish: newWishId(),
        text,
        writtenAtMs: source.now(),
        isLate: false,
        isTold: false,
      }),
    forget,
    see(own) {
      const told = new Set(own.map(({ wish }) => wish))
      for (const { wish, isTold } of notes) {
        if (told.has(wish)) {
          if (!isTold) amend(wish, { isTold: true })
          settle(wish)
        } else if (isTold) forget(wish)
      }
    },
    stop: () => void (isOver = true),
  }
}

/** What the page's lives before have left, oldest first; what is over and done is forgotten. */
function recallNotes(memory: Memory, prefix: string, nowMs: number): readonly SentNote[] {
  const notes = memory.names(prefix).flatMap((name) => {
    const note = readNote(memory.recall(name))
    const isOver =
      !note ||
      nowMs > note.writtenAtMs + maxAgeMs ||
      (note.storedAtMs !== undefined && nowMs > note.storedAtMs + withdrawWithinMs)
    if (!isOver) return [{ ...note, wish: name.slice(prefix.length), isLate: false, isTold: false }]
    memory.forget(name)
    return []
  })
  return notes.sort((a, b) => a.writtenAtMs - b.writtenAtMs)
}

/** Of another version of this page, or of another page at this address, it may be anything. */
function readNote(text: string | undefined): KeptNote | undefined {
  try {
    const note = JSON.parse(text ?? '') as KeptNote | null
    const isNote = typeof note?.text === 'string' && typeof note.writtenAtMs === 'number'
    return isNote ? note : undefined
  } catch {
    return undefined
  }
}
