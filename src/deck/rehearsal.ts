/*
 * The rehearsal that stands in for a lost system (stand-in.ts): kept packed, opened when it may be
 * needed, played from where it came to the slide that is on. This code comes with the recording:
 * later there is nobody to ask for it.
 */
import type { RevealApi } from 'reveal.js'
import { createReplay } from '../source/create-replay'
import { keepRecording, openRecordingFile } from '../source/recording-file'
import type { Replay } from '../source/replay'
import type { Source } from '../source/source'

const name = 'rehearsal'

/** Fetches it, if it is offered. Never rejects. */
export async function fetchRehearsal(reveal: RevealApi): Promise<Rehearsal | undefined> {
  const file = await keepRecording(name)
  return file && new Rehearsal(reveal, file)
}

export class Rehearsal {
  readonly #reveal: RevealApi
  readonly #file: Blob
  #opening: Promise<void> | undefined
  #replay: Replay | undefined
  #isPlaying = false

  constructor(reveal: RevealApi, file: Blob) {
    this.#reveal = reveal
    this.#file = file
  }

  /** Called again, does nothing. */
  open(): Promise<void> {
    this.#opening ??= openRecordingFile(this.#file).then((opened) => {
      if ('recording' in opened) this.#replay = createReplay(opened.recording)
    })
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
