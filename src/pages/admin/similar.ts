/*
 * Which notes say the same: the share of words that two have in common. Crude, and good enough to
 * put the likeliest first, for a person decides.
 */
import type { Note } from '../../protocol/board'

/** More than anybody walks through. */
const maxOffered = 30

/** The notes that one may be merged into, the most alike first; equals in the order given. */
export function alike(note: Note, others: readonly Note[]): readonly Note[] {
  const words = wordsOf(note.text)
  return others
    .filter(({ id }) => id !== note.id)
    .map((other) => ({ other, share: commonShare(words, wordsOf(other.text)) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, maxOffered)
    .map(({ other }) => other)
}

/** From 0, no word in common, to 1, the same words. */
export function commonShare(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length
  const all = a.size + b.size - common
  return all === 0 ? 0 : common / all
}

export const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu),
  )
