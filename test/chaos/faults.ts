/*
 * The fault plan: who is killed when, from a seed. Pids come from the system's own health, and are
 * looked at once more before the blow, so that nothing but a host of this run is ever hit.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { groupOfHost } from '../../src/protocol/hosts'
import { Random } from '../support/random'
import type { System } from '../support/system'

export interface Killer {
  /** Ends it. Gives how often it hit. */
  stop(): number
}

export interface Kills {
  readonly host: string
  /** Told at each blow. */
  onHit?(): void
  readonly everyMs: number
  readonly seed: number
}

const lookEveryMs = 50

/**
 * Kills a host as `kill -9` does, about every `everyMs` and never at the same point of its work. A
 * host that is not ready yet is spared until it is: what dies three times before it is ready is
 * quarantined, and then nothing more would be tried.
 */
export function killEvery(system: System, { host, everyMs, seed, onHit }: Kills): Killer {
  const random = new Random(seed)
  let hits = 0
  let isOver = false

  async function run() {
    let last = 0
    for (let dueMs = performance.now(); !isOver;) {
      dueMs += everyMs * (0.8 + 0.4 * random.next())
      await pause(Math.max(0, dueMs - performance.now()))
      const pid = await nextLife(last)
      if (pid === undefined || isOver) continue
      process.kill(pid, 'SIGKILL')
      last = pid
      hits++
      onHit?.()
    }
  }

  async function nextLife(last: number): Promise<number | undefined> {
    while (!isOver) {
      const health = await system.health().catch(() => undefined)
      const line = health?.hosts.find(({ name }) => name === host)
      if (line?.state === 'ready' && line.pid !== last && isHost(line.pid, host)) return line.pid
      await pause(lookEveryMs)
    }
    return undefined
  }

  void run()
  return {
    stop() {
      isOver = true
      return hits
    },
  }
}

/** Whether that process is a host of that name. */
function isHost(pid: number, host: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${groupOfHost(host)}.js`)
  } catch {
    return false
  }
}
