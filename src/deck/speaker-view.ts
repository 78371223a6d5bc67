/*
 * Reveal's speaker view (`S`) and what it lacks for us. Its window holds two previews of the deck,
 * which the keys pressed in it drive; the state they arrive at is sent to the hall, the deck that
 * opened it.
 *
 * Reveal sends the hall's state to both previews as soon as the first is up. The second one, which
 * shows the next slide, may still be loading then, and would show the current one. So each preview,
 * once it is up, asks the hall to send its state again.
 */
import type { RevealApi } from 'reveal.js'
import { hallWindow } from './window-kind'

const previewReady = 'deck-preview-ready'

/** In the hall: turns the slides that are turned in the speaker view. */
export function obeySpeakerView(reveal: RevealApi): void {
  window.addEventListener('message', (event: MessageEvent<string>) => {
    const { method, args } = JSON.parse(event.data) as SpeakerMessage
    if (method === 'setState' && args) reveal.setState(...args)
  })
  // The notes plugin sends the state at this event, among others; nobody else listens to it.
  document.addEventListener(previewReady, () => reveal.dispatchEvent({ type: 'closeoverlay' }))
}

/** In a preview: tells the hall when this deck is up. */
export function joinSpeakerView(reveal: RevealApi): void {
  reveal.on('ready', () => hallWindow()?.document.dispatchEvent(new CustomEvent(previewReady)))
}

interface SpeakerMessage {
  readonly method?: string
  readonly args?: Parameters<RevealApi['setState']>
}
