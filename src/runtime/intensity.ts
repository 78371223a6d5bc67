/*
 * Restart intensity: a supervisor gives up when more than `intensity` restarts fall into
 * `periodSeconds` (OTP Design Principles, 'Supervisor Behaviour', 'Maximum Restart Intensity'). A
 * sliding window over the monotonic clock; pure.
 */
import { describeReason } from './reason'

export interface Intensity {
  /** Restarts that are survived, a whole number; 0: none. */
  readonly intensity: number
  /** Within how long, in whole seconds. */
  readonly periodSeconds: number
}

/** OTP's own: one restart in five seconds. */
export const defaultIntensity: Intensity = { intensity: 1, periodSeconds: 5 }

/** What is wrong with an intensity, by field and value, or nothing. */
export function findIntensityFault(spec: Partial<Intensity>): TypeError | undefined {
  const { intensity, periodSeconds } = { ...defaultIntensity, ...spec }
  const fault = (field: string, value: unknown) =>
    new TypeError(`${field} must not be ${describeReason(value)}`)
  if (!Number.isInteger(intensity) || intensity < 0) return fault('intensity', intensity)
  if (!Number.isInteger(periodSeconds) || periodSeconds < 1) {
    return fault('periodSeconds', periodSeconds)
  }
  return undefined
}

/**
 * The restarts still in the window, oldest first, after one more at `nowMs`; undefined: too many.
 */
export function addRestart(
  restartsMs: readonly number[],
  nowMs: number,
  limit: Intensity,
): readonly number[] | undefined {
  const window = inWindow(restartsMs, nowMs, limit)
  return window.length < limit.intensity ? [...window, nowMs] : undefined
}

/** How many restarts would still be survived at `nowMs`. */
export const restartsLeft = (
  restartsMs: readonly number[],
  nowMs: number,
  limit: Intensity,
): number => limit.intensity - inWindow(restartsMs, nowMs, limit).length

const inWindow = (
  restartsMs: readonly number[],
  nowMs: number,
  { periodSeconds }: Intensity,
): readonly number[] => restartsMs.filter((at) => nowMs - at <= periodSeconds * 1000)
