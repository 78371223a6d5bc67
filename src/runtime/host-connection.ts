/*
 * The connection of a runtime to one other host, over a wire that is lent. It stands from the
 * other side's hello until the wire ends, or until either side ends it: for a reason that has a
 * name, and never because of what a peer may send. What cannot be read ends the connection, since
 * nothing after it can be trusted.
 *
 * A wire that is full is given nothing until it has drained; words wait here meanwhile, in their
 * order. The wait is bounded by size, and beyond it the other side counts as gone (`unread`): a
 * peer that does not read must not take this host's memory. (Erlang would suspend the sender; here
 * a send never waits.)
 */
import type { Hosts } from './hosts'
import type { RemoteHost } from './remote-host'
import { take } from './remote-signals'
import { Malformed, readWord, wireVersion, type Wire, type Word } from './wire'

/** About what may wait for a full wire, in bytes. */
const maxWaitingBytes = 64 * 1024 * 1024
/** About what a word weighs beside its message. */
const wordBytes = 64
/** Words that waited go out in batches of so many at most. */
const batchWords = 1_000

export class HostConnection {
  /** Why it has ended. */
  ended: string | undefined = undefined
  private other: RemoteHost | undefined = undefined
  private readonly hosts: Hosts
  private readonly wire: Wire
  private readonly onEnd: (reason: string) => void
  private isFull = false
  private waiting: { readonly word: Word; readonly bytes: number }[] = []
  private waitingBytes = 0

  constructor(hosts: Hosts, incarnation: string, wire: Wire, onEnd: (reason: string) => void) {
    this.hosts = hosts
    this.wire = wire
    this.onEnd = onEnd
    wire.onBatch((batch) => this.hear(batch))
    wire.onDrained(() => this.drain())
    wire.onClose(() => this.end('closed'))
    this.say({ type: 'hello', version: wireVersion, host: hosts.runtime.host, incarnation })
  }

  /** The other host; undefined before its hello and after the end. */
  get host(): number | undefined {
    return this.ended === undefined ? this.other?.host : undefined
  }

  /** Says a word whose message has about so many bytes. */
  say(word: Word, bytes = 0): void {
    if (this.ended !== undefined) return
    if (!this.isFull) {
      this.isFull = !this.wire.send([word])
      return
    }
    this.waiting.push({ word, bytes: bytes + wordBytes })
    this.waitingBytes += bytes + wordBytes
    if (this.waitingBytes > maxWaitingBytes) this.end('unread')
  }

  /** Ends it, for a reason of one's own: once. Everybody who is tied to the other host is told. */
  end(reason: string): void {
    if (this.ended !== undefined) return
    this.ended = reason
    this.waiting = []
    this.wire.close()
    if (this.other) this.hosts.lost(this.other, reason)
    this.onEnd(reason)
  }

  private drain(): void {
    this.isFull = false
    let sent = 0
    while (!this.isFull && sent < this.waiting.length && this.ended === undefined) {
      const batch = this.waiting.slice(sent, sent + batchWords)
      sent += batch.length
      for (const { bytes } of batch) this.waitingBytes -= bytes
      this.isFull = !this.wire.send(batch.map(({ word }) => word))
    }
    this.waiting.splice(0, sent)
  }

  private hear(batch: unknown): void {
    if (!Array.isArray(batch)) return this.end('malformed: no batch')
    for (const raw of batch as unknown[]) {
      if (this.ended !== undefined) return
      const problem = this.hearWord(raw)
      if (problem !== undefined) return this.end(`malformed: ${problem}`)
    }
  }

  /** Takes one word. Gives what is wrong with it. */
  private hearWord(raw: unknown): string | undefined {
    let act: () => void
    try {
      act = this.read(raw)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      return error.message
    }
    act()
    return undefined
  }

  /** Reads a word to its last part, and only then gives what it does. Throws `Malformed`. */
  private read(raw: unknown): () => void {
    const word = readWord(raw)
    if (word.type === 'hello') {
      if (this.other) throw new Malformed('a second hello')
      return () => this.greet(word)
    }
    if (!this.other) throw new Malformed(`a '${word.type}' before any hello`)
    return take(this.hosts, this.other, word)
  }

  private greet({ version, host, incarnation }: Word & { type: 'hello' }): void {
    if (version !== wireVersion) return this.end(`refused: speaks version ${version}`)
    if (host === this.hosts.runtime.host) return this.end(`refused: is host ${host}, as we are`)
    this.other = this.hosts.life(host, incarnation)
    this.hosts.admit(this, this.other)
  }
}
