/*
 * Names: a pid names a process (or a port), a ref names one monitor or call. Both are values that
 * may lie in messages and compare by identity, since each process has one pid for life and no
 * other. Serials are never used twice within a host's life (Erlang Reference Manual, 'Processes').
 */
import type { Port } from './port'
import type { Process } from './process'
import type { RemoteHost } from './remote-host'

/** The name of a process or port: printed as `<host.serial.0>`. */
export class Pid {
  readonly host: number
  readonly serial: number
  /**
   * Whom it names while that lives: the runtime's own short cut past a table. For a process of
   * another host, that host. Not for other rooms.
   */
  target: Process | Port | RemoteHost | undefined

  constructor(host: number, serial: number, target?: Process | Port | RemoteHost) {
    this.host = host
    this.serial = serial
    this.target = target
  }

  toString(): string {
    return `<${this.host}.${this.serial}.0>`
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * The name of one monitor or call. While its monitor stands it is also what links the two sides:
 * `holder` watches `watched`, and each has a list of such refs (monitors.ts), so that setting and
 * ending a monitor are a few pointer moves. Those fields are not for other rooms.
 */
export class Ref {
  readonly serial: number
  holder: Process | undefined = undefined
  watched: Process | undefined = undefined
  /** The next one and the one before among those that the holder holds. */
  nextHeld: Ref | undefined = undefined
  lastHeld: Ref | undefined = undefined
  /** The same among those that watch the watched one. */
  nextWatching: Ref | undefined = undefined
  lastWatching: Ref | undefined = undefined

  constructor(serial: number) {
    this.serial = serial
  }

  toString(): string {
    return `#Ref<${this.serial}>`
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * The world outside: sends the host's exit signals, and is the parent of what the host starts. No
 * process.
 */
export const outside = new Pid(0, 0)
