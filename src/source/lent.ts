/*
 * A source that one window lends to others: to the frames inside it, and to the windows that were
 * opened from any of those. The replay lends its own, so that the deck, the pages on its slides and
 * whatever is opened beside them show one moment by one clock; so does the lab. Windows of one
 * origin share their objects, so nothing is copied and nothing is sent.
 *
 * It lies under `letItCrashLentSource` of the lending window. A window of another origin can lend
 * nothing: to look into it throws.
 *
 * The window that shows the talk lends nothing while all is well. Under `letItCrashStandIn` it
 * offers its own frames a source for the time while their live one is lost (stand-in.ts). Nobody
 * asks any other window, so on the phones of the audience a lost connection is just that.
 */
import type { Source, Stop } from './source'

/** Makes of a live source one that shows another while that is lost, for a page in `frame`. */
export type StandIn = (live: Source, frame: Window) => Source

declare global {
  interface Window {
    letItCrashLentSource?: Source | undefined
    letItCrashStandIn?: StandIn | undefined
  }
}

/** Lends a source to all windows inside this one, or opened from there. */
export function lendSource(source: Source): void {
  window.letItCrashLentSource = source
}

/** The source that this window is lent; undefined when there is none. */
export function lentSource(): Source | undefined {
  for (const lender of windowsAround(window)) {
    const source = lookInto(() => lender.letItCrashLentSource)
    if (typeof source?.follow === 'function') return borrowed(source)
  }
  return undefined
}

/** What the window around this one has to stand in for a live source, if it has anything. */
export const standInAround = (): StandIn | undefined =>
  lookInto(() => window.parent.letItCrashStandIn)

/** Frames in frames, windows opened by windows: nobody has more. */
const maxAround = 16

/** The windows that this one is in or was opened from, nearest first, without itself. */
function windowsAround(here: Window): Window[] {
  const around = new Set([here])
  for (const each of around) {
    const outer = [lookInto(() => each.parent), lookInto(() => each.opener as Window | null)]
    for (const other of outer) if (other && around.size < maxAround) around.add(other)
  }
  return [...around].slice(1)
}

/** Undefined where a window of another origin lets nobody look. */
function lookInto<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

/** The same source, which this window leaves alone once it is gone. */
function borrowed(source: Source): Source {
  const stops = new Set<Stop>()
  const kept = (stop: Stop): Stop => {
    const stopOnce = () => {
      stops.delete(stopOnce)
      stop()
    }
    stops.add(stopOnce)
    return stopOnce
  }
  addEventListener('pagehide', () => {
    for (const stop of [...stops]) stop()
  })
  return {
    onConnection: (tell) => kept(source.onConnection(tell)),
    onWelcome: (tell) => kept(source.onWelcome(tell)),
    follow: (stream, fold, tell) => kept(source.follow(stream, fold, tell)),
    wish: (stream, command, id) => source.wish(stream, command, id),
    now: () => source.now(),
    after: (afterMs, act) => {
      const stop = kept(
        source.after(afterMs, () => {
          stop()
          act()
        }),
      )
      return stop
    },
    onRewind: (tell) => kept(source.onRewind(tell)),
  }
}
