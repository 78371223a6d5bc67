/*
 * How reveal.js is set up. Its keys stay as its users know them; what is off is off for a reason
 * that is written beside it.
 */
import type { RevealConfig } from 'reveal.js'
import Notes from 'reveal.js/plugin/notes'
import type { WindowKind } from './window-kind'

/** The hall's projector, pixel for pixel. */
export const hallSize = { width: 1920, height: 1080 }

/** Reveal's configuration for this kind of window. */
export function revealOptions(kind: WindowKind): RevealConfig {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  return {
    // The space around the words is the theme's.
    ...hallSize,
    margin: 0,
    // The player's clock says where it is.
    hash: !kind.replay,
    hashOneBasedIndex: false,
    controls: true,
    controlsTutorial: false,
    progress: !kind.replay,
    // Where a follower's screen has its button.
    slideNumber: kind.follower ? false : 'c/t',
    transition: calm ? 'none' : 'fade',
    backgroundTransition: 'none',
    autoAnimate: !calm,
    // The notes are the speaker's, and so is their window.
    plugins: kind.follower ? [] : [Notes],
    // The build wrote each slide's time; this switches the speaker view's pace clock on.
    // Reveal's types allow no number here, though its documentation does.
    ...({ defaultTiming: 0 } as object),
    // Only the speaker view's previews are driven by messages; see message-gate.ts.
    postMessage: kind.receiver,
    // Narrow windows get the scroll view, which moves slides, and a moved frame starts anew.
    scrollActivationWidth: 0,
    // Reveal itself spares inputs and text areas, but not a select.
    keyboardCondition: (event) => !isForTyping(event.target),
    pdfMaxPagesPerSlide: 1,
    pdfSeparateFragments: false,
  }
}

function isForTyping(target: EventTarget | null | undefined): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  )
}
