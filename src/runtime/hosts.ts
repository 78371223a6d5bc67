/*
 * The other hosts that a runtime knows of, by number and life. A host has at most one connection; a
 * newer one takes the place of an older, since whoever calls again has lost the older one, or is
 * another life. So one of each two hosts calls the other, and not both.
 */
import { HostConnection } from './host-connection'
import { OwnNames } from './names'
import { RemoteHost } from './remote-host'
import type { Runtime } from './runtime'
import type { Wire } from './wire'

/** Lives without a connection whose names are kept, for the case that one comes back. */
const keptLives = 64

export class Hosts {
  readonly runtime: Runtime
  /** Which life of this host it is; undefined for a runtime that connects to nobody. */
  readonly incarnation: string | undefined
  readonly names: OwnNames
  private readonly standing = new Map<number, RemoteHost>()
  /** By number and incarnation, the one that was spoken of last at the end. */
  private readonly lives = new Map<string, RemoteHost>()

  constructor(runtime: Runtime, incarnation: string | undefined) {
    this.runtime = runtime
    this.incarnation = incarnation
    this.names = new OwnNames(runtime)
  }

  /**
   * Speaks to another host over `wire` from now on; it stands once the other side has said hello.
   * `onEnd` hears once, when it has ended, why: `closed`, `replaced`, `unread`, `malformed: …`,
   * `refused: …`, or what `end` was given. Throws for a runtime without an incarnation, since
   * nobody could tell its lives apart.
   */
  connect(wire: Wire, onEnd: (reason: string) => void = () => {}): HostConnection {
    if (this.incarnation === undefined) {
      throw new Error('a runtime without an incarnation cannot be connected')
    }
    return new HostConnection(this, this.incarnation, wire, onEnd)
  }

  /** The numbers of the hosts that are connected now (`erlang:nodes/0`). */
  list(): number[] {
    return [...this.standing.keys()]
  }

  /** The connected life of a host. */
  find(host: number): RemoteHost | undefined {
    return this.standing.get(host)
  }

  /** The connected life of a host, or one that nobody can reach. */
  at(host: number): RemoteHost {
    return this.standing.get(host) ?? new RemoteHost(this, host, '')
  }

  /** That life of a host. */
  life(host: number, incarnation: string): RemoteHost {
    const key = `${host} ${incarnation}`
    const life = this.lives.get(key) ?? new RemoteHost(this, host, incarnation)
    this.lives.delete(key)
    this.lives.set(key, life)
    if (this.lives.size > keptLives + this.standing.size) this.forgetOldest()
    return life
  }

  /** The other side of a connection has said who it is. */
  admit(connection: HostConnection, life: RemoteHost): void {
    const { host, incarnation } = life
    this.standing.get(host)?.connection?.end('replaced')
    this.standing.set(host, life)
    this.runtime.log({ level: 'info', event: 'connected', to: host, incarnation })
    life.connected(connection)
  }

  /** A connection that stood has ended. */
  lost(life: RemoteHost, reason: string): void {
    const { host, incarnation } = life
    this.standing.delete(host)
    this.runtime.log({ level: 'warn', event: 'disconnected', to: host, incarnation, reason })
    life.lost()
  }

  private forgetOldest(): void {
    for (const [key, life] of this.lives) {
      if (life.connection) continue
      this.lives.delete(key)
      return
    }
  }
}
