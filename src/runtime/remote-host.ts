/*
 * One life of another host, seen from here: what the pids of its processes have as their target, so
 * that a signal to one of them comes to this file instead of taking effect at once. While a
 * connection stands, signals go out as words, in the order in which they were sent. Without one,
 * messages are lost silently, and links and monitors answer at once (Erlang Reference Manual,
 * 'Distributed Erlang').
 *
 * Losing the connection tells everything once: each link its exit signal, each monitor its `down`,
 * both `noconnection`. All ties of that host are torn before anybody is told, so a second loss
 * finds nothing to tell, and neither does a word of the same life over a later connection.
 */
import type { HostConnection } from './host-connection'
import type { Hosts } from './hosts'
import { RemoteNames, RemoteRef } from './names'
import { Packer, type PortableName } from './portable'
import { outside, type Pid, Ref } from './pid'
import { Process } from './process'
import { Port } from './port'
import type { ExitReason } from './reason'
import type { From } from './server'
import { accept, receiveExit, type Down } from './signals'
import { tieOf, type Tie } from './tie'
import { NamedPid, shown } from './whom'
import type { To, Word } from './wire'

export class RemoteHost {
  readonly host: number
  readonly incarnation: string
  readonly names = new RemoteNames(this)
  /** The one that stands now. */
  connection: HostConnection | undefined = undefined
  /** Processes of this host that have a tie to it. */
  private readonly tied = new Set<Process>()
  /** Whom its processes watch here, by the serial of the ref. */
  readonly watched = new Map<number, Process>()
  private readonly hosts: Hosts
  private unlinkId = 0

  constructor(hosts: Hosts, host: number, incarnation: string) {
    this.hosts = hosts
    this.host = host
    this.incarnation = incarnation
  }

  /** What a process asks for that is not to be reached: its life is over, or nobody knows. */
  get absence(): ExitReason {
    const { hosts, host } = this
    return host === hosts.runtime.host || hosts.find(host) ? 'noproc' : 'noconnection'
  }

  /** Sends a message. Throws a TypeError for what cannot cross, connected or not. */
  deliver(to: Pid, message: unknown): void {
    const packer = this.packer()
    const packed = packer.pack(message)
    this.say({ type: 'message', to: addressOf(to), message: packed }, packer.bytes)
  }

  /**
   * Sends a call. The monitor goes first: a server that dies of this very request dies with its
   * reason, and is not a process that never was.
   */
  call(process: Process, ref: Ref, to: Pid, message: unknown): void {
    const packer = this.packer()
    const packed = packer.pack(message)
    if (process.status === 'exited') return
    this.monitor(process, ref, to)
    this.say({ type: 'message', to: addressOf(to), message: packed }, packer.bytes)
  }

  /** Throws a TypeError for what cannot cross: for messages that are sent later. */
  check(message: unknown): void {
    this.packer().pack(message)
  }

  link(process: Process, to: Pid): void {
    if (!this.connection) return receiveExit(process, to, this.absence, false)
    const tie = this.introduce(process)
    if (tie.links.has(to)) return
    tie.links.add(to)
    tie.unlinking.delete(to)
    this.say({ type: 'link', from: process.pid.serial, to: to.serial })
  }

  unlink(process: Process, to: Pid): void {
    const tie = process.ties?.get(this)
    if (!tie?.links.delete(to)) return
    const id = ++this.unlinkId
    tie.unlinking.set(to, id)
    this.say({ type: 'unlink', from: process.pid.serial, to: to.serial, id })
  }

  monitor(process: Process, ref: Ref, to: Pid): void {
    if (!this.connection) return tellDown(process, ref, to, this.absence)
    this.introduce(process).monitors.set(ref.serial, { ref, to })
    this.say({
      type: 'monitor',
      from: process.pid.serial,
      to: addressOf(to),
      ref: ref.serial,
    })
  }

  /** Ends a monitor that stands. Gives true. */
  demonitor(tie: Tie, ref: Ref): true {
    tie.monitors.delete(ref.serial)
    this.say({ type: 'demonitor', ref: ref.serial })
    return true
  }

  /** An exit signal on purpose. Throws for a reason that cannot cross. */
  exit(from: Pid, to: Pid, reason: ExitReason): void {
    const packer = this.packer()
    const packed = packer.pack(reason)
    if (from.target instanceof Process && this.connection) this.introduce(from.target)
    const word: Word = { type: 'exit', from: from.serial, to: to.serial, reason: packed }
    this.say(word, packer.bytes)
  }

