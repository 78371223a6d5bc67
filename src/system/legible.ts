/*
 * A process's variable as people may see it: in one line, bounded, and without any text that
 * somebody typed: of a text only its length is told.
 */
const maxDepth = 3
const maxEntries = 8
const maxLength = 300

/** The value in at most 300 characters. Never throws: it is a glimpse, made of plain values. */
export function legible(value: unknown): string {
  const text = tell(value, 0)
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}

function tell(value: unknown, depth: number): string {
  if (typeof value === 'string') return `text of ${value.length}`
  if (typeof value === 'bigint' || typeof value !== 'object' || value === null) return String(value)
  if (value.constructor !== Object && Object.hasOwn(value, 'serial')) return String(value)
  if (depth === maxDepth) return '…'
  const inner = (part: unknown) => tell(part, depth + 1)
  const pair = ([key, part]: [unknown, unknown]) => `${inner(key)} => ${inner(part)}`
  const field = (key: string) =>
    `${keyText(key)}: ${inner((value as Record<string, unknown>)[key])}`
  if (Array.isArray(value)) return `[${list(value, inner)}]`
  if (value instanceof Set) return `Set {${list(value, inner)}}`
  if (value instanceof Map) return `Map {${list(value, pair)}}`
  if (value instanceof Date) return String(value.getTime())
  return `{${list(Object.keys(value), field)}}`
}

/** A field's name; where keys are data, they may be somebody's text. */
const keyText = (key: string): string => (/^[A-Za-z]\w{0,30}$/.test(key) ? key : '…')

/** The first parts, and no look at the others: there may be a million. */
function list<Part>(parts: Iterable<Part>, shown: (part: Part) => string): string {
  const texts: string[] = []
  for (const part of parts) {
    if (texts.length === maxEntries) return [...texts, '…'].join(', ')
    texts.push(shown(part))
  }
  return texts.join(', ')
}
