/* The clock of a browser's page, by which real sources and whoever watches a replay wait. */
import type { Stop } from './source'

export const browserClock = {
  /** Milliseconds from anywhere; it never goes back. */
  now: (): number => performance.now(),
  /** Calls `act` once, so many milliseconds from now. */
  after(afterMs: number, act: () => void): Stop {
    const timer = setTimeout(act, afterMs)
    return () => clearTimeout(timer)
  },
}
