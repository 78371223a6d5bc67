/*
 * A process's queue of messages, in the order in which they arrived. Selective receive takes the
 * first message that matches and leaves the rest in place (Erlang Reference Manual, 'Expressions',
 * 'Receive').
 */

/** Stands for 'no message', since every value may be one. */
export const nothing: unique symbol = Symbol('nothing')

/** Below this many dead cells at the front, moving the rest is not worth it. */
const compactAt = 64

export class Mailbox {
  private messages: unknown[] = []
  private head = 0

  get length(): number {
    return this.messages.length - this.head
  }

  put(message: unknown): void {
    this.messages.push(message)
  }

  /**
   * Takes the first message, from the `from`th on, that `match` accepts; `nothing` when none does.
   * Whoever waits goes on from `length`: messages already looked at are not looked at again.
   */
  take(match: ((message: unknown) => boolean) | undefined, from: number): unknown {
    for (let at = this.head + from; at < this.messages.length; at++) {
      const message = this.messages[at]
      if (match && !match(message)) continue
      if (at === this.head) this.dropHead()
      else this.messages.splice(at, 1)
      return message
    }
    return nothing
  }

  /** The messages as they lie there, oldest first, for inspection. */
  peek(): readonly unknown[] {
    return this.messages.slice(this.head)
  }

  private dropHead(): void {
    this.messages[this.head] = undefined
    this.head++
    if (this.head === this.messages.length) {
      this.messages.length = 0
      this.head = 0
    } else if (this.head >= compactAt && this.head * 2 >= this.messages.length) {
      this.messages.splice(0, this.head)
      this.head = 0
    }
  }
}
