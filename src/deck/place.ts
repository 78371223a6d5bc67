/*
 * Where a deck is: the slide by its name, since numbers change with every slide that is put in, and
 * the last of its fragments that is shown, by reveal's own number; -1 before the first.
 */
import type { RevealApi } from 'reveal.js'
import type { ShowSlide } from '../protocol/deck'

export type Place = Pick<ShowSlide, 'slide' | 'fragment'>

export const placeOf = (reveal: RevealApi): Place => ({
  slide: reveal.getCurrentSlide().id,
  fragment: reveal.getIndices().f ?? -1,
})

export const isSamePlace = (one: Place, other: Place): boolean =>
  one.slide === other.slide && one.fragment === other.fragment

/** A deck's place, followed as its user turns, and changed by others. */
export interface Turning {
  /** Turns the deck; where it has no such slide, it stays. */
  goTo(place: Place): void
}

/** Tells of each turn that was not made by `goTo`. The deck must be up. */
export function onTurn(reveal: RevealApi, turned: () => void): Turning {
  let isGoing = false
  for (const event of ['slidechanged', 'fragmentshown', 'fragmenthidden']) {
    reveal.on(event, () => {
      if (!isGoing) turned()
    })
  }
  return {
    goTo({ slide, fragment }) {
      const target = reveal.getSlides().find(({ id }) => id === slide)
      if (!target) return
      const { h, v } = reveal.getIndices(target)
      // Reveal tells of all that this changes before it returns.
      isGoing = true
      reveal.slide(h, v, fragment)
      isGoing = false
    },
  }
}
