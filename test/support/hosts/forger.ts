/*
 * A host that forges the line with which Node tells its inspector's address: before anybody asked,
 * and with addresses elsewhere while its inspector is being opened. Its argument is a port where
 * somebody listens.
 */
import { writeSync } from 'node:fs'
import { liveUnderRoot } from '../../../server/leash'

const stderr = 2
const uuid = '01234567-89ab-cdef-0123-456789abcdef'
const port = process.argv[2]

function forgeForever() {
  const line = `Debugger listening on ws://localhost:${port}/${uuid}\n`
  for (;;) {
    try {
      writeSync(stderr, line)
    } catch {
      // The pipe is full: the root reads more slowly than this writes.
    }
  }
}

const leash = liveUnderRoot({ onWord: () => setImmediate(forgeForever) })
writeSync(stderr, `Debugger listening on ws://127.0.0.1:${port}/${uuid}\n`)
leash.ready()
