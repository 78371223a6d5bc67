/*
 * Restart intensity: a supervisor gives up when more than `intensity` restarts fall into
 * `periodSeconds` (OTP Design Principles, 'Supervisor Behaviour', 'Maximum Restart Intensity'). A
 * sliding window over the monotonic clock; pure.
 */
export interface Intensity {
  readonly intensity: number
  readonly periodSeconds: number
}

/**
 * The restarts still in the window, oldest first, after one more at `nowMs`; undefined: too many.
 */
export function addRestart(
  restartsMs: readonly number[],
  nowMs: number,
  { intensity, periodSeconds }: Intensity,
): readonly number[] | undefined {
  const window = restartsMs.filter((at) => nowMs - at <= periodSeconds * 1000)
  return window.length < intensity ? [...window, nowMs] : undefined
}
