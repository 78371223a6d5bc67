/*
 * Names of slides: `#/your-tools` in the address, `show_slide { slide: 'your-tools' }` in the
 * protocol. An author gives them, or they follow from what the slide shows; they never depend on a
 * slide's place, so a link outlives the slides that are put in before it.
 */
import type { Report } from './problem'

/** What a slide offers as its name, and where to report that it is none. */
export interface Naming {
  /** The name that the author gave. */
  readonly explicit?: string
  /**
   * What else a name can be made of, the best first: a heading, a picture's file, the first words.
   */
  readonly sources: readonly string[]
  readonly line: number
}

/** Numbers are places in reveal's addresses, and a slash ends a name there. */
const possible = /^(?!\d+$)[\p{L}\p{N}_-]+$/u

/** Gives each slide a name of its own, in their order. */
export function nameSlides(slides: readonly Naming[], report: Report): string[] {
  const lines = new Map<string, number>()
  const given = slides.map(({ explicit, line }) => {
    if (explicit === undefined) return undefined
    const before = lines.get(explicit)
    if (!possible.test(explicit)) {
      report.error(
        line,
        `“${explicit}” cannot name a slide. ` +
          `Use letters, digits and dashes: ${slug(explicit) || 'a-name'}.`,
      )
    } else if (before !== undefined) {
      report.error(
        line,
        `The slide of line ${before} has the name “${explicit}”. Give another one.`,
      )
    } else {
      lines.set(explicit, line)
      return explicit
    }
    return undefined
  })
  const taken = new Set(lines.keys())
  return slides.map((slide, index) => {
    const name = given[index] ?? freeName(slide, taken)
    taken.add(name)
    return name
  })
}

function freeName({ explicit = '', sources }: Naming, taken: ReadonlySet<string>): string {
  const base = [explicit, ...sources].map(slug).find((candidate) => candidate !== '') ?? 'slide'
  let name = base
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`
  return name
}

/**
 * A text as a name: lower case, letters and digits of any script, dashes. Empty when nothing is
 * left.
 */
export function slug(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join('-')
  return /^\d+$/.test(words) ? `slide-${words}` : words
}
