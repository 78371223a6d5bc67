/*
 * A call to another host's local socket that stands for as long as that host lives: a line that
 * breaks is dialled again until somebody says that the host is gone. What is said over the line is
 * its owner's business.
 */
import { connect, type Socket } from 'node:net'

const redialAfterMs = 100

export interface DiallingHears {
  /** The line stands. */
  onStand(socket: Socket): void
  /** No line stands, or none yet: told before each new call, too. */
  onDrop(): void
}

export class Dialling {
  private readonly hears: DiallingHears
  private address: string | undefined
  /** The call under way or the one that stands; what befalls an older one is told to nobody. */
  private socket: Socket | undefined

  constructor(hears: DiallingHears) {
    this.hears = hears
  }

  /** Calls the host at its local socket; a line to another address is given up. */
  connect(address: string): void {
    if (address === this.address) return
    this.hangUp()
    this.address = address
    this.dial(address)
  }

  /** The host is gone. */
  hangUp(): void {
    this.address = undefined
    this.drop()
  }

  private dial(address: string): void {
    // Somebody may have said meanwhile that this life of the host is over.
    if (this.address !== address) return
    const socket = connect(address)
    this.socket = socket
    socket.once('connect', () => {
      if (this.socket === socket) this.hears.onStand(socket)
      else socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (this.socket !== socket) return
      this.drop()
      setTimeout(() => this.dial(address), redialAfterMs)
    })
  }

  private drop(): void {
    this.socket?.destroy()
    this.socket = undefined
    this.hears.onDrop()
  }
}
