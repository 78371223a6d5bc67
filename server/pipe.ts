/*
 * A pipe between two OS processes: words in, words out, in order, over a local socket. On the wire
 * a frame is a length (four bytes, little-endian) and a batch of words in V8's own serialisation,
 * which carries binary data as it is. All words of one turn of the loop travel in one frame:
 * batching is what makes a pipe fast.
 */
import type { Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'

/** A frame beyond this is no frame of ours. */
const maxFrameBytes = 64 * 1024 * 1024
const headBytes = 4

export interface Pipe<Out> {
  /** Sends a word; on a closed pipe it is lost, as the other side is. */
  send(word: Out): void
  close(): void
}

/**
 * Speaks over a connected socket. `hear` gets each word, in order. A frame that is none ends the
 * pipe, since nothing after it can be trusted; the socket's `close` event tells.
 */
export function openPipe<Out, In>(socket: Socket, hear: (word: In) => void): Pipe<Out> {
  let batch: Out[] = []
  const flush = () => {
    const words = batch
    batch = []
    if (socket.writable) socket.write(frame(words))
  }
  socket.on('error', () => socket.destroy())
  readFrames(socket, (words) => words.forEach((word) => hear(word as In)))
  return {
    send(word) {
      batch.push(word)
      if (batch.length === 1) setImmediate(flush)
    },
    close: () => void socket.destroy(),
  }
}

function frame(words: readonly unknown[]): Buffer {
  const body = serialize(words)
  const head = Buffer.allocUnsafe(headBytes)
  head.writeUInt32LE(body.length)
  return Buffer.concat([head, body])
}

function readFrames(socket: Socket, take: (words: readonly unknown[]) => void): void {
  let chunks: Buffer[] = []
  let held = 0
  let wanted = headBytes
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    held += chunk.length
    // Joined only when a frame is complete: a large one would be copied once for each of its
    // chunks.
    if (held < wanted) return
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks)
    for (;;) {
      wanted = rest.length < headBytes ? headBytes : headBytes + rest.readUInt32LE(0)
      if (wanted > maxFrameBytes) return void socket.destroy()
      if (rest.length < wanted || rest.length < headBytes) break
      if (!tryTake(rest.subarray(headBytes, wanted), take)) return void socket.destroy()
      rest = rest.subarray(wanted)
    }
    chunks = rest.length > 0 ? [rest] : []
    held = rest.length
  })
}

function tryTake(body: Buffer, take: (words: readonly unknown[]) => void): boolean {
  let words: unknown
  try {
    words = deserialize(body)
  } catch {
    return false
  }
  // A list may say that it is endless, and have nothing in it.
  const isBatch = Array.isArray(words) && words.length <= body.length
  if (isBatch) take(words as unknown[])
  return isBatch
}
