/*
 * A host that hears the order to stop, and signals to end, and never does.
 */
import { liveUnderRoot } from '../../../server/leash'

const leash = liveUnderRoot({ onStop: () => new Promise(() => {}) })
process.on('SIGTERM', () => {})
process.on('SIGHUP', () => {})
leash.ready()
