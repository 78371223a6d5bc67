/*
 * Where a stream's events are kept. A writer appends before it folds and tells; whoever falls
 * behind reads what it missed. What a store promises beyond that (durability) is its own business.
 */

export interface Store {
  /**
   * Keeps `event` as number `seq` of `epoch`. `seq` is the last one plus one: the writer is alone.
   * A new epoch of a stream forgets the events of the epoch before.
   */
  append(stream: string, epoch: string, seq: number, event: unknown): void
  /**
   * Events after number `after` in order, or undefined when the store no longer has all of them.
   */
  read(stream: string, epoch: string, after: number): readonly unknown[] | undefined
  /** Forgets the stream: its writer has ended and nobody will ask again. */
  forget(stream: string): void
}
