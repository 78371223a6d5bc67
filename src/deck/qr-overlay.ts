/*
 * `Q` lays the QR code of the front door over whatever slide is shown, for those who come late. It
 * stays while slides turn, and goes by `Q`, `Esc` or a click. Pressed in the speaker view, it acts
 * in the hall.
 */
import type { RevealApi } from 'reveal.js'
import { hallWindow, type WindowKind } from './window-kind'

const toggleEvent = 'deck-toggle-qr'

/** Adds the overlay and its key to the deck; the key is listed in the `?` help. */
export function addQrOverlay(reveal: RevealApi, kind: WindowKind): void {
  // No modal dialog: the keys stay the deck's, so slides still turn underneath.
  const overlay = document.createElement('div')
  overlay.className = 'qr-overlay'
  overlay.hidden = true
  overlay.setAttribute('role', 'dialog')
  overlay.setAttribute('aria-label', 'Join in: QR code')
  overlay.innerHTML = '<qr-code to="/"></qr-code>'
  document.body.append(overlay)

  const toggle = () => {
    overlay.hidden = !overlay.hidden
  }
  document.addEventListener(toggleEvent, toggle)
  overlay.addEventListener('click', toggle)

  // Heard before reveal, whose own Esc would open the overview.
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || overlay.hidden) return
    event.stopImmediatePropagation()
    toggle()
  }
  window.addEventListener('keydown', closeOnEscape, { capture: true })

  reveal.addKeyBinding({ keyCode: 81, key: 'Q', description: 'QR code of this talk' }, () => {
    const acting = kind.receiver ? hallWindow()?.document : document
    acting?.dispatchEvent(new CustomEvent(toggleEvent))
  })
}
