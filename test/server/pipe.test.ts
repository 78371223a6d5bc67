/*
 * A pipe: words in order and whole, however the bytes arrive, and nothing after garbage.
 */
import { PassThrough } from 'node:stream'
import type { Socket } from 'node:net'
import { serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { openPipe } from '../../server/pipe'
import { Random } from '../support/random'

const frame = (words: unknown): Buffer => framed(serialize(words))
function framed(body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(body.length)
  return Buffer.concat([head, body])
}

/** The words heard from bytes that arrive in these pieces, and whether the pipe still stands. */
function hearing(chunks: readonly Buffer[]): { words: unknown[]; stands: boolean } {
  const stream = new PassThrough()
  const words: unknown[] = []
  openPipe(stream as unknown as Socket, (word) => words.push(word))
  for (const chunk of chunks) if (!stream.destroyed) stream.emit('data', chunk)
  return { words, stands: !stream.destroyed }
}

test('frames cut at any byte give the same words', () => {
  const bytes = Buffer.concat([frame(['one', { two: 2 }]), frame([]), frame([new Uint8Array(9)])])
  const words = ['one', { two: 2 }, new Uint8Array(9)]
  for (let at = 0; at <= bytes.length; at++) {
    expect(hearing([bytes.subarray(0, at), bytes.subarray(at)])).toEqual({ words, stands: true })
  }
  expect(hearing([...bytes].map((byte) => Buffer.of(byte)))).toEqual({ words, stands: true })
})

test('many frames in pieces of any size keep their order', () => {
  const random = new Random(1)
  const words = Array.from({ length: 500 }, (_, at) => at)
  const bytes = Buffer.concat(words.map((word) => frame([word])))
  for (let round = 0; round < 50; round++) {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      const end = at + random.between(1, 60)
      chunks.push(bytes.subarray(at, end))
      at = end
    }
    expect(hearing(chunks).words).toEqual(words)
  }
})

test.each([
  ['a frame beyond 64 MB', Buffer.of(0, 0, 0, 5)],
  ['a body that is no serialisation', framed(Buffer.from('garbage'))],
  ['an empty body', framed(Buffer.alloc(0))],
  ['a word outside of a batch', frame('alone')],
  ['a batch without end', frame(new Array(2 ** 31))],
])('%s ends the pipe, and nothing after it is heard', (_, garbage) => {
  const chunks = [frame(['before']), Buffer.concat([garbage, frame(['after'])])]
  expect(hearing(chunks)).toEqual({ words: ['before'], stands: false })
})

test('words of a megabyte, text or binary, arrive as they were sent, in one batch a turn', async () => {
  const stream = new PassThrough({ highWaterMark: 1_000 })
  const binary = new Uint8Array(1_000_000).map((_, at) => at % 251)
  const text = 'é'.repeat(1_000_000)
  const heard: unknown[] = []
  await new Promise<void>((resolve) => {
    const pipe = openPipe<unknown, unknown>(stream as unknown as Socket, (word) => {
      heard.push(word)
      if (word === 'last') resolve()
    })
    for (const word of [text, binary, 'last']) pipe.send(word)
  })
  expect(heard[0] === text).toBe(true)
  expect(Buffer.compare(heard[1] as Uint8Array, binary)).toBe(0)
  expect(heard).toHaveLength(3)
})