  /** Answers a call that came from there. Throws for a value that cannot cross. */
  answer({ pid, ref }: From, value: unknown): void {
    const packer = this.packer()
    const packed = packer.pack(value)
    if (!(ref instanceof RemoteRef) || ref.home !== this) return
    this.say({ type: 'answer', to: pid.serial, ref: ref.serial, value: packed }, packer.bytes)
  }

  /** Says a word, unless there is nobody to hear it. */
  say(word: Word, bytes = 0): void {
    this.connection?.say(word, bytes)
  }

  /** The tie of a process whose name is told there with the next word. */
  introduce(process: Process): Tie {
    this.hosts.names.keepProcess(process.pid)
    const tie = this.tie(process)
    tie.isKnown = true
    return tie
  }

  tie(process: Process): Tie {
    this.tied.add(process)
    return tieOf(process, this)
  }

  /** Part of `terminate`: all that it shared with processes there is told to them. */
  processEnded(process: Process, tie: Tie, reason: ExitReason): void {
    this.tied.delete(process)
    const from = process.pid.serial
    const packed = this.packReason(reason)
    for (const { serial: to } of tie.links) {
      this.say({ type: 'linked_exit', from, to, reason: packed })
    }
    for (const ref of tie.monitors.keys()) this.say({ type: 'demonitor', ref })
    for (const [ref, holder] of tie.watchers) {
      this.watched.delete(ref)
      this.say({ type: 'down', to: holder.serial, ref, reason: packed })
    }
    if (!tie.isKnown) return
    this.hosts.names.keepEnded(process.pid)
    this.say({ type: 'ended', serials: [from] })
  }

  /** A connection stands. */
  connected(connection: HostConnection): void {
    this.connection = connection
    const serials = this.names.hope()
    if (serials.length > 0) this.say({ type: 'know', serials })
  }

  /** The connection is lost. */
  lost(): void {
    this.connection = undefined
    const processes = [...this.tied]
    const ties = processes.map((process) => process.ties?.get(this))
    for (const process of processes) process.ties?.delete(this)
    this.tied.clear()
    this.watched.clear()
    this.names.despair()
    processes.forEach((process, at) => this.tellLost(process, ties[at]))
  }

  private tellLost(process: Process, tie: Tie | undefined): void {
    if (!tie) return
    // It is known there, and may be spoken of over a later connection when it has ended.
    if (tie.isKnown) this.hosts.names.keepEnded(process.pid)
    if (process.status === 'exited') return
    for (const { ref, to } of tie.monitors.values()) tellDown(process, ref, to, 'noconnection')
    for (const other of tie.links) receiveExit(process, other, 'noconnection', false)
  }

  /** Reasons are told by who has ended already: one that cannot cross gives way to saying so. */
  packReason(reason: ExitReason): unknown {
    try {
      return this.packer().pack(reason)
    } catch (error) {
      return this.packer().pack(error instanceof Error ? error : new TypeError('a strange reason'))
    }
  }

  private packer(): Packer {
    return new Packer((name) => this.write(name))
  }

  /** The plain form of a name for this host, which will be told when a process of ours ends. */
  private write(name: Pid | Ref): PortableName {
    if (name instanceof Ref) return this.writeRef(name)
    const { target, serial } = name
    if (target instanceof RemoteHost) {
      return { $: 'pid', serial, host: target.host, incarnation: target.incarnation }
    }
    if (name === outside || !this.connection) return { $: 'pid', serial }
    if (target instanceof Process) this.introduce(target)
    else if (target instanceof Port) this.hosts.names.keepPort(name)
    else this.hosts.names.keepEnded(name)
    return target ? { $: 'pid', serial } : { $: 'pid', serial, ended: true }
  }

  private writeRef(ref: Ref): PortableName {
    const { serial } = ref
    if (ref instanceof RemoteRef) {
      return { $: 'ref', serial, host: ref.home.host, incarnation: ref.home.incarnation }
    }
    this.hosts.names.keepRef(ref)
    return { $: 'ref', serial }
  }
}

const addressOf = (to: Pid): To => (to instanceof NamedPid ? to.name : to.serial)

/** Tells a holder, once its monitor is no more. An open call under that ref is over with it. */
export function tellDown(process: Process, ref: Ref, to: Pid, reason: ExitReason): void {
  if (process.awaited === ref) process.awaited = undefined
  accept(process, { type: 'down', ref, pid: shown(to), reason } satisfies Down)
}
