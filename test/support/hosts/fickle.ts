/*
 * A host that becomes ready in every third of its lives only, and then soon ends, but for the
 * ninth. It counts them in the file that its argument names.
 */
import { appendFileSync, statSync } from 'node:fs'
import { liveUnderRoot } from '../../../server/leash'

const file = process.argv[2] ?? ''
const leash = liveUnderRoot()
appendFileSync(file, '.')
const life = statSync(file).size
if (life % 3 !== 0) process.exit(1)
leash.ready()
if (life < 9) setImmediate(() => process.exit(1))
