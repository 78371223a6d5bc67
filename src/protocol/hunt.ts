/*
 * The bug hunt: which of the planted bugs the audience has triggered, and by how many. Who it was,
 * nobody is told. The gateway sees it in what sessions say, and whoever gives the talk arms,
 * reveals and begins anew.
 */
import type { Fold } from './fold'
import { refuse, type Refusal } from './refusals'

export const huntStream = 'boards/hunt'

/** The planted bugs. Zero is the shadow of the negative number: the same bug, often forgotten. */
export const bugs = ['negative', 'thirteen', 'huge'] as const
export type Bug = (typeof bugs)[number]

/** Somebody has triggered a bug. Said by the gateway alone: no browser may wish it. */
export interface FindBug {
  readonly type: 'find_bug'
  readonly bug: Bug
  /** Triggered by its shadow. */
  readonly isShadow: boolean
}

export type HuntCommand =
  /** While it is not armed, nothing counts. */
  | { readonly type: 'arm_hunt'; readonly armed: boolean }
  /** Shows what a bug is before anybody has found it. */
  | { readonly type: 'reveal_bug'; readonly bug: Bug }
  /** Begins anew: nothing is found, and it is armed. */
  | { readonly type: 'reset_hunt' }

export type HuntEvent =
  | {
      readonly type: 'bug_found'
      readonly bug: Bug
      readonly isShadow: boolean
      readonly atMs: number
    }
  | { readonly type: 'hunt_armed'; readonly armed: boolean }
  | { readonly type: 'bug_revealed'; readonly bug: Bug }
  | { readonly type: 'hunt_reset'; readonly atMs: number }

export interface Found {
  /** By how many visitors. */
  readonly count: number
  /** By how many of them through its shadow. */
  readonly shadows: number
  /** When it was found first, in milliseconds since the epoch; missing before that. */
  readonly firstAtMs?: number
  readonly isRevealed: boolean
}

export interface HuntView {
  readonly armed: boolean
  /** How often it began anew: a visitor counts once in each round. */
  readonly round: number
  /** When it began anew; missing in the first round. */
  readonly beganMs?: number
  readonly found: Readonly<Record<Bug, Found>>
}

const isBug = (bug: unknown): bug is Bug => bugs.includes(bug as Bug)

/** Shape check of what a presenter's page may wish; the gateway asks it before the host sees it. */
export function checkHuntCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, armed, bug } = command as Record<string, unknown>
  const size = Object.keys(command).length
  const isKnown =
    (type === 'arm_hunt' && typeof armed === 'boolean' && size === 2) ||
    (type === 'reveal_bug' && isBug(bug) && size === 2) ||
    (type === 'reset_hunt' && size === 1)
  return isKnown ? undefined : refuse('malformed')
}

const nothing: Found = { count: 0, shadows: 0, isRevealed: false }

export const huntFold: Fold<HuntView, HuntEvent> = {
  empty: {
    armed: true,
    round: 0,
    found: { negative: nothing, thirteen: nothing, huge: nothing },
  },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'bug_found':
        return withFound(view, event.bug, ({ count, shadows, firstAtMs, isRevealed }) => ({
          count: count + 1,
          shadows: shadows + (event.isShadow ? 1 : 0),
          firstAtMs: firstAtMs ?? event.atMs,
          isRevealed,
        }))
      case 'hunt_armed':
        return { ...view, armed: event.armed }
      case 'bug_revealed':
        return withFound(view, event.bug, (found) => ({ ...found, isRevealed: true }))
      case 'hunt_reset':
        return { ...huntFold.empty, round: view.round + 1, beganMs: event.atMs }
      default:
        return view
    }
  },
}

function withFound(view: HuntView, bug: Bug, change: (found: Found) => Found): HuntView {
  if (!isBug(bug)) return view
  return { ...view, found: { ...view.found, [bug]: change(view.found[bug]) } }
}
