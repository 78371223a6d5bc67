/*
 * When a lost host starts again. At once, nearly always: a crowd may well kill one each second, and
 * that is the show. Only more than 30 restarts within 10 seconds make the next one wait, longer
 * each time and at most 5 seconds; it never gives up, because a talk goes on. Pure: the clock is
 * handed in.
 */

export interface RestartIntensity {
  readonly restarts: number
  readonly withinMs: number
}

export const hostIntensity: RestartIntensity = { restarts: 30, withinMs: 10_000 }

const waitStepMs = 1_000
const maxWaitMs = 5_000

/** The past restarts of one host that still matter. */
export interface RestartHistory {
  /** When it was restarted, oldest first. */
  readonly atMs: readonly number[]
  /** How many restarts in a row had to wait. */
  readonly waits: number
}

export const noRestarts: RestartHistory = { atMs: [], waits: 0 }

/** How long the next restart waits, and the history with that restart in it. */
export function nextRestart(
  history: RestartHistory,
  nowMs: number,
  intensity: RestartIntensity = hostIntensity,
): { readonly waitMs: number; readonly history: RestartHistory } {
  const recent = history.atMs.filter((atMs) => nowMs - atMs < intensity.withinMs)
  if (recent.length < intensity.restarts) {
    return { waitMs: 0, history: { atMs: [...recent, nowMs], waits: 0 } }
  }
  const waits = history.waits + 1
  const waitMs = Math.min(waits * waitStepMs, maxWaitMs)
  return { waitMs, history: { atMs: [...recent, nowMs + waitMs], waits } }
}
