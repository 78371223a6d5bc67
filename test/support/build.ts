/*
 * Builds, before the first test, what tests run and show as it is shipped, where its sources have
 * changed; and what they run in OS processes of their own, in the way the server is built:
 * `vite build --ssr` with source maps, into dist/test. Every file in the folders below is an entry:
 * test/support/hosts/blocker.ts becomes dist/test/hosts/blocker.js.
 */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'vite'
import { setUp } from '../../server/set-up.mjs'
import { reductionsPlugin } from '../../src/compile/reductions-plugin'

const folders = ['hosts', 'roots']

const here = import.meta.dirname
/** What the loader that the hosts share looks for beside itself, as in vite.config.ts. */
const hotModules = {
  runtime: resolve(here, '../../src/runtime/index.ts'),
  sum: resolve(here, '../../src/system/sum.ts'),
  session: resolve(here, '../../src/system/session.ts'),
}
const outDir = resolve(here, '../../dist/test')

/** The built file of a fixture, by its name under test/support: `hosts/blocker`. */
export const builtFile = (name: string): string => resolve(outDir, `${name}.js`)

/** Vitest calls this once, before all tests. */
export default async function buildAll(): Promise<void> {
  buildShipped()
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [reductionsPlugin()],
    build: {
      ssr: true,
      outDir,
      // Another run of the tests may be using it.
      emptyOutDir: false,
      sourcemap: true,
      target: 'node20',
      rollupOptions: {
        input: { ...hotModules, ...Object.fromEntries(folders.flatMap(entriesOf)) },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
      },
    },
  })
}

function buildShipped(): void {
  // Vitest's own NODE_ENV would make a development build, which is not what is shipped.
  const { NODE_ENV } = process.env
  delete process.env.NODE_ENV
  setUp()
  if (NODE_ENV !== undefined) process.env.NODE_ENV = NODE_ENV
}

const entriesOf = (folder: string): [name: string, file: string][] =>
  readdirSync(resolve(here, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`${folder}/${file.slice(0, -'.ts'.length)}`, resolve(here, folder, file)])
