/*
 * What a run costs: processor time and memory of the hosts, read from the kernel once a second over
 * all of their lives, and how late the gateway's event loop was, told by the gateway itself (see
 * test/support/hosts/measured-gateway.ts).
 */
import { existsSync, readFileSync } from 'node:fs'
import type { System } from '../support/system'

export interface HostCost {
  /** Of one core, on the average. */
  readonly cpuPercent: number
  readonly firstMb: number
  readonly lastMb: number
  readonly mostMb: number
}

export interface Gauges {
  stop(): Readonly<Record<string, HostCost>>
}

const lookEveryMs = 1_000
const ticksPerSecond = 100
const pageBytes = 4096

interface Life {
  ticks: number
}

/** Looks at these hosts until stopped. */
export function watchHosts(system: System, hosts: readonly string[]): Gauges {
  const beganMs = performance.now()
  const lives = new Map<string, Life>()
  const used = new Map<string, number>()
  const memory = new Map<string, number[]>()

  async function look() {
    const health = await system.health().catch(() => undefined)
    for (const { name, pid } of health?.hosts ?? []) {
      const now = hosts.includes(name) ? costOf(pid) : undefined
      if (!now) continue
      const life = lives.get(`${name} ${pid}`)
      // What it used before it was first seen was its start, and counts unless it was there before.
      const fresh = life ? now.ticks - life.ticks : lives.has(name) ? now.ticks : 0
      lives.set(name, now).set(`${name} ${pid}`, now)
      used.set(name, (used.get(name) ?? 0) + fresh)
      memory.set(name, [...(memory.get(name) ?? []), now.mb])
    }
  }

  void look()
  const timer = setInterval(() => void look(), lookEveryMs)
  return {
    stop() {
      clearInterval(timer)
      const seconds = (performance.now() - beganMs) / 1000
      return Object.fromEntries(
        [...memory].map(([name, mb]) => {
          const cpuPercent = ((used.get(name) ?? 0) / ticksPerSecond / seconds) * 100
          const cost = { firstMb: mb[0]!, lastMb: mb.at(-1)!, mostMb: Math.max(...mb) }
          return [name, { cpuPercent, ...cost }]
        }),
      )
    },
  }
}

function costOf(pid: number): { ticks: number; mb: number } | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return { ticks: Number(stat[11]) + Number(stat[12]), mb: (pages * pageBytes) / 2 ** 20 }
  } catch {
    // It has just been killed.
    return undefined
  }
}

/** How late the gateway's loop was, in milliseconds, at every look from `beganMs` on. */
export function readLags(file: string, beganMs: number): number[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { at: number; lateMs: number[] })
    .flatMap(({ at, lateMs }) => (at >= beganMs ? lateMs : []))
}
