/*
 * Names: a pid names a process (or a port), a ref names one monitor, call or timer. Both are values
 * that may lie in messages and compare by identity, since each process has one pid for life and no
 * other. Serials are never used twice within a host's life (Erlang Reference Manual, 'Processes').
 */
import type { Port } from './port'
import type { Process } from './process'

/** The name of a process or port: printed as `<host.serial.0>`. */
export class Pid {
  readonly host: number
  readonly serial: number
  /**
   * Whom it names while that lives: the runtime's own short cut past a table. Not for other rooms.
   */
  target: Process | Port | undefined

  constructor(host: number, serial: number, target?: Process | Port) {
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

/** The name of one monitor, call or timer. */
export class Ref {
  readonly serial: number

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
