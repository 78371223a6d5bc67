/*
 * The deck is loaded in several kinds of windows, told apart by the address alone: the hall's
 * window, the two previews of the speaker view (reveal puts `receiver` into their address), a page
 * to print, one that was asked to hold still, that of a follower, who sees the slides on a screen
 * of their own (`?follow`), and that of the replay's player (`?replay`), which follows a recorded
 * talk in the format of the hall. Frames are live in that and in the hall's window, and only the
 * latter may say where the talk is.
 */

export interface WindowKind {
  /** A preview inside the speaker view: opens no socket, loads no live page. */
  readonly receiver: boolean
  /** Live frames show a still: previews, print, the scroll view, `?still`, and followers. */
  readonly still: boolean
  /** Goes where the talk goes, and never says where that is. */
  readonly follower: boolean
  /** A follower of a recorded talk, within the player. */
  readonly replay: boolean
  /** `?light` or `?dark` in the address; undefined leaves it to the system's setting. */
  readonly theme: 'light' | 'dark' | undefined
}

/** Reads the kind of window from an address's query: `?receiver&light`. */
export function windowKind(query: string): WindowKind {
  // Reveal looks for `receiver` anywhere in the query, so we do the same.
  const receiver = /receiver/i.test(query)
  const asked = new URLSearchParams(query)
  // Scroll view and print move the slides in the document, and a moved frame starts anew.
  const moved = /print-pdf/i.test(query) || asked.has('view')
  const still = receiver || moved || asked.has('still')
  // A preview is one of whatever deck was asked for, and a page to print goes nowhere.
  const replay = asked.has('replay') && !still
  const follower = replay || (asked.has('follow') && !receiver && !moved)
  return {
    receiver,
    still: still || (follower && !replay),
    follower,
    replay,
    theme: asked.has('light') ? 'light' : asked.has('dark') ? 'dark' : undefined,
  }
}

/** Whether this is the window of the hall: the one that the talk is given from. */
export const isHall = ({ still, follower }: WindowKind): boolean => !still && !follower

/** From a preview: the window whose deck opened the speaker view, or undefined. */
export function hallWindow(): Window | undefined {
  return (window.parent.opener as Window | null) ?? undefined
}
