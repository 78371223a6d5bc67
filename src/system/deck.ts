/*
 * The deck's place in the talk. Its one word is `show_slide`; it is kept in the log, so that a
 * restarted host knows where the talk is. A slide that asks to a board tells that board so.
 */
import { send, whereis, type Body } from '../runtime'
import { boardStream } from '../protocol/board'
import {
  deckFold,
  deckStream,
  type DeckEvent,
  type DeckView,
  type DeclaredDeck,
  type ShowSlide,
} from '../protocol/deck'
import type { BoardWorld, SlideAsks } from './board'
import { catchUp, openKept, takeKept, type KeptStream } from './kept-stream'
import { show, tellLast, tellPlace } from './stream'
import { nextTurn } from './turn'
import { acknowledge, decline, type Follow, type Wish } from './wish'

type Message = Follow | Wish<ShowSlide>

/** Raised when the fold or its view changes. */
const version = 1

export function* deck(declared: DeclaredDeck, world: BoardWorld): Body {
  const { log, store } = world
  const keeping = { log, store, name: deckStream, fold: deckFold, version }
  const kept = openKept<DeckView, DeckEvent>(keeping)
  yield* catchUp(kept)
  tellPlace(kept.told)
  // The life before may have ended between a slide and its board.
  askBoard(kept.told.view.shown?.board)
  for (;;) {
    const messages = yield* nextTurn<Message>()
    for (const message of messages) {
      if (message.type === 'wish') turnTo(declared, world, kept, message)
      if (message.type === 'follow') show(kept.told, message)
    }
  }
}

function turnTo(
  { slides }: DeclaredDeck,
  { log, clock }: BoardWorld,
  kept: KeptStream<DeckView, DeckEvent>,
  wish: Wish<ShowSlide>,
): void {
  const { slide, fragment } = wish.command
  if (!Object.hasOwn(slides, slide)) return decline(wish, 'unknown_slide')
  if (log.find(deckStream, wish.id) !== undefined) return acknowledge(wish)
  const board = slides[slide] ?? undefined
  const shown = { slide, fragment, wish: wish.id, atMs: clock() }
  const event: DeckEvent = { type: 'slide_shown', ...shown, ...(board && { board }) }
  if (!log.append(deckStream, kept.told.seq, [{ key: wish.id, event }])) {
    return decline(wish, 'not_kept')
  }
  takeKept(kept, event, deckFold.fold(kept.told.view, event))
  tellLast(kept.told, [event])
  acknowledge(wish)
  askBoard(board)
}

function askBoard(board: string | undefined): void {
  const writer = board === undefined ? undefined : whereis(boardStream(board))
  if (writer) send(writer, { type: 'slide_asks' } satisfies SlideAsks)
}
