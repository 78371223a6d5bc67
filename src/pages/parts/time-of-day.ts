/*
 * Times as people read them. The moment is always handed in: only a source knows what time it is.
 */

/** `14:03:07`, in the reader's own time zone. */
export const timeOfDay = (atMs: number): string =>
  new Date(atMs).toLocaleTimeString('en-GB', { hour12: false })

/** `0.6 s`, `12 s`, `3 min`: as exact as anybody wants to know it, and never nothing at all. */
export function duration(ms: number): string {
  const seconds = Math.max(ms, 100) / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 99.5) return `${Math.round(seconds)} s`
  return `${Math.round(seconds / 60)} min`
}
