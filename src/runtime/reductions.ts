/*
 * The counter behind preemption. Compiled process code takes one step off `left` at every loop turn
 * and call (src/compile/reductions.ts). A generator whose slice is used up yields its place in the
 * source with its live variables; a plain function cannot yield, so it may run into debt down to
 * `floor`, and then `overrun` decides whether its process has to crash. One counter serves all
 * runtimes of a thread, since only one process runs at a time; the scheduler sets it before each
 * slice.
 *
 * A suspended process is looked at through the same yields: while `looking`, a check that is
 * resumed yields its place once more, and each `yield*` on the way out reports its own to `see`. So
 * nothing of the process runs, and nothing is kept for the case that somebody looks.
 */
import { Unyielding } from './reason'

/**
 * A place in the source. `names` are the live variables there, in the order of the yielded values.
 */
export interface Place {
  /** The entry of a function, a loop's turn, or a `yield*`. */
  readonly kind: 'call' | 'turn' | 'delegation'
  readonly file: string
  readonly function: string
  readonly line: number
  readonly column: number
  readonly names: readonly string[]
}

/** Where a body is: its place, then the values of the variables named there. */
export type Preempted = readonly [place: Place, ...values: unknown[]]

/** Whether a value that was yielded is one. */
export const isPreempted = (value: unknown): value is Preempted =>
  Array.isArray(value) && Array.isArray((value[0] as Partial<Place> | null | undefined)?.names)

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
/** The floor of plain code, whether it is asked at each step or not. */
let debtFloor = -firstStretch
/** Is told of each step of plain code, while its process is traced. */
let observe: Observer | undefined
/** What a look at a process has seen so far. */
let seen: Preempted[] = []

/** Takes a step of a traced process; false when it wants no more. */
export interface Observer {
  add(step: Preempted): boolean
}

/** Thrown through what a dead process would still run; nothing catches it. */
const ended = new Error('this process has ended')

export const reductions = {
  /** Steps left in this slice; below zero it is debt. */
  left: 0,
  /** How deep plain code may go into debt before `overrun` is asked. */
  floor: -firstStretch,
  /** A suspended body is resumed only to say where it is. */
  looking: false,
  /** What a `catch` or `finally` of the running process throws on, once that has ended. */
  ended: undefined as Error | undefined,
  /**
   * Asked by plain code in debt. Grants another stretch, or throws `Unyielding` when the hard limit
   * is passed: by count, so that a simulated run is repeatable, or by the clock, whichever comes
   * first. Throws through what a dead process would still run.
   */
  overrun(...step: Preempted): void {
    if (reductions.ended) throw reductions.ended
    if (observe?.add(step) === false) observe = undefined
    if (reductions.left < debtFloor) extendDebt(step[0])
    reductions.floor = observe ? Infinity : debtFloor
  },
  /** Told by a `yield*` of a body that is looked at. */
  see(frame: Preempted): void {
    seen.push(frame)
  },
}

function extendDebt(place: Place): void {
  const isFirst = stretch === firstStretch
  if (isFirst) startedMs = clock()
  if (reductions.left < -hardLimit || (!isFirst && clock() - startedMs > hardLimitMs)) {
    thrown = new Unyielding(place)
    throw thrown
  }
  stretch = Math.min(2 * stretch, longStretch)
  debtFloor -= stretch
}

/** What can be entered by `yield*`: a generator, or an iterator made by hand. */
interface Enterable {
  next(value?: unknown): IteratorResult<unknown, unknown>
}

/**
 * `yield* via(body, frame)` is `yield* body` that reports its frame when it is looked at. Compiled
 * code uses it where a `yield*` stands in the midst of an expression.
 */
export function via(body: Enterable, frame: Preempted): IterableIterator<unknown> {
  return {
    next(value?: unknown) {
      const step = body.next(value)
      if (reductions.looking && !step.done) reductions.see(frame)
      return step
    },
    [Symbol.iterator]() {
      return this
    },
  }
}

/**
 * Where a suspended body is, from the innermost body outward. Nothing of it runs, provided that
 * whoever yields by hand yields again while `looking`, as compiled code does.
 */
export function look(body: Enterable): readonly Preempted[] {
  const frames: Preempted[] = []
  seen = frames
  reductions.looking = true
  try {
    const { value } = body.next()
    return isPreempted(value) ? [value, ...frames] : frames
  } finally {
    reductions.looking = false
    seen = []
  }
}

/** What this slice was thrown out with, though its body may have caught it. */
export const overran = (): Unyielding | undefined => thrown

/**
 * Begins a slice of `length` steps; `now` is the clock that bounds plain code. An observer is told
 * of each step that plain code takes.
 */
export function beginSlice(length: number, now: () => number, observer?: Observer): void {
  reductions.left = length
  debtFloor = -firstStretch
  observe = observer
  reductions.floor = observer ? Infinity : debtFloor
  reductions.ended = undefined
  stretch = firstStretch
  thrown = undefined
  clock = now
}

/** The running process has ended: its body stops at the next check, and so does its plain code. */
export function endSlice(): void {
  reductions.left = Math.min(reductions.left, 0)
  reductions.floor = Infinity
  reductions.ended = ended
}

/** Between slices nobody is dead and nobody is traced: the host may call process code too. */
export function closeSlice(): void {
  observe = undefined
  reductions.ended = undefined
  reductions.floor = debtFloor
}
