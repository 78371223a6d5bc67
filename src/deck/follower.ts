/*
 * The slides on a follower's own screen, a phone most of the time: they go where the talk goes, and
 * whoever comes late begins where it is now. One may leaf on one's own, and a button leads back. A
 * follower wishes nothing, whoever they are.
 *
 * Held upright, a phone is given slides that are narrow and high, so that their words are as large
 * as those of a page; follower.css sets them.
 */
import type { RevealApi } from 'reveal.js'
import { deckFold, deckStream } from '../protocol/deck'
import type { Connection, Source } from '../source/source'
import { onAudienceAddress } from './audience-address'
import { isSamePlace, onTurn, placeOf, type Place } from './place'
import { hallSize } from './reveal-options'

/** Takes the deck along with the talk, from when it is up for as long as the page lives. */
export function goAlong(reveal: RevealApi, source: Source): void {
  reveal.on('ready', () => {
    let talk: Place | undefined
    let isAlong = true
    let hasHeard = false
    let connection: Connection = 'connecting'
    const bar = createBar(() => {
      isAlong = true
      goThere()
    })
    const { goTo } = onTurn(reveal, () => {
      isAlong = talk === undefined || isSamePlace(talk, placeOf(reveal))
      show()
    })
    const goThere = () => {
      if (talk) goTo(talk)
      show()
    }
    const show = () => {
      if (!isAlong) bar.show('leafing')
      else if (connection === 'lost') bar.show('lost')
      else bar.show(hasHeard && !talk ? 'early' : 'along')
    }

    source.onConnection((now) => {
      connection = now
      show()
    })
    source.follow(deckStream, deckFold, ({ view: { shown }, epoch }) => {
      talk = shown
      hasHeard = epoch !== undefined
      if (isAlong) goThere()
    })
  })
}

/** What a follower has to know; nothing while all is well. */
type State = 'along' | 'leafing' | 'early' | 'lost'

const sentences: Readonly<Record<State, string>> = {
  along: '',
  leafing: '',
  early: 'The talk has not begun.',
  lost: 'The connection is lost. It comes back by itself.',
}

function createBar(goBack: () => void) {
  const bar = document.createElement('div')
  bar.className = 'follower-bar'
  const words = document.createElement('p')
  words.setAttribute('role', 'status')
  const back = document.createElement('button')
  back.type = 'button'
  back.textContent = 'Back to the talk'
  back.addEventListener('click', goBack)
  bar.append(words, back)
  document.body.append(bar)
  return {
    show(state: State) {
      words.textContent = sentences[state]
      back.hidden = state !== 'leafing'
    },
  }
}

/** Width of an upright slide; that of the hall is 1920, so words are nearly twice as large. */
const uprightWidth = 1080

/** Gives the slides the shape of the screen, when it is upright and whenever it is turned. */
export function fitScreen(reveal: RevealApi): void {
  document.documentElement.classList.add('follower')
  const upright = matchMedia('(orientation: portrait)')
  const fit = () => {
    const height = Math.round((uprightWidth * innerHeight) / innerWidth)
    reveal.configure(upright.matches ? { width: uprightWidth, height } : hallSize)
  }
  fit()
  addEventListener('resize', fit)
  // Upright, a slide is as high as what is on it, and its codes came just now.
  onAudienceAddress(() => {
    if (reveal.isReady()) reveal.layout()
  })
}
