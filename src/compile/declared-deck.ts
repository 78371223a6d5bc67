/*
 * What the running system has to know of a deck: its boards, which slide asks to which of them, and
 * the words for the filter. `import declared from 'virtual:declared/<name>'` is this and nothing
 * else, since it becomes part of the server.
 */
import type { DeclaredBoard } from './declared-board'
import type { Deck } from './slides'

export interface DeclaredDeck {
  readonly title: string
  readonly boards: readonly DeclaredBoard[]
  /** Every slide by its name, and the board that it asks to, or null. */
  readonly slides: Readonly<Record<string, string | null>>
  /** Further words for the boards' filter. */
  readonly words: readonly string[]
}

export function declaredDeck({ title, boards, slides, words }: Deck): DeclaredDeck {
  const asks = Object.fromEntries(slides.map(({ name, board }) => [name, board ?? null]))
  return { title, boards, slides: asks, words }
}
