/*
 * A process's queue of messages, in the order in which they arrived. Selective receive takes the
 * first message that matches and leaves the rest in place (Erlang Reference Manual, 'Expressions',
 * 'Receive'). A list of cells: an empty one costs nothing, and most mailboxes never hold two.
 */

import { reductions } from './reductions'

/** Stands for 'no message', since every value may be one. */
export const nothing: unique symbol = Symbol('nothing')

/** A message in its place. */
export class Cell {
  readonly message: unknown
  next: Cell | undefined = undefined

  constructor(message: unknown) {
    this.message = message
  }
}

export class Mailbox {
  private first: Cell | undefined = undefined
  /** The newest message: whoever has looked at all goes on behind it. */
  last: Cell | undefined = undefined
  length = 0

  put(message: unknown): void {
    const cell = new Cell(message)
    if (this.last) this.last.next = cell
    else this.first = cell
    this.last = cell
    this.length++
  }

  /**
   * Takes the first message behind `seen` (from the oldest on, without it) that `match` accepts;
   * `nothing` when none does. `seen` must still lie here.
   */
  take(match?: (message: unknown) => boolean, seen?: Cell): unknown {
    let before = seen
    for (let cell = seen ? seen.next : this.first; cell; before = cell, cell = cell.next) {
      if (match && !match(cell.message)) {
        // Looking is work too: whoever polls a full mailbox must not keep the processor by it.
        reductions.left--
        continue
      }
      if (before) before.next = cell.next
      else this.first = cell.next
      if (cell === this.last) this.last = before
      this.length--
      return cell.message
    }
    return nothing
  }

  /** The messages as they lie there, oldest first, for inspection. */
  peek(): readonly unknown[] {
    const messages: unknown[] = []
    for (let cell = this.first; cell; cell = cell.next) messages.push(cell.message)
    return messages
  }
}
