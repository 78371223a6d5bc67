/*
 * `<qr-code to="/path">`: the way from the hall into the system. The picture is drawn by the server
 * for the address that the audience can reach, so it is never a file that rots; below it stands the
 * same link as text. Until the address is known, and where nobody else can come, the element says
 * so.
 */
import type { Stop } from '../source/source'
import { onAudienceAddress, readable } from './audience-address'

let shortAddress: string | undefined

/** Sets the talk's short address, shown below codes that lead to the front door. Empty: none. */
export function useShortAddress(address: string): void {
  shortAddress = address || undefined
}

export class QrCode extends HTMLElement {
  #stop: Stop | undefined

  connectedCallback(): void {
    this.#say(
      `The code for ${this.getAttribute('to')} appears as soon as the server tells its address.`,
    )
    this.#stop = onAudienceAddress((address) => this.#show(address))
  }

  disconnectedCallback(): void {
    this.#stop?.()
  }

  #show(address: string): void {
    if (address === '') return this.#say('Here the hall had a code to scan.')
    const to = this.getAttribute('to') ?? '/'
    const link = address + to
    const short = to === '/' ? shortAddress : undefined
    const text = short ?? readable(link)

    const picture = document.createElement('img')
    picture.src = `/qr.svg?to=${encodeURIComponent(to)}`
    picture.alt = `QR code for ${link}`
    picture.onerror = () => this.#say(`The code cannot be drawn just now. Type the link: ${text}`)

    const caption = document.createElement('a')
    caption.href = link
    caption.target = '_blank'
    caption.rel = 'noopener'
    if (short || to === '/') caption.textContent = text
    else {
      const path = document.createElement('span')
      path.className = 'qr-path'
      path.textContent = to
      // A long link is broken before its path rather than anywhere.
      caption.append(readable(address), document.createElement('wbr'), path)
    }
    this.replaceChildren(picture, caption)
  }

  #say(sentence: string): void {
    const paragraph = document.createElement('p')
    paragraph.textContent = sentence
    this.replaceChildren(paragraph)
  }
}
