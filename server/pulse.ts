/*
 * The root's own pulse. Whoever judges others by their silence must first know whether it was
 * listening: a root that got no turn for three seconds (a closed laptop, a stopped process, a busy
 * machine) has heard nobody, and everybody is well. So the root measures its own lag at each turn
 * of a timer, and keeps a clock that stands still while it was not awake.
 */

/** How often the root looks at its hosts. */
const turnMs = 50

/**
 * A turn later than this is time that the root did not live through, and its clock leaves it out.
 */
const forgivenLagMs = 100

export interface Pulse {
  /** Milliseconds that the root was awake; never goes back. */
  awakeMs(): number
  stop(): void
}

/** Starts the pulse; `onTurn` is told each turn how late it is, in milliseconds. */
export function startPulse(onTurn: (lagMs: number) => void): Pulse {
  let turnedAtMs = performance.now()
  let asleepMs = 0
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const lagMs = Math.max(0, nowMs - turnedAtMs - turnMs)
    turnedAtMs = nowMs
    if (lagMs >= forgivenLagMs) asleepMs += lagMs
    onTurn(lagMs)
  }, turnMs)
  return {
    // Between two turns the clock stops at the longest turn that would count as awake, so that a
    // lag is left out even before the turn that notices it, and the clock need not go back then.
    awakeMs: () => turnedAtMs - asleepMs + Math.min(performance.now() - turnedAtMs, turnMs),
    stop: () => clearInterval(timer),
  }
}
