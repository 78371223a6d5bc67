/*
 * Links on paper. A printed deck is read far from the server that it came from: a link to another
 * slide becomes one inside the document, and a path of the system becomes the address by which the
 * audience reaches it.
 */
import type { RevealApi } from 'reveal.js'
import { onAudienceAddress } from './audience-address'

/** Mends the links of a deck that is printed; does nothing to any other. */
export function mendLinksOnPaper(slides: HTMLElement, reveal: RevealApi): void {
  const links = (start: string) => slides.querySelectorAll(`a[href^="${start}"]`)
  const mend = () => {
    for (const link of links('#/')) {
      const [, name] = link.getAttribute('href')?.split('/') ?? []
      link.setAttribute('href', `#${name}`)
    }
    onAudienceAddress((address) => {
      for (const link of links('/')) link.setAttribute('href', address + link.getAttribute('href'))
    })
  }
  reveal.on('pdf-ready', mend)
}
