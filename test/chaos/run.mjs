/*
 * `npm run chaos`: a hall of visitors writes on a board while somebody moderates, hosts are killed,
 * lines cut, phones put to sleep and the disk filled; one checker judges every phase. Ends with 1
 * unless all are good.
 *   npm run chaos -- seconds=300 clients=1000 notes=200 boards-every=1 gateway-every=20 sleep=60
 *   npm run chaos -- only=busy,kill-load virtual=100000
 *   npm run chaos -- only=kill-boards,control seconds=20 clients=100 notes=50 seed=7
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { setUp } from '../../server/set-up.mjs'

const words = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const names = [
  'load',
  'moderate',
  'kill-boards',
  'kill-both',
  'cut',
  'sleep',
  'control',
  'disk',
  'busy',
  'kill-load',
  'upgrade',
]
const only = words.only?.split(',') ?? names
const unknown = only.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no phase ${unknown.join(', ')}: choose of ${names.join(', ')}.\n`)
  process.exit(1)
}

setUp()
if (only.includes('disk') && !words.ownMounts) inOwnMounts()
const { runChaos } = (await runnerImport(join(import.meta.dirname, 'chaos.ts'))).module
process.exit((await runChaos(only, words)) ? 0 : 1)

/** A small disk needs mounts that nobody else sees: the same run again, in a namespace of its own. */
function inOwnMounts() {
  const isolate = ['--map-root-user', '--mount', process.execPath]
  const run = [import.meta.filename, ...process.argv.slice(2), 'ownMounts=yes']
  const { status, error } = spawnSync('unshare', [...isolate, ...run], { stdio: 'inherit' })
  if (error) process.stderr.write(`The phase 'disk' needs the program unshare: ${error.message}\n`)
  process.exit(status ?? 1)
}
