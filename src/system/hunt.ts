/*
 * The bug hunt's book: kept in the log, so that no killed host forgets what was found. A visitor
 * counts once for each bug and round; the log's keys know who that was, and nobody is told.
 */
import type { Body } from '../runtime'
import {
  huntFold,
  huntStream,
  type FindBug,
  type HuntCommand,
  type HuntEvent,
  type HuntView,
} from '../protocol/hunt'
import type { BoardWorld } from './board'
import { catchUp, openKept, takeKept, type KeptStream } from './kept-stream'
import { show, tellLast, tellPlace } from './stream'
import { nextTurn } from './turn'
import { acknowledge, decline, type Follow, type Wish } from './wish'

type Message = Follow | Wish<HuntCommand | FindBug>

/** Raised when the fold or its view changes. */
const version = 1

export function* hunt({ log, store, clock }: BoardWorld): Body {
  const kept = openKept<HuntView, HuntEvent>({
    ...{ log, store, name: huntStream, fold: huntFold, version },
  })
  yield* catchUp(kept)
  tellPlace(kept.told)
  for (;;) {
    const messages = yield* nextTurn<Message>()
    for (const message of messages) {
      if (message.type === 'follow') show(kept.told, message)
      if (message.type === 'wish') grant(kept, message, clock())
    }
  }
}

function grant(
  kept: KeptStream<HuntView, HuntEvent>,
  wish: Wish<HuntCommand | FindBug>,
  nowMs: number,
): void {
  const { log, told } = kept
  const { command, visitor } = wish
  const isFind = command.type === 'find_bug'
  if (isFind && !told.view.armed) return acknowledge(wish)
  const key = isFind ? `${told.view.round} ${command.bug} ${visitor}` : wish.id
  if (log.find(huntStream, key) !== undefined) return acknowledge(wish)
  const event = eventOf(command, nowMs)
  if (!log.append(huntStream, told.seq, [{ key, event }])) return decline(wish, 'not_kept')
  takeKept(kept, event, huntFold.fold(told.view, event))
  tellLast(told, [event])
  acknowledge(wish)
}

function eventOf(command: HuntCommand | FindBug, atMs: number): HuntEvent {
  switch (command.type) {
    case 'find_bug':
      return { type: 'bug_found', bug: command.bug, isShadow: command.isShadow, atMs }
    case 'arm_hunt':
      return { type: 'hunt_armed', armed: command.armed }
    case 'reveal_bug':
      return { type: 'bug_revealed', bug: command.bug }
    case 'reset_hunt':
      return { type: 'hunt_reset', atMs }
  }
}
