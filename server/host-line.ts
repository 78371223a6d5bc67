/*
 * A wire between the runtimes of two OS processes, over a connected socket: words travel in the
 * frames of a pipe, so half a frame never becomes a word, and garbage ends the line. It is full
 * while its socket wants to drain.
 */
import type { Socket } from 'node:net'
import type { Wire } from '../src/runtime'
import { openPipe } from './pipe'

/** The wire for `runtime.hosts.connect`. One of the two sides calls, the other listens. */
export function hostLine(socket: Socket): Wire {
  let hear: (batch: unknown) => void = () => {}
  const pipe = openPipe<unknown, unknown>(socket, (word) => hear([word]))
  return {
    send(batch) {
      for (const word of batch) pipe.send(word)
      return !socket.writableNeedDrain
    },
    close: () => pipe.close(),
    onBatch: (take) => void (hear = take),
    onDrained: (act) => void socket.on('drain', act),
    onClose: (act) => void socket.once('close', act),
  }
}
