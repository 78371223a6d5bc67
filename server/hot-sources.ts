/*
 * The sources of the hot modules on this machine's disk: those that the running files were built
 * from, and those that somebody edits.
 */
import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { HotTexts } from '../src/host/upgrades'
import { hotModules, type HotModule, type Problem } from '../src/protocol/upgrades'

/** Larger than any module that a person reads aloud. */
const maxBytes = 64 * 1024

/**
 * What the built modules in a folder were made of, from the source maps beside them; empty texts
 * where there are none.
 */
export function builtSources(folder: string): HotTexts {
  return textsOf((module) => {
    try {
      const map = JSON.parse(readFileSync(join(folder, `${module}.js.map`), 'utf8')) as {
        sources: string[]
        sourcesContent: string[]
      }
      return (
        map.sourcesContent[map.sources.findIndex((name) => name.endsWith(`/${module}.ts`))] ?? ''
      )
    } catch {
      return ''
    }
  })
}

/** What is to be read in a folder now; or why it cannot be. */
export async function editedSources(
  folder: string,
): Promise<{ readonly texts: HotTexts } | { readonly problem: Problem }> {
  const texts: Partial<Record<HotModule, string>> = {}
  for (const module of hotModules) {
    const text = await readText(join(folder, `${module}.ts`))
    if (text === undefined) {
      return { problem: { module, sentence: `${module}.ts cannot be read on the server's disk.` } }
    }
    texts[module] = text
  }
  return { texts: textsOf((module) => texts[module] ?? '') }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path)
    return found.isFile() && found.size <= maxBytes ? await readFile(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}

const textsOf = (text: (module: HotModule) => string): HotTexts => ({
  sum: text('sum'),
  session: text('session'),
})
