/*
 * What a deck says about itself between two lines `---` at its very top: a strict subset of YAML,
 * so any YAML reader reads the same. A map of `key: value`, a list of `- value`, one inside the
 * other, and text: plain, 'single' or "double" quoted, always on one line. Every value is text,
 * numbers too. Whatever YAML has beyond that is an error that says what to write instead.
 */
import type { DeckLine } from './deck-line'
import type { Report } from './problem'

export type FrontValue = string | FrontValue[] | FrontMatter

export interface FrontMatter {
  [key: string]: FrontValue
}

export interface FrontPart {
  readonly front: FrontMatter
  /** The line of each value, by its path: `title`, `boards.1.id`. Lists count from 1. */
  readonly lineOf: ReadonlyMap<string, number>
  /** What follows the front matter: the slides. */
  readonly body: readonly DeckLine[]
}

/** A line without its indentation and comment. */
interface Entry {
  readonly indent: number
  readonly text: string
  readonly number: number
}

const isMark = (line: DeckLine | undefined): boolean => /^---[ \t]*$/.test(line?.text ?? '')

const keyed = /^(\p{L}[\p{L}\p{N}_-]*):(?:[ \t]+(.*))?$/u

/** Splits a deck into its front matter, which may be missing, and its slides. */
export function readFrontMatter(lines: readonly DeckLine[], report: Report): FrontPart {
  const lineOf = new Map<string, number>()
  if (!isMark(lines[0])) return { front: {}, lineOf, body: lines }
  const end = lines.findIndex((line, index) => index > 0 && isMark(line))
  if (end < 0) {
    report.error(1, 'The front matter is never closed. End it with a line ---.')
    return { front: {}, lineOf, body: lines.slice(1) }
  }
  const reader = new Reader(entriesOf(lines.slice(1, end), report), lineOf, report)
  return { front: reader.map(0, ''), lineOf, body: lines.slice(end + 1) }
}

function entriesOf(lines: readonly DeckLine[], report: Report): Entry[] {
  const entries: Entry[] = []
  for (const { text, number } of lines) {
    const [, space = '', rest = ''] = /^(\s*)(.*?)\s*$/.exec(text) ?? []
    if (rest === '' || rest.startsWith('#')) continue
    if (space.includes('\t')) report.error(number, 'Indent with spaces, not with tabs.')
    entries.push({ indent: space.length, text: rest, number })
  }
  return entries
}

class Reader {
  private at = 0
  private readonly entries: Entry[]
  private readonly lineOf: Map<string, number>
  private readonly report: Report

  constructor(entries: Entry[], lineOf: Map<string, number>, report: Report) {
    this.entries = entries
    this.lineOf = lineOf
    this.report = report
  }

  /** The entries from here on that stand exactly at `indent`, as a map. */
  map(indent: number, path: string): FrontMatter {
    const map: FrontMatter = {}
    for (let entry = this.next(indent); entry; entry = this.next(indent)) {
      const [, key, value] = keyed.exec(entry.text) ?? []
      if (key === undefined) {
        this.report.error(entry.number, `“${entry.text}” is no entry. Write key: value.`)
      } else if (Object.hasOwn(map, key)) {
        this.report.error(entry.number, `“${key}” stands here twice. Keep one of them.`)
      }
      this.at++
      if (key === undefined) continue
      this.lineOf.set(path + key, entry.number)
      map[key] = value ? this.scalar(value, entry) : this.below(indent, `${path}${key}.`)
    }
    return map
  }

  private list(indent: number, path: string): FrontValue[] {
    const list: FrontValue[] = []
    for (let entry = this.next(indent); entry; entry = this.next(indent)) {
      const [, dash = '', value = ''] = /^(-[ \t]+|-$)(.*)$/.exec(entry.text) ?? []
      if (!dash) break
      const place = `${path}${list.length + 1}`
      this.lineOf.set(place, entry.number)
      if (keyed.test(value)) {
        // The first key of a map stands behind the dash; the others stand below it.
        const inner = indent + dash.length
        this.entries[this.at] = { indent: inner, text: value, number: entry.number }
        list.push(this.map(inner, `${place}.`))
      } else {
        this.at++
        list.push(this.scalar(value, entry))
      }
    }
    return list
  }

  /** The value of a key whose line ends after the colon: what stands below it, or empty text. */
  private below(indent: number, path: string): FrontValue {
    const entry = this.entries[this.at]
    const listed = entry !== undefined && /^-(?:\s|$)/.test(entry.text)
    if (!entry || entry.indent < indent || (entry.indent === indent && !listed)) return ''
    return listed ? this.list(entry.indent, path) : this.map(entry.indent, path)
  }

  /** The next entry, if it stands at `indent`. One that stands deeper belongs to nothing. */
  private next(indent: number): Entry | undefined {
    for (; ; this.at++) {
      const entry = this.entries[this.at]
      if (!entry || entry.indent < indent) return undefined
      if (entry.indent === indent) return entry
      this.report.error(
        entry.number,
        `This line belongs to nothing above it. Indent it by ${indent}, not by ${entry.indent}.`,
      )
    }
  }

  private scalar(text: string, { indent, number: line }: Entry): string {
    const [, double, single] =
      /^(?:"((?:[^"\\]|\\["\\])*)"|'((?:[^']|'')*)')(?:\s+#.*)?$/.exec(text) ?? []
    if (double !== undefined) return double.replace(/\\(["\\])/g, '$1')
    if (single !== undefined) return single.replaceAll("''", "'")
    const plain = text.replace(/\s+#.*$/, '')
    if (/^[[{]/.test(plain)) {
      this.report.error(
        line,
        'Write each item on a line of its own (- item), or put text in quotes.',
      )
    } else if (/^[|>][+-]?\d?$/.test(plain)) {
      this.report.error(line, 'Write the text on one line, behind the key.')
      while ((this.entries[this.at]?.indent ?? 0) > indent) this.at++
    } else if (/^["'&*!|>%@`,?\]}]/.test(plain) || /:(?:\s|$)/.test(plain) || /^-\s/.test(plain)) {
      this.report.error(line, `Put this text in quotes: '${plain.replaceAll("'", "''")}'.`)
    }
    return plain
  }
}
