/*
 * Makes of the built pages what needs no server: a folder for any web host, and one file. Both have
 * the replay, the lab, and the pages that these show in frames; what only a running system can
 * answer is left out.
 */
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import declared from 'virtual:declared/let-it-crash'
import type { Files } from '../src/compile/pack'
import { writeOneFile } from './one-file'
import { createPages } from './pages'
import { writeSite } from './site-folder'

/** Pages of a running system. */
const needServer = ['/', '/enter', '/presenter']

/** What was built: files by their paths, and which of them stands at which address. */
export interface Built {
  readonly title: string
  readonly files: Files
  readonly pages: ReadonlyMap<string, string>
}

/** Sizes are in bytes. */
export interface Exported {
  readonly siteFiles: number
  readonly siteSize: number
  readonly fileSize: number
  /** Of the recordings, which are in both. */
  readonly recordingsSize: number
}

/**
 * @param out the folder where the pages are, in `built`, and where all goes
 * @param boot the program that unpacks the one file
 */
export async function exportAll(out: string, boot: string): Promise<Exported> {
  const files = readFolder(join(out, 'built'))
  rmSync(join(out, 'built'), { recursive: true })
  const pages = createPages(declared.boards.map(({ id }) => id)).all()
  const served = new Map(pages.filter(([address]) => !needServer.includes(address)))
  // Whoever comes without an address comes to watch.
  served.set('/', served.get('/replay')!)
  const built: Built = { title: declared.title, files, pages: served }
  const site = writeSite(join(out, 'site'), built)
  return {
    siteFiles: site.size,
    siteSize: sizeOf([...site.values()]),
    fileSize: await writeOneFile(join(out, 'let-it-crash.html'), built, boot),
    recordingsSize: sizeOf([...files].flatMap(([path, each]) => (isRecording(path) ? [each] : []))),
  }
}

const isRecording = (path: string): boolean => path.startsWith('recordings/')

const sizeOf = (parts: readonly Uint8Array[]): number =>
  parts.reduce((sum, { length }) => sum + length, 0)

function readFolder(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
  return new Map(
    paths.sort().map((path) => {
      const name = path.slice(folder.length + 1).replaceAll('\\', '/')
      return [name, new Uint8Array(readFileSync(path))]
    }),
  )
}
