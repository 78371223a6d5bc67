/*
 * Registered names: each names one live process or port of this host, and a process has at most one
 * (Erlang Reference Manual, 'Processes', 'Registered Processes').
 */
import type { Pid } from './pid'
import { describeReason } from './reason'

export class Registry {
  private readonly pids = new Map<string, Pid>()

  /** Gives `pid` a name. Throws when the name is taken, and for what is no text. */
  register(name: string, pid: Pid): void {
    if (typeof name !== 'string') {
      throw new TypeError(`a name must not be ${describeReason(name)}`)
    }
    const holder = this.pids.get(name)
    if (holder) throw new Error(`the name '${name}' is taken by ${holder}`)
    this.pids.set(name, pid)
  }

  unregister(name: string): void {
    this.pids.delete(name)
  }

  /** The pid of that name, or undefined. */
  find(name: string): Pid | undefined {
    return this.pids.get(name)
  }
}
