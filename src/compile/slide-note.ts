/*
 * What a speaker note says about time: its first line is `MM:SS`, when the slide begins, and where
 * the speaker changes, a name (`25:00 Marcus, ad lib`). From these come the pace of the talk and
 * the cue for handing over.
 */
import { isBlank, type DeckLine } from './deck-line'
import type { Report } from './problem'

export interface Cue {
  readonly startSeconds?: number
  readonly speaker?: string
}

const timed = /^(\d{1,3}):([0-5]\d)(?:[ \t]+(.+))?$/

/** A name is at most three words; what follows a comma is a remark. */
const named = /^(\p{L}[\p{L}\p{M}.'’-]*(?: \p{L}[\p{L}\p{M}.'’-]*){0,2})[ \t]*(?:,|$)/u

/** Reads the first line of a note. A note that does not begin with a time is a warning. */
export function readCue(note: readonly DeckLine[], report: Report): Cue {
  const line = note.find((candidate) => !isBlank(candidate))
  const [, minutes, seconds, rest = ''] = timed.exec(line?.text.trim() ?? '') ?? []
  if (minutes === undefined) {
    report.warn(
      (line ?? note[0])?.number ?? 1,
      'This note does not say when its slide begins. ' +
        'Begin it with MM:SS, and a name where the speaker changes: 05:00 Ada.',
    )
    return {}
  }
  const speaker = named.exec(rest.trim())?.[1]
  const startSeconds = Number(minutes) * 60 + Number(seconds)
  return speaker === undefined ? { startSeconds } : { startSeconds, speaker }
}

/** A slide's cue, and the line it stands on. */
export interface TimedSlide {
  readonly startSeconds?: number
  readonly line: number
}

/**
 * How many seconds each slide takes, in the order of the talk. A slide without a time of its own
 * takes none: the one before it has the time of both. Undefined where nothing later tells the end.
 */
export function secondsPerSlide(
  slides: readonly TimedSlide[],
  report: Report,
): (number | undefined)[] {
  const seconds: (number | undefined)[] = slides.map(() => undefined)
  let last = -1
  slides.forEach(({ startSeconds, line }, index) => {
    if (startSeconds === undefined) return
    const before = slides[last]?.startSeconds
    if (before !== undefined && startSeconds < before) {
      report.error(
        line,
        `This slide begins at ${clock(startSeconds)}, before the one in front of it ` +
          `(${clock(before)}). Write a later time here or an earlier one there.`,
      )
      return
    }
    if (before !== undefined) {
      seconds.fill(0, last, index)
      seconds[last] = startSeconds - before
    }
    last = index
  })
  return seconds
}

const clock = (seconds: number): string =>
  [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')
