/*
 * The hosts of one group, as the gateway speaks to them. Each stream belongs to one of them
 * (`share.ts`), so when a host comes or goes as planned, some streams change hands:
 *
 *   1. From now on all questions to the group wait.
 *   2. Each host is told who the hosts are, and hands over what is no longer its own: the gateway
 *      passes that on to the new owner.
 *   3. All have answered, or were gone: the questions go on, to the new owners.
 *
 * A host that is lost keeps its share, since it is back in a moment, and what is handed over to it
 * waits for that; one that is quarantined loses it. A gateway that was killed in between begins
 * again with step 1: what has its new owner stays there, and what was on its way is lost with it.
 *
 * The audience may have broken a host: nobody hears what it says of another host's streams.
 */
import type { Lines } from '../host/lines'
import { groupOf, type Answer, type HandedOver } from '../protocol/envelope'
import { groupOfHost } from '../protocol/hosts'
import type { Observe, Seen } from '../protocol/observe'
import { ownerOf } from '../protocol/share'
import type { Telling } from './fan-out'
import { HostLink, type HostLinkHears, type Question } from './host-link'

export interface HostGroupHears {
  /** A host's line stands. */
  onOpen(host: string): void
  /** The followers of such streams may have missed something. */
  onGap(concerns: (stream: string) => boolean): void
  /** A snapshot or events for all who follow. */
  onWord(word: Telling): void
  /** A host that is to leave has handed over all it had. */
  onEmptied(host: string): void
}

/** A question about a stream. */
export type StreamQuestion = Extract<Question, { stream: string }>

/** Longer than a wedged host lives. */
const waitForLineMs = 1_500

export class HostGroup {
  private readonly hears: HostGroupHears
  private readonly lines: Lines
  private readonly name: string
  private readonly links = new Map<string, HostLink>()
  /** Those that are to have a share. */
  private readonly members: Set<string>
  /** Those that are to hand over all they have. */
  private readonly leaving = new Set<string>()
  /**
   * By whom it is decided whose a stream is: the members when streams last changed hands, and while
   * there is no member, the last ones.
   */
  private owners: readonly string[]
  /** The owners before, while streams change hands. */
  private before: readonly string[] = []
  /** What is handed over, and not yet with its new owner. */
  private readonly moving = new Set<Promise<unknown>>()
  /** While streams change hands. */
  private sharing: Promise<void> | undefined
  /** The members have changed meanwhile. */
  private isStale = false

  /** @param first a host that has a share before it is ready: there is always one */
  constructor(first: string, hears: HostGroupHears, lines: Lines) {
    this.hears = hears
    this.lines = lines
    this.name = groupOfHost(first)
    this.members = new Set([first])
    this.owners = [first]
    this.addLink(first)
  }

  /** A host is ready at its address, and has a share from now on. */
  join(host: string, address: string): void {
    this.leaving.delete(host)
    this.members.add(host)
    this.linkTo(host).connect(address)
    this.share()
  }

  /** A host is gone, and will soon be back: its open questions are answered. */
  hangUp(host: string): void {
    this.links.get(host)?.hangUp()
  }

  /**
   * A host is to hand over its share, and will go.
   * @param address undefined when it never served, and so has nothing
   */
  leave(host: string, address: string | undefined): void {
    this.members.delete(host)
    if (address !== undefined) {
      this.linkTo(host).connect(address)
      this.leaving.add(host)
    }
    this.share()
  }

  /** A host is gone, and nobody knows whether it will be back. */
  forget(host: string): void {
    this.hangUp(host)
    this.leaving.delete(host)
    if (this.members.delete(host)) this.share()
  }

  /** Whether the line to the stream's host stands. */
  isOpen(stream: string): boolean {
    return this.linkOf(stream).isOpen
  }

  /** Whether the line to this host stands. */
  isLineOpen(host: string): boolean {
    return this.links.get(host)?.isOpen ?? false
  }

  /** True as soon as the line to the stream's host stands; false when that is not in time. */
  stands(stream: string, withinMs: number): Promise<boolean> {
    return this.linkOf(stream).stands(withinMs)
  }

