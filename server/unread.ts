/*
 * Browsers that stopped reading. What is told to one waits in memory until its line takes it; a
 * crowd's words are shared and cost little, snapshots do not. So all lines are looked at once a
 * second, and each whenever it asks for more: one for which too much waits is cut. Its page has a
 * cursor and comes back for what it missed.
 *
 * What is under way on the line does not count, however large it is: a phone far from the access
 * point may take its time for one snapshot.
 */
import type { Server, Socket } from 'socket.io'
import type { Role } from '../src/protocol/envelope'

/** Ten seconds and more of words to a crowd. */
const maxWords = 500
/**
 * Characters. A wall of five hundred long notes has half a million, all that moderators see more.
 */
const maxLength: Readonly<Record<Role, number>> = { audience: 1_000_000, presenter: 64_000_000 }
const lookEveryMs = 1_000

/** The parts of a line of Engine.IO that are used here. */
interface Line {
  /** What waits behind what is under way. */
  readonly writeBuffer: readonly { readonly data?: unknown }[]
  /** Its `socket` is missing while the browser polls. */
  readonly transport: { readonly socket?: { terminate(): void } }
  close(discard: boolean): void
}
const lineOf = (socket: Socket) => socket.conn as unknown as Line

/** Whether too much waits for a browser. */
export function isUnread(socket: Socket, role: Role): boolean {
  const { writeBuffer } = lineOf(socket)
  if (writeBuffer.length > maxWords) return true
  let length = 0
  for (const { data } of writeBuffer) length += typeof data === 'string' ? data.length : 0
  return length > maxLength[role]
}

/** Ends a line with all that waits on it; a polite end would wait for a browser that reads. */
export function cut(socket: Socket): void {
  const line = lineOf(socket)
  const { transport } = line
  line.close(true)
  transport.socket?.terminate()
}

/** Cuts the lines of whoever has stopped reading, until stopped. */
export function cutUnread(io: Server, roleOf: (socket: Socket) => Role): () => void {
  const timer = setInterval(() => {
    for (const socket of io.of('/').sockets.values()) {
      if (isUnread(socket, roleOf(socket))) cut(socket)
    }
  }, lookEveryMs)
  return () => clearInterval(timer)
}
