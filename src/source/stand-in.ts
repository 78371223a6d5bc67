/*
 * What stands in for the live system while a page on a slide has lost it: the window that shows the
 * talk offers a recorded source, and its frames take it after a while. Nothing is taken from any
 * other window, so on the phones of the audience a lost connection is just that.
 *
 * The offer lies under `letItCrashStandIn` of the offering window, as a function that is asked anew
 * each time: there is something only while that window itself has lost the system.
 */
import { borrowed, lookInto } from './lent'
import type { Source, Stop } from './source'

/** Gives the recorded source of this moment, or undefined while there is none to be shown. */
export type StandIn = () => Source | undefined

declare global {
  interface Window {
    letItCrashStandIn?: StandIn | undefined
  }
}

/** A network that is slow or a gateway that is restarted is back by then. */
const lostForMs = 2_000
const askEveryMs = 500

/** Offers a stand-in to the frames of this window. */
export function offerStandIn(standIn: StandIn): void {
  window.letItCrashStandIn = standIn
}

/** What the window around this one offers from now on, if it is of this origin. */
export function standInAround(): StandIn | undefined {
  const around = window.parent
  if (around === window || lookInto(() => around.document) === undefined) return undefined
  return () => {
    const source = lookInto(() => around.letItCrashStandIn?.())
    return source && borrowed(source)
  }
}

/** Tells what is to be shown instead of the live source, and undefined once that is live again. */
export function whenLost(
  live: Source,
  standIn: StandIn,
  tell: (instead: Source | undefined) => void,
): void {
  let stopWaiting: Stop | undefined
  let isStoodIn = false
  const wait = (ms: number) => {
    stopWaiting = live.after(ms, () => {
      const source = standIn()
      if (!source) return wait(askEveryMs)
      isStoodIn = true
      tell(source)
    })
  }
  live.onConnection((connection) => {
    stopWaiting?.()
    if (connection !== 'live') {
      if (!isStoodIn) wait(lostForMs)
    } else if (isStoodIn) {
      isStoodIn = false
      tell(undefined)
    }
  })
}
