/*
 * A host's side of the leash to its root: it says when it is ready, hears words, and may end itself
 * with a sentence. That it beats and never outlives the root is the business of whoever puts it
 * there.
 */

export interface LeashOptions {
  /** A word from the root. */
  onWord?(word: unknown): void
  /**
   * Ends what is running; the process exits when it is done, or is killed after its `shutdownMs`.
   */
  onStop?(): void | Promise<void>
  /** How many processes its runtime has. */
  processes?(): number
}

export interface Leash {
  /** Says that this host serves from now on. The details are for the root's health page. */
  ready(details?: unknown): void
  /** Says a word to the root. At most 8 deep and of 64 parts, or the root drops it. */
  say(word: unknown): void
  /** Says in one sentence for people why this host cannot start, and ends it. Never returns. */
  fail(sentence: string): Promise<never>
}
