/*
 * Gives a runtime its turns: the bridge between its scheduler and the host's event loop. Between
 * two turns the loop runs once, so that sockets, pipes and heartbeats never wait longer than a
 * turn.
 */
import type { Runtime } from './runtime'

/** What a host lends: `setImmediate` and `setTimeout` in Node, their like in a browser. */
export interface Loop {
  /** Calls `act` when the loop comes round again. */
  soon(act: () => void): void
  /** Calls `act` in `ms` milliseconds; gives what cancels it. */
  after(ms: number, act: () => void): () => void
}

/**
 * The longest wait that a host's timer can be asked for (24 days); a longer one would end at once.
 */
const longestMs = 2 ** 31 - 1

/** Runs `runtime` for ever, whenever it has work. */
export function drive(runtime: Runtime, loop: Loop): void {
  let coming = false
  let cancel = () => {}
  const turn = () => {
    coming = false
    const waitMs = runtime.turn()
    if (waitMs === 0) come()
    else if (waitMs !== undefined) cancel = loop.after(Math.min(waitMs, longestMs), come)
  }
  const come = () => {
    if (coming) return
    coming = true
    cancel()
    loop.soon(turn)
  }
  runtime.onWork(come)
  come()
}
