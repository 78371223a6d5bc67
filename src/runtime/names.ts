/*
 * Names compare by identity, so a name that crosses must be the same object each time. These tables
 * see to it, and release by this rule:
 *
 *   1. The pid of another host's process is kept while that process lives. Its host says when it
 *      has ended: it knows whom it told the name, and whoever has it from a third host asks.
 *   2. An ended pid is kept until 65,536 others have crossed or ended after it, and so is each ref.
 *   3. While no connection stands, nobody tells of ends: all pids of that host count as ended.
 *   4. Of lives of hosts that are not connected, the tables of the last 64 are kept.
 *
 * So between connected hosts identity holds for the living without exception, and memory is bounded
 * by them. What is forgotten by rule 2 and comes again is a new object that names the same: every
 * signal to it means the same as before, but it is no longer `===` to a copy that somebody kept.
 * The runtime's own words (calls, monitors, links) hold their names themselves and do not rely on
 * these tables.
 */
import { outside, Pid, Ref } from './pid'
import type { RemoteHost } from './remote-host'
import type { Runtime } from './runtime'

const keptNames = 65_536

/** The last names that crossed, by serial; the one that has not crossed for longest goes first. */
class Recent<Name> {
  private readonly names = new Map<number, Name>()

  find(serial: number): Name | undefined {
    const name = this.names.get(serial)
    if (name) this.put(serial, name)
    return name
  }

  put(serial: number, name: Name): void {
    this.names.delete(serial)
    this.names.set(serial, name)
    if (this.names.size <= keptNames) return
    for (const oldest of this.names.keys()) {
      this.names.delete(oldest)
      return
    }
  }

  /** All of them, which are no longer kept here. */
  clear(): Map<number, Name> {
    const all = new Map(this.names)
    this.names.clear()
    return all
  }
}

/** A ref of another host. */
export class RemoteRef extends Ref {
  readonly home: RemoteHost

  constructor(home: RemoteHost, serial: number) {
    super(serial)
    this.home = home
  }

  override toString(): string {
    return `#Ref<${this.home.host}.${this.serial}>`
  }
}

/** More processes than a calm host ever speaks of. */
const firstSweepAt = 1_024

/** Names of this host that others were told, for when they come home. */
export class OwnNames {
  private readonly runtime: Runtime
  /** Processes that another host was told of; the dead among them are swept out now and then. */
  private readonly processes = new Map<number, Pid>()
  private sweepAt = firstSweepAt
  private readonly ports = new Map<number, Pid>()
  private readonly ended = new Recent<Pid>()
  private readonly refs = new Recent<Ref>()

  constructor(runtime: Runtime) {
    this.runtime = runtime
  }

  /** A living process or an open port, for a signal to it. */
  find(serial: number): Pid | undefined {
    const process = this.processes.get(serial)
    return process?.target ? process : this.ports.get(serial)
  }

  /** A process's name was told, or it spoke to another host. */
  keepProcess(pid: Pid): void {
    this.processes.set(pid.serial, pid)
    if (this.processes.size < this.sweepAt) return
    for (const [serial, known] of this.processes) if (!known.target) this.processes.delete(serial)
    this.sweepAt = Math.max(firstSweepAt, 2 * this.processes.size)
  }

  /** The pid of that serial, living or not. */
  pid(serial: number): Pid {
    if (serial === outside.serial) return outside
    const known = this.find(serial) ?? this.ended.find(serial)
    if (known) return known
    const forgotten = new Pid(this.runtime.host, serial)
    this.ended.put(serial, forgotten)
    return forgotten
  }

  ref(serial: number): Ref {
    const known = this.refs.find(serial)
    if (known) return known
    const forgotten = new Ref(serial)
    this.refs.put(serial, forgotten)
    return forgotten
  }

  /** A port's name was told: ports stay open for as long as their host lives. */
  keepPort(pid: Pid): void {
    this.ports.set(pid.serial, pid)
  }

  /** The name of a process that has ended was told. */
  keepEnded(pid: Pid): void {
    this.ended.put(pid.serial, pid)
  }

  keepRef(ref: Ref): void {
    this.refs.put(ref.serial, ref)
  }
}

/** Names that one life of another host gave. */
export class RemoteNames {
  private readonly home: RemoteHost
  /** Of processes that live, as far as is known: their end will be told. */
  private readonly living = new Map<number, Pid>()
  private readonly ended = new Recent<Pid>()
  private readonly refs = new Recent<RemoteRef>()

  constructor(home: RemoteHost) {
    this.home = home
  }

  get livingCount(): number {
    return this.living.size
  }

  /** The pid of that serial, if its end is still to be told. */
  findLiving(serial: number): Pid | undefined {
    return this.living.get(serial)
  }

  /** The pid of that serial, if it is known. */
  find(serial: number): Pid | undefined {
    return this.living.get(serial) ?? this.ended.find(serial)
  }

  /**
   * The pid of that serial. Where it was not known, `fate` says whether its end will be told (it
   * counts as living until then) or not.
   */
  pid(serial: number, fate: 'will_be_told' | 'ended_or_unknown'): Pid {
    const known = this.find(serial)
    if (known && (fate === 'ended_or_unknown' || this.living.has(serial))) return known
    const pid = known ?? new Pid(this.home.host, serial, this.home)
    if (fate === 'will_be_told') this.living.set(serial, pid)
    else this.ended.put(serial, pid)
    return pid
  }

  ref(serial: number): Ref {
    const ref = this.refs.find(serial) ?? new RemoteRef(this.home, serial)
    this.refs.put(serial, ref)
    return ref
  }

  /** Its host says that it has ended. */
  end(serial: number): void {
    const pid = this.living.get(serial)
    if (!pid) return
    this.living.delete(serial)
    this.ended.put(serial, pid)
  }

  /** A connection stands (again): gives the serials whose ends are to be asked for. */
  hope(): number[] {
    for (const [serial, pid] of this.ended.clear()) this.living.set(serial, pid)
    return [...this.living.keys()]
  }

  /** No connection any more, so no end will be told: all count as ended until one stands again. */
  despair(): void {
    for (const [serial, pid] of this.living) this.ended.put(serial, pid)
    this.living.clear()
  }
}
