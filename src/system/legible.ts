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
  if (Array.isArray(value)) return `[${list(value.map(inner))}]`
  if (value instanceof Set) return `Set {${list([...value].map(inner))}}`
  if (value instanceof Map) {
    return `Map {${list([...value].map(([key, part]) => `${inner(key)} => ${inner(part)}`))}}`
  }
  if (value instanceof Date) return String(value.getTime())
  return `{${list(Object.entries(value).map(([key, part]) => `${keyText(key)}: ${inner(part)}`))}}`
}

/** A field's name; where keys are data, they may be somebody's text. */
const keyText = (key: string): string => (/^[A-Za-z]\w{0,30}$/.test(key) ? key : '…')

function list(parts: readonly string[]): string {
  const shown = parts.slice(0, maxEntries)
  return [...shown, ...(parts.length > maxEntries ? ['…'] : [])].join(', ')
}
