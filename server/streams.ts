/*
 * Who follows what: the gateway's fan-out. A follower asks the stream's writer through its host and
 * is told what it misses; from then on it is told what everybody is. The gateway keeps nothing of a
 * stream but its followers, so a gateway that was killed has lost nothing: each follower comes back
 * with its own cursor.
 */
import { accepted, groupOf, refused } from '../src/protocol/envelope'
import type {
  Answer,
  Events,
  Follow,
  FromHost,
  Ref,
  Role,
  Snapshot,
  Wish,
} from '../src/protocol/envelope'
import { refuse } from '../src/protocol/refusals'
import { HostLink } from './host-link'
import type { LocalStream } from './local-stream'

/** A browser's end of the line. */
export interface Follower {
  tell(word: 'snapshot', body: Snapshot): void
  tell(word: 'events', body: Events): void
}

type Telling = Exclude<FromHost, { type: 'answer' }>

export class Streams {
  private readonly hosts: ReadonlyMap<string, HostLink>
  private readonly local = new Map<string, LocalStream<unknown, never>>()
  private readonly followers = new Map<string, Set<Follower>>()
  /** Who asked under a ref and waits for its first word. */
  private readonly asking = new Map<Ref, Follower>()

  /** @param groups host groups that write streams: `play` */
  constructor(groups: readonly string[], onHostOpen: (group: string) => void) {
    this.hosts = new Map(
      groups.map((group) => [
        group,
        new HostLink({ onOpen: () => onHostOpen(group), onWord: (word) => this.hear(word) }),
      ]),
    )
  }

  /** The line to a host group; undefined when it writes no streams. */
  host(group: string): HostLink | undefined {
    return this.hosts.get(group)
  }

  /** Adds a stream of the gateway's own. */
  addLocal<View, Event>(stream: LocalStream<View, Event>): void {
    this.local.set(stream.name, stream as LocalStream<unknown, never>)
  }

  /** Tells all followers of a stream. */
  publish(events: Events): void {
    for (const follower of this.followers.get(events.stream) ?? []) follower.tell('events', events)
  }

  async follow(follower: Follower, wanted: Follow): Promise<Answer> {
    const local = this.local.get(wanted.stream)
    if (local) {
      this.add(wanted.stream, follower)
      follower.tell('snapshot', local.snapshot())
      return accepted
    }
    const link = this.hosts.get(groupOf(wanted.stream))
    if (!link) return refused(refuse('unknown_stream'))
    const { ref, answer } = link.ask({ type: 'follow', ...wanted })
    this.asking.set(ref, follower)
    const outcome = await answer
    if (!outcome.ok) this.asking.delete(ref)
    return outcome
  }

  async wish(wish: Wish, visitor: string, role: Role): Promise<Answer> {
    const link = this.hosts.get(groupOf(wish.stream))
    if (!link) return refused(refuse('unknown_stream'))
    return await link.ask({ type: 'wish', ...wish, visitor, role }).answer
  }

  unfollow(follower: Follower, stream: string): void {
    const followers = this.followers.get(stream)
    followers?.delete(follower)
    if (followers?.size === 0) this.followers.delete(stream)
  }

  /** The browser is gone. */
  forget(follower: Follower): void {
    for (const stream of [...this.followers.keys()]) this.unfollow(follower, stream)
    for (const [ref, asking] of this.asking) if (asking === follower) this.asking.delete(ref)
  }

  private hear({ ref, ...word }: Telling): void {
    if (ref === undefined) {
      for (const follower of this.followers.get(word.stream) ?? []) tell(follower, word)
      return
    }
    const follower = this.asking.get(ref)
    this.asking.delete(ref)
    if (!follower) return
    this.add(word.stream, follower)
    tell(follower, word)
  }

  private add(stream: string, follower: Follower): void {
    const followers = this.followers.get(stream) ?? new Set()
    this.followers.set(stream, followers.add(follower))
  }
}

function tell(follower: Follower, word: Telling): void {
  const { type, ...body } = word
  if (type === 'snapshot') follower.tell('snapshot', body as Snapshot)
  else follower.tell('events', body as Events)
}
