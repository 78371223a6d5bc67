/*
 * How many play hosts there are: `play-1` always, and as many more as are wanted. One too many is
 * not simply ended: it is told to leave, and goes when the gateway says that it has handed over its
 * visitors, or when that takes too long.
 */
import { groupOfHost, numberOfHost, type HostsEvent } from '../src/protocol/hosts'
import type { HostSpec, HostSupervisor } from './supervisor'

/** By then even a wedged host was killed. */
const leaveWithinMs = 5_000

export class PlayHosts {
  private readonly supervisor: HostSupervisor
  private readonly spec: Omit<HostSpec, 'name'>
  private wanted: number
  /** Who is to leave, and until when. */
  private readonly leaving = new Map<string, NodeJS.Timeout>()
  /** Who of them is being ended. */
  private readonly ending = new Set<string>()

  /** @param wanted as many of them run already */
  constructor(supervisor: HostSupervisor, spec: Omit<HostSpec, 'name'>, wanted: number) {
    this.supervisor = supervisor
    this.spec = spec
    this.wanted = wanted
  }

  want(count: number): void {
    this.wanted = count
    this.approach()
  }

  /** A host has handed over all it had. */
  hearEmptied(host: string): void {
    if (this.leaving.has(host)) this.end(host)
  }

  /** A host that dies while it is to leave is gone. */
  see({ type, host }: HostsEvent): void {
    if (type === 'host_lost' && this.leaving.has(host)) this.end(host)
  }

  private approach(): void {
    const present = this.supervisor.health().filter(({ name }) => groupOfHost(name) === 'play')
    const names = present.map(({ name }) => name)
    for (let number = 1; number <= this.wanted; number++) {
      const name = nameOf(number)
      if (!names.includes(name)) this.supervisor.add({ ...this.spec, name })
    }
    for (const { name, state } of present) {
      if (numberOfHost(name) > this.wanted) this.dismiss(name, state === 'ready')
    }
  }

  private dismiss(host: string, isReady: boolean): void {
    if (this.leaving.has(host)) return
    const patience = setTimeout(() => this.end(host), leaveWithinMs)
    this.leaving.set(host, patience)
    this.supervisor.dismiss(host)
    // Who never served has nothing to hand over.
    if (!isReady) this.end(host)
  }

  /** Whoever wanted it back meanwhile gets a new one. */
  private end(host: string): void {
    if (this.ending.has(host)) return
    this.ending.add(host)
    clearTimeout(this.leaving.get(host))
    void this.supervisor.remove(host).then(() => {
      this.ending.delete(host)
      this.leaving.delete(host)
      this.approach()
    })
  }
}

export const nameOf = (number: number): string => `play-${number}`
