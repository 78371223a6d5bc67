/*
 * What the figures of a run should be, and the cells that show it. A figure beyond its target, or
 * one that was to be measured and was not, is marked with `!`; it does not make a phase bad, since
 * machines are noisy.
 */
import type { PhaseName } from './phases'
import type { Spread } from './spread'

export interface Target {
  readonly of: 'p99' | 'max'
  readonly mostMs: number
  /** Where it holds: what is killed or cut off meanwhile takes its time. */
  readonly phases: readonly PhaseName[]
}

const calm: readonly PhaseName[] = ['load', 'moderate']

export const targets = {
  ack: { of: 'p99', mostMs: 250, phases: calm },
  wall: { of: 'p99', mostMs: 1_000, phases: calm },
  late: { of: 'p99', mostMs: 50, phases: calm },
  back: { of: 'max', mostMs: 15_000, phases: ['cut'] },
  woken: { of: 'max', mostMs: 2_000, phases: ['sleep'] },
  hidden: { of: 'max', mostMs: 1_000, phases: ['moderate'] },
  blank: { of: 'max', mostMs: 300, phases: ['moderate'] },
} as const satisfies Readonly<Record<string, Target>>

/** A target beside the name of its figure. */
export const namedTarget = ({ of, mostMs }: Target): string => `(${of} ≤ ${mostMs})`

/** The figure of a phase: middle, last but one in a hundred, worst. */
export function cellOf(phase: PhaseName, target: Target, figure: Spread | undefined): string {
  const { n, p50, p99, max } = figure ?? { n: 0, p50: 0, p99: 0, max: 0 }
  const numbers = n === 0 ? '-' : [p50, p99, max].map(Math.round).join(' / ')
  const isMissed = n === 0 || { p99, max }[target.of] > target.mostMs
  return target.phases.includes(phase) && isMissed ? `${numbers} !` : numbers
}
