/*
 * `npm run export`: the part of the talk that needs no server, for self-study.
 *   dist/export/site/               a folder for any web host, at the root of an address
 *   dist/export/let-it-crash.html   the same as one file, to be opened by a double click
 * Built anew each time; whatever runs meanwhile keeps its own files.
 */
import { join } from 'node:path'
import { install } from './set-up.mjs'

install()
const { build, loadConfigFromFile, runnerImport } = await import('vite')
const root = join(import.meta.dirname, '..')
const out = join(root, 'dist/export')
const shared = { configFile: join(root, 'vite.config.ts'), logLevel: 'error' }

await build({
  ...shared,
  root: join(root, 'src'),
  build: {
    outDir: join(out, 'built'),
    sourcemap: false,
    // In one file there are no addresses from which to load anything ahead.
    modulePreload: false,
  },
})
const boot = await build({
  configFile: false,
  logLevel: 'error',
  build: {
    write: false,
    lib: { entry: join(root, 'src/file/boot.ts'), formats: ['es'], fileName: 'boot' },
  },
})
const [{ output }] = [boot].flat()
const ofServer = { command: 'build', mode: 'production', isSsrBuild: true }
const { config } = await loadConfigFromFile(ofServer, shared.configFile)
const { module } = await runnerImport(join(import.meta.dirname, 'exporting.ts'), {
  plugins: config.plugins,
})
const made = await module.exportAll(out, output[0].code)
process.stdout.write(`dist/export/site: ${made.siteFiles} files, ${kB(made.siteSize)}
dist/export/let-it-crash.html: ${kB(made.fileSize)}
recordings in each: ${kB(made.recordingsSize)}
`)

function kB(bytes) {
  return `${Math.ceil(bytes / 1000)} kB`
}
