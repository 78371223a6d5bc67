/*
 * A colour and a shape for each author, so that a flood by one of them is seen. They follow from
 * the public name, which says nothing about the person. The shape alone tells two authors apart
 * too, for whoever does not see the colour.
 */

const colours = ['red', 'orange', 'olive', 'green', 'cyan', 'blue', 'violet', 'pink'] as const

/** Each drawn in a square of 20. */
const shapes = {
  circle: 'M10 2a8 8 0 1 1 0 16 8 8 0 1 1 0-16Z',
  square: 'M3 3h14v14H3Z',
  triangle: 'M10 2 19 18H1Z',
  diamond: 'M10 1l9 9-9 9-9-9Z',
  cross: 'M7 2h6v5h5v6h-5v5H7v-5H2V7h5Z',
  ring: 'M10 2a8 8 0 1 1 0 16 8 8 0 1 1 0-16Zm0 5a3 3 0 1 0 0 6 3 3 0 1 0 0-6Z',
  star: 'M10 1l2.6 6 6.4.6-4.8 4.3 1.4 6.4L10 15l-5.6 3.3 1.4-6.4L1 7.6 7.4 7Z',
  bars: 'M2 3h16v5H2ZM2 12h16v5H2Z',
} as const

export interface Tag {
  readonly colour: (typeof colours)[number]
  readonly shape: keyof typeof shapes
  readonly path: string
}

const names = Object.keys(shapes) as (keyof typeof shapes)[]

/** The tag of an author by their public name. */
export function tagOf(author: string): Tag {
  // FNV-1a, as for the codes of boards: spreads short names well.
  let hash = 0x811c9dc5
  for (const letter of author) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  const spread = (hash ^ (hash >>> 15)) >>> 0
  const colour = colours[spread % colours.length] ?? colours[0]
  const shape = names[Math.floor(spread / colours.length) % names.length] ?? 'circle'
  return { colour, shape, path: shapes[shape] }
}
