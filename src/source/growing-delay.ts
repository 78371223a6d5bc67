/*
 * How long to wait before the same thing is asked again: longer each time, never longer than a
 * moment, and never the same for two pages, so that a crowd that was refused together does not come
 * back together.
 */

const firstMs = 200
const longestMs = 3_000

/** Milliseconds to wait after `tries` unsuccessful ones: half of it fixed, half of it by chance. */
export const growingDelayMs = (tries: number): number =>
  Math.min(firstMs * 2 ** tries, longestMs) * (0.5 + Math.random() / 2)
