/*
 * The presenter's deck and the talk's place in `boards/deck`. The deck turns first, by itself, and
 * then says so; with no server it just turns. Another window of the presenter (a second laptop, a
 * phone) may turn as well, and this one goes along.
 *
 * Turns, their wishes, and what the stream tells of them cross each other on the way. So:
 *
 *   1. One wish is under way at a time; of the turns made meanwhile only the last is said.
 *   2. While a turn of ours waits or is under way, what others did is noted and not done: ours
 *      comes later in the stream, and takes everybody along.
 *   3. The stream's echo of an earlier turn of ours is old news. That of our last one is the talk's
 *      place, which matters when another window turned in between.
 *   4. Once ours is answered and no other waits, the turn of another that was noted is made up for:
 *      it may have been the later one.
 */
import type { RevealApi } from 'reveal.js'
import { deckFold, deckStream, type DeckView, type ShowSlide } from '../protocol/deck'
import type { Followed, Source } from '../source/source'
import { newWishId } from '../source/wish-id'
import { isSamePlace, onTurn, placeOf, type Place, type Turning } from './place'

/** A deck that stood still for so long was left standing: the next talk begins where it begins. */
const staleMs = 30 * 60_000

/** Whether an address leads to a slide: `#/your-tools`. */
export const namesSlide = (hash: string): boolean => /^#\/?[^/]/.test(hash)

/**
 * Keeps deck and talk together for as long as the page lives, once the deck is up and if the
 * visitor is the presenter. `isPlaced`: whoever opened the deck named a slide.
 */
export function followTalk(reveal: RevealApi, source: Source, isPlaced: boolean): void {
  reveal.on('ready', () => {
    const deck = new PresenterDeck(reveal, source, isPlaced)
    let isFollowing = false
    source.onWelcome(({ role }) => {
      if (role !== 'presenter' || isFollowing) return
      isFollowing = true
      source.follow(deckStream, deckFold, (followed) => deck.hear(followed))
    })
  })
}

class PresenterDeck {
  readonly #reveal: RevealApi
  readonly #source: Source
  readonly #isPlaced: boolean
  readonly #turning: Turning
  /** Where the deck is, as far as it has been looked at. */
  #here: Place
  /** Where it was turned to, as long as that is not said. */
  #toSay: Place | undefined
  #isUnderWay = false
  /** Ids of our wishes; the last of them. */
  readonly #ours = new Set<string>()
  #last: string | undefined
  /** Whether the stream has told anything, and the wish behind what it told last. */
  #hasHeard = false
  #heard: string | undefined
  /** Where another window turned while we were busy. */
  #noted: Place | undefined

  constructor(reveal: RevealApi, source: Source, isPlaced: boolean) {
    this.#reveal = reveal
    this.#source = source
    this.#isPlaced = isPlaced
    this.#here = placeOf(reveal)
    this.#turning = onTurn(reveal, () => this.#turned())
    // While one looks for a slide in the overview, the talk is on none of those in between; a press
    // on one of them closes the overview first and turns to it then.
    reveal.on('overviewhidden', () => queueMicrotask(() => this.#say()))
  }

  /** The stream tells where the talk is. */
  hear({ view: { shown }, epoch }: Followed<DeckView>): void {
    if (epoch === undefined) return
    const isFirst = !this.#hasHeard
    const isNews = shown !== undefined && shown.wish !== this.#heard
    this.#hasHeard = true
    this.#heard = shown?.wish
    if (isFirst) return this.#begin(shown)
    if (!isNews) return
    const isOurs = this.#ours.has(shown.wish)
    if (isOurs && shown.wish !== this.#last) return
    if (!this.#isUnderWay && !this.#toSay) this.#goTo(shown)
    else if (!isOurs) this.#noted = shown
  }

  #begin(shown: DeckView['shown']): void {
    const isFresh = shown !== undefined && this.#source.now() - shown.atMs <= staleMs
    if (!isFresh) this.#toSay ??= this.#here
    if (this.#toSay) return this.#say()
    // An address has no fragment, so a deck that was loaded anew lacks those of its slide.
    const isThere = shown?.slide === this.#here.slide
    if (isFresh && (isThere || !this.#isPlaced)) this.#goTo(shown)
  }

  #turned(): void {
    const here = placeOf(this.#reveal)
    // A turn to a slide with fragments is told twice.
    if (isSamePlace(here, this.#here)) return
    this.#here = here
    this.#toSay = here
    this.#say()
  }

  #say(): void {
    if (!this.#toSay || this.#isUnderWay || !this.#hasHeard || this.#reveal.isOverview()) return
    const command: ShowSlide = { type: 'show_slide', ...this.#toSay }
    const id = newWishId()
    this.#ours.add(id)
    this.#last = id
    this.#toSay = undefined
    this.#noted = undefined
    this.#isUnderWay = true
    void this.#source.wish(deckStream, command, id).then(() => {
      this.#isUnderWay = false
      if (this.#toSay) this.#say()
      else if (this.#noted) this.#goTo(this.#noted)
    })
  }

  #goTo(place: Place): void {
    this.#noted = undefined
    this.#turning.goTo(place)
    this.#here = placeOf(this.#reveal)
  }
}
