/*
 * `<board-wall board>`: all that a slide needs to ask its audience something. The compiler put the
 * board's wall into it, a live frame like any other (live-frame.ts); beside that come the code and
 * the short link, which lead to the board by its four characters: the shorter a link, the larger
 * the squares of its code, and the sooner it is typed.
 */
import { boardCode } from '../protocol/board-code'

/** Puts the code beside each wall inside `slides`. */
export function addBoardCodes(slides: HTMLElement): void {
  for (const wall of slides.querySelectorAll('board-wall')) {
    const code = document.createElement('qr-code')
    code.setAttribute('to', `/${boardCode(wall.getAttribute('board') ?? '')}`)
    wall.append(code)
  }
}
