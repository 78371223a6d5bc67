/*
 * Which source a page gets: the one that a window around it lends (lent.ts), and else the live one,
 * from the gateway that served the page. One per page, however many of its parts ask, so that a
 * page is one visitor with one connection.
 */
import { lentSource } from './lent'
import { createLiveSource } from './live'
import type { Source } from './source'
import { browserWakes } from './wakes'

let chosen: Source | undefined

/** The page's one source. */
export function chooseSource(): Source {
  chosen ??= lentSource() ?? createLiveSource({ url: location.origin, wakes: browserWakes })
  return chosen
}
