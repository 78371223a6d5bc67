/*
 * `npm run console`: opens the console of a running system. What was built stays as it is: a system
 * here may have it open, and its sources are edited meanwhile.
 */
import { existsSync } from 'node:fs'
import { install, setUp } from './set-up.mjs'

const built = new URL('../dist/server/console-client.js', import.meta.url)
if (existsSync(built)) install()
else setUp()
await import(built.href)
