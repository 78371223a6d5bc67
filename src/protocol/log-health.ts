/*
 * Whether the log can keep what is said. The stream tells the presenter when it cannot, and when it
 * can again; it is kept nowhere, since then nothing can be.
 */
import type { Fold } from './fold'

export const logHealthStream = 'boards/log'

export type LogHealthEvent =
  | { readonly type: 'log_failed'; readonly reason: string; readonly atMs: number }
  | { readonly type: 'log_healed'; readonly atMs: number }
  | { readonly type: 'log_replaced'; readonly reason: string; readonly atMs: number }

export interface LogHealthView {
  /** Why nothing can be kept since when; missing while all is well. */
  readonly trouble?: { readonly reason: string; readonly sinceMs: number }
  /** Why this life of the host began with an empty log. */
  readonly replaced?: string
}

export const logHealthFold: Fold<LogHealthView, LogHealthEvent> = {
  empty: {},
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'log_failed':
        return {
          ...view,
          trouble: { reason: event.reason, sinceMs: view.trouble?.sinceMs ?? event.atMs },
        }
      case 'log_healed': {
        const { trouble: _, ...well } = view
        return well
      }
      case 'log_replaced':
        return { ...view, replaced: event.reason }
      default:
        return view
    }
  },
}
