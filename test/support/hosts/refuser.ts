/*
 * A host that cannot start, and knows why.
 */
import { liveUnderRoot } from '../../../server/leash'

const leash = liveUnderRoot()
await leash.fail('Port 4000 is in use by another program.')
