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
  QuestionRef,
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
  private readonly followed = new Map<Follower, Set<string>>()
  /** Who asked for what under a ref, and waits for its first word. */
  private readonly asking = new Map<QuestionRef, { follower: Follower; stream: string }>()

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
    this.asking.set(ref, { follower, stream: wanted.stream })
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
    this.remove(stream, follower)
    this.giveUpAsking((asked) => asked.follower === follower && asked.stream === stream)
  }

  /** The browser is gone. */
  forget(follower: Follower): void {
    for (const stream of this.followed.get(follower) ?? []) this.remove(stream, follower)
    this.giveUpAsking((asked) => asked.follower === follower)
  }

  /** A follow under way must not add anybody who has left meanwhile. */
  private giveUpAsking(isGiven: (asked: { follower: Follower; stream: string }) => boolean): void {
    for (const [ref, asked] of this.asking) if (isGiven(asked)) this.asking.delete(ref)
  }

  private hear({ ref, ...word }: Telling): void {
    if (ref === undefined) {
      for (const follower of this.followers.get(word.stream) ?? []) tell(follower, word)
      return
    }
    const follower = this.asking.get(ref)?.follower
    this.asking.delete(ref)
    if (!follower) return
    this.add(word.stream, follower)
    tell(follower, word)
  }

  private add(stream: string, follower: Follower): void {
    this.followers.set(stream, (this.followers.get(stream) ?? new Set()).add(follower))
    this.followed.set(follower, (this.followed.get(follower) ?? new Set()).add(stream))
  }

  private remove(stream: string, follower: Follower): void {
    dropFrom(this.followers, stream, follower)
    dropFrom(this.followed, follower, stream)
  }
}

function tell(follower: Follower, word: Telling): void {
  const { type, ...body } = word
  if (type === 'snapshot') follower.tell('snapshot', body as Snapshot)
  else follower.tell('events', body as Events)
}

/** Takes a member out of a set in a map, and the set out of the map when it was the last. */
function dropFrom<Key, Member>(sets: Map<Key, Set<Member>>, key: Key, member: Member): void {
  const set = sets.get(key)
  set?.delete(member)
  if (set?.size === 0) sets.delete(key)
}