  /** Asks the stream's host, as HostLink does; but not while streams change hands. */
  async ask(question: StreamQuestion, hear?: (word: Telling) => void): Promise<Answer> {
    while (this.sharing) await this.sharing
    const { stream } = question
    const own = hear && ((word: Telling) => word.stream === stream && hear(word))
    return await this.linkOf(stream).ask(question, own)
  }

  /** Asks one of the hosts what is to be seen of its processes; undefined when it does not say. */
  async observe(host: string, question: Observe): Promise<Seen | undefined> {
    return await this.links.get(host)?.observe(host, question)
  }

  private linkTo(host: string): HostLink {
    return this.links.get(host) ?? this.addLink(host)
  }

  private addLink(host: string): HostLink {
    const hears: HostLinkHears = {
      onOpen: () => {
        this.hears.onGap((stream) => this.ownerOf(stream) === host)
        this.hears.onOpen(host)
      },
      onWord: (word) => {
        if (this.isWriter(host, word.stream)) this.hears.onWord(word)
      },
      onHandedOver: (handed) => {
        if (this.sharing && this.wasWriter(host, handed.stream)) this.passOn(handed)
      },
    }
    const link = new HostLink(hears, this.lines)
    this.links.set(host, link)
    return link
  }

  private ownerOf(stream: string): string {
    // There is always one: the constructor has a first, and the last one stays.
    return ownerOf(stream, this.owners)!
  }

  /** Whether a host may tell of a stream. */
  private isWriter(host: string, stream: string): boolean {
    if (groupOf(stream) !== this.name) return false
    return this.ownerOf(stream) === host || (!!this.sharing && this.wasWriter(host, stream))
  }

  /**
   * Whether a host may have a stream that it had before streams change hands. Who leaves is no
   * owner for a gateway that came later; but whatever it ever had is its own among all of them.
   */
  private wasWriter(host: string, stream: string): boolean {
    return ownerOf(stream, [...this.before, host]) === host
  }

  private linkOf(stream: string): HostLink {
    return this.links.get(this.ownerOf(stream))!
  }

  private passOn(handed: HandedOver): void {
    const link = this.linkOf(handed.stream)
    const moved = this.askSurely(link, { ...handed, type: 'take_over' })
    this.moving.add(moved)
    void moved.then(() => this.moving.delete(moved))
  }

  private share(): void {
    if (this.sharing) {
      this.isStale = true
      return
    }
    const owners = this.members.size > 0 ? [...this.members] : this.owners
    const isSame = owners.length === this.owners.length && this.owners.every(isIn(owners))
    // A host that is back has lost what it had, and nothing changes hands.
    if (isSame && this.leaving.size === 0) return
    this.before = this.owners
    this.owners = owners
    const told = [...this.members, ...this.leaving]
    this.sharing = this.handOver(told).then(() => this.endSharing(this.before))
  }

  private async handOver(told: readonly string[]): Promise<void> {
    const share = { type: 'share', hosts: this.owners } as const
    await Promise.all(told.map((host) => this.askSurely(this.links.get(host)!, { ...share, host })))
    await Promise.all(this.moving)
  }

  /** Asks a host, or its next life when it is lost meanwhile and soon back. */
  private async askSurely(link: HostLink, question: Question): Promise<void> {
    const untilMs = performance.now() + waitForLineMs
    for (;;) {
      const leftMs = untilMs - performance.now()
      if (leftMs <= 0 || !(await link.stands(leftMs))) return
      if ((await link.ask(question)).ok) return
    }
  }

  private endSharing(before: readonly string[]): void {
    this.sharing = undefined
    if (this.isStale) {
      this.isStale = false
      this.share()
    }
    this.hears.onGap((stream) => this.ownerOf(stream) !== ownerOf(stream, before))
    if (this.sharing) return
    for (const host of this.leaving) this.hears.onEmptied(host)
  }
}

const isIn =
  (hosts: readonly string[]) =>
  (host: string): boolean =>
    hosts.includes(host)
