/*
 * One line of the log as JSON. Total: a record may hold pids, errors, big integers, or what nobody
 * foresaw.
 */

/** The record in one line, without its line break. Errors keep name, message and stack. */
export function logLine(record: object): string {
  try {
    return JSON.stringify({ time: new Date().toISOString(), ...record }, plain)
  } catch (error) {
    return JSON.stringify({ level: 'error', event: 'log_unreadable', reason: String(error) })
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Error)
    return { name: value.name, message: value.message, stack: value.stack }
  return value
}
