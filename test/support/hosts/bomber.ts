/*
 * A host that eats memory on demand: in Buffers, which no heap limit bounds, or in the heap. It
 * eats in bites, so that its event loop turns meanwhile and memory is all that is wrong with it.
 */
import { liveUnderRoot } from '../../../server/leash'

const biteMb = 8
const eaten: unknown[] = []

function eatBuffers() {
  eaten.push(Buffer.alloc(biteMb * 1024 * 1024, 1))
  setImmediate(eatBuffers)
}

function eatHeap() {
  eaten.push(Array.from({ length: 100_000 }, (_, index) => ({ index })))
  setImmediate(eatHeap)
}

const leash = liveUnderRoot({
  onWord: (word) => (word === 'heap' ? eatHeap() : eatBuffers()),
})
leash.ready()
