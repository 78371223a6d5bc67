/*
 * A host that blocks its own event loop on demand, in each of the ways that counted code cannot
 * prevent. The functions have names, because a wedged host's stack must show them.
 */
import { pbkdf2Sync } from 'node:crypto'
import { liveUnderRoot } from '../../../server/leash'

function blockForever() {
  for (;;) {
    // Nothing ends this.
  }
}

function blockDeeply(depth = 1_000): void {
  if (depth === 0) blockForever()
  blockDeeply(depth - 1)
}

function matchForever() {
  ;/^(a+)+$/.test(`${'a'.repeat(60)}b`)
}

/**
 * An object of three million different keys takes the parser several seconds in one native call.
 */
function parseAtLength() {
  const keys = Array.from({ length: 3_000_000 }, (_, index) => `"${index}x":1`)
  JSON.parse(`{${keys.join(',')}}`)
}

function deriveForever() {
  pbkdf2Sync('secret', 'salt', 2_000_000_000, 64, 'sha512')
}

function waitForever() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const ways = {
  blockForever,
  blockDeeply: () => blockDeeply(),
  matchForever,
  parseAtLength,
  deriveForever,
  waitForever,
}

const leash = liveUnderRoot({
  onWord(word) {
    leash.say('blocking')
    setImmediate(ways[word as keyof typeof ways])
  },
})
leash.ready()
