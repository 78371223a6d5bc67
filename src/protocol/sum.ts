/*
 * The words of the buggy service. A visitor wishes a sum by the text as typed; the session parses
 * it. The view is the visitor's list, oldest first, cut to its last 50 lines.
 */
import type { Fold } from './fold'
import { refuse, type Refusal } from './refusals'

/** Longest text that may be typed, in characters. Forty digits are enough to run for ever. */
export const maxTextLength = 40

/** How many lines a visitor's list keeps. */
export const maxLines = 50

export interface StartSum {
  readonly type: 'start_sum'
  /** What was typed, untouched. */
  readonly text: string
}

export type SumEvent =
  | { readonly type: 'sum_started'; readonly id: string; readonly number: string }
  | { readonly type: 'sum_finished'; readonly id: string; readonly result: string }
  | { readonly type: 'sum_failed'; readonly id: string; readonly reason: string }

/** One sum of the list. `id` is the id of the wish that started it. */
export interface SumLine {
  readonly id: string
  readonly number: string
  readonly state: 'calculating' | 'finished' | 'failed'
  /** The result in decimal digits, or the reason of the failure. */
  readonly outcome?: string
}

export interface SumView {
  readonly lines: readonly SumLine[]
}

/** Shape check of a session's command; the gateway asks it before the host sees anything. */
export function checkSumCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, text } = command as Record<string, unknown>
  if (type !== 'start_sum' || typeof text !== 'string') return refuse('malformed')
  if (Object.keys(command).length !== 2) return refuse('malformed')
  if (text.length > maxTextLength) return refuse('too_long')
  return undefined
}

export const sumFold: Fold<SumView, SumEvent> = {
  empty: { lines: [] },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'sum_started': {
        const line: SumLine = { id: event.id, number: event.number, state: 'calculating' }
        return { lines: [...view.lines, line].slice(-maxLines) }
      }
      case 'sum_finished':
        return withLine(view, event.id, { state: 'finished', outcome: event.result })
      case 'sum_failed':
        return withLine(view, event.id, { state: 'failed', outcome: event.reason })
      default:
        return view
    }
  },
}

function withLine(view: SumView, id: string, change: Partial<SumLine>): SumView {
  return { lines: view.lines.map((line) => (line.id === id ? { ...line, ...change } : line)) }
}
