/*
 * `{{short}}` in a slide stands for what the front matter says under that name, so that names,
 * contacts and addresses are written once. Names are paths: `{{contacts.2.mail}}`; lists count from
 * 1, and a list of texts by itself is its items joined by commas. Code blocks are left alone;
 * `&#123;{` writes the braces themselves.
 */
import type { DeckLine } from './deck-line'
import type { FrontMatter, FrontValue } from './deck-front-matter'
import type { Report } from './problem'

const placeholder = /\{\{\s*(\p{L}[\p{L}\p{N}_.-]*)\s*\}\}/gu

/** The lines with each placeholder replaced by its value. An unknown one stays, and is an error. */
export function fillPlaceholders(
  lines: readonly DeckLine[],
  front: FrontMatter,
  report: Report,
): DeckLine[] {
  const values = new Map<string, string>()
  collect(front, '', values)
  return lines.map((line) => {
    if (line.kind !== 'text') return line
    const text = line.text.replace(placeholder, (written, name: string) => {
      const value = values.get(name)
      if (value === undefined) report.error(line.number, unknown(name, values))
      return value ?? written
    })
    return { ...line, text }
  })
}

function unknown(name: string, values: ReadonlyMap<string, string>): string {
  const known = [...values.keys()]
  const instead =
    known.length > 0
      ? `Known are: ${known.join(', ')}.`
      : `Begin the file with a front matter that gives it: --- / ${name}: … / ---.`
  return `The front matter has no “${name}”. ${instead}`
}

function collect(value: FrontValue, path: string, values: Map<string, string>): void {
  if (typeof value === 'string') {
    values.set(path, value)
    return
  }
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')) {
    values.set(path, value.join(', '))
  }
  const parts = Array.isArray(value)
    ? value.map((item, index): [string, FrontValue] => [`${index + 1}`, item])
    : Object.entries(value)
  for (const [key, part] of parts) collect(part, path ? `${path}.${key}` : key, values)
}
