/*
 * Writes lines at once, before the call returns, so that the last words of a host that falls are
 * heard. What a slow reader does not take yet (Node has made the descriptor one that does not wait)
 * waits here: whole lines, in their order, and no more than a quarter of a megabyte of them.
 */

const maxWaitingBytes = 250_000
const tryAgainMs = 10

export class PromptWriter {
  private readonly put: (bytes: Buffer) => number
  private readonly after: (ms: number, act: () => void) => void
  private waiting: Buffer = Buffer.alloc(0)
  private isResting = false
  private leftOut = 0

  /**
   * @param put writes what it can and says how many bytes that was; throws `EAGAIN` for none
   * @param after calls once, so many milliseconds from now
   */
  constructor(put: (bytes: Buffer) => number, after: (ms: number, act: () => void) => void) {
    this.put = put
    this.after = after
  }

  /** Writes a line, with its line break; leaves it out when too much waits already. */
  write(line: string): void {
    const bytes = Buffer.from(line)
    if (this.waiting.length + bytes.length > maxWaitingBytes) return void this.leftOut++
    this.waiting = Buffer.concat([this.waiting, bytes])
    if (!this.isResting) this.flush()
  }

  /** How many lines were left out since this was asked last; 0 while others still wait. */
  takeLeftOut(): number {
    if (this.waiting.length > 0) return 0
    const count = this.leftOut
    this.leftOut = 0
    return count
  }

  private flush(): void {
    this.isResting = false
    try {
      while (this.waiting.length > 0) this.waiting = this.waiting.subarray(this.put(this.waiting))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
        this.isResting = true
        this.after(tryAgainMs, () => this.flush())
      } else {
        // Without a root that reads it, this host is about to end.
        this.waiting = Buffer.alloc(0)
      }
    }
  }
}
