/*
 * A host that beats and never becomes ready.
 */
import { liveUnderRoot } from '../../../server/leash'

liveUnderRoot()
