/*
 * The reception: whatever the gateway sends arrives here and is handed to the writer of its stream.
 * A session that does not live yet is started when it is first spoken to; boards live always. When
 * the hosts of the group share the visitors anew, sessions come and go here too.
 */
import {
  monitor,
  now,
  qualified,
  receive,
  send,
  setPriority,
  startNamedChild,
  terminateChild,
  timeout,
  whereis,
  whichChildren,
  type Body,
  type Down,
  type Pid,
  type Priority,
  type Ref,
} from '../runtime'
import { sessionStream, type ToHost } from '../protocol/envelope'
import { ownerOf } from '../protocol/share'
import { legacyOf, noLegacy, type HandOver, type Legacy, type LeftSession } from './hand-over'
import { observerName, type Observe } from './observer'
import type { Streams } from './stream'
import { acknowledge, decline, type Follow, type Wish } from './wish'

const Session = qualified<typeof import('./session')>('session')

export function* reception(streams: Streams): Body {
  for (;;) {
    const message = yield* receive<ToHost>()
    if (message.type === 'observe') send(observerName, message)
    else if (message.type === 'share') yield* handOverOthers(message)
    else if (message.type === 'take_over') yield* takeOver(message, streams)
    else yield* handOn(message as Follow | Wish, streams)
  }
}

function* handOn(message: Follow | Wish, streams: Streams): Body {
  const visitor = visitorOf(message.stream)
  if (visitor === undefined) return decline(message, 'unknown_stream')
  const writer = whereis(message.stream) ?? (yield* startSession(visitor, streams))
  if (writer) send(writer, message)
  else decline(message, 'too_busy')
}

/**
 * Hands each word to the writer whose name the stream begins with: a board writes `boards/board/x`,
 * and what it tells its moderator and its authors under that. `names` are those of all writers; one
 * that does not live at this moment is being restarted, and its wishes come again.
 */
export function* writersReception(names: readonly string[], priority: Priority = 'normal'): Body {
  setPriority(priority)
  for (;;) {
    const message = yield* receive<Follow | Wish | Observe>()
    if (message.type === 'observe') {
      send(observerName, message)
      continue
    }
    const name = message.stream.split('/').slice(0, 3).join('/')
    const writer = names.includes(name) ? whereis(name) : undefined
    if (writer) send(writer, message)
    else decline(message, names.includes(name) ? 'host_down' : 'unknown_stream')
  }
}

/** The visitor whose session writes that stream, or undefined when it is another stream. */
function visitorOf(stream: string): string | undefined {
  const visitor = stream.slice(sessionStream('').length)
  return visitor !== '' && stream === sessionStream(visitor) ? visitor : undefined
}

function* startSession(
  visitor: string,
  streams: Streams,
  legacy: Legacy = noLegacy,
): Body<Pid | undefined> {
  const name = sessionStream(visitor)
  const child = yield* startNamedChild('sessions', name, Session.session, visitor, streams, legacy)
  // Refused because its supervisor has restarted it meanwhile: then it is there. Else there are too
  // many.
  return child.ok ? child.pid : whereis(name)
}

/** One that is killed at that moment is restarted, and told again; not for ever. */
const rounds = 3
/** A session that has not moved by then never will, and is ended. */
const movesWithinMs = 1_000

/** Has all sessions move that are another host's now, and answers when they have. */
function* handOverOthers(share: Extract<ToHost, { type: 'share' }>): Body {
  for (let round = 0; round < rounds; round++) {
    const sessions = yield* whichChildren('sessions')
    const moving = new Map<Ref, Pid>()
    for (const { id, pid } of sessions) {
      if (!pid || ownerOf(id, share.hosts) === share.host) continue
      send(pid, { type: 'hand_over' } satisfies HandOver)
      moving.set(monitor(pid), pid)
    }
    if (moving.size === 0) break
    const isDown = (message: unknown) => moving.has((message as Down).ref)
    const untilMs = now() + movesWithinMs
    while (moving.size > 0) {
      const down = yield* receive<Down>(isDown, Math.max(0, untilMs - now()))
      if (down === timeout) break
      moving.delete(down.ref)
    }
    for (const pid of moving.values()) yield* terminateChild('sessions', pid)
  }
  acknowledge(share)
}

/** Goes on with a session that lived in another host; one that lives here already knows better. */
function* takeOver(message: Extract<ToHost, { type: 'take_over' }>, streams: Streams): Body {
  const visitor = visitorOf(message.stream)
  const legacy = legacyOf(message.state as LeftSession, streams.life)
  if (visitor !== undefined) yield* startSession(visitor, streams, legacy)
  acknowledge(message)
}
