/*
 * A host whose every life is brief: it is ready, and then it is gone.
 */
import { liveUnderRoot } from '../../../server/leash'

const leash = liveUnderRoot()
leash.ready()
setImmediate(() => process.exit(1))
