/*
 * Where the deck is: which slide it shows, and which board stands on it. The presenter's deck says
 * so; phones, followers and other decks of the presenter go along. A slide is known by its name,
 * since numbers change with every slide that is put in.
 */
import type { Fold } from './fold'
import { refuse, type Refusal } from './refusals'

export const deckStream = 'boards/deck'

export interface ShowSlide {
  readonly type: 'show_slide'
  readonly slide: string
  /** Number of the last fragment that is shown; -1 before the first. */
  readonly fragment: number
}

/** Said when a slide or a fragment is shown. */
export interface SlideShown {
  readonly type: 'slide_shown'
  readonly slide: string
  readonly fragment: number
  /** The board that the slide asks to; missing where it asks to none. */
  readonly board?: string
  /** Id of the wish: by it a deck knows its own turn. */
  readonly wish: string
  readonly atMs: number
}

export type DeckEvent = SlideShown

export interface DeckView {
  /** Undefined before the first slide of all. */
  readonly shown?: Omit<SlideShown, 'type'>
}

/** What the deck declares, as far as the system must know it. */
export interface DeclaredDeck {
  /** Names of all slides, and the board that each asks to, if any. */
  readonly slides: Readonly<Record<string, string | null>>
}

const maxFragment = 500

/** Shape check of the deck's command, and whether its sender may wish it. */
export function checkDeckCommand(command: unknown, isPresenter: boolean): Refusal | undefined {
  if (!isPresenter) return refuse('presenter_only')
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, slide, fragment } = command as Record<string, unknown>
  if (type !== 'show_slide' || Object.keys(command).length !== 3) return refuse('malformed')
  if (typeof slide !== 'string' || slide === '' || slide.length > 100) return refuse('malformed')
  const isFragment = Number.isInteger(fragment) && (fragment as number) >= -1
  return isFragment && (fragment as number) <= maxFragment ? undefined : refuse('malformed')
}

export const deckFold: Fold<DeckView, DeckEvent> = {
  empty: {},
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    if (event?.type !== 'slide_shown') return view
    const { type: _, ...shown } = event
    return { shown }
  },
}
