/*
 * How hosts reach each other: a line carries words both ways, in order, as copies. In Node it is a
 * local socket, in a browser a port between two workers; whoever speaks over it need not know.
 */

export interface Line<Out> {
  /**
   * Sends a word; on a line that is closed it is lost, as the other side is. All words of a turn
   * go together at its end, and are read then: what a word gets, it may get until then.
   */
  send(word: Out): void
  close(): void
}

/** What whoever called is told. */
export interface CallHears<Out> {
  /** The line stands. */
  onStand(line: Line<Out>): void
  /** A word of the other side; none of a line that does not stand any more. */
  hear(word: unknown): void
  /** No line stands, or none yet: told before each new call, too. */
  onDrop(): void
}

/** A call that stands for as long as the host lives: a line that breaks is called again. */
export interface Call {
  /** Calls the host at its address; a line to another address is given up. */
  connect(address: string): void
  /** The host is gone. */
  hangUp(): void
}

/** What whoever was called does with a line. */
export interface Taken {
  hear(word: unknown): void
  onClose(): void
}

export interface Lines {
  /** Whether that may be where a host takes calls: what a host says of itself is judged. */
  isAddress(said: unknown): said is string
  createCall<Out>(hears: CallHears<Out>): Call
  /** Takes calls of `whom`; gives the address. Rejects when that cannot be. */
  listen<Out>(whom: string, take: (line: Line<Out>) => Taken): Promise<string>
}
