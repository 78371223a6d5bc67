/*
 * Which source a page gets: the one that a window around it lends (lent.ts), and else the live one,
 * from the gateway that served the page. One per page, however many of its parts ask, so that a
 * page is one visitor with one connection.
 */
import { lentSource } from './lent'
import { createLiveSource } from './live'
import type { Source } from './source'
import { standInAround, type StandIn } from './stand-in'
import { browserWakes } from './wakes'

export interface Chosen {
  readonly source: Source
  /** A window around this one lends it: the replay, or the lab. */
  readonly isLent: boolean
  /** What the window around it offers while the live one is lost, if that shows the talk. */
  readonly standIn?: StandIn | undefined
}

let chosen: Chosen | undefined

/** The page's one source, and where it is from. */
export function chooseAmongSources(): Chosen {
  if (chosen) return chosen
  const lent = lentSource()
  const source = lent ?? createLiveSource({ url: location.origin, wakes: browserWakes })
  chosen = { source, isLent: lent !== undefined, standIn: standInAround() }
  return chosen
}

/** The page's one source. */
export const chooseSource = (): Source => chooseAmongSources().source
