/* The planted bugs in words: what is told once they are found. */
import type { Bug, Found, HuntView } from '../../protocol/hunt'
import { bugs } from '../../protocol/hunt'

interface BugWords {
  readonly title: string
  /** What there is to see. */
  readonly sentence: string
}

export const bugWords: Readonly<Record<Bug, BugWords>> = {
  negative: {
    title: 'A negative number',
    sentence: 'It counts up from 1 until it meets \u22125, which is never.',
  },
  thirteen: {
    title: '13',
    sentence: 'It crashes. Its session writes the epitaph, and the neighbour sees nothing.',
  },
  huge: {
    title: 'A huge number',
    sentence: 'It is added up one by one, for as long as that takes.',
  },
}

/** Whether everybody may see what bug it is. */
export const isShown = ({ count, isRevealed }: Found): boolean => count > 0 || isRevealed

/** `found by 3 visitors, 1 of them with 0`. */
export function foundBy({ count, shadows }: Found): string {
  if (count === 0) return 'shown, and found by nobody'
  const visitors = count === 1 ? 'found by 1 visitor' : `found by ${count} visitors`
  return shadows > 0 ? `${visitors}, ${shadows} of them with 0` : visitors
}

/** `2 of 3 found`. */
export const score = ({ found }: HuntView): string =>
  `${bugs.filter((bug) => found[bug].count > 0).length} of ${bugs.length} found`
