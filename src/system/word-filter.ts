/*
 * The word filter: says whether a note holds a listed word, spelt oddly or not. It is a hint for
 * whoever moderates, never a verdict. English comes with the library; the deck declares what else
 * its hall may type.
 */
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity'

/** True when the text holds a listed word. */
export type HasListedWord = (text: string) => boolean

/** @param words further ones, in any case; each is found as a whole word */
export function wordFilter(words: readonly string[]): HasListedWord {
  const english = new RegExpMatcher({
    ...englishDataset.build(),
    ...englishRecommendedTransformers,
  })
  const listed = new Set(words.map(fold))
  return (text) => english.hasMatch(text) || wordsOf(text).some((word) => listed.has(word))
}

const fold = (word: string): string => word.normalize('NFKC').toLowerCase()

const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
