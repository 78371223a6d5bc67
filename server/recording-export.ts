/*
 * Makes of what the recorder wrote a file for everybody: read as a stranger's, redacted, packed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import {
  readRecording,
  recordingLine,
  recordingVersion,
  type Recording,
  type RecordingHead,
} from '../src/protocol/recording'
import { redact, type Redacted } from './redaction'

const usage =
  'npm run recording -- FILE [--out FILE.jsonl.gz] [--title TEXT] [--sound FILE --after SECONDS]'

/** Hours of a talk. */
const maxBytes = 256 * 1024 * 1024
const maxTitle = 200
const maxAfterS = 24 * 60 * 60

interface Words {
  readonly file: string
  readonly out: string
  readonly title: string | undefined
  readonly sound: RecordingHead['sound']
}

/** A sentence for who asked for the export. */
class NoExport extends Error {}

/** Gives what the program shall exit with: 1 when nothing was written for a reason. */
export function exportRecording(args: readonly string[]): number {
  try {
    const words = readWords(args)
    const recording = readRecording(readLines(words.file))
    if (!recording) throw new NoExport(`${words.file} is no recording.`)
    const redacted = redact(recording.words)
    const packed = pack(headOf(recording, words), redacted)
    write(words.out, packed)
    process.stdout.write(`${report(words.out, packed, recording, redacted)}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof NoExport)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

function readWords(args: readonly string[]): Words {
  const { file, out, title, sound, after } = parse(args)
  if (file === undefined) throw new NoExport(usage)
  const target = out ?? file.replace(/(\.jsonl)?(\.gz)?$/, '.jsonl.gz')
  if (resolve(target) === resolve(file)) throw new NoExport('--out must be another file.')
  if (title !== undefined && (title === '' || title.length > maxTitle)) {
    throw new NoExport(`--title has from 1 to ${maxTitle} characters.`)
  }
  return { file, out: target, title, sound: readSound(sound, after) }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const options = { out: text, title: text, sound: text, after: text }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { file: positionals.length === 1 ? positionals[0] : undefined, ...values }
  } catch {
    throw new NoExport(usage)
  }
}

/** The sound lies beside the recording, under the same name. */
function readSound(path: string | undefined, after: string | undefined): RecordingHead['sound'] {
  if (path === undefined) {
    if (after === undefined) return undefined
    throw new NoExport('--after says when the sound begins: it needs --sound.')
  }
  const file = basename(path)
  const seconds = Number(after ?? '0')
  if (!existsSync(path)) throw new NoExport(`There is no file ${path}.`)
  if (!/^[\w-]+(\.[\w-]+)*$/.test(file)) {
    throw new NoExport('The name of the sound has letters, digits, dashes and dots only.')
  }
  if (after === '' || !(Math.abs(seconds) <= maxAfterS)) {
    throw new NoExport('--after is a number of seconds.')
  }
  return { file, afterMs: Math.round(seconds * 1000) }
}

function readLines(path: string): string[] {
  try {
    const raw = readFileSync(path)
    const isPacked = raw[0] === 0x1f && raw[1] === 0x8b
    // One that was cut off is good up to there.
    const most = { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH }
    const bytes = isPacked ? gunzipSync(raw, most) : raw
    if (bytes.length > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`)
    return bytes.toString().split('\n')
  } catch (error) {
    throw new NoExport(`${path} cannot be read: ${(error as Error).message}.`)
  }
}

const headOf = ({ head }: Recording, { title, sound }: Words): RecordingHead => ({
  recording: recordingVersion,
  title: title ?? head.title,
  version: head.version,
  beganAtMs: head.beganAtMs,
  ...(sound && { sound }),
})

const pack = (head: RecordingHead, { words }: Redacted): Buffer =>
  gzipSync(`${[head, ...words].map(recordingLine).join('\n')}\n`, { level: 9 })

function write(path: string, packed: Buffer): void {
  try {
    writeFileSync(path, packed)
  } catch (error) {
    throw new NoExport(`${path} cannot be written: ${(error as Error).message}.`)
  }
}

function report(out: string, packed: Buffer, recording: Recording, redacted: Redacted): string {
  const { unreadable, isNewer } = recording
  const lastMs = redacted.words.at(-1)?.atMs ?? 0
  const size = `${Math.ceil(packed.length / 1000)} kB`
  const told = [`${out}: ${(lastMs / 60_000).toFixed(1)} minutes, ${size}.`]
  if (redacted.notes > 0) told.push(`Notes taken out: ${redacted.notes}.`)
  if (unreadable > 0) told.push(`Lines that could not be read: ${unreadable}.`)
  if (redacted.leftOut > 0) told.push(`Left out, not understood: ${redacted.leftOut}.`)
  if (isNewer) told.push('A later version wrote it.')
  return told.join(' ')
}
