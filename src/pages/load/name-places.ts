/*
 * Where the names of lines stand beside a chart: each as near as can be to the end of its line, and
 * none over another.
 */
export interface Named {
  readonly name: string
  /** Where its line ends, in pixels from above. */
  readonly at: number
}

/** Places in the same unit, from above; names that find no room are left out, the lowest first. */
export function placeNames<Line extends Named>(
  lines: readonly Line[],
  room: { readonly from: number; readonly to: number; readonly each: number },
): { readonly line: Line; readonly at: number }[] {
  const fitting = Math.max(0, Math.floor((room.to - room.from) / room.each))
  const shown = [...lines].sort((one, other) => one.at - other.at).slice(0, fitting)
  const half = room.each / 2
  const places: number[] = []
  // Downwards none comes too near to the one above; upwards none leaves the room.
  for (const { at } of shown)
    places.push(Math.max(at, room.from + half, (places.at(-1) ?? -Infinity) + room.each))
  let lowest = room.to - half
  for (let at = places.length - 1; at >= 0; at--) {
    places[at] = Math.min(places[at]!, lowest)
    lowest = places[at]! - room.each
  }
  return shown.map((line, at) => ({ line, at: places[at]! }))
}
