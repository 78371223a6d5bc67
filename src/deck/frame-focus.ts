/*
 * Where the keys go: into the live page while somebody uses it, to the deck otherwise. Keys pressed
 * in a frame never reach the deck's document, so typing turns no slide, but the arrows would be
 * dead as well.
 *
 *   1. Focus enters by invitation only: a press in the page, or Tab in the deck. A page that
 *      focuses its own field when it loads, or a minute later, does not get the keys.
 *   2. Esc in the page gives the focus back, unless the page used that Esc itself.
 *   3. A page may take the focus long before it is loaded, so the deck sees to that itself: its own
 *      window loses the focus then.
 *   4. A navigation inside the frame makes a new window, so listeners are attached at each load.
 */

/**
 * Applies these rules to a frame of the same origin, and tells whether the focus is inside.
 * Returns what gives the focus back to the deck.
 */
export function guideFocus(
  iframe: HTMLIFrameElement,
  onInside: (inside: boolean) => void,
): () => void {
  let invited = false

  const leave = () => {
    invited = false
    iframe.blur()
    window.focus()
    onInside(false)
  }
  const enter = () => {
    if (invited) onInside(true)
    // The browser is still moving the focus; it can be taken back when that is done.
    else setTimeout(leave)
  }

  const attach = () => {
    const page = iframe.contentWindow
    if (!page || !iframe.contentDocument) return
    page.addEventListener('pointerdown', () => (invited = true), { capture: true })
    page.addEventListener('focus', enter)
    page.addEventListener('blur', () => onInside(false))
    page.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) leave()
    })
    if (document.activeElement === iframe) enter()
  }

  iframe.addEventListener('load', attach)
  window.addEventListener('blur', () => {
    if (document.activeElement === iframe && !invited) setTimeout(leave)
  })
  document.addEventListener('pointerdown', () => (invited = false))
  document.addEventListener('keydown', (event) => (invited = event.key === 'Tab'))
  return leave
}
