/* The clock of who watches a replay, which moves only when told. */
import type { ReplayDoors } from '../../src/source/replay'

export interface ViewerClock extends ReplayDoors {
  pass(ms: number): void
}

export function createViewerClock(): ViewerClock {
  let nowMs = 5_000
  const waits = new Set<{ dueMs: number; act: () => void }>()
  return {
    now: () => nowMs,
    after(afterMs, act) {
      const wait = { dueMs: nowMs + afterMs, act }
      waits.add(wait)
      return () => void waits.delete(wait)
    },
    pass(ms) {
      const endMs = nowMs + ms
      for (;;) {
        const [next] = [...waits].sort((one, other) => one.dueMs - other.dueMs)
        if (!next || next.dueMs > endMs) break
        waits.delete(next)
        nowMs = next.dueMs
        next.act()
      }
      nowMs = endMs
    },
  }
}
