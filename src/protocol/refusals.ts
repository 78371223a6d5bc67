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
  too_fast: 'That was a bit fast. It is sent again by itself in a moment.',
  too_many_running: 'Your session calculates 20 sums already. Some of them may never end.',
  too_busy: 'The system is as full as it may be. Try again soon.',
  unknown_stream: 'There is nothing of that name here.',
  not_yours: 'That belongs to another visitor.',
  presenter_only: 'Only whoever gives the talk can do that.',
  empty_note: 'There is nothing to read in that note.',
  note_too_long: 'That is too long: 280 characters at most.',
  board_closed: 'This board takes no notes now.',
  slow_mode: 'One note at a time, please: this board asks you to wait a little between two.',
  board_full: 'So many notes wait to be read here that yours must wait. Try again soon.',
  too_many_muted: 'So many authors are muted that it can be no more. Let notes wait for approval.',
  unknown_note: 'That note is not there any more.',
  already_seconded: 'You have seconded that note already.',
  own_note: 'That is your own note.',
  too_late: 'That note can be taken back for ten seconds only.',
  nothing_to_undo: 'There is nothing to take back.',
  wish_reused: 'That was sent already, with another content.',
  unknown_slide: 'The deck has no slide of that name.',
  not_a_target: 'That must be a whole number from 0 to 1,000,000.',
  not_a_host_count: 'That must be a whole number from 1 to the number of processor cores here.',
  not_quarantined: 'That host is not in quarantine: it runs, or is being started.',
  no_such_process: 'No such process lives, not here and not any more.',
  already_traced: 'Somebody is tracing that process just now.',
  line_too_long: 'That is too long: a line has 500 characters at most.',
  upgrade_under_way: 'An upgrade is under way already.',
  nothing_changed: 'Nothing has changed since the current code was loaded.',
  nothing_to_roll_back: 'There is no earlier code to go back to.',
  code_too_long: 'That is more than an upgrade takes: 12,000 characters together at most.',
  not_kept: 'Notes cannot be kept just now. Yours waits here, and is sent again by itself.',
  only_shown: 'This is a recording: it can be watched, not changed.',
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
export const isPassing = ({ code }: Refusal): boolean =>
  code === 'host_down' || code === 'not_kept' || code === 'too_fast'
