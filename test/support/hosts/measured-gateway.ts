/*
 * The gateway as it is, and beside it a clock that writes down how late the gateway's event loop
 * was: a hundred times a second, one line of JSON a second, in the folder for temporary files.
 */
import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const lookEveryMs = 10
const looksPerLine = 100
const file = join(tmpdir(), 'gateway-lag.jsonl')

let lateMs: number[] = []

function look(dueMs: number) {
  const nowMs = performance.now()
  lateMs.push(Math.round((nowMs - dueMs) * 10) / 10)
  if (lateMs.length === looksPerLine) {
    const at = performance.timeOrigin + nowMs
    appendFileSync(file, `${JSON.stringify({ at, lateMs })}\n`)
    lateMs = []
  }
  setTimeout(look, lookEveryMs, nowMs + lookEveryMs)
}

setTimeout(look, lookEveryMs, performance.now() + lookEveryMs)

const gateway = join(import.meta.dirname, '../../server/gateway.js')
await import(/* @vite-ignore */ pathToFileURL(gateway).href)
