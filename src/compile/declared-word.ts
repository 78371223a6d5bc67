/*
 * Words that a deck adds to those for which the boards' filter looks anyway: names that are not to
 * stand on the wall, say.
 *
 *   words:
 *     - voldemort
 */
import type { FrontPart } from './deck-front-matter'
import type { Report } from './problem'

const remedy = 'Write words: and below it, for each, “- word”.'

/** The declared words, each once. What is no word is an error, and left out. */
export function declaredWords({ front, lineOf }: FrontPart, report: Report): string[] {
  const words = front['words'] ?? []
  const line = (path: string) => lineOf.get(path) ?? lineOf.get('words') ?? 1
  if (!Array.isArray(words)) {
    if (words !== '') report.error(line('words'), `These are no words for the filter. ${remedy}`)
    return []
  }
  const declared = words.filter((word, index): word is string => {
    const isWord = typeof word === 'string' && /[\p{L}\p{N}]/u.test(word)
    if (!isWord) report.error(line(`words.${index + 1}`), `This is no word. ${remedy}`)
    return isWord
  })
  return [...new Set(declared)]
}
