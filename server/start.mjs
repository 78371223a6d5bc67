/*
 * `npm start`: makes ready what is not, and runs the root in this very process.
 *   npm start -- --record    records the talk, as RECORD=yes does
 */
import { parseArgs } from 'node:util'
import { setUp } from './set-up.mjs'

const { values: words } = parseArgs({ options: { record: { type: 'boolean', default: false } } })
if (words.record) process.env.RECORD = 'yes'

setUp()
await import('../dist/server/main.js')
