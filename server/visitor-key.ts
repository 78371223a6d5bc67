/*
 * The key that signs the visitors' cookies, kept beside the log: whoever seconded a note before a
 * restart of the whole system is the same visitor after it. It opens nothing but that.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const isKey = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

/** The key in `folder`, made if there is none. Where nothing can be kept, one for this start. */
export function visitorKey(folder: string): string {
  const file = join(folder, 'visitor.key')
  try {
    const kept = readFileSync(file, 'utf8')
    if (isKey(kept)) return kept
  } catch {
    // There is none yet.
  }
  const key = randomBytes(32).toString('base64url')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(file, key, { mode: 0o600 })
  } catch {
    // A folder that cannot be written is told of by the log, which needs it more.
  }
  return key
}
