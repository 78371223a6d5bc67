/*
 * A board: takes notes and what is wished about them. Its log is the truth. In each turn it takes
 * all that lies in its mailbox, decides, keeps what was decided as one group, and only then folds,
 * tells and answers: a note that was acknowledged is on the disk, and a crowd costs one commit.
 *
 * A crash before the commit answers nobody, so phones send again; a crash after it is healed by the
 * log: the wish is found there by its key, and is accepted without being granted twice.
 */
import { now, setLabel, type Body } from '../runtime'
import {
  adminStream,
  boardFold,
  boardStream,
  exportStream,
  ownStream,
  type BoardCommand,
  type BoardEvent,
  type BoardView,
  type DeclaredBoard,
} from '../protocol/board'
import type { Entry, Log } from '../protocol/log'
import { ownNotesOf } from '../protocol/own-notes'
import type { RefusalCode } from '../protocol/refusals'
import { wallChange, wallFold, wallOf, withoutLeft } from '../protocol/wall'
import type { WallEvent, WallView } from '../protocol/wall'
import { exportOf } from './board-export'
import { freshPatience, notePosted, type Patience } from './board-patience'
import { decide, isSameWish, keyOf } from './board-rules'
import { catchUp, openKept, takeKept, type KeptStream } from './kept-stream'
import { show, take, tell, tellLast, tellPlace, type Stream, type Streams } from './stream'
import { nextTurn } from './turn'
import { acknowledge, decline, type Follow, type Wish } from './wish'
import type { HasListedWord } from './word-filter'

/** What the boards of a host are given. */
export interface BoardWorld extends Streams {
  readonly log: Log
  /** Milliseconds on the clock of people. */
  readonly clock: () => number
  readonly hasListedWord: HasListedWord
  /** What was wrong with the log when it was opened, if anything was. */
  readonly openingNews?: string
}

/** The deck shows a slide that asks to this board. */
export interface SlideAsks {
  readonly type: 'slide_asks'
}

type Message = Follow | Wish<BoardCommand> | SlideAsks

interface State {
  readonly declared: DeclaredBoard
  readonly world: BoardWorld
  readonly kept: KeptStream<BoardView, BoardEvent>
  readonly wall: Stream<WallView, WallEvent>
  readonly patience: Patience
}

/** A decision: what is to be kept, and what follows from it. */
interface Decided extends Entry {
  readonly event: BoardEvent
  readonly view: BoardView
  readonly change: WallEvent
}

/** What a turn has decided so far, and nobody was told. */
interface Turn {
  view: BoardView
  readonly decided: Decided[]
  /** Granted if it is kept. */
  readonly hopeful: Wish[]
  /** Refused because of what was decided before them, so only if that is kept. */
  readonly refused: (readonly [wish: Wish, code: RefusalCode])[]
  /** What is to be taken back if it is not. */
  readonly regrets: (() => void)[]
}

/** Raised when the fold or its view changes. */
const version = 1

/** What somebody who moderates wants to see at once. */
const urgent: ReadonlySet<BoardEvent['type']> = new Set([
  'wall_blanked',
  'note_spotlit',
  'note_moderated',
  'author_muted',
  'board_reset',
  'reset_undone',
])

export function* board(declared: DeclaredBoard, world: BoardWorld): Body {
  setLabel(declared.id)
  const state = yield* openBoard(declared, world)
  yield* tellPlaces(state)
  for (;;) {
    const messages = yield* nextTurn<Message>()
    yield* takeTurn(state, messages)
    for (const message of messages) if (message.type === 'follow') yield* answer(state, message)
  }
}

/** Folds the log, and the wall beside it, under the same numbers. */
function* openBoard(declared: DeclaredBoard, world: BoardWorld): Body<State> {
  const name = boardStream(declared.id)
  const { log, store } = world
  const keeping = { log, store, name, fold: boardFold, version }
  const kept = openKept(keeping, adminStream(declared.id))
  const { epoch, seq, view } = kept.told
  const wall = { name, epoch, store, fold: wallFold, seq, view: wallOf(view) }
  yield* catchUp(kept, (event, next) => {
    const change = wallChange(event, kept.told.view, next)
    take(wall, change, wallFold.fold(wall.view, change))
  })
  return { declared, world, kept, wall, patience: freshPatience(now()) }
}

/** Tells a new life: the events before may have been kept, and told to nobody. */
function* tellPlaces({ declared, kept: { told }, wall }: State): Body {
  tellPlace(wall)
  tellPlace(told)
  for (const author of new Set(told.view.notes.map((note) => note.author))) {
    tell({ type: 'snapshot', ...ownSnapshot(declared.id, author, told) })
  }
}

function* takeTurn(state: State, messages: readonly Message[]): Body {
  const { view } = state.kept.told
  const turn: Turn = { view, decided: [], hopeful: [], refused: [], regrets: [] }
  declare(state, turn)
  for (const message of messages) {
    if (message.type === 'wish') consider(state, turn, message)
    if (message.type === 'slide_asks' && !turn.view.wasOpened) {
      const event: BoardEvent = { type: 'settings_changed', settings: { open: true } }
      plan(turn, `opened/${seqOf(state, turn)}`, event)
    }
  }
  const { kept } = state
  const entries = turn.decided.map(({ key, event }) => ({ key, event }))
  if (entries.length > 0 && !kept.log.append(kept.name, kept.told.seq, entries)) {
    for (const takeBack of turn.regrets.reverse()) takeBack()
    for (const wish of turn.hopeful) decline(wish, 'not_kept')
    for (const [wish] of turn.refused) decline(wish, 'not_kept')
    return
  }
  yield* tellTurn(state, turn)
  for (const wish of turn.hopeful) acknowledge(wish)
  for (const [wish, code] of turn.refused) decline(wish, code)
}

