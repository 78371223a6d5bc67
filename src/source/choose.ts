/*
 * Which source a page gets: live, from the gateway that served the page. One per page, however many
 * of its parts ask, so that a page is one visitor with one connection.
 */
import { createLiveSource } from './live'
import type { Source } from './source'
import { browserWakes } from './wakes'

let chosen: Source | undefined

/** The page's one source. */
export function chooseSource(): Source {
  chosen ??= createLiveSource({ url: location.origin, wakes: browserWakes })
  return chosen
}
