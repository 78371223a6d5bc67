/* How a host of this machine imports hot modules: the built ones and later ones are files. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LoaderDoors, Rooms } from '../src/host/loader'
import type { Exports } from '../src/runtime'

export const fromFiles: LoaderDoors = {
  async built(module) {
    const built = join(import.meta.dirname, `${module}.js`)
    return (await import(/* @vite-ignore */ `${pathToFileURL(built).href}?v=1`)) as Exports
  },
  async importFile(file) {
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      default: (rooms: Rooms) => Exports
    }
  },
}
