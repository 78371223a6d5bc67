/*
 * A host that uses all the processor time it gets, and is well: its event loop turns between its
 * slices. It says how many it has done.
 */
import { liveUnderRoot } from '../../../server/leash'

const sliceMs = 80
let slices = 0

const leash = liveUnderRoot()
leash.ready()

function compute() {
  const endMs = performance.now() + sliceMs
  while (performance.now() < endMs) Math.sqrt(endMs)
  slices++
  leash.say(slices)
  setImmediate(compute)
}
compute()
