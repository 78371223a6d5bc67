/*
 * The recorded rehearsal, for the time while the deck of the hall has lost the system: its live
 * frames go on from there (source/lent.ts), and return by themselves. It is fetched once the
 * deck has nothing else to do, kept packed, and opened when the connection is lost, so that it
 * costs a talk without trouble nothing. Where none is offered, or it has not come in time, frames
 * say that the connection is lost.
 *
 * It shows the moment at which the rehearsal came to the slide that is on, and plays on from there.
 * A frame that was never loaded has no page to show it with; its still says so.
 */
import type { RevealApi } from 'reveal.js'
import type { Replay } from '../source/replay'
import type { Connection, Source } from '../source/source'
import { withStandIn } from '../source/stand-in'
import { markRecorded } from './live-frame'

const name = 'rehearsal'

/** Has the rehearsal stand in for as long as the page lives. */
export function standInWhenLost(reveal: RevealApi, source: Source): void {
  let connection: Connection = 'connecting'
  let isAsked = false
  let rehearsal: Rehearsal | undefined
  source.onConnection((now) => {
    connection = now
    if (now === 'live') rehearsal?.rest()
    if (now === 'lost') void rehearsal?.open()
    if (now !== 'live' || isAsked) return
    isAsked = true
    whenIdle(async () => (rehearsal = await fetchRehearsal(reveal)))
  })
  reveal.on('slidechanged', () => {
    if (connection === 'lost') rehearsal?.turn()
  })
  window.letItCrashStandIn = (live, frame) =>
    withStandIn(live, {
      standIn: () => (connection === 'lost' ? rehearsal?.play() : undefined),
      onSwitch: (isStoodIn) => markRecorded(frame, isStoodIn),
    })
}

/** The code that plays it is fetched with it: later there would be nobody to ask. */
async function fetchRehearsal(reveal: RevealApi): Promise<Rehearsal | undefined> {
  try {
    const { keepRecording, openRecordingFile } = await import('../source/recording-file')
    const file = await keepRecording(name)
    if (!file) return undefined
    const { createReplay } = await import('../source/create-replay')
    return new Rehearsal(reveal, async () => {
      const opened = await openRecordingFile(file)
      return 'problem' in opened ? undefined : createReplay(opened.recording)
    })
  } catch {
    return undefined
  }
}

class Rehearsal {
  readonly #reveal: RevealApi
  readonly #create: () => Promise<Replay | undefined>
  #opening: Promise<void> | undefined
  #replay: Replay | undefined
  #isPlaying = false

  constructor(reveal: RevealApi, create: () => Promise<Replay | undefined>) {
    this.#reveal = reveal
    this.#create = create
  }

  /** Called again, does nothing. */
  open(): Promise<void> {
    this.#opening ??= this.#create().then((replay) => void (this.#replay = replay))
    return this.#opening
  }

  /** Its source, which goes on from the slide that is on; undefined until it is open. */
  play(): Source | undefined {
    void this.open()
    if (this.#replay && !this.#isPlaying) {
      this.#isPlaying = true
      this.turn()
    }
    return this.#replay?.source
  }

  /** Goes to where it came to the slide that is on; where it never did, it goes on as it is. */
  turn(): void {
    if (!this.#isPlaying) return
    const id = this.#reveal.getCurrentSlide().id
    const marker = this.#replay?.markers.find((one) => one.kind === 'slide' && one.slide === id)
    if (marker) this.#replay?.seek(marker.atMs)
    this.#replay?.play()
  }

  rest(): void {
    this.#isPlaying = false
    this.#replay?.pause()
  }
}

function whenIdle(act: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 10_000 })
  else setTimeout(act, 2_000)
}
