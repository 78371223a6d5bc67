/*
 * What a disk's errors mean for people. They come as codes of the database (SQLITE_FULL) or of Node
 * (ENOSPC); the database knows no code for most of what a disk can answer, so then the disk is
 * asked once more.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** More than a file system might keep in the entry of a file. */
const questionBytes = 65_536

/** The code of an error of the database or of Node; 'undefined' when it has none. */
export const codeOf = (error: unknown): string =>
  String((error as { readonly code?: unknown } | undefined)?.code)

/** Whether the disk is to blame, and not whoever wrote. */
export const isOfTheDisk = (error: unknown): boolean =>
  isDamage(error) || /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|NOMEM)/.test(codeOf(error))

/** Whether what stands in the database cannot be what was written. */
export const isDamage = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB|CONSTRAINT_CHECK)/.test(codeOf(error))

/** Why the database `file` cannot be written, in a sentence for people. */
export function troubleOf(error: unknown, file: string): string {
  const message = error instanceof Error ? error.message : String(error)
  if (isDamage(error)) return `The log is damaged: ${message}.`
  switch (/^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(codeOf(error)) ? askDisk(file) : codeOf(error)) {
    case 'SQLITE_FULL':
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full.'
    case 'EROFS':
      return 'The disk is read-only.'
    case 'SQLITE_BUSY':
      return 'Another process has it open.'
    default:
      return `The disk cannot be written: ${message}.`
  }
}

/** The database tells of an I/O error and not which: what the disk answers to another file. */
function askDisk(file: string): string | undefined {
  const question = join(dirname(file), 'probe')
  try {
    writeFileSync(question, Buffer.alloc(questionBytes, 1))
    return undefined
  } catch (error) {
    return codeOf(error)
  } finally {
    rmSync(question, { force: true })
  }
}
