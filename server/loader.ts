/*
 * Loads the hot modules of the demo system: each is a built file of its own, imported under a new
 * address for each version, since a module that is imported twice by one address is loaded once.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Exports, Runtime } from '../src/runtime'

/** The modules that an upgrade may replace, by the names that qualified calls use. */
const hotModules = ['sum', 'session'] as const

/**
 * Loads the first version of every hot module. Rejects when a file is missing or throws at load.
 */
export async function loadModules(runtime: Runtime): Promise<void> {
  for (const module of hotModules) {
    const file = join(import.meta.dirname, `${module}.js`)
    const exports = (await import(/* @vite-ignore */ `${pathToFileURL(file).href}?v=1`)) as Exports
    runtime.code.load(module, exports)
  }
}
