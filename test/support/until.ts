/*
 * Waits for something that happens elsewhere (another process, a page) by looking again and again.
 */

import { hangMs } from './patience'

const lookEveryMs = 20

/**
 * Calls `look` until it no longer throws, and gives what it gave; after `withinMs` its error is
 * thrown.
 */
export async function until<Value>(
  look: () => Value | Promise<Value>,
  withinMs = hangMs,
): Promise<Value> {
  const endMs = performance.now() + withinMs
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (performance.now() > endMs) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}
