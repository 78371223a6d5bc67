/* `npm start`: makes ready what is not, and runs the root in this very process. */
import { setUp } from './set-up.mjs'

setUp()
await import('../dist/server/main.js')
