/*
 * The host `play` with a door for saboteurs: the real tree, and beside it a local socket through
 * which a test does what nobody may do from outside. One JSON request a line, one JSON answer a
 * line.
 */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { osWorld } from '../../../server/os-host'
import { runPlay } from '../../../src/host/system-host'
import type { Body, Runtime } from '../../../src/runtime'

export type Sabotage =
  | { readonly do: 'kill'; readonly name: string }
  | { readonly do: 'block'; readonly how: 'loop' | 'regex' }
  | { readonly do: 'hoard' }
  /** So many processes crash, as fast as they can be started. */
  | { readonly do: 'storm'; readonly crashes: number }
  /** Lines on its stdout, as they are. */
  | { readonly do: 'write'; readonly lines: readonly string[] }
  | { readonly do: 'list' }

const runtime = await runPlay(osWorld())

const door = join(process.env.RUN_DIR ?? '', `saboteur-${process.pid}.sock`)

createServer((socket) => {
  createInterface(socket).on('line', (line) => {
    socket.write(`${JSON.stringify(obey(runtime, JSON.parse(line) as Sabotage))}\n`)
  })
}).listen(door)

function obey(runtime: Runtime, sabotage: Sabotage): unknown {
  switch (sabotage.do) {
    case 'kill': {
      const pid = runtime.registry.find(sabotage.name)
      if (pid) runtime.exit(pid, 'kill')
      return pid !== undefined
    }
    case 'block':
      setImmediate(sabotage.how === 'loop' ? blockForever : backtrack)
      return true
    case 'hoard':
      hoard([])
      return true
    case 'storm':
      storm(sabotage.crashes)
      return true
    case 'write':
      process.stdout.write(`${sabotage.lines.join('\n')}\n`)
      return true
    case 'list':
      return runtime.list().map((pid) => runtime.info(pid)?.name ?? '')
  }
}

const crashesAtOnce = 500

function storm(crashes: number): void {
  for (let count = 0; count < Math.min(crashes, crashesAtOnce); count++) runtime.spawn(stormy)
  if (crashes > crashesAtOnce) setImmediate(storm, crashes - crashesAtOnce)
}

function* stormy(): Body {
  throw new RangeError('a storm')
}

function blockForever(): void {
  for (;;);
}

function backtrack(): void {
  ;/^(a+)+$/.test(`${'a'.repeat(60)}!`)
}

/** Takes memory outside of the heap, and lets the event loop turn meanwhile. */
function hoard(hoarded: Buffer[]): void {
  hoarded.push(Buffer.alloc(32 * 1024 * 1024, 1))
  setTimeout(hoard, 10, hoarded)
}
