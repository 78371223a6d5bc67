/*
 * Who follows what. A follower asks the stream's writer through its host and is told what it
 * misses; from then on it is told what everybody is (crowd.ts). The gateway keeps nothing of a
 * stream but its followers and their place, so a gateway that was killed has lost nothing: each
 * follower comes back with its own cursor. A host that comes back knows none of its followers: the
 * gateway asks on for all of them, once for each stream, and they need not ask.
 *
 * Wishes that wait for it (wishes.ts) go before those questions. Which host of a group is asked,
 * and when, is the group's business (host-group.ts).
 */
import type { Lines } from '../host/lines'
import { nextTurn, pause } from '../host/turn'
import { accepted, groupOf, refused } from '../protocol/envelope'
import type { Answer, Events, Follow, Role, Wish } from '../protocol/envelope'
import { groupOfHost } from '../protocol/hosts'
import type { Observe, Seen } from '../protocol/observe'
import { refuse, type Refusal } from '../protocol/refusals'
import { growingDelayMs } from '../source/growing-delay'
import { Crowd, crowdWindowMs } from './crowd'
import { FanOut, type Emit, type Follower, type Telling } from './fan-out'
import { HostGroup, type HostGroupHears } from './host-group'
import type { LocalKind, LocalStream, OpenStream } from './local-stream'
import { LocalWishes, type Grant } from './local-wishes'
import { SharedQuestions, type Question } from './shared-questions'
import { Wishes } from './wishes'

/** Questions to a returned host in one turn of the loop: ten thousand would hold everybody up. */
const questionsPerTurn = 300
/**
 * The gateway's own streams are told anew no more often than that, however few follow them: to
 * write down a minute of gauges takes milliseconds.
 */
const ownWindowMs = 100
/** Far more than any page follows. */
const maxWanted = 100

export interface StreamsHears {
  /** A host's line stands. */
  onHostOpen(host: string): void
  /** A wish is on its way to its host. */
  onWish(wish: Wish): void
  /** A host has told something. */
  onWord(word: Telling): void
  /** A host that is to leave has handed over all it had. */
  onEmptied(host: string): void
}

export class Streams {
  private readonly groups: ReadonlyMap<string, HostGroup>
  private readonly hears: StreamsHears
  private readonly windowMs: (followers: number) => number
  private readonly local = new Map<string, LocalStream<unknown, never>>()
  private readonly localWishes = new LocalWishes()
  private readonly localKinds: LocalKind[] = []
  /** Those of the kinds that somebody follows. */
  private readonly opened = new Map<string, OpenStream>()
  private readonly fanOut = new FanOut()
  private readonly questions: SharedQuestions
  private readonly crowds = new Map<string, Crowd>()
  /** What each follower wants, whether it is told yet or not. */
  private readonly wanted = new Map<Follower, Set<string>>()
  /** Streams of which the gateway itself asks what their crowds miss. */
  private readonly asking = new Set<string>()
  private readonly wishes = new Wishes()

  /**
   * @param firsts of each host group that writes streams, the host that is always there
   * @param lines on which the hosts are reached
   * @param windowMs between two words to a crowd of that size
   */
  constructor(
    firsts: readonly string[],
    hears: StreamsHears,
    lines: Lines,
    windowMs = crowdWindowMs,
  ) {
    this.hears = hears
    this.windowMs = windowMs
    const groups = firsts.map((first): [string, HostGroup] => {
      const name = groupOfHost(first)
      const groupHears: HostGroupHears = {
        onOpen: (host) => hears.onHostOpen(host),
        onGap: (concerns) => void this.askOnFor(name, concerns),
        onWord: (word) => this.hear(word),
        onEmptied: (host) => hears.onEmptied(host),
      }
      return [name, new HostGroup(first, groupHears, lines)]
    })
    this.groups = new Map(groups)
    this.questions = new SharedQuestions({
      windowMs: (stream) => {
        const crowdMs = windowMs(this.crowds.get(stream)?.size ?? 0)
        return this.local.has(stream) ? Math.max(ownWindowMs, crowdMs) : crowdMs
      },
      ask: (question, followers) => this.ask(question, followers),
    })
  }

  /** The doors are open: words go out by `emit`. */
  open(emit: Emit): void {
    this.fanOut.open(emit)
  }

  /** The group of this host; undefined when it writes no streams. */
  groupWith(host: string): HostGroup | undefined {
    return this.groups.get(groupOfHost(host))
  }

  /** Adds a stream of the gateway's own. `grant` does what is wished of it, if anything may be. */
  addLocal<View, Event>(stream: LocalStream<View, Event>, grant?: Grant): void {
    this.local.set(stream.name, stream as LocalStream<unknown, never>)
    if (grant) this.localWishes.add(stream.name, grant)
  }

  /** Adds a kind of streams of the gateway's own, each of which lives while somebody follows it. */
  addLocalKind(kind: LocalKind): void {
    this.localKinds.push(kind)
  }

  /** What a host tells of its processes; undefined when it does not. */
  async observe(host: string, question: Observe): Promise<Seen | undefined> {
    return await this.groups.get(groupOfHost(host))?.observe(host, question)
  }

