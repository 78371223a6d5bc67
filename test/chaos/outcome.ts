/*
 * What came of a phase. It is good when the checker found nothing, everything came to pass that the
 * phase asks for, and at least one note was acknowledged: of silence there is nothing to judge.
 */
import { demandKills } from './demands'
import type { Spread } from './spread'
import type { Judgement } from './stage'

export interface Seen {
  /** How often each host was killed, of those that were to be. */
  readonly kills?: Readonly<Record<string, number>>
  /** What the phase asks for and did not come to pass. */
  readonly wrong?: readonly string[]
  /** What else was seen, for people. */
  readonly remarks?: readonly string[]
  /** From waking until a visitor who slept was in sync. */
  readonly wokenMs?: Spread
  /** From the wish until walls no longer had a note, or were blank. */
  readonly hiddenMs?: Spread
  readonly blankMs?: Spread
}

export interface Outcome extends Judgement, Seen {
  readonly isGood: boolean
  readonly kills: Readonly<Record<string, number>>
  readonly wrong: readonly string[]
  readonly remarks: readonly string[]
}

/** Judges a phase. */
export function outcomeOf(judgement: Judgement, seen: Seen): Outcome {
  const { kills = {}, remarks = [] } = seen
  const wrong = [...demandKills(kills), ...(seen.wrong ?? [])]
  if (judgement.acknowledged === 0) wrong.push('not one note was acknowledged')
  const isGood = judgement.findings.length === 0 && wrong.length === 0
  return { ...judgement, ...seen, isGood, kills, wrong, remarks }
}
