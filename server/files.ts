/*
 * The built pages, held in memory and packed once: a hall that scans at the same moment costs a
 * buffer each.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface ServedFile {
  readonly type: string
  readonly plain: Buffer
  /** Smaller form, where that is one. */
  readonly gzip: Buffer | undefined
  /** Its name holds a hash of what is in it, so it never changes. */
  readonly immutable: boolean
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
}

/** All files below a folder, by their path from there: `assets/sum-1a2b.js`. */
export function readFiles(folder: string): Map<string, ServedFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return [relative(folder, file).replaceAll('\\', '/'), served(file)]
    }),
  )
}

function served(file: string): ServedFile {
  const plain = readFileSync(file)
  const packed = gzipSync(plain, { level: 9 })
  return {
    type: types[extname(file)] ?? 'application/octet-stream',
    plain,
    gzip: packed.length < plain.length ? packed : undefined,
    immutable: file.replaceAll('\\', '/').includes('/assets/'),
  }
}
