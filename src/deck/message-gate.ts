/*
 * Who may drive the deck by window messages: the speaker view that this deck opened, and nobody
 * else. Reveal asks no sender for its name when `postMessage` is on, and an address with
 * `?postMessage=true` turns it on; so every message passes this gate first, whatever the
 * configuration says.
 *
 *   speaker view → hall       its opener is this window: state, calls and heartbeat of the notes
 *   speaker view → preview    it is the preview's parent: `setState`, `next`, `triggerKey`
 *   anything else             stopped here
 *
 * Behind the gate, reveal's own `postMessage` is on in previews only; the hall takes one word, see
 * speaker-view.ts.
 */
import type { WindowKind } from './window-kind'

/** Closes the window to messages of others. Must run before reveal adds its listeners. */
export function guardMessages(kind: WindowKind): void {
  const guard = (event: MessageEvent) => {
    if (!isFromSpeakerView(event, kind)) event.stopImmediatePropagation()
  }
  window.addEventListener('message', guard, { capture: true })
}

function isFromSpeakerView(event: MessageEvent, kind: WindowKind): boolean {
  // A sender of another origin must be ruled out before its `opener` is read.
  if (event.origin !== location.origin || !event.source) return false
  if (kind.receiver) return event.source === window.parent
  return 'opener' in event.source && event.source.opener === window
}
