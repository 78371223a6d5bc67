/*
 * The built pages, held in memory and packed once, when first asked for: a hall that scans at the
 * same moment costs a buffer each, and a gateway that restarts is not held up by packing.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.gz': 'application/gzip',
  '.map': 'application/json',
}

export class ServedFile {
  readonly type: string
  readonly plain: Buffer
  /** Its name holds a hash of what is in it, so it never changes. */
  readonly immutable: boolean
  /** To pack it would not make it smaller. */
  readonly isPacked: boolean
  private packed: Buffer | undefined

  /** Reads the file. Throws when it cannot be read. */
  constructor(file: string) {
    this.type = types[extname(file)] ?? 'application/octet-stream'
    this.plain = readFileSync(file)
    this.isPacked = this.type === 'application/gzip'
    this.immutable = file.replaceAll('\\', '/').includes('/assets/')
  }

  /** The smaller form of the two. */
  get gzip(): Buffer {
    this.packed ??= gzipSync(this.plain, { level: 9 })
    return this.packed
  }
}

/** All files below a folder, by their path from there: `assets/sum-1a2b.js`. */
export function readFiles(folder: string): Map<string, ServedFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return [relative(folder, file).replaceAll('\\', '/'), new ServedFile(file)]
    }),
  )
}
