/*
 * The counter behind preemption. Compiled process code takes one step off `left` at every loop turn
 * and call (src/compile/reductions.ts). A generator whose slice is used up yields its place in the
 * source with its live variables; a plain function cannot yield, so it may run into debt down to
 * `floor`, and then `overrun` decides whether its process has to crash. One counter serves all
 * runtimes of a thread, since only one process runs at a time; the scheduler sets it before each
 * slice.
 */
import { Unyielding } from './reason'

/**
 * A place in the source. `names` are the live variables there, in the order of the yielded values.
 */
export interface Place {
  readonly file: string
  readonly function: string
  readonly line: number
  readonly column: number
  readonly names: readonly string[]
}

/** What a preempted body yields: its place, then the values of the variables named there. */
export type Preempted = readonly [place: Place, ...values: unknown[]]

/** Hard limit of plain code in one slice: about 100 ms of the cheapest loop. */
const hardLimit = 50_000_000
/** The same in milliseconds, for loops whose turns are dear (big integers, native calls). */
const hardLimitMs = 100
/**
 * Debt is looked at after this many steps, and then after twice as many each time up to
 * `longStretch`: soon enough for turns of a millisecond each, and seldom enough to cost a cheap
 * loop nothing.
 */
const firstStretch = 100
const longStretch = 12_800

let stretch = firstStretch
let startedMs = 0
let clock: () => number = () => 0
let thrown: Unyielding | undefined

export const reductions = {
  /** Steps left in this slice; below zero it is debt. */
  left: 0,
  /** How deep plain code may go into debt before `overrun` is asked. */
  floor: -firstStretch,
  /**
   * Asked by plain code in debt. Grants another stretch, or throws `Unyielding` when the hard limit
   * is passed: by count, so that a simulated run is repeatable, or by the clock, whichever comes
   * first.
   */
  overrun(place: Place): void {
    const isFirst = stretch === firstStretch
    if (isFirst) startedMs = clock()
    if (reductions.left < -hardLimit || (!isFirst && clock() - startedMs > hardLimitMs)) {
      thrown = new Unyielding(place)
      throw thrown
    }
    stretch = Math.min(2 * stretch, longStretch)
    reductions.floor -= stretch
  },
}

/** What this slice was thrown out with, though its body may have caught it. */
export const overran = (): Unyielding | undefined => thrown

/** Begins a slice of `length` steps; `now` is the clock that bounds plain code. */
export function beginSlice(length: number, now: () => number): void {
  reductions.left = length
  reductions.floor = -firstStretch
  stretch = firstStretch
  thrown = undefined
  clock = now
}
