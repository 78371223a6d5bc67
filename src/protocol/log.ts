/*
 * The log: where streams are kept that must survive their host. Events are appended in groups, each
 * under a key that is unique in its stream, so that a wish that is sent twice is kept once. What
 * was appended is still there after a crash of anything but the disk.
 */

export interface Entry {
  /** Unique in the stream: the id of the wish, or what it may say only once. */
  readonly key: string
  readonly event: unknown
}

/** A view as it was after event `seq`, so that a fold need not begin with the first event. */
export interface Checkpoint {
  readonly seq: number
  readonly view: unknown
}

export interface Log {
  /** Names this log, and so the epoch of its streams: another log has other numbers. */
  readonly id: string
  /** Number of the stream's last event; 0 before the first. */
  last(stream: string): number
  /**
   * Keeps a group as the events after number `after`: all of it, durably, or nothing. False when it
   * could not be kept (a full disk, say). Throws when `after` is not the last number or a key is
   * taken: then somebody else writes this stream.
   */
  append(stream: string, after: number, entries: readonly Entry[]): boolean
  /** The events after number `after`, in order; not more than `limit` of them, if one is given. */
  read(stream: string, after: number, limit?: number): readonly unknown[]
  /** The event with that key, or undefined. */
  find(stream: string, key: string): unknown
  /** The last checkpoint of the stream, or undefined. */
  restore(stream: string): Checkpoint | undefined
  /** Keeps a checkpoint in place of the one before; without one, a fold takes longer. */
  checkpoint(stream: string, checkpoint: Checkpoint): void
  /** Whether anything can be kept at this moment. */
  probe(): boolean
}
