/*
 * Whom a word may be for: a process by its pid, whichever host it lives on, a name registered in
 * this host, or a name registered in another one (Erlang Reference Manual, 'Distributed Erlang',
 * '{Name, Node}').
 */
import { Pid } from './pid'
import { Port } from './port'
import { Process } from './process'
import { describeReason } from './reason'
import type { RemoteHost } from './remote-host'
import type { Runtime } from './runtime'

/** A registered name of a host: looked up there, when the signal arrives. */
export interface NameOnHost {
  readonly name: string
  readonly host: number
}

export type Whom = Pid | string | NameOnHost

/** Stands for a name of another host where a pid is wanted. Never given to process code. */
export class NamedPid extends Pid {
  readonly name: string

  constructor(home: RemoteHost, name: string) {
    super(home.host, 0, home)
    this.name = name
  }
}

/** As process code may see it. */
export const shown = (to: Pid): Pid | NameOnHost =>
  to instanceof NamedPid ? { name: to.name, host: to.host } : to

/**
 * Whom that means just now; undefined for a name of this host that nobody has. Throws for what is
 * no name: another host that is asked for it would end the connection.
 */
export function find(runtime: Runtime, whom: Whom): Pid | undefined {
  if (whom instanceof Pid) return whom
  if (typeof whom === 'string') return runtime.registry.find(whom)
  if (typeof whom?.name !== 'string') throw new TypeError(`nobody is ${describeReason(whom)}`)
  if (whom.host === runtime.host) return runtime.registry.find(whom.name)
  return new NamedPid(runtime.hosts.at(whom.host), whom.name)
}

/** Whether a pid names a process of another host. */
export const isElsewhere = (pid: Pid): pid is Pid & { target: RemoteHost } =>
  pid.target !== undefined && !(pid.target instanceof Process || pid.target instanceof Port)

/** For sentences: a name, a pid, or `'counter' on host 2`. */
export const describeWhom = (whom: Whom): string =>
  whom instanceof Pid || typeof whom === 'string'
    ? String(whom)
    : `'${whom.name}' on host ${whom.host}`
