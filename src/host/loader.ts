/*
 * Loads versions of hot modules: the built ones, and later ones, which a canary has compiled as
 * functions of their rooms (src/compile/hot-module.ts). One file is loaded once, so a version that
 * comes back has the same functions as before. What a file is, and how it is imported, is the
 * world's: a path in Node, compiled text in a browser.
 */
import type { HotFiles } from '../protocol/code-words'
import { hotModules, type HotModule } from '../protocol/upgrades'
import type { Exports } from '../runtime'

/** The rooms that hot modules may import, by the specifiers that they write. */
export type Rooms = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** The exports of hot modules, as the runtime loads them. */
export type Loaded = readonly (readonly [module: HotModule, exports: Exports])[]

export interface LoaderDoors {
  /** The module that the system was built with: the same each time. */
  built(module: HotModule, rooms: Rooms): Promise<Exports>
  /** Imports a file that a canary made. Rejects when it is missing or throws at load. */
  importFile(file: string): Promise<{ readonly default: (rooms: Rooms) => Exports }>
}

export class Loader {
  private readonly rooms: Rooms
  private readonly doors: LoaderDoors
  private readonly made = new Map<string, Exports>()

  constructor(rooms: Rooms, doors: LoaderDoors) {
    this.rooms = rooms
    this.doors = doors
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
    if (file === undefined) return await this.doors.built(module, this.rooms)
    const known = this.made.get(file)
    if (known) return known
    const { default: make } = await this.doors.importFile(file)
    const exports = make(this.rooms)
    this.made.set(file, exports)
    return exports
  }
}
