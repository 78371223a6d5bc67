/*
 * The places in a recording that one wants to find again: where a slide was turned to, and where a
 * host was lost; and the moments at which anything happened at all, one step after the other.
 * Samples are no happening: they come ten times a second.
 */
import { deckStream } from '../protocol/deck'
import { hostsStream } from '../protocol/hosts'
import type { RecordedWord } from '../protocol/recording'

export type Marker =
  | { readonly kind: 'slide'; readonly atMs: number; readonly slide: string }
  | { readonly kind: 'loss'; readonly atMs: number; readonly host: string }

/** More than a talk has of both; what is beyond is left out. */
const maxMarkers = 400
const maxName = 100

/** In the order of their times. */
export function markersOf(words: readonly RecordedWord[]): readonly Marker[] {
  const markers: Marker[] = []
  let slide: string | undefined
  for (const word of words) {
    for (const said of saidBy(word)) {
      if (markers.length === maxMarkers) return markers
      const marker = markerOf(said, word)
      // Its fragments are on the same slide.
      if (!marker || (marker.kind === 'slide' && marker.slide === slide)) continue
      if (marker.kind === 'slide') slide = marker.slide
      markers.push(marker)
    }
  }
  return markers
}

/** A deck's snapshot has what was said last. */
function saidBy(word: RecordedWord): readonly unknown[] {
  if (word.type === 'events') return word.events
  if (word.type === 'gap' || word.stream !== deckStream) return []
  const { shown } = fieldsOf(word.view)
  return [{ ...fieldsOf(shown), type: 'slide_shown' }]
}

function markerOf(said: unknown, word: RecordedWord): Marker | undefined {
  const { type, slide, host } = fieldsOf(said)
  const stream = word.type === 'gap' ? undefined : word.stream
  const { atMs } = word
  if (stream === deckStream && type === 'slide_shown' && isName(slide)) {
    return { kind: 'slide', atMs, slide }
  }
  const isLoss = stream === hostsStream && type === 'host_lost' && isName(host)
  return isLoss ? { kind: 'loss', atMs, host } : undefined
}

const sampled = new Set([
  ...['load_sampled', 'gauges_sampled', 'table_taken'],
  ...['costs_taken', 'tree_taken', 'burning_seen'],
])

/** The moments at which something happened, each once and in order. */
export function momentsOf(words: readonly RecordedWord[]): readonly number[] {
  const isHappening = (said: unknown) => !sampled.has(String(fieldsOf(said)['type']))
  const moments = words
    .filter((word) => word.type === 'events' && word.events.some(isHappening))
    .map(({ atMs }) => atMs)
  return [...new Set(moments)]
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxName
