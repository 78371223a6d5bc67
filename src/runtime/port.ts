/*
 * A port: how processes speak to the world outside the runtime. It has a pid and may have a name,
 * and a message sent to it is handed to a function of the host (Erlang Reference Manual, 'Ports').
 */
import type { Pid } from './pid'

export class Port {
  readonly pid: Pid
  /**
   * Takes a copy of each message, in the order sent. Must not throw: it runs in the sender's slice.
   */
  readonly deliver: (message: unknown) => void

  constructor(pid: Pid, deliver: (message: unknown) => void) {
    this.pid = pid
    this.deliver = deliver
  }
}
