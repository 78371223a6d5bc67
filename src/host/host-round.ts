/* A question to several hosts at once: over when each has answered, is gone, or had its time. */

export class HostRound {
  /** Names those that were silent until the end. */
  readonly ended: Promise<readonly string[]>
  private readonly waiting: Set<string>
  private readonly limit: NodeJS.Timeout
  private end: (silent: readonly string[]) => void = () => {}

  constructor(hosts: Iterable<string>, withinMs: number) {
    this.waiting = new Set(hosts)
    this.ended = new Promise((resolve) => (this.end = resolve))
    this.limit = setTimeout(() => this.finish(), withinMs)
    if (this.waiting.size === 0) this.finish()
  }

  /** A host has answered, or is gone. Gives whether anybody waited for it. */
  take(host: string): boolean {
    const isAwaited = this.waiting.delete(host)
    if (this.waiting.size === 0) this.finish()
    return isAwaited
  }

  /** Nothing more is to be heard. */
  finish(): void {
    clearTimeout(this.limit)
    this.end([...this.waiting])
  }
}
