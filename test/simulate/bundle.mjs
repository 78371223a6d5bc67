/*
 * Builds the simulation for Node, with counted checks in all process code, each source to a file of
 * its own: so a fault can be planted in one of them without building again. Vite's own runner would
 * take twice the time for each step.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, runnerImport, transformWithOxc } from 'vite'

const root = join(import.meta.dirname, '../..')
const folderOf = (name) => join(root, 'dist/simulate', name)

/**
 * Builds all programs of the simulation to dist/simulate/<name>. Gives the folder.
 * @param {string} name
 */
export async function bundle(name) {
  const { module } = await runnerImport(join(root, 'src/compile/reductions-plugin.ts'))
  const entry = (file) => join(root, 'test/simulate', `${file}.ts`)
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    plugins: [module.reductionsPlugin()],
    build: {
      ssr: true,
      outDir: folderOf(name),
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: {
        // Whole files, since a planted one may need what no other does.
        treeshake: false,
        input: { main: entry('main'), exhaustive: entry('exhaustive-main') },
        output: {
          preserveModules: true,
          preserveModulesRoot: root,
          entryFileNames: '[name].js',
        },
      },
    },
  })
  return folderOf(name)
}

/**
 * A copy of a built simulation with a fault in its runtime. Throws when the text that the fault
 * replaces is not there, or more than once. Gives the folder.
 * @param {string} built folder
 * @param {import('./faults').Fault} fault
 */
export async function plant(built, { name, file, find, replace }) {
  const source = readFileSync(join(root, 'src/runtime', file), 'utf8')
  const found = source.split(find).length - 1
  if (found !== 1) throw new Error(`'${name}': its text stands ${found} times in ${file}`)
  const { code } = await transformWithOxc(
    source.replace(find, () => replace),
    file,
  )
  const folder = folderOf(`fault ${name}`)
  cpSync(built, folder, { recursive: true })
  const imports = code.replace(/(from\s*"\.\/[\w-]+)"/g, '$1.js"')
  writeFileSync(join(folder, 'src/runtime', file.replace(/ts$/, 'js')), imports)
  return folder
}
