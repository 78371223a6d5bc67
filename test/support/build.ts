/*
 * Builds what the tests run in OS processes of their own, before the first test, in the way the server is
 * built: `vite build --ssr` with source maps, into dist/test. Every file in the folders below is an entry:
 * test/support/hosts/blocker.ts becomes dist/test/hosts/blocker.js.
 */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'vite'

const folders = ['hosts', 'roots']

const here = import.meta.dirname
const outDir = resolve(here, '../../dist/test')

/** The built file of a fixture, by its name under test/support: `hosts/blocker`. */
export const builtFile = (name: string): string => resolve(outDir, `${name}.js`)

/** Vitest calls this once, before all tests. */
export default async function buildFixtures(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      sourcemap: true,
      target: 'node20',
      rollupOptions: {
        input: Object.fromEntries(folders.flatMap(entriesOf)),
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
      },
    },
  })
}

const entriesOf = (folder: string): [name: string, file: string][] =>
  readdirSync(resolve(here, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`${folder}/${file.slice(0, -'.ts'.length)}`, resolve(here, folder, file)])
