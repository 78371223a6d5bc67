/*
 * The deck: reveal.js around the talk's slides, which the build made of slides/let-it-crash.md.
 * Read it from top to bottom: that is the order in which the deck comes up. It works without a
 * server too; what needs one (QR codes, live pages) says so and appears when the server does.
 */
import Reveal from 'reveal.js'
import 'reveal.js/reveal.css'
import deck from 'virtual:deck/let-it-crash'
import { here } from '../source/address'
import { chooseSource } from '../source/choose'
import { learnFrom, learnFromHall } from './audience-address'
import { addBoardCodes } from './board-wall'
import { followTalk, namesSlide } from './follow'
import { fitScreen, goAlong } from './follower'
import { runLiveFrames } from './live-frames'
import { guardMessages } from './message-gate'
import { mendLinksOnPaper } from './paper-links'
import { showProblems } from './problems'
import { QrCode, useShortAddress } from './qr-code'
import { addQrOverlay } from './qr-overlay'
import { revealOptions } from './reveal-options'
import { joinSpeakerView, obeySpeakerView } from './speaker-view'
import { standInWhenLost } from './stand-in'
import './fonts.css'
import './theme.css'
import './code.css'
import './blocks.css'
import './print.css'
import './follower.css'
import { isHall, windowKind } from './window-kind'

const kind = windowKind(here().search)
guardMessages(kind)

document.title = deck.title
if (kind.theme) document.documentElement.dataset['theme'] = kind.theme
const slides = document.querySelector<HTMLElement>('.slides')!
slides.innerHTML = deck.html

const reveal = new Reveal(revealOptions(kind))
if (typeof deck.front['short'] === 'string') useShortAddress(deck.front['short'])
customElements.define('qr-code', QrCode)
addBoardCodes(slides)
runLiveFrames(slides, reveal, kind)
addQrOverlay(reveal, kind)
mendLinksOnPaper(slides, reveal)
if (kind.receiver) {
  learnFromHall()
  joinSpeakerView(reveal)
} else {
  const source = chooseSource()
  learnFrom(source)
  if (kind.follower) goAlong(reveal, source)
  else obeySpeakerView(reveal)
  if (isHall(kind)) {
    followTalk(reveal, source, namesSlide(here().hash))
    standInWhenLost(reveal, source)
  }
}
if (kind.follower && !kind.replay) fitScreen(reveal)
if (import.meta.env.DEV) showProblems(deck.problems)
// Reveal measures the slides once, on paper above all, so the letters must be there before. Without
// them the deck goes on in the system's.
void Promise.allSettled([...document.fonts].map((font) => font.load())).then(() =>
  reveal.initialize(),
)
