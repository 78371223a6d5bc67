/*
 * A text for ears: read out at once when it has changed, and then not again for a while, or a storm
 * would talk without an end.
 */
import type { Source, Stop } from '../../source/source'

const restMs = 4_000

export interface Calm {
  /** What is to be read out now. */
  say(text: string): void
  stop: Stop
}

/** `tell` is given the texts that are read out: the newest one, when others came too fast. */
export function createCalm(source: Source, tell: (text: string) => void): Calm {
  let told: string | undefined
  let newest = ''
  let stopResting: Stop | undefined

  function tellNewest() {
    if (told === newest) return
    told = newest
    tell(newest)
    stopResting = source.after(restMs, () => {
      stopResting = undefined
      tellNewest()
    })
  }

  return {
    say(text) {
      newest = text
      if (!stopResting) tellNewest()
    },
    stop: () => stopResting?.(),
  }
}
