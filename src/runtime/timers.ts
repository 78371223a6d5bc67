/*
 * All timers of a runtime in one hierarchical wheel, in whole milliseconds: four levels of 1,024
 * slots, each slot of a level as wide as the whole level below. Starting and cancelling a timer are
 * a few pointer moves, however many there are, and a waiting process costs the host no timer of its
 * own. Whoever sleeps for a second or less is filed once and never moved: beside a hundred thousand
 * others, each touch is a trip to memory. A timer beyond the top level (35 years) waits in its last
 * slot and is placed anew from there.
 */

const slotBits = 10
const slots = 1 << slotBits
const levels = 4
/** How many milliseconds a slot of each level is wide. */
const widths = Array.from({ length: levels }, (_, level) => slots ** level)
/** So many slots share a word of bits. */
const wordBits = 32
const words = slots / wordBits

/**
 * One timer: `act` is called with `owner` once at or after its due time, unless cancelled before.
 * It may be started again when it is not pending, so that whoever waits again and again needs one.
 */
export class Timer<Owner = unknown> {
  readonly act: (owner: Owner) => void
  readonly owner: Owner
  dueMs = 0
  slot: Slot | undefined = undefined
  before: Timer | undefined = undefined
  behind: Timer | undefined = undefined

  constructor(act: (owner: Owner) => void, owner: Owner) {
    this.act = act
    this.owner = owner
  }

  get isPending(): boolean {
    return this.slot !== undefined
  }
}

/** A list of timers, first in first out, that knows its place in the wheel. */
class Slot {
  first: Timer | undefined = undefined
  last: Timer | undefined = undefined
  readonly level: number
  readonly index: number

  constructor(level: number, index: number) {
    this.level = level
    this.index = index
  }

  push(timer: Timer): void {
    timer.slot = this
    timer.before = this.last
    if (this.last) this.last.behind = timer
    else this.first = timer
    this.last = timer
  }

  unshift(timer: Timer): void {
    timer.slot = this
    timer.behind = this.first
    if (this.first) this.first.before = timer
    else this.last = timer
    this.first = timer
  }
}

export class Timers {
  /** Each slot is made when it is first needed. */
  private readonly wheel = widths.map(() => new Array<Slot | undefined>(slots).fill(undefined))
  /** One bit for each slot that holds a timer. */
  private readonly occupied = widths.map(() => new Int32Array(words))
  /** All that was due before this is done. */
  private elapsedMs: number

  constructor(nowMs: number) {
    this.elapsedMs = Math.floor(nowMs)
  }

  /**
   * Lets `timer` act once when `advance` reaches `dueMs` (any size; the past means the next
   * millisecond). One that is pending is moved. Throws a TypeError for a time that is not finite.
   */
  start<Owner>(timer: Timer<Owner>, dueMs: number): void {
    if (!Number.isFinite(dueMs)) throw new TypeError(`a timer cannot be due at ${dueMs}`)
    this.cancel(timer as Timer)
    timer.dueMs = Math.max(Math.ceil(dueMs), this.elapsedMs + 1)
    this.slotFor(timer.dueMs).push(timer as Timer)
  }

  /** Cancels a timer; one that has run or was cancelled stays as it is. */
  cancel<Owner>(timer: Timer<Owner>): void {
    const slot = timer.slot
    if (!slot) return
    if (timer.before) timer.before.behind = timer.behind
    else slot.first = timer.behind
    if (timer.behind) timer.behind.before = timer.before
    else slot.last = timer.before
    timer.slot = timer.before = timer.behind = undefined
    if (!slot.first) this.mark(slot, false)
  }

  /** When the wheel wants to be advanced again: at most the earliest due time. Undefined: never. */
  nextMs(): number | undefined {
    let next = Infinity
    for (let level = 0; level < levels; level++) {
      const tick = Math.floor(this.elapsedMs / widths[level]!)
      const ahead = this.ahead(level, tick % slots)
      if (ahead !== undefined) next = Math.min(next, (tick + ahead) * widths[level]!)
    }
    return next === Infinity ? undefined : next
  }

  /** Runs all that is due by `nowMs`, in the order of their due times. */
  advance(nowMs: number): void {
    const until = Math.floor(nowMs)
    for (;;) {
      const next = this.nextMs()
      if (next === undefined || next > until) break
      this.elapsedMs = next
      for (let level = 1; level < levels; level++) this.refile(this.slotAt(level, next))
      this.run(this.slotAt(0, next))
    }
    if (until > this.elapsedMs) this.elapsedMs = until
  }

  /**
   * Its time has come: what is in it belongs to lower levels, those that are due now too. Among
   * those of one millisecond, whoever was filed higher was started earlier: so it goes before the
   * others, and higher levels are refiled last.
   */
  private refile(slot: Slot): void {
    for (let timer = slot.last; timer; timer = slot.last) {
      this.cancel(timer)
      this.slotFor(timer.dueMs).unshift(timer)
    }
  }

  /** An act may start timers, but none for this very slot, and may cancel the next in line. */
  private run(slot: Slot): void {
    for (let timer = slot.first; timer; timer = slot.first) {
      this.cancel(timer)
      timer.act(timer.owner)
    }
  }

  /** The slot where a timer belongs that is due then; it is about to hold one. */
  private slotFor(dueMs: number): Slot {
    let level = 0
    while (level < levels - 1 && this.ticksUntil(dueMs, level) >= slots) level++
    // Beyond the top level's reach it waits a whole turn.
    const ticks = Math.min(this.ticksUntil(dueMs, level), slots - 1)
    const slot = this.slotAt(level, this.elapsedMs + ticks * widths[level]!)
    if (!slot.first) this.mark(slot, true)
    return slot
  }

  private ticksUntil(dueMs: number, level: number): number {
    const width = widths[level]!
    return Math.floor(dueMs / width) - Math.floor(this.elapsedMs / width)
  }

  private slotAt(level: number, ms: number): Slot {
    const index = Math.floor(ms / widths[level]!) % slots
    return (this.wheel[level]![index] ??= new Slot(level, index))
  }

  private mark({ level, index }: Slot, isOccupied: boolean): void {
    const bit = 1 << (index % wordBits)
    const word = Math.floor(index / wordBits)
    if (isOccupied) this.occupied[level]![word]! |= bit
    else this.occupied[level]![word]! &= ~bit
  }

  /** How far the first slot that holds a timer lies ahead of `here`; undefined when none does. */
  private ahead(level: number, here: number): number | undefined {
    const bits = this.occupied[level]!
    const first = Math.floor(here / wordBits)
    // The word of `here` is looked at twice: for the slots behind it, and at last for the others.
    let set = bits[first]! & (-1 << (here % wordBits))
    for (let step = 0; step <= words; step++) {
      const word = (first + step) % words
      if (step > 0) set = bits[word]!
      if (set === 0) continue
      const index = word * wordBits + 31 - Math.clz32(set & -set)
      return (index - here + slots) % slots
    }
    return undefined
  }
}
