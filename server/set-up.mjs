/*
 * Makes a fresh clone ready: installs what the lockfile names and builds, each only when something
 * it depends on has changed since. Plain JavaScript without any package, since it runs before there
 * are any.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
// Vite's hint about a loader that it will use one day: nothing that who starts the talk can act on.
process.env.VITE_CONFIG_NATIVE_IGNORE_WARNING = 'true'
const least = [20, 19]

/** What the build reads: folders and files of the project. */
const sources = [
  ...['src', 'server', 'slides', 'img'],
  ...['vite.config.ts', 'svelte.config.js', 'package.json', 'package-lock.json'],
]

/** Ends the process with one sentence when this Node is too old. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > least[0] || (major === least[0] && minor >= least[1])) return
  process.stderr.write(
    `This needs Node ${least.join('.')} or newer; this is ${process.versions.node}.\n`,
  )
  process.exit(1)
}

/**
 * Installs and builds as far as needed. Ends the process when one of them fails. Not for what is
 * run beside a running system: that has its files open, and its sources may be edited meanwhile.
 */
export function setUp() {
  install()
  once('dist/.set-up', hashOf(sources.flatMap(stamps)), () => {
    process.stdout.write('Building …\n')
    build()
  })
}

/** Installs as far as needed. Ends the process when that fails. */
export function install() {
  checkNode()
  once('node_modules/.set-up', hashOf([readFileSync(join(root, 'package-lock.json'))]), () => {
    process.stdout.write('Installing packages …\n')
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  })
}

/** Builds the pages and the server's processes. */
export function build() {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  run(process.execPath, [vite, 'build', '--logLevel', 'warn'])
  run(process.execPath, [vite, 'build', '--ssr', '--logLevel', 'warn'])
}

/** Does `act` unless `stampFile` says that it was done for the same state before. */
function once(stampFile, state, act) {
  const file = join(root, stampFile)
  if (existsSync(file) && readFileSync(file, 'utf8') === state) return
  act()
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, state)
}

/** One line for each file: its name, size and time of change. */
function stamps(path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  const stat = statSync(full)
  if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs}`]
  return readdirSync(full)
    .sort()
    .flatMap((name) => stamps(join(path, name)))
}

function hashOf(parts) {
  const hash = createHash('sha256').update(process.versions.node)
  for (const part of parts) hash.update('\n').update(part)
  return hash.digest('hex')
}

function run(command, args) {
  const isWindows = process.platform === 'win32'
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: isWindows })
  if (status !== 0) process.exit(status ?? 1)
}
