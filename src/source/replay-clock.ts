/*
 * The clock of a replay: where in the recording it is, whether it goes on, and how fast. What pages
 * wait for (`after`) is waited for at the same speed, but a pause or a jump does not hold it up: a
 * page that gathers, rests or lets a sentence stand for a moment must be able to end that, or it
 * would never show what a jump has brought.
 *
 * It moves when it is asked to (`catchUp`), and never by itself.
 */
import type { Stop } from './source'

export class ReplayClock {
  readonly lengthMs: number
  isPlaying = false
  private readonly nowMs: () => number
  private speedNow = 1
  /** Both as of `lookedMs` on the viewer's clock. */
  private placeMs = 0
  private waitedMs = 0
  private lookedMs: number
  private readonly waits = new Set<{ readonly dueMs: number; readonly act: () => void }>()

  /** @param nowMs the viewer's own clock, which never goes back */
  constructor(lengthMs: number, nowMs: () => number) {
    this.lengthMs = lengthMs
    this.nowMs = nowMs
    this.lookedMs = nowMs()
  }

  /** The place in the recording. */
  get atMs(): number {
    const passedMs = this.isPlaying ? (this.nowMs() - this.lookedMs) * this.speedNow : 0
    return Math.min(this.placeMs + passedMs, this.lengthMs)
  }

  get speed(): number {
    return this.speedNow
  }

  /** Whether somebody waits for something. */
  get isAwaited(): boolean {
    return this.waits.size > 0
  }

  play(): void {
    this.catchUp()
    this.isPlaying = this.placeMs < this.lengthMs
  }

  pause(): void {
    this.catchUp()
    this.isPlaying = false
  }

  setSpeed(speed: number): void {
    this.catchUp()
    this.speedNow = speed
  }

  jump(atMs: number): void {
    this.catchUp()
    this.placeMs = Math.min(Math.max(atMs, 0), this.lengthMs)
  }

  after(afterMs: number, act: () => void): Stop {
    this.catchUp()
    const wait = { dueMs: this.waitedMs + afterMs, act }
    this.waits.add(wait)
    return () => void this.waits.delete(wait)
  }

  /** Goes on to now; at the end of the recording it stands still. */
  catchUp(): void {
    const now = this.nowMs()
    const passedMs = Math.max(0, now - this.lookedMs) * (this.isPlaying ? this.speedNow : 1)
    this.lookedMs = now
    this.waitedMs += passedMs
    if (!this.isPlaying) return
    this.placeMs = Math.min(this.placeMs + passedMs, this.lengthMs)
    this.isPlaying = this.placeMs < this.lengthMs
  }

  /** Lets the time since the last look not count: others were not ready to go on. */
  hold(): void {
    this.lookedMs = this.nowMs()
  }

  /** What is due by now, the longest due first; it is waited for no more. */
  takeDue(): readonly (() => void)[] {
    const due = [...this.waits].filter(({ dueMs }) => dueMs <= this.waitedMs)
    for (const wait of due) this.waits.delete(wait)
    return due.sort((one, other) => one.dueMs - other.dueMs).map(({ act }) => act)
  }
}
