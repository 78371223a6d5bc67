/*
 * What became of a canary: its own word, or its end. It runs what it tries, so it may say anything.
 */
import { readFromCanary, type HotFiles } from '../protocol/code-words'
import type { Problem } from '../protocol/upgrades'
import { sourcePlaceIn } from './source-place'

export type Finding =
  { readonly tries: readonly string[]; readonly files: HotFiles } | { readonly problem: Problem }

/** What the canary found, by its word; undefined when that is none. */
export function findingIn(raw: unknown): Finding | undefined {
  const said = readFromCanary(raw)
  if (!said) return undefined
  if (said.type === 'code_tried') return { tries: said.tries, files: known(said.files ?? {}) }
  return { problem: known(said.problem) as Problem }
}

/**
 * What is found when it ended before it said anything.
 * @param hung where it was when it hung, if its stack could be taken
 */
export const findingOfEnd = (reason: string, hung = reason): { readonly problem: Problem } => ({
  problem: { sentence: sentenceOf(reason), ...sourcePlaceIn(hung) },
})

const sentenceOf = (reason: string): string =>
  reason.startsWith('wedged')
    ? 'It did not come back while it was tried: a loop there never ends.'
    : `The canary did not survive it: ${reason.slice(0, 300)}.`

/** Without what is not known. */
const known = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