/** What the deck says of the board is the beginning of its log, and again when the deck changed. */
function declare(state: State, turn: Turn): void {
  const { question, settings: defaults } = state.declared
  if (turn.view.question === question) return
  const settings = turn.view.question === '' ? defaults : turn.view.settings
  plan(turn, `declared/${seqOf(state, turn)}`, {
    type: 'board_declared',
    question,
    settings,
  })
}

function consider(state: State, turn: Turn, wish: Wish<BoardCommand>): void {
  const { command, id, visitor } = wish
  const key = keyOf(command, id, visitor)
  const granted = eventUnder(key, state, turn)
  if (granted) {
    const code = whyNotAgain(wish, granted)
    if (code) refuseInTurn(turn, wish, code)
    else turn.hopeful.push(wish)
    return
  }
  const event = decideNow(state, turn, wish)
  if (typeof event === 'string') return refuseInTurn(turn, wish, event)
  plan(turn, key, event)
  turn.hopeful.push(wish)
  if (event.type !== 'note_posted') return
  turn.regrets.push(notePosted(state.patience, visitor, event.id, now()))
}

function refuseInTurn(turn: Turn, wish: Wish, code: RefusalCode): void {
  if (turn.decided.length === 0) decline(wish, code)
  else turn.refused.push([wish, code])
}

/** A wish that is sent again is accepted again; anything else under its key is refused. */
function whyNotAgain(wish: Wish<BoardCommand>, granted: BoardEvent): RefusalCode | undefined {
  if (granted.type === 'note_seconded') {
    return granted.wish === wish.id ? undefined : 'already_seconded'
  }
  return isSameWish(wish.command, granted) ? undefined : 'wish_reused'
}

function decideNow(state: State, turn: Turn, wish: Wish<BoardCommand>): BoardEvent | RefusalCode {
  const { world, declared, patience } = state
  return decide(wish.command, {
    view: turn.view,
    seq: seqOf(state, turn),
    visitor: wish.visitor,
    wish: wish.id,
    patience,
    nowMs: now(),
    atMs: world.clock(),
    defaults: declared.settings,
    hasListedWord: world.hasListedWord,
  })
}

function eventUnder(key: string, { kept }: State, turn: Turn): BoardEvent | undefined {
  const decided = turn.decided.find((one) => one.key === key)
  return decided?.event ?? (kept.log.find(kept.name, key) as BoardEvent | undefined)
}

function plan(turn: Turn, key: string, event: BoardEvent): void {
  const view = boardFold.fold(turn.view, event)
  turn.decided.push({ key, event, view, change: wallChange(event, turn.view, view) })
  turn.view = view
}

/** Number that the next event of the turn would get. */
const seqOf = ({ kept }: State, { decided }: Turn): number => kept.told.seq + decided.length + 1

/** Tells what was kept: the moderator all, the wall what it shows, the authors what is theirs. */
function* tellTurn({ declared, kept, wall }: State, { decided }: Turn): Body {
  if (decided.length === 0) return
  const before = kept.told.view
  for (const { event, view, change } of decided) {
    takeKept(kept, event, view)
    take(wall, change, wallFold.fold(wall.view, change))
  }
  tellLast(
    kept.told,
    decided.map(({ event }) => event),
  )
  tellLast(
    wall,
    decided.map(({ change }) => change),
    decided.some(({ event }) => urgent.has(event.type)),
  )
  for (const author of concerned(decided, before, kept.told.view)) {
    tell({ type: 'snapshot', ...ownSnapshot(declared.id, author, kept.told) })
  }
}

/** Authors for whose notes something may have changed. */
function concerned(decided: readonly Decided[], before: BoardView, after: BoardView): Set<string> {
  const authors = new Set<string>()
  const notes = [...before.notes, ...after.notes]
  for (const { event } of decided) {
    if (event.type === 'note_posted' || event.type === 'author_muted') authors.add(event.author)
    else if (event.type === 'board_reset' || event.type === 'reset_undone') {
      for (const { author } of notes) authors.add(author)
    } else if ('note' in event) {
      const note = notes.find(({ id }) => id === event.note)
      if (note) authors.add(note.author)
    }
  }
  return authors
}

function ownSnapshot(board: string, author: string, told: Stream<BoardView, BoardEvent>) {
  const view = ownNotesOf(told.view, author)
  return { stream: ownStream(board, author), epoch: told.epoch, seq: told.seq, view }
}

function* answer({ declared: { id }, kept, wall }: State, follow: Follow): Body {
  const { stream, ref } = follow
  if (stream === wall.name) {
    return show(wall, follow, (changes) => withoutLeft(changes, wall.view))
  }
  if (stream === kept.told.name) return show(kept.told, follow)
  const { epoch, seq } = kept.told
  if (stream === exportStream(id)) {
    const view = yield* exportOf(kept.log, kept.name)
    acknowledge(follow)
    return tell({ type: 'snapshot', ref, stream, epoch, seq, view })
  }
  const author = stream.slice(ownStream(id, '').length)
  if (stream !== ownStream(id, author) || author === '') return decline(follow, 'unknown_stream')
  acknowledge(follow)
  tell({ type: 'snapshot', ref, ...ownSnapshot(id, author, kept.told) })
}
