/*
 * The reception: whatever the gateway sends arrives here and is handed to the writer of its stream.
 * A session that does not live yet is started when it is first spoken to; boards live always.
 */
import { qualified, receive, send, startNamedChild, whereis, type Body, type Pid } from '../runtime'
import { sessionStream } from '../protocol/envelope'
import type { Streams } from './stream'
import { decline, type Follow, type Wish } from './wish'

const Session = qualified<typeof import('./session')>('session')

export function* reception(streams: Streams): Body {
  for (;;) {
    const message = yield* receive<Follow | Wish>()
    const visitor = visitorOf(message.stream)
    if (visitor === undefined) decline(message, 'unknown_stream')
    else {
      const writer = whereis(message.stream) ?? (yield* startSession(visitor, streams))
      if (writer) send(writer, message)
      else decline(message, 'too_busy')
    }
  }
}

/**
 * Hands each word to the writer whose name the stream begins with: a board writes `boards/board/x`,
 * and what it tells its moderator and its authors under that. `names` are those of all writers; one
 * that does not live at this moment is being restarted, and its wishes come again.
 */
export function* writersReception(names: readonly string[]): Body {
  for (;;) {
    const message = yield* receive<Follow | Wish>()
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

function* startSession(visitor: string, streams: Streams): Body<Pid | undefined> {
  const name = sessionStream(visitor)
  const child = yield* startNamedChild('sessions', name, Session.session, visitor, streams)
  // Refused because its supervisor has restarted it meanwhile: then it is there. Else there are too
  // many.
  return child.ok ? child.pid : whereis(name)
}
