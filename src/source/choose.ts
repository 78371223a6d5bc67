/*
 * Which source a page gets: the one that a window around it lends (lent.ts), and else the live one,
 * from the gateway that served the page; on a slide of the talk with a stand-in for bad times. One
 * per page, however many of its parts ask, so that a page is one visitor with one connection.
 */
import { lentSource, standInAround } from './lent'
import { createLiveSource } from './live'
import type { Source } from './source'
import { browserWakes } from './wakes'

export interface Chosen {
  readonly source: Source
  /** A window around this one lends it, at least at times: the replay, the lab, or the talk. */
  readonly isLent: boolean
}

let chosen: Chosen | undefined

/** The page's one source, and where it is from. */
export function chooseAmongSources(): Chosen {
  if (chosen) return chosen
  const lent = lentSource()
  const source = lent ?? createLiveSource({ url: location.origin, wakes: browserWakes })
  const standIn = standInAround()
  chosen = standIn
    ? { source: standIn(source, window), isLent: true }
    : { source, isLent: lent !== undefined }
  return chosen
}

/** The page's one source. */
export const chooseSource = (): Source => chooseAmongSources().source
