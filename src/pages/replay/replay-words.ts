/* What the player says in words: why a file is not shown, and what of one is not. */
import type { Recording } from '../../protocol/recording'
import type { OpenProblem } from '../../source/recording-file'
import type { Marker } from '../../source/replay-marks'

export const problemWords: Readonly<Record<OpenProblem, string>> = {
  not_found: 'There is no recording of that name here.',
  unreachable: 'The recording cannot be reached just now.',
  no_recording: 'That file is no recording of a talk.',
  too_large: 'That file is larger than the recording of any talk.',
}

/** What of a recording cannot be shown, one sentence each. */
export function shortcomings({ isNewer, unreadable }: Recording, isCutOff: boolean): string[] {
  const lines = unreadable === 1 ? '1 line of it was' : `${unreadable} lines of it were`
  return [
    ...(isNewer ? ['A newer version recorded it: what this one does not know is missing.'] : []),
    ...(isCutOff ? ['The file was cut off: its end is missing.'] : []),
    ...(unreadable > 0 ? [`${lines} unreadable, and left out.`] : []),
  ]
}

/** What stands at a marker; a slide by its title if the deck has it, else by its name. */
export function markerText(marker: Marker, titles: ReadonlyMap<string, string>): string {
  if (marker.kind === 'loss') return `${marker.host} is lost`
  const named = marker.slide.replaceAll('-', ' ')
  return titles.get(marker.slide) ?? named.charAt(0).toUpperCase() + named.slice(1)
}

/** The titles of a deck's slides by their names: a heading without its fine print. */
export function titlesIn(deck: Document): ReadonlyMap<string, string> {
  const titles = new Map<string, string>()
  for (const slide of deck.querySelectorAll('section[id]')) {
    const heading = slide.querySelector('h1, h2, h3')?.cloneNode(true) as Element | undefined
    heading?.querySelectorAll('small').forEach((fine) => fine.remove())
    const page = slide.querySelector('live-frame')?.getAttribute('title')
    const title = heading?.textContent?.trim() || page
    if (title) titles.set(slide.id, title)
  }
  return titles
}

/** `30 November 2026`. */
export const dayText = (ms: number): string =>
  new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
