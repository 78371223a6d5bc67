/*
 * The hosts of one group, as the gateway speaks to them. Each stream belongs to one of them
 * (`share.ts`), so when a host comes or goes as planned, some streams change hands:
 *
 *   1. From now on all questions to the group wait.
 *   2. Each host is told who the hosts are, and hands over what is no longer its own: the gateway
 *      passes that on to the new owner.
 *   3. All have answered, or were gone: the questions go on, to the new owners.
 *
 * A host that is lost keeps its share, since it is back in a moment; one that is quarantined loses
 * it. A gateway that was killed in between begins again with step 1: what was handed over already
 * stays where it is.
 */
import type { Answer, HandedOver } from '../src/protocol/envelope'
import { ownerOf } from '../src/protocol/share'
import type { Telling } from './fan-out'
import { HostLink, type Question } from './host-link'

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
  private readonly links = new Map<string, HostLink>()
  /** Those that have a share. */
  private readonly members: Set<string>
  /** Those that are to hand over all they have. */
  private readonly leaving = new Set<string>()
  /** By whom it is decided whose a stream is: the members when streams last changed hands. */
  private owners: readonly string[]
  /** While streams change hands. */
  private sharing: Promise<void> | undefined
  /** The members have changed meanwhile. */
  private isStale = false

  /** @param first a host that has a share before it is ready: there is always one */
  constructor(first: string, hears: HostGroupHears) {
    this.hears = hears
    this.members = new Set([first])
    this.owners = [first]
    this.addLink(first)
  }

  /** A host is ready at its local socket, and has a share from now on. */
  join(host: string, address: string): void {
    this.leaving.delete(host)
    this.members.add(host)
    const link = this.links.get(host) ?? this.addLink(host)
    link.connect(address)
    this.share()
  }

  /** A host is gone, and will soon be back: its open questions are answered. */
  hangUp(host: string): void {
    this.links.get(host)?.hangUp()
  }

  /** A host is to hand over its share, and will go. */
  leave(host: string): void {
    if (this.drop(host)) this.leaving.add(host)
    this.share()
  }

  /** A host is gone, and nobody knows whether it will be back. */
  forget(host: string): void {
    this.hangUp(host)
    this.leaving.delete(host)
    if (this.drop(host)) this.share()
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
    return await this.linkOf(question.stream).ask(question, hear)
  }

  private addLink(host: string): HostLink {
    const link = new HostLink({
      onOpen: () => {
        this.hears.onGap((stream) => this.ownerOf(stream) === host)
        this.hears.onOpen(host)
      },
      onWord: (word) => this.hears.onWord(word),
      onHandedOver: (handed) => this.passOn(handed),
    })
    this.links.set(host, link)
    return link
  }

  /** Takes a host's share from it, unless it is the only one that has any. */
  private drop(host: string): boolean {
    return this.members.size > 1 && this.members.delete(host)
  }

  private ownerOf(stream: string): string {
    // There is always one: the constructor has a first, and `drop` leaves the last.
    return ownerOf(stream, this.owners)!
  }

  private linkOf(stream: string): HostLink {
    return this.links.get(this.ownerOf(stream))!
  }

  private passOn(handed: HandedOver): void {
    void this.linkOf(handed.stream).ask({ ...handed, type: 'take_over' })
  }

  private share(): void {
    if (this.sharing) {
      this.isStale = true
      return
    }
    const before = this.owners
    this.owners = [...this.members]
    const told = [...this.members, ...this.leaving]
    // Nothing can change hands where there are no two.
    if (told.length === 1 && before.length === 1) return
    this.sharing = this.handOver(told).then(() => this.endSharing(before))
  }

  private async handOver(told: readonly string[]): Promise<void> {
    await Promise.all(
      told.map(async (host) => {
        const link = this.links.get(host)!
        if (!(await link.stands(waitForLineMs))) return
        await link.ask({ type: 'share', host, hosts: this.owners })
      }),
    )
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
