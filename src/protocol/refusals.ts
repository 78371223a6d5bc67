/*
 * The catalogue of refusals: every wish that cannot be granted is answered with one of these codes.
 * A refusal is expected and typed; it is never thrown. ARCHITECTURE.md lists the same codes, and
 * test/house.test.ts holds the two lists equal.
 */

const sentences = {
  malformed: 'That message was not understood.',
  too_long: 'That is too long: 40 characters at most.',
  not_a_number: 'That is not a whole number. Try one like 5, 13 or -5.',
  not_positive: 'Only whole numbers from 1 on have such a sum.',
  too_fast: 'That was a bit fast. Wait a moment and send it again.',
  too_many_running: 'Your session calculates 20 sums already. Some of them may never end.',
  too_busy: 'The system is as full as it may be. Try again soon.',
  unknown_stream: 'There is nothing of that name here.',
  not_yours: 'That belongs to another visitor.',
  host_down: 'That part of the system is being restarted. Your wish is sent again by itself.',
} as const

/** The code of a refusal, for machines. */
export type RefusalCode = keyof typeof sentences

/** The typed answer to a wish that cannot be granted. */
export interface Refusal {
  readonly code: RefusalCode
}

/** All codes, in the order of the catalogue. */
export const refusalCodes = Object.keys(sentences) as RefusalCode[]

/** Builds a refusal. */
export const refuse = (code: RefusalCode): Refusal => ({ code })

/** The plain sentence for people. A code this version does not know reads as `malformed`. */
export const sentenceOf = (refusal: Refusal): string =>
  Object.hasOwn(sentences, refusal.code) ? sentences[refusal.code] : sentences.malformed

/** True when the same wish may be granted later with nothing changed: the source sends it again. */
export const isPassing = (refusal: Refusal): boolean => refusal.code === 'host_down'
