/*
 * Where built code comes from: a place in a built file, told as the place in the source that a
 * person wrote. The build lays a source map beside each file (`x.js.map`); where there is none, the
 * place in the file itself is the best there is. Paths are told from the project's folder: what
 * lies outside shows its bare name, because findings are public and a home folder's name is
 * nobody's business.
 */
import { readFile } from 'node:fs/promises'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A place in a source, for people. */
export interface Origin {
  /** Path from the project's folder; empty for code that is no file's, such as Node's own. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1. */
  readonly column: number
}

/**
 * The source place of a place in built code. Never fails: a missing or broken map gives the built
 * place.
 * @param url as the engine names the file; a query such as `?v=2` is ignored
 * @param line counted from 0, as the engine does
 * @param column counted from 0
 */
export async function originOf(url: string, line: number, column: number): Promise<Origin> {
  const path = pathOf(url)
  if (path === undefined) return { file: '', line: line + 1, column: column + 1 }
  const entry = (await mapOf(path))?.findEntry(line, column)
  if (!entry || !('originalSource' in entry)) {
    return { file: shown(path), line: line + 1, column: column + 1 }
  }
  const source = pathOf(entry.originalSource) ?? resolve(dirname(path), entry.originalSource)
  return {
    file: shown(source),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  }
}

function pathOf(url: string): string | undefined {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : undefined
  } catch {
    return undefined
  }
}

async function mapOf(path: string): Promise<SourceMap | undefined> {
  try {
    return new SourceMap(JSON.parse(await readFile(`${path}.map`, 'utf8')) as SourceMapPayload)
  } catch {
    return undefined
  }
}

function shown(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? basename(path) : fromHere
}
