/*
 * Whether the table's rows stand still: for as long as somebody wishes, and else for a moment after
 * the pointer, a finger, a key or the focus has moved among them, so that none jumps away from
 * whoever is about to take it. A pointer that only lies there holds nothing up.
 */
import type { Source, Stop } from '../../source/source'

const momentMs = 3_000

export class StillRows {
  /** Wished for. */
  frozen = $state(false)
  /** For a moment. */
  held = $state(false)
  private readonly source: Source
  private stopMoment: Stop = () => {}

  constructor(source: Source) {
    this.source = source
  }

  /** Listens to what moves among the rows. */
  readonly watch = (rows: Element): Stop => {
    const words = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const
    for (const word of words) rows.addEventListener(word, this.hold)
    return () => {
      for (const word of words) rows.removeEventListener(word, this.hold)
      this.stopMoment()
    }
  }

  release(): void {
    this.frozen = false
    this.held = false
    this.stopMoment()
  }

  private readonly hold = () => {
    this.held = true
    this.stopMoment()
    this.stopMoment = this.source.after(momentMs, () => (this.held = false))
  }
}
