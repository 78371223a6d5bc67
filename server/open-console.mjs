/* `npm run console`: makes ready what is not, and opens the console of a running system. */
import { setUp } from './set-up.mjs'

setUp()
await import('../dist/server/console-client.js')
