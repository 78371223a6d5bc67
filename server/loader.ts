/*
 * Loads versions of hot modules: the built ones, each a file of its own, and later ones, which the
 * canary has compiled as functions of their rooms (src/compile/hot-module.ts). One file is loaded
 * once, so a version that comes back has the same functions as before.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Exports } from '../src/runtime'
import { hotModules, type HotModule } from '../src/protocol/upgrades'
import type { HotFiles } from '../src/protocol/code-words'

/** The rooms that hot modules may import, by the specifiers that they write. */
export type Rooms = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** The exports of hot modules, as the runtime loads them. */
export type Loaded = readonly (readonly [module: HotModule, exports: Exports])[]

export class Loader {
  private readonly rooms: Rooms
  private readonly made = new Map<string, Exports>()

  constructor(rooms: Rooms) {
    this.rooms = rooms
  }

  /** All hot modules. Rejects when a file is missing or throws at load. */
  async load(files: HotFiles): Promise<Loaded> {
    return await Promise.all(
      hotModules.map(
        async (module) => [module, await this.exportsOf(module, files[module])] as const,
      ),
    )
  }

  private async exportsOf(module: HotModule, file: string | undefined): Promise<Exports> {
    if (file === undefined) {
      const built = join(import.meta.dirname, `${module}.js`)
      return (await import(/* @vite-ignore */ `${pathToFileURL(built).href}?v=1`)) as Exports
    }
    const known = this.made.get(file)
    if (known) return known
    const { default: make } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      default: (rooms: Rooms) => Exports
    }
    const exports = make(this.rooms)
    this.made.set(file, exports)
    return exports
  }
}
