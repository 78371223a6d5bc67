/*
 * A recording: what was told in a talk, as lines of JSON. The first line is the head, each other
 * line is a word of a stream as the gateway told it (envelope.ts), with its time:
 *
 *   { "recording": 1, "title": …, "version": …, "beganAtMs": … }
 *   { "atMs": 0,   "type": "snapshot", "stream", "epoch", "seq", "view" }   replaces all
 *   { "atMs": 120, "type": "events",   "stream", "epoch", "seq", "events" } what followed
 *   { "atMs": 900, "type": "gap" }                nothing was heard from here to the next line
 *
 * Times are milliseconds since the recording began and never go back. A recording is a fold over
 * its lines, so one that was cut off anywhere is good up to there. Whoever reads one did not write
 * it: a line that is none is counted and left out, and nothing in it is ever run.
 */
import {
  array,
  integer,
  literal,
  maxLength,
  maxValue,
  minValue,
  number,
  object,
  optional,
  pipe,
  regex,
  safeParse,
  string,
  unknown,
  variant,
} from 'valibot'
import type { Events, Snapshot } from './envelope'

/** The version that is written. All versions before it are read as well. */
export const recordingVersion = 1

export interface RecordingHead {
  readonly recording: number
  /** What the talk is called. */
  readonly title: string
  /** Version of the project that was recorded. */
  readonly version: string
  /** When it began, in milliseconds since the epoch. */
  readonly beganAtMs: number
  /** What was said, in a file beside it, which begins so long after the recording; maybe before. */
  readonly sound?: { readonly file: string; readonly afterMs: number } | undefined
}

export type RecordedWord = { readonly atMs: number } & (
  | ({ readonly type: 'snapshot' } & Snapshot)
  | ({ readonly type: 'events' } & Events)
  | { readonly type: 'gap' }
)

export interface Recording {
  readonly head: RecordingHead
  /** In the order of their times. */
  readonly words: readonly RecordedWord[]
  /** Lines that could not be read. */
  readonly unreadable: number
  /** It was written by a later version, which may say things that are not known here. */
  readonly isNewer: boolean
}

/** A line of a recording, without its end. */
export const recordingLine = (part: RecordingHead | RecordedWord): string => JSON.stringify(part)

/** A whole day: no talk is longer, and a slider has an end. */
export const maxAtMs = 24 * 60 * 60_000
/** More than a talk of an hour has; what is beyond is left out. */
const maxWords = 1_000_000

const text = (length: number) => pipe(string(), maxLength(length))
const count = pipe(number(), integer(), minValue(0), maxValue(Number.MAX_SAFE_INTEGER))
const atMs = pipe(number(), minValue(0), maxValue(maxAtMs))
const stream = pipe(text(200), regex(/^[a-z0-9/_-]+$/))
const place = { atMs, stream, epoch: text(80), seq: count }

const head = object({
  recording: pipe(number(), integer(), minValue(1)),
  title: text(200),
  version: text(40),
  beganAtMs: pipe(number(), minValue(0), maxValue(8.64e15)),
  sound: optional(
    object({
      file: pipe(text(200), regex(/^[\w-]+(\.[\w-]+)*$/)),
      afterMs: pipe(number(), minValue(-maxAtMs), maxValue(maxAtMs)),
    }),
  ),
})

const word = variant('type', [
  object({ type: literal('snapshot'), ...place, view: unknown() }),
  object({ type: literal('events'), ...place, events: array(unknown()) }),
  object({ type: literal('gap'), atMs }),
])

/** Reads a recording; undefined when its first line is no head. */
export function readRecording(lines: Iterable<string>): Recording | undefined {
  let known: RecordingHead | undefined
  const words: RecordedWord[] = []
  let unreadable = 0
  let lastMs = 0
  for (const line of lines) {
    if (known === undefined) {
      const read = safeParse(head, parse(line))
      if (!read.success) return undefined
      known = read.output
      continue
    }
    if (line === '') continue
    const read = words.length < maxWords ? safeParse(word, parse(line)) : undefined
    // Time that goes back is none: the line belongs to no moment.
    if (!read?.success || read.output.atMs < lastMs) {
      unreadable++
      continue
    }
    lastMs = read.output.atMs
    words.push(read.output as RecordedWord)
  }
  if (known === undefined) return undefined
  return { head: known, words, unreadable, isNewer: known.recording > recordingVersion }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
