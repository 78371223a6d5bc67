/*
 * How many sockets there are, in all and of each visitor. A hall has thousands of visitors, and a
 * visitor has a few pages; more of either would only be memory that somebody holds.
 */

export interface SocketCap {
  readonly all: number
  readonly ofOne: number
}

export class SocketCount {
  private readonly cap: SocketCap
  private all = 0
  private readonly of = new Map<string, number>()

  constructor(cap: SocketCap) {
    this.cap = cap
  }

  /** Whether the visitor may open another one. */
  hasRoom(visitor: string): boolean {
    return this.all < this.cap.all && this.countOf(visitor) < this.cap.ofOne
  }

  /** Counts one that was opened. */
  add(visitor: string): void {
    this.all++
    this.of.set(visitor, this.countOf(visitor) + 1)
  }

  /** Counts one less: it was closed. */
  remove(visitor: string): void {
    this.all--
    const left = this.countOf(visitor) - 1
    if (left > 0) this.of.set(visitor, left)
    else this.of.delete(visitor)
  }

  private countOf(visitor: string): number {
    return this.of.get(visitor) ?? 0
  }
}
