/*
 * A recording from where it lies: a file of the server, or one of the visitor's own, packed with
 * gzip or not. One that was cut off is good up to there, also when it was cut off while packed.
 */
import { readRecording, type Recording } from '../protocol/recording'

/**
 * `not_found`: the server has none of that name. `unreachable`: it did not answer. `no_recording`:
 * the file is something else. `too_large`: unpacked it is more than a talk can be.
 */
export type OpenProblem = 'not_found' | 'unreachable' | 'no_recording' | 'too_large'

export type Opened =
  { readonly recording: Recording; readonly isCutOff: boolean } | { readonly problem: OpenProblem }

/** Unpacked, in bytes: a talk of an hour has a tenth of it. */
const maxBytes = 256e6

/** Where the server offers its recordings, and whatever belongs to them. */
export const recordingsPath = '/recordings/'

/** Opens a recording that the server offers. Never rejects. */
export async function fetchRecording(name: string): Promise<Opened> {
  if (!/^[\w-]{1,60}$/.test(name)) return { problem: 'not_found' }
  const response = await fetch(`${recordingsPath}${name}.jsonl.gz`).catch(() => undefined)
  if (!response) return { problem: 'unreachable' }
  if (!response.ok || !response.body) return { problem: 'not_found' }
  return await openStream(response.body)
}

/**
 * A recording that the server offers, as a file for later; undefined when it offers none of that
 * name, or cannot be reached. Its list is asked first: what is not there is no fault of anybody.
 */
export async function keepRecording(name: string): Promise<Blob | undefined> {
  const ask = async (file: string) => {
    const response = await fetch(`${recordingsPath}${file}`)
    return response.ok ? response : undefined
  }
  try {
    const names: unknown = await (await ask('index.json'))?.json()
    const isOffered = Array.isArray(names) && names.includes(name)
    return isOffered ? await (await ask(`${name}.jsonl.gz`))?.blob() : undefined
  } catch {
    return undefined
  }
}

/** Opens a file of the visitor's own, or one that was kept. Never rejects. */
export const openRecordingFile = async (file: Blob): Promise<Opened> =>
  await openStream(file.stream())

async function openStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Opened> {
  const { chunks, isWhole, isTooLarge } = await readAll(await unpacked(stream))
  if (isTooLarge) return { problem: 'too_large' }
  const recording = readRecording(linesOf(chunks))
  return recording ? { recording, isCutOff: !isWhole } : { problem: 'no_recording' }
}

/** Told by its first bytes, since a server may have unpacked it, and a name tells nothing. */
async function unpacked(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const [one, other] = stream.tee()
  const reader = one.getReader()
  const first = await reader.read().catch(() => undefined)
  // Whoever is not read any more must not hold up the other.
  void reader.cancel().catch(() => {})
  const isPacked = first?.value?.[0] === 0x1f && first.value[1] === 0x8b
  return isPacked ? other.pipeThrough(new DecompressionStream('gzip')) : other
}

async function readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const reader = stream.getReader()
  let size = 0
  let isWhole = true
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > maxBytes) {
        void reader.cancel().catch(() => {})
        return { chunks: [], isWhole, isTooLarge: true }
      }
      chunks.push(value)
    }
  } catch {
    // Packed and cut off: what came before is good.
    isWhole = false
  }
  return { chunks, isWhole, isTooLarge: false }
}

/** The lines of a text in UTF-8; what is none reads as signs of replacement. */
function* linesOf(chunks: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
