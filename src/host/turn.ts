/*
 * Turns of the event loop. Node has a word for the next one; a browser has none that comes at once,
 * so there a port tells itself.
 */

const waiting: (() => void)[] = []
let port: MessagePort | undefined

function byPort(act: () => void): void {
  if (!port) {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => waiting.shift()?.()
    port = channel.port2
  }
  waiting.push(act)
  port.postMessage(undefined)
}

/** Calls `act` in the next turn of the loop. */
export const soon: (act: () => void) => void =
  typeof setImmediate === 'function' ? (act) => void setImmediate(act) : byPort

/** Resolves in the next turn of the loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => soon(resolve))

/** Resolves so many milliseconds later. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, ms))
