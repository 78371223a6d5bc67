/*
 * What a word of another host does here. Each is read to its last part before it does anything, and
 * then takes effect as if its sender were a process of this host: the rules stand in signals.ts.
 * Nobody is wrong who speaks of a process that has ended: such words crossed its end on their way.
 */
import type { Hosts } from './hosts'
import { Unpacker, type PortableName } from './portable'
import type { Pid, Ref } from './pid'
import { Process } from './process'
import { Port } from './port'
import { tellDown, type RemoteHost } from './remote-host'
import { acceptAnswer } from './server'
import { accept, receiveExit, signalExit } from './signals'
import { Malformed, type To, type Word } from './wire'

/** More living processes than any host has: a peer that names more is broken. */
const maxLiving = 1_000_000

/** Reads a word of `from`. Gives what it does. Throws `Malformed`. */
export function take(hosts: Hosts, from: RemoteHost, word: Word): () => void {
  const signals = new RemoteSignals(hosts, from)
  switch (word.type) {
    case 'message': {
      const message = signals.unpack(word.message)
      return () => signals.message(word.to, message)
    }
    case 'link': {
      const other = signals.pid(word.from)
      return () => signals.link(other, word.to)
    }
    case 'unlink':
      return () => signals.unlink(word.from, word.to, word.id)
    case 'unlinked':
      return () => signals.unlinked(word.from, word.to, word.id)
    case 'linked_exit': {
      const reason = signals.unpack(word.reason)
      return () => signals.linkedExit(word.from, word.to, reason)
    }
    case 'exit': {
      const [other, reason] = [signals.pid(word.from), signals.unpack(word.reason)]
      return () => signals.exit(other, word.to, reason)
    }
    case 'monitor': {
      const holder = signals.pid(word.from)
      return () => signals.monitor(holder, word.to, word.ref)
    }
    case 'demonitor':
      return () => signals.demonitor(word.ref)
    case 'down': {
      const reason = signals.unpack(word.reason)
      return () => signals.down(word.to, word.ref, reason)
    }
    case 'answer': {
      const value = signals.unpack(word.value)
      return () => signals.answer(word.to, word.ref, value)
    }
    case 'know':
      return () => signals.know(word.serials)
    case 'ended':
      return () => word.serials.forEach((serial) => from.names.end(serial))
    case 'hello':
      throw new Malformed('a second hello')
  }
}

class RemoteSignals {
  private readonly hosts: Hosts
  private readonly from: RemoteHost

  constructor(hosts: Hosts, from: RemoteHost) {
    this.hosts = hosts
    this.from = from
  }

  message(to: To, message: unknown): void {
    const target = this.find(to)?.target
    if (target instanceof Process) accept(target, message)
    else if (target instanceof Port) target.deliver(message)
  }

  link(other: Pid, to: number): void {
    const process = this.process(to)
    if (!process) {
      const reason = 'noproc'
      return this.from.say({ type: 'linked_exit', from: to, to: other.serial, reason })
    }
    const tie = this.from.tie(process)
    // It crossed our unlink on its way, which will take effect there.
    if (!tie.unlinking.has(other)) tie.links.add(other)
  }

  unlink(from: number, to: number, id: number): void {
    const other = this.from.names.find(from)
    if (other) this.process(to)?.ties?.get(this.from)?.links.delete(other)
    this.from.say({ type: 'unlinked', from: to, to: from, id })
  }

  unlinked(from: number, to: number, id: number): void {
    const unlinking = this.process(to)?.ties?.get(this.from)?.unlinking
    const other = this.from.names.find(from)
    if (other && unlinking?.get(other) === id) unlinking.delete(other)
  }

  linkedExit(from: number, to: number, reason: unknown): void {
    const process = this.process(to)
    const other = this.from.names.find(from)
    if (!process || !other || !process.ties?.get(this.from)?.links.delete(other)) return
    receiveExit(process, other, reason, false)
  }

  exit(from: Pid, to: number, reason: unknown): void {
    const process = this.process(to)
    if (process) signalExit(from, process.pid, reason)
  }

  monitor(holder: Pid, to: To, ref: number): void {
    const target = this.find(to)?.target
    if (!(target instanceof Process)) {
      return this.from.say({ type: 'down', to: holder.serial, ref, reason: 'noproc' })
    }
    this.from.tie(target).watchers.set(ref, holder)
    this.from.watched.set(ref, target)
  }

  demonitor(ref: number): void {
    this.from.watched.get(ref)?.ties?.get(this.from)?.watchers.delete(ref)
    this.from.watched.delete(ref)
  }

  down(to: number, ref: number, reason: unknown): void {
    const process = this.process(to)
    const monitors = process?.ties?.get(this.from)?.monitors
    const held = monitors?.get(ref)
    if (!process || !monitors || !held) return
    monitors.delete(ref)
    tellDown(process, held.ref, held.to, reason)
  }

  answer(to: number, ref: number, value: unknown): void {
    const process = this.process(to)
    if (process) acceptAnswer(process, ref, value)
  }

  /** Whoever lives becomes known there, so its end will be told; the others have ended. */
  know(serials: readonly number[]): void {
    const living = serials.map((serial) => this.hosts.names.find(serial)?.target)
    for (const target of living) if (target instanceof Process) this.from.introduce(target)
    const ended = serials.filter((_, at) => !living[at])
    if (ended.length > 0) this.from.say({ type: 'ended', serials: ended })
  }

  unpack(packed: unknown): unknown {
    return new Unpacker((name) => this.read(name)).unpack(packed)
  }

  private find(to: To): Pid | undefined {
    const { names, runtime } = this.hosts
    return typeof to === 'string' ? runtime.registry.find(to) : names.find(to)
  }

  private process(serial: number): Process | undefined {
    const target = this.hosts.names.find(serial)?.target
    return target instanceof Process ? target : undefined
  }

  /** A process of the other host that acts, so it lived when it did. Throws `Malformed`. */
  pid(serial: number): Pid {
    return this.readPid(this.from, serial, false)
  }

  /** The one name that this plain form means. */
  private read({ $: kind, serial, host, incarnation, ended }: PortableName): Pid | Ref {
    const { runtime, names, incarnation: own } = this.hosts
    if (host === undefined || incarnation === undefined) {
      if (kind === 'ref') return this.from.names.ref(serial)
      return this.readPid(this.from, serial, ended === true)
    }
    if (host === runtime.host && incarnation === own) {
      return kind === 'pid' ? names.pid(serial) : names.ref(serial)
    }
    const home = this.hosts.life(host, incarnation)
    return kind === 'ref' ? home.names.ref(serial) : this.readForwarded(home, serial)
  }

  private readPid(home: RemoteHost, serial: number, ended: boolean): Pid {
    if (home.names.livingCount >= maxLiving && !ended && !home.names.find(serial)) {
      throw new Malformed(`more than ${maxLiving} living processes`)
    }
    return home.names.pid(serial, ended ? 'ended_or_unknown' : 'will_be_told')
  }

  /** A name that its own host does not know to be here asks to be told of its end. */
  private readForwarded(home: RemoteHost, serial: number): Pid {
    if (!home.connection) return home.names.pid(serial, 'ended_or_unknown')
    const known = home.names.findLiving(serial)
    if (known) return known
    home.say({ type: 'know', serials: [serial] })
    return this.readPid(home, serial, false)
  }
}
