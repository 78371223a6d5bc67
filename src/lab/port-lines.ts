/*
 * Lines between workers of one page. Each is a message channel: whoever calls makes it, and its
 * other end is carried to the worker that is called. All words of one turn travel in one message.
 * A port does not tell that its other end is gone, so whoever closes a line says so first, and of a
 * worker that was ended the root tells.
 *
 * An address reads `<home>/<whom>`, and a home `<host>.<life>`: `play-1.3/gateway`.
 */
import type { Call, CallHears, Line, Lines, Taken } from '../host/lines'
import { soon } from '../host/turn'

const address = /^[a-z]+(?:-\d+)?\.\d+\/(?:gateway|load)$/

export const homeOf = (at: string): string => at.split('/', 1)[0] ?? ''
export const whomOf = (at: string): string => at.split('/')[1] ?? ''

const closing = 'closing'
const redialAfterMs = 100

export interface PortLines extends Lines {
  /** Somebody calls. */
  take(whom: string, port: MessagePort): void
  /** Whoever lived there lives no more. */
  drop(home: string): void
}

export interface PortDoors {
  /** Where this worker lives; empty for the page, which nobody calls. */
  readonly home: string
  /** Carries the end of a line to whoever is called; to nobody, if nobody lives there. */
  carry(to: string, port: MessagePort): void
}

export function createPortLines({ home, carry }: PortDoors): PortLines {
  const takers = new Map<string, (port: MessagePort) => void>()
  const calls = new Set<PortCall>()
  return {
    isAddress: (said): said is string => typeof said === 'string' && address.test(said),
    createCall<Out>(hears: CallHears<Out>): Call {
      return new PortCall(hears as CallHears<unknown>, carry, calls)
    },
    listen<Out>(whom: string, take: (line: Line<Out>) => Taken): Promise<string> {
      takers.set(whom, (port) => {
        const line = openPort<Out>(port, {
          hear: (word) => taken.hear(word),
          onClose: () => taken.onClose(),
        })
        const taken = take(line)
      })
      return Promise.resolve(`${home}/${whom}`)
    },
    take: (whom, port) => takers.get(whom)?.(port),
    drop(gone) {
      for (const call of [...calls]) call.drop(gone)
    },
  }
}

/** A line over one end of a channel. */
function openPort<Out>(port: MessagePort, { hear, onClose }: Taken): Line<Out> {
  let batch: Out[] = []
  let isOpen = true
  const end = () => {
    if (!isOpen) return
    isOpen = false
    port.close()
    onClose()
  }
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === closing) return end()
    for (const word of data as unknown[]) if (isOpen) hear(word)
  }
  return {
    send(word) {
      if (!isOpen) return
      batch.push(word)
      if (batch.length > 1) return
      soon(() => {
        const words = batch
        batch = []
        if (isOpen) port.postMessage(words)
      })
    },
    close() {
      if (isOpen) port.postMessage(closing)
      end()
    },
  }
}

class PortCall implements Call {
  private readonly hears: CallHears<unknown>
  private readonly carry: PortDoors['carry']
  /** All that are made, this one among them while it is. */
  private readonly calls: Set<PortCall>
  private address: string | undefined
  private line: Line<unknown> | undefined

  constructor(hears: CallHears<unknown>, carry: PortDoors['carry'], calls: Set<PortCall>) {
    this.hears = hears
    this.carry = carry
    this.calls = calls
  }

  connect(to: string): void {
    if (to === this.address) return
    this.hangUp()
    this.address = to
    this.calls.add(this)
    this.dial(to)
  }

  hangUp(): void {
    this.address = undefined
    this.calls.delete(this)
    const line = this.line
    this.line = undefined
    line?.close()
    this.hears.onDrop()
  }

  /** Whoever lived there lives no more: nobody is called there again. */
  drop(home: string): void {
    if (this.address !== undefined && homeOf(this.address) === home) this.hangUp()
  }

  private dial(to: string): void {
    if (this.address !== to) return
    const { port1, port2 } = new MessageChannel()
    const line = openPort<unknown>(port1, {
      hear: (word) => {
        if (this.line === line) this.hears.hear(word)
      },
      onClose: () => {
        if (this.line !== line) return
        this.line = undefined
        this.hears.onDrop()
        setTimeout(() => this.dial(to), redialAfterMs)
      },
    })
    this.line = line
    this.carry(to, port2)
    soon(() => {
      if (this.line === line) this.hears.onStand(line)
    })
  }
}
