/*
 * A host that dies before it is ready, each time.
 */
import { liveUnderRoot } from '../../../server/leash'

liveUnderRoot()
process.exit(3)
