/*
 * What links, monitors, exit signals, messages and names must do, as a model: written from the
 * Erlang Reference Manual ('Processes', sections 'Links', 'Error Handling', 'Monitors', 'Registered
 * Processes', and 'Signals'), and not from our runtime. It knows no bodies and no time. Each word of
 * a process is one call; what the process must find in its mailbox then stands in `mailboxOf`.
 *
 * The manual orders the signals of each pair and no others, so `group` says which entries of a
 * mailbox have an order: those of the same sender, but for what tells of its death, which may come
 * as exit signal first or as `down` first.
 */

/** Reason of a death that the model cannot know: it fits every reason. */
export const anyReason: unique symbol = Symbol('any reason')

export interface Entry<Pid> {
  readonly kind: 'message' | 'exit' | 'down'
  /** Who sent it; for a `down`, who died. Undefined: a timer, which is in order with nobody. */
  readonly from: Pid | undefined
  /** Number of a message, or the ref of a monitor. */
  readonly name: unknown
  readonly reason: unknown
  /** Whether it tells of the sender's death. */
  readonly last: boolean
}

interface Modelled<Pid> {
  traps: boolean
  name: string | undefined
  readonly links: Set<Pid>
  /** Monitors held: which ref watches whom. */
  readonly monitors: Map<unknown, Pid>
  mailbox: Entry<Pid>[]
}

export class SignalsModel<Pid> {
  private readonly processes = new Map<Pid, Modelled<Pid>>()
  private readonly names = new Map<string, Pid>()
  /** How the dead ended. */
  readonly reasons = new Map<Pid, unknown>()
  /** Whom anything was done to since somebody cleared this. */
  readonly touched = new Set<Pid>()

  spawn(pid: Pid): void {
    this.processes.set(pid, {
      traps: false,
      name: undefined,
      links: new Set(),
      monitors: new Map(),
      mailbox: [],
    })
    this.touched.add(pid)
  }

  isAlive(pid: Pid): boolean {
    return this.processes.has(pid)
  }

  /** Whether it lives or has lived. */
  knows(pid: Pid): boolean {
    return this.processes.has(pid) || this.reasons.has(pid)
  }

  living(): Pid[] {
    return [...this.processes.keys()]
  }

  whereis(name: string): Pid | undefined {
    return this.names.get(name)
  }

  nameOf(pid: Pid): string | undefined {
    return this.processes.get(pid)?.name
  }

  linksOf(pid: Pid): ReadonlySet<Pid> {
    return this.processes.get(pid)?.links ?? new Set()
  }

  /** Whom it watches, once for each monitor. */
  watchedBy(pid: Pid): Pid[] {
    return [...(this.processes.get(pid)?.monitors.values() ?? [])]
  }

  traps(pid: Pid): boolean {
    return this.processes.get(pid)?.traps ?? false
  }

  mailboxOf(pid: Pid): readonly Entry<Pid>[] {
    return this.processes.get(pid)?.mailbox ?? []
  }

  /** The same entries in the order in which they really came, which the manual leaves open. */
  reorder(pid: Pid, mailbox: Entry<Pid>[]): void {
    const process = this.processes.get(pid)
    if (process) process.mailbox = mailbox
  }

  take(pid: Pid, entry: Entry<Pid>): void {
    const process = this.processes.get(pid)
    if (process) process.mailbox = process.mailbox.filter((each) => each !== entry)
  }

  /** `from` undefined: sent by a timer. */
  send(from: Pid | undefined, to: Pid, name: unknown): void {
    if (from !== undefined && !this.isAlive(from)) return
    this.put(to, { kind: 'message', from, name, reason: undefined, last: false })
  }

  trap(pid: Pid, traps: boolean): void {
    const process = this.processes.get(pid)
    if (!process) return
    process.traps = traps
    this.touched.add(pid)
  }

  /** True when the name is given: it was free, and the process had none. */
  register(pid: Pid, name: string): boolean {
    const process = this.processes.get(pid)
    if (!process || process.name !== undefined || this.names.has(name)) return false
    process.name = name
    this.names.set(name, pid)
    this.touched.add(pid)
    return true
  }

