/*
 * Saves a text as a file of the browser's: a link to a blob, pressed once. Needs neither a server
 * nor a secure context.
 */
import type { Source } from '../../source/source'
import type { ExportFile } from './export-file'

/** The browser has read the blob long before. */
const readWithinMs = 60_000

export function saveFile({ name, type, content }: ExportFile, source: Source): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  source.after(readWithinMs, () => URL.revokeObjectURL(url))
}
