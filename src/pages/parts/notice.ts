/*
 * Notices: what happened, in plain words, kept readable until dismissed. A notice has a subject,
 * and a later word may amend the last one about it: 'the connection was lost' becomes '… and came
 * back'.
 */

export interface Notice {
  readonly id: number
  readonly atMs: number
  readonly subject: string
  readonly text: string
  /** True once what it tells of is over. */
  readonly healed: boolean
}

/** What is to be said. With `amends` it takes the place of the last notice about its subject. */
export interface Word extends Omit<Notice, 'id' | 'atMs'> {
  readonly amends: boolean
}

export type Say = (word: Word) => void

/** How many are kept; more than these nobody reads. */
const maxNotices = 3

/** The notices, newest first, after a word that was said at `atMs`. */
export function withWord(notices: readonly Notice[], word: Word, atMs: number): readonly Notice[] {
  const { amends, ...said } = word
  const last = notices.find(({ subject }) => subject === word.subject)
  if (amends && last)
    return notices.map((notice) => (notice === last ? { ...last, ...said } : notice))
  const id = Math.max(0, ...notices.map(({ id }) => id)) + 1
  return [{ ...said, id, atMs }, ...notices].slice(0, maxNotices)
}