  link(pid: Pid, to: Pid): void {
    const process = this.processes.get(pid)
    if (!process || pid === to) return
    const other = this.processes.get(to)
    if (!other) return this.receiveExit(pid, to, 'noproc', false)
    process.links.add(to)
    other.links.add(pid)
    this.touched.add(pid).add(to)
  }

  unlink(pid: Pid, to: Pid): void {
    const process = this.processes.get(pid)
    if (!process) return
    process.links.delete(to)
    this.processes.get(to)?.links.delete(pid)
    this.touched.add(pid).add(to)
  }

  monitor(pid: Pid, ref: unknown, to: Pid): void {
    const process = this.processes.get(pid)
    if (!process) return
    this.touched.add(pid).add(to)
    if (this.isAlive(to)) process.monitors.set(ref, to)
    else this.put(pid, { kind: 'down', from: to, name: ref, reason: 'noproc', last: true })
  }

  /** With `flush`: no `down` of it is taken from now on, not even one that has come. */
  demonitor(pid: Pid, ref: unknown): void {
    const process = this.processes.get(pid)
    if (!process) return
    this.touched.add(pid)
    process.monitors.delete(ref)
    process.mailbox = process.mailbox.filter(({ kind, name }) => kind !== 'down' || name !== ref)
  }

  /** Its body has ended or has thrown. */
  exit(pid: Pid, reason: unknown): void {
    const dying: [Pid, unknown][] = []
    this.die(pid, reason, dying)
    for (const [dead, why] of dying) this.tell(dead, why, dying)
  }

  /** `exit/2`. */
  signalExit(from: Pid, to: Pid, reason: unknown): void {
    if (!this.isAlive(to)) return
    if (reason === 'kill') return this.exit(to, 'killed')
    this.receiveExit(to, from, reason, from === to)
  }

  private receiveExit(pid: Pid, from: Pid, reason: unknown, fromSelf: boolean, last = false): void {
    const process = this.processes.get(pid)
    if (!process) return
    if (process.traps) this.put(pid, { kind: 'exit', from, name: undefined, reason, last })
    else if (reason !== 'normal' || fromSelf) this.exit(pid, reason)
  }

  private readonly left = new Map<Pid, Modelled<Pid>>()

  private die(pid: Pid, reason: unknown, dying: [Pid, unknown][]): void {
    const process = this.processes.get(pid)
    if (!process) return
    this.processes.delete(pid)
    this.reasons.set(pid, reason)
    this.touched.add(pid)
    if (process.name !== undefined) this.names.delete(process.name)
    this.left.set(pid, process)
    dying.push([pid, reason])
  }

  /** Those linked to a dead process first lose the link, and then take the signal. */
  private tell(dead: Pid, reason: unknown, dying: [Pid, unknown][]): void {
    const process = this.left.get(dead)!
    this.left.delete(dead)
    for (const linked of process.links) {
      const other = this.processes.get(linked)
      if (!other?.links.delete(dead)) continue
      this.touched.add(linked)
      if (other.traps) this.receiveExit(linked, dead, reason, false, true)
      else if (reason !== 'normal') this.die(linked, reason, dying)
    }
    for (const watched of process.monitors.values()) this.touched.add(watched)
    for (const [pid, other] of this.processes) {
      for (const [ref, watched] of other.monitors) {
        if (watched !== dead) continue
        other.monitors.delete(ref)
        this.put(pid, { kind: 'down', from: dead, name: ref, reason, last: true })
      }
    }
  }

  private put(to: Pid, entry: Entry<Pid>): void {
    const process = this.processes.get(to)
    if (!process) return
    process.mailbox.push(entry)
    this.touched.add(to)
  }
}

/** Whether two entries of one mailbox may have come in either order. */
export const mayChangePlaces = <Pid>(one: Entry<Pid>, other: Entry<Pid>): boolean =>
  one.from === undefined || one.from !== other.from || (one.last && other.last)

/** Whether a reason told is the one that was expected. Errors are themselves; others are copies. */
export function isReason(told: unknown, expected: unknown): boolean {
  if (expected === anyReason || told === expected) return true
  if (told instanceof Error || expected instanceof Error) return false
  return typeof told === 'object' && JSON.stringify(told) === JSON.stringify(expected)
}
