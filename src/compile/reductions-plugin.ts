/*
 * Counted checks as a Vite plugin. It touches process code: what lies under src/system/, and files
 * named `*.process.ts`, where tests and benches keep their bodies. The runtime's own bodies, which
 * are not counted, have their `yield*` done by hand as well. The door of the runtime is named by
 * its path relative to the file, as an author would write it, so a build holds one runtime and not
 * two.
 */
import { dirname, relative, resolve } from 'node:path'
import type { Plugin } from 'vite'
import { countReductions, delegateByHand } from './reductions'

export interface ReductionsOptions {
  /** The project: files are named relative to it. Absolute. */
  readonly root?: string
  /** The runtime's door. Absolute. */
  readonly door?: string
}

const project = resolve(import.meta.dirname, '../..')

/** Makes process code preemptible in a build, in development and in tests. */
export function reductionsPlugin(options: ReductionsOptions = {}): Plugin {
  const { root = project, door = resolve(root, 'src/runtime/index.ts') } = options
  return {
    name: 'reductions',
    // Before the types are stripped, so that places are those of the TypeScript source.
    enforce: 'pre',
    transform: {
      filter: { id: /\.ts(\?|$)/ },
      handler(source, id) {
        // Whoever wants the text wants it as it was written.
        if (/\?(?:.*&)?raw\b/.test(id)) return null
        const path = id.replace(/\?.*$/, '')
        const file = slashed(relative(root, path))
        if (isOfRuntime(file) && /\byield\b/.test(source)) {
          return delegateByHand(source, { file, door: './reductions' })
        }
        if (!isProcessCode(file)) return null
        return countReductions(source, { file, door: specifier(path, door) })
      },
    },
  }
}

/** Whether a file, named relative to the project, holds process code. */
function isProcessCode(file: string): boolean {
  if (/(^|\/)node_modules\//.test(file) || isOfRuntime(file)) return false
  if (file.endsWith('.d.ts')) return false
  return file.startsWith('src/system/') || file.endsWith('.process.ts')
}

const isOfRuntime = (file: string): boolean => file.startsWith('src/runtime/')

function specifier(from: string, to: string): string {
  const path = slashed(relative(dirname(from), to))
  return path.startsWith('.') ? path : `./${path}`
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}
