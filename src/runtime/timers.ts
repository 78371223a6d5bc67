/*
 * All timers of a runtime in one hierarchical wheel, in whole milliseconds: eight levels of 32
 * slots, each slot of a level as wide as the whole level below. Starting and cancelling a timer are
 * a few pointer moves, however many there are, and a waiting process costs the host no timer of its
 * own. A timer beyond the top level (35 years) waits in its last slot and is placed anew from
 * there.
 */

const slotBits = 5
const slots = 1 << slotBits
const levels = 8

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
}

export class Timers {
  private readonly wheel: Slot[][] = Array.from({ length: levels }, (_, level) =>
    Array.from({ length: slots }, (_, index) => new Slot(level, index)),
  )
  /** One bit for each slot that holds a timer. */
  private readonly occupied = new Int32Array(levels)
  /** The timers of the slot that is being emptied. */
  private readonly emptied = new Slot(0, 0)
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
    this.place(timer as Timer)
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
    if (!slot.first && slot !== this.emptied) this.occupied[slot.level]! &= ~(1 << slot.index)
  }

  /** When the wheel wants to be advanced again: at most the earliest due time. Undefined: never. */
  nextMs(): number | undefined {
    for (let level = 0; level < levels; level++) {
      const bits = this.occupied[level]!
      if (bits === 0) continue
      const width = slots ** level
      const here = Math.floor(this.elapsedMs / width) % slots
      const turned = (bits >>> here) | (here === 0 ? 0 : bits << (slots - here))
      const ahead = 31 - Math.clz32(turned & -turned)
      const start = Math.floor(this.elapsedMs / width) * width
      return Math.max(start + ahead * width, this.elapsedMs)
    }
    return undefined
  }

  /** Runs all that is due by `nowMs`, in the order of their due times. */
  advance(nowMs: number): void {
    const until = Math.floor(nowMs)
    for (;;) {
      const next = this.nextMs()
      if (next === undefined || next > until) break
      this.elapsedMs = next
      this.empty(next)
    }
    if (until > this.elapsedMs) this.elapsedMs = until
  }

  /**
   * Takes what is filed under `next` out of its slots: files the rest lower, then runs what is due.
   */
  private empty(next: number): void {
    for (let level = levels - 1; level >= 0; level--) {
      const slot = this.wheel[level]![Math.floor(next / slots ** level) % slots]!
      if (!slot.first) continue
      // Moved to a list of its own first: an act may start timers for this very slot, or cancel its
      // neighbour.
      this.moveAll(slot, this.emptied)
      for (let timer = this.emptied.first; timer; timer = this.emptied.first) {
        this.cancel(timer)
        if (timer.dueMs <= next) timer.act(timer.owner)
        else this.place(timer)
      }
    }
  }

  private moveAll(from: Slot, to: Slot): void {
    to.first = from.first
    to.last = from.last
    from.first = from.last = undefined
    this.occupied[from.level]! &= ~(1 << from.index)
    for (let timer = to.first; timer; timer = timer.behind) timer.slot = to
  }

  private place(timer: Timer): void {
    let level = 0
    let width = 1
    while (
      level < levels - 1 &&
      Math.floor(timer.dueMs / (width * slots)) !== Math.floor(this.elapsedMs / (width * slots))
    ) {
      level++
      width *= slots
    }
    let index = Math.floor(timer.dueMs / width) % slots
    // Beyond the top level's reach a timer may fall on the slot that is now: it waits a whole turn
    // instead.
    const here = Math.floor(this.elapsedMs / width) % slots
    if (level === levels - 1 && index === here) index = (here + slots - 1) % slots
    const slot = this.wheel[level]![index]!
    timer.slot = slot
    timer.before = slot.last
    if (slot.last) slot.last.behind = timer
    else slot.first = timer
    slot.last = timer
    this.occupied[level]! |= 1 << slot.index
  }
}
