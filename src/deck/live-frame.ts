/*
 * `<live-frame src title>`: a page of the running system inside a slide, as one single instance. It
 * is loaded when its slide comes near and then lives as long as the deck: reveal blanks frames that
 * it loads itself (`data-src`), so the frame has a plain `src`, which reveal leaves alone, and it
 * never moves in the document, since a browser loads a frame anew that moves. Where no page may run
 * it is a still.
 */
import { frameAt } from '../source/address'
import { onAudienceAddress, readable } from './audience-address'
import { guideFocus } from './frame-focus'

let serial = 0

export class LiveFrame {
  readonly #host: HTMLElement
  readonly #source: string
  #iframe: HTMLIFrameElement | undefined
  #leave: (() => void) | undefined

  constructor(host: HTMLElement) {
    this.#host = host
    this.#source = host.getAttribute('src') ?? '/'
    const poster = document.createElement('p')
    poster.className = 'frame-poster'
    poster.textContent = titleOf(host)
    host.replaceChildren(poster)
  }

  /** Loads the page. Called again, does nothing: there is one instance. */
  start(): void {
    if (this.#iframe) return
    const hint = document.createElement('span')
    hint.className = 'frame-hint'
    hint.id = `frame-hint-${++serial}`
    hint.textContent = 'Esc returns to the slides'

    const address = document.createElement('span')
    address.className = 'frame-address'
    address.textContent = this.#source
    onAudienceAddress((known) => (address.textContent = readable(known + this.#source)))

    const badge = document.createElement('p')
    badge.className = 'frame-badge'
    badge.setAttribute('role', 'status')

    const bar = document.createElement('div')
    bar.className = 'frame-bar'
    bar.append(address, hint)

    const iframe = document.createElement('iframe')
    Object.assign(iframe, frameAt(this.#source))
    iframe.title = titleOf(this.#host)
    iframe.setAttribute('aria-describedby', hint.id)
    iframe.addEventListener('load', () =>
      this.#host.classList.toggle('unreachable', !reaches(iframe)),
    )
    this.#leave = guideFocus(iframe, (inside) => this.#host.classList.toggle('entered', inside))

    this.#iframe = iframe
    this.#host.append(bar, iframe, badge)
  }

  /** Gives the focus back to the deck, if the page has it. */
  leave(): void {
    if (document.activeElement === this.#iframe) this.#leave?.()
  }

  /** Loads the page once more if it could not be reached the last time; a living page stays. */
  retry(): void {
    const frame = this.#iframe
    if (frame && !reaches(frame)) Object.assign(frame, frameAt(this.#source))
  }
}

/** Says of the frame that shows this page whether what it shows is recorded. */
export function markRecorded(page: Window, isRecorded: boolean): void {
  for (const iframe of document.querySelectorAll<HTMLIFrameElement>('live-frame iframe')) {
    if (iframe.contentWindow !== page) continue
    const badge = iframe.parentElement?.querySelector('.frame-badge')
    if (badge) badge.textContent = isRecorded ? 'Recorded' : ''
  }
}

/** What leads from a still to its page. */
export type WayIn = 'code' | 'link'

/** Fills the element with a still: what it is, and how to get to the real one. */
export function showStill(host: HTMLElement, wayIn: WayIn): void {
  const title = document.createElement('p')
  title.className = 'still-title'
  title.textContent = titleOf(host)
  const src = host.getAttribute('src') ?? '/'
  host.classList.add('still')
  host.replaceChildren(title, wayIn === 'code' ? codeTo(src) : linkTo(src))
}

/** A code is in capitals, so it leads to the page as it usually is. */
function codeTo(src: string): HTMLElement {
  const code = document.createElement('qr-code')
  code.setAttribute('to', src.replace(/\?.*/, ''))
  return code
}

function linkTo(src: string): HTMLElement {
  const link = document.createElement('a')
  link.className = 'still-link'
  link.href = src
  link.target = '_blank'
  link.rel = 'noopener'
  link.textContent = `Open ${src}`
  return link
}

const titleOf = (host: HTMLElement): string => host.getAttribute('title') ?? 'Live page'

// The browser's own error page belongs to no origin, so its document cannot be seen from here.
const reaches = (iframe: HTMLIFrameElement): boolean => iframe.contentDocument !== null
