/*
 * A host's side of the leash to its root: it beats, says when it is ready, hears orders, and never
 * outlives the root. That last point has two parts, because either alone has a hole:
 *
 *   the event loop sees the channel close and ends the process at once;
 *   a guard thread asks the kernel every 250 ms who the parent is, and kills the process when that
 *   is no longer the root. It works while the main thread is blocked in native code, which sees no
 *   event.
 *
 * The terminal's Ctrl-C reaches all processes at once; hosts leave it to the root, which stops them
 * in order.
 */
import { Worker } from 'node:worker_threads'
import type { Leash, LeashOptions } from '../src/host/leash'
import { rootPidName, type Order, type Report } from './orders'
import { heartbeatMs } from './wedge'

const guardEveryMs = 250

/** Runs as a thread of its own: needs no file, and answers to nothing but the kernel. */
const guard = `
const { workerData } = require('node:worker_threads')
setInterval(() => {
  if (process.ppid !== workerData.rootPid) process.kill(process.pid, 'SIGKILL')
}, workerData.everyMs)
`

/**
 * Puts this OS process on the leash of the root that started it. Call it first, and once.
 * Run by hand, without a root, it says so and exits with 1.
 */
export function liveUnderRoot(options: LeashOptions = {}): Leash {
  const rootPid = Number(process.env[rootPidName])
  if (!process.send || !rootPid) {
    process.stderr.write('This is a host: it must be started by the root (npm start).\n')
    process.exit(1)
  }
  startGuard(rootPid)
  obey(options)
  beat(options)
  setInterval(() => beat(options), heartbeatMs)
  return {
    ready: (details) => report({ type: 'ready', details }),
    say: (word) => report({ type: 'word', word }),
    fail: (sentence) =>
      new Promise(() => {
        report({ type: 'fail', sentence }, () => process.exit(1))
      }),
  }
}

function startGuard(rootPid: number): void {
  const thread = new Worker(guard, {
    eval: true,
    workerData: { rootPid, everyMs: guardEveryMs },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  })
  thread.unref()
}

function obey({ onWord, onStop }: LeashOptions): void {
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await onStop?.()
    process.exit(0)
  }
  process.on('message', (order: Order) => {
    if (order.type === 'stop') void stop()
    else onWord?.(order.word)
  })
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => {})
  process.on('disconnect', () => process.exit(1))
}

let rssMb = 0

function beat({ processes }: LeashOptions): void {
  try {
    rssMb = process.memoryUsage.rss() / 1024 / 1024
  } catch {
    // It reads a file, and there may be no descriptor left: the last value is as good.
  }
  const { user, system } = process.cpuUsage()
  report({ type: 'beat', rssMb, cpuMs: (user + system) / 1000, processes: processes?.() })
}

/**
 * Once the root is gone, nobody listens and the process is about to end: a failed send is no error.
 */
function report(words: Report, onSent: () => void = () => {}): void {
  process.send?.(words, undefined, undefined, onSent)
}
