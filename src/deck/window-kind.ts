/*
 * The deck is loaded in several kinds of windows, told apart by the address alone: the hall's
 * window, the two previews of the speaker view (reveal puts `receiver` into their address), a page
 * to print, and a page that was asked to hold still. Only the hall's window opens a socket; only
 * there are frames live.
 */

export interface WindowKind {
  /** A preview inside the speaker view: opens no socket, loads no live page. */
  readonly receiver: boolean
  /** Live frames show a still: previews, print, the scroll view, and `?still`. */
  readonly still: boolean
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
  return {
    receiver,
    still: receiver || moved || asked.has('still'),
    theme: asked.has('light') ? 'light' : asked.has('dark') ? 'dark' : undefined,
  }
}

/** From a preview: the window whose deck opened the speaker view, or undefined. */
export function hallWindow(): Window | undefined {
  return (window.parent.opener as Window | null) ?? undefined
}