  /** Tells all followers of one of the gateway's own streams. */
  publish(events: Events): void {
    this.crowds.get(events.stream)?.hear({ type: 'events', ...events })
  }

  async follow(follower: Follower, follow: Follow, role: Role = 'audience'): Promise<Answer> {
    const { stream } = follow
    const wanted = this.wanted.get(follower) ?? new Set()
    if (wanted.size >= maxWanted && !wanted.has(stream)) return refused(refuse('too_busy'))
    this.wanted.set(follower, wanted.add(stream))
    return await this.questions.ask({ ...this.knownCursor(follow), role }, follower)
  }

  async wish(wish: Wish, visitor: string, role: Role): Promise<Answer> {
    const answer = this.localWishes.ask(wish, { visitor, role })
    if (answer) return await answer
    const group = this.groups.get(groupOf(wish.stream))
    if (!group) return refused(refuse('unknown_stream'))
    this.hears.onWish(wish)
    return await this.wishes.ask(group, wish, visitor, role)
  }

  unfollow(follower: Follower, stream: string): void {
    this.wanted.get(follower)?.delete(stream)
    this.leave(follower, stream)
  }

  /** The browser is gone. */
  forget(follower: Follower): void {
    for (const stream of this.wanted.get(follower) ?? []) this.leave(follower, stream)
    this.wanted.delete(follower)
  }

  /**
   * A cursor of another epoch is none, nor is one of the gateway's own streams: without it, who
   * asks for the same is asked for together.
   */
  private knownCursor({ stream, epoch, after }: Follow): Follow {
    if (this.local.has(stream)) return { stream }
    const crowd = this.crowds.get(stream)
    return crowd && crowd.cursor.epoch !== epoch ? { stream } : { stream, epoch, after }
  }

  /** Asks a stream's writer for some followers. */
  private async ask({ role, ...follow }: Question, followers: Iterable<Follower>): Promise<Answer> {
    const local = this.local.get(follow.stream) ?? this.openLocal(follow.stream, role)
    if (local && 'code' in local) return refused(local)
    if (local) {
      this.take(followers, { type: 'snapshot', ...local.snapshot() })
      if (!this.crowds.has(follow.stream)) this.closeLocal(follow.stream)
      return accepted
    }
    const group = this.groups.get(groupOf(follow.stream))
    if (!group) return refused(refuse('unknown_stream'))
    return await group.ask({ type: 'follow', ...follow }, (word) => this.take(followers, word))
  }

  /** Tells followers what they asked for; but for those who left meanwhile they now belong. */
  private take(followers: Iterable<Follower>, word: Telling): void {
    const { stream } = word
    const present = [...followers].filter((follower) => this.wanted.get(follower)?.has(stream))
    if (present.length === 0) return
    const crowd = this.crowds.get(stream) ?? new Crowd(word, this.fanOut, this.windowMs)
    this.crowds.set(stream, crowd)
    for (const follower of present) crowd.add(follower)
    this.fanOut.tell(present, word)
  }

  private leave(follower: Follower, stream: string): void {
    const crowd = this.crowds.get(stream)
    crowd?.remove(follower)
    if (crowd?.size !== 0) return
    this.crowds.delete(stream)
    this.closeLocal(stream)
  }

  private openLocal(name: string, role: Role): LocalStream<unknown, never> | Refusal | undefined {
    for (const kind of this.localKinds) {
      const opened = kind(name, role)
      if (!opened) continue
      if ('code' in opened) return opened
      this.opened.set(name, opened)
      this.local.set(name, opened.stream)
      return opened.stream
    }
    return undefined
  }

  private closeLocal(name: string): void {
    const opened = this.opened.get(name)
    if (!opened) return
    opened.close()
    this.opened.delete(name)
    this.local.delete(name)
  }

  private hear(word: Telling): void {
    this.hears.onWord(word)
    const crowd = this.crowds.get(word.stream)
    if (crowd && !crowd.hear(word)) void this.askOn(word.stream)
  }

  private async askOnFor(group: string, concerns: (stream: string) => boolean): Promise<void> {
    const streams = [...this.crowds.keys()].filter(
      (stream) => groupOf(stream) === group && concerns(stream),
    )
    for (const [at, stream] of streams.entries()) {
      // Before the first one, too: what was held for this host goes first.
      if (at % questionsPerTurn === 0) await nextTurn()
      void this.askOn(stream)
    }
  }

  /**
   * Asks what a stream's crowd misses, and tells all of it. Refused, it asks again; with the line
   * it ends, for the next line begins anew.
   */
  private async askOn(stream: string): Promise<void> {
    const group = this.groups.get(groupOf(stream))
    if (!group || this.asking.has(stream)) return
    this.asking.add(stream)
    for (let tries = 0; group.isOpen(stream); tries++) {
      const crowd = this.crowds.get(stream)
      if (!crowd) break
      const question = { type: 'follow', stream, ...crowd.cursor } as const
      const answer = await group.ask(question, (word) => {
        // What does not follow on this word is asked for anew.
        this.asking.delete(stream)
        this.crowds.get(stream)?.hear(word)
      })
      if (answer.ok) return
      if (!group.isOpen(stream)) break
      await pause(growingDelayMs(tries))
    }
    this.asking.delete(stream)
  }
}
