/*
 * The console: what whoever gives the talk types into the running system, and what it prints. There
 * is one for all, so two presenters see each other's lines; everybody may look on. Its writer is
 * the gateway, and its view is what a screen shows: the last lines.
 */
import type { Fold } from './fold'
import { refuse, type Refusal } from './refusals'

export const consoleStream = 'gateway/console'

/** In UTF-16 units; as much as the console's language reads. */
export const maxLineLength = 500

export interface ConsoleCommand {
  readonly type: 'line'
  readonly text: string
}

/** Lines are done one after the other: each typed one is followed by `printed` or by `cleared`. */
export type ConsoleEvent =
  | { readonly type: 'typed'; readonly text: string; readonly atMs: number }
  | { readonly type: 'printed'; readonly lines: readonly string[]; readonly isError?: true }
  | { readonly type: 'cleared' }

export interface ConsoleLine {
  readonly kind: 'typed' | 'printed' | 'error'
  readonly text: string
}

export interface ConsoleView {
  /** Oldest first. */
  readonly lines: readonly ConsoleLine[]
  /** How many lines there were in all, so that whoever has seen some knows which are new. */
  readonly count: number
  /** How often it was cleared. */
  readonly clears: number
  /** What was typed, oldest first: the history. And how many lines that were in all. */
  readonly typed: readonly string[]
  readonly typedCount: number
  /** The last typed line is still being done. */
  readonly isBusy: boolean
}

/** How many lines the view keeps, and how many typed ones as its history. */
export const maxLines = 500
export const maxTyped = 100

/** Shape check of a command; the gateway asks it before anything is done. */
export function checkConsoleCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, text } = command as Record<string, unknown>
  const isLine = type === 'line' && typeof text === 'string' && Object.keys(command).length === 2
  if (!isLine) return refuse('malformed')
  return text.length > maxLineLength ? refuse('line_too_long') : undefined
}

export const consoleFold: Fold<ConsoleView, ConsoleEvent> = {
  empty: { lines: [], count: 0, clears: 0, typed: [], typedCount: 0, isBusy: false },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'typed':
        return {
          ...withLines(view, [{ kind: 'typed', text: event.text }]),
          typed: [...view.typed, event.text].slice(-maxTyped),
          typedCount: view.typedCount + 1,
          isBusy: true,
        }
      case 'printed': {
        const kind = event.isError ? 'error' : 'printed'
        const lines = event.lines.map((text): ConsoleLine => ({ kind, text }))
        return { ...withLines(view, lines), isBusy: false }
      }
      case 'cleared':
        return { ...view, lines: [], clears: view.clears + 1, isBusy: false }
      default:
        return view
    }
  },
}

const withLines = (view: ConsoleView, lines: readonly ConsoleLine[]): ConsoleView => ({
  ...view,
  lines: [...view.lines, ...lines].slice(-maxLines),
  count: view.count + lines.length,
})
