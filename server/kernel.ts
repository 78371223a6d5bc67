/*
 * What the kernel says about an OS process: how much processor time it has used, how much of that
 * its main thread has, and how much memory it holds. Asked of /proc, so that a process which no
 * longer answers can still be judged. Where the platform has no /proc, and for a process that is
 * gone, the reading is undefined and whoever asks must be able to go on without it.
 */
import { readFileSync } from 'node:fs'
import type { Costs } from '../src/host/gauges'

/**
 * The kernel counts processor time for user space in hundredths of a second, on every architecture.
 */
const msPerClockTick = 10

/** Places of `utime` and `stime` in proc(5) `stat`, counted from the first field after the name. */
const utimeField = 11
const stimeField = 12

/**
 * Milliseconds of processor time that the main thread of a process has used, in steps of 10. Only
 * the main thread's: garbage collectors and guards beside it prove nothing about the event loop.
 */
export const readCpuMs = (pid: number): number | undefined =>
  readTicksMs(`/proc/${pid}/task/${pid}/stat`)

/** What a process has used so far. */
export function readCosts(pid: number): Costs | undefined {
  const mainMs = readCpuMs(pid)
  const allMs = readTicksMs(`/proc/${pid}/stat`)
  return mainMs === undefined || allMs === undefined ? undefined : { mainMs, allMs }
}

function readTicksMs(path: string): number | undefined {
  const stat = read(path)
  // The name in parentheses may itself hold spaces and parentheses, so the fields begin after the
  // last.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields?.[utimeField]) + Number(fields?.[stimeField])
  return Number.isFinite(ticks) ? ticks * msPerClockTick : undefined
}

/** Megabytes (of 1024 × 1024 bytes) of memory that a process holds in RAM, Buffers included. */
export function readRssMb(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
