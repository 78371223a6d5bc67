/*
 * Which source a page has. It lies in the context of the page's components, put there by whoever
 * mounts the page, so that the same components show a live system, a replay or the lab.
 */
import { getContext } from 'svelte'
import type { Source } from '../source/source'

const key = 'source'

/** The context to mount a page with. */
export const contextWith = (source: Source): Map<string, Source> => new Map([[key, source]])

/** The source of the page that a component is part of. Called while the component is set up. */
export const getSource = (): Source => getContext<Source>(key)
