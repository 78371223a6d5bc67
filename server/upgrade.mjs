/*
 * `npm run upgrade`: loads the hot modules as they are on the disk into the running system, and
 * tells what comes of it; ends with 1 when they are refused.
 *   npm run upgrade -- --fix 13             repairs a planted bug first: 13, negative, large or all
 *   npm run upgrade -- --reset              plants them all again first
 *   npm run upgrade -- --to https://talk.example    sends the sources of this machine to another
 * The presenter's token comes from PRESENTER_TOKEN, or is asked for.
 */
import { join } from 'node:path'
import { install } from './set-up.mjs'

install()
const { runnerImport } = await import('vite')
const { module } = await runnerImport(join(import.meta.dirname, 'upgrade-terminal.ts'))
process.exit(await module.upgradeFromTerminal(process.argv.slice(2)))
