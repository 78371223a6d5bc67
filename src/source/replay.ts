/*
 * A recording as a page's source: each stream that is followed is folded to the moment at which the
 * replay is, by the fold that the follower brings, so the same pages show it as showed the talk.
 * All windows that watch it share its one clock. It can be watched, not changed: wishes are
 * refused.
 *
 * Twenty times a second, while it plays or somebody waits, it goes on to now: streams first, then
 * those who wait. A recording may be anybody's, with a million events in a second; so there is an
 * end to what is folded at once, and the clock stands still until all streams are there. When they
 * are, some time goes into what lies ahead, so that a jump is short wherever it leads.
 */
import { refused, type Welcome } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import type { Recording } from '../protocol/recording'
import { refuse } from '../protocol/refusals'
import { tableStandIn } from './recorded-table'
import { ReplayClock } from './replay-clock'
import { markersOf, momentsOf, type Marker } from './replay-marks'
import type { Connection, Followed, Source, Stop } from './source'
import { countUpTo, Track, type StreamWord } from './track'

/** How fast it can be played, from the slowest. */
export const speeds: readonly number[] = [0.5, 1, 1.5, 2, 4, 8]

export interface ReplayDoors {
  /** The viewer's own clock, in milliseconds from anywhere; it never goes back. */
  now(): number
  /** Calls `act` once, so long from now on the viewer's clock. */
  after(afterMs: number, act: () => void): Stop
}

export interface ReplayState {
  /** The place in the recording. */
  readonly atMs: number
  readonly isPlaying: boolean
  readonly speed: number
  /** Nothing was recorded at this moment. */
  readonly isInGap: boolean
}

const goOnEveryMs = 50
const foldAtMostMs = 25
const prepareAtMostMs = 10

export class Replay {
  readonly source: Source
  readonly lengthMs: number
  readonly markers: readonly Marker[]
  private readonly moments: readonly number[]
  private readonly gaps: readonly Gap[]
  private readonly doors: ReplayDoors
  private readonly clock: ReplayClock
  private readonly feeds: RecordedFeeds
  private readonly tells = new Set<(state: ReplayState) => void>()
  private readonly rewinds = new Set<() => void>()
  private readonly connections = new Set<(connection: Connection) => void>()
  private readonly welcome: Welcome
  private readonly beganAtMs: number
  private stopNext: Stop | undefined
  private isBehind = false
  private isPrepared = false
  private hasEnded = false

  constructor({ head, words }: Recording, doors: ReplayDoors) {
    this.doors = doors
    this.lengthMs = words.at(-1)?.atMs ?? 0
    this.markers = markersOf(words)
    this.moments = momentsOf(words)
    this.gaps = words.flatMap((word, at) =>
      word.type === 'gap'
        ? [{ fromMs: word.atMs, toMs: words[at + 1]?.atMs ?? this.lengthMs }]
        : [],
    )
    this.beganAtMs = head.beganAtMs
    this.welcome = {
      visitor: 'replay',
      role: 'audience',
      version: head.version,
      address: '',
      reconnectWithinMs: 0,
    }
    this.clock = new ReplayClock(this.lengthMs, () => doors.now())
    this.feeds = new RecordedFeeds(words.filter((word) => word.type !== 'gap'))
    this.source = this.createSource()
    this.move()
  }

  /** The names of all recorded streams. */
  get streams(): readonly string[] {
    return this.feeds.streams
  }

  get state(): ReplayState {
    const { atMs, isPlaying, speed } = this.clock
    const isInGap = this.gaps.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)
    return { atMs, isPlaying, speed, isInGap }
  }

  /** Whether all that is followed has come to the moment that it is at. */
  get isThere(): boolean {
    return !this.isBehind && this.feeds.areThere
  }

  /** Goes on; from the beginning, if it is at its end. */
  play(): void {
    if (this.clock.atMs >= this.lengthMs) this.seek(0)
    this.clock.play()
    this.goOn()
  }

  pause(): void {
    this.clock.pause()
    this.goOn()
  }

  /** From 0.5 to 8 times as fast as it was. */
  setSpeed(speed: number): void {
    this.clock.setSpeed(Math.min(Math.max(speed, speeds[0]!), speeds.at(-1)!))
    this.goOn()
  }

  /** Jumps to a moment, or to the nearest one that there is. */
  seek(atMs: number): void {
    const isBack = atMs < this.clock.atMs
    this.clock.jump(atMs)
    if (isBack) for (const tell of [...this.rewinds]) guarded(tell)
    this.goOn()
  }

  /** Pauses at the next moment at which something happened, or at the one before. */
  step(by: 1 | -1): void {
    this.clock.pause()
    const { atMs } = this.clock
    const next = countUpTo(this.moments, (moment) => moment <= atMs)
    const before = countUpTo(this.moments, (moment) => moment < atMs) - 1
    this.seek(this.moments[by === 1 ? next : before] ?? (by === 1 ? this.lengthMs : 0))
  }

  /** Tells its state now and whenever it changes. */
  onChange(tell: (state: ReplayState) => void): Stop {
    this.tells.add(tell)
    tell(this.state)
    return () => void this.tells.delete(tell)
  }

  /** Its window closes: windows that still watch are told that nothing more comes. */
  end(): void {
    this.hasEnded = true
    this.stopNext?.()
    for (const tell of [...this.connections]) guarded(() => tell('lost'))
  }

  private createSource(): Source {
    return {
      onConnection: (tell) => {
        this.connections.add(tell)
        tell(this.hasEnded ? 'lost' : 'recorded')
        return () => void this.connections.delete(tell)
      },
      onWelcome: (tell) => {
        tell(this.welcome)
        return () => {}
      },
      follow: (stream, fold, tell) => {
        const hasTime = this.hasTime(foldAtMostMs)
        const stop = this.feeds.follow(stream, fold, tell, this.clock.atMs, hasTime)
        this.isPrepared = false
        this.goOnSoon()
        return stop
      },
      wish: async () => refused(refuse('only_shown')),
      now: () => this.beganAtMs + this.clock.atMs,
      after: (afterMs, act) => {
        const stop = this.clock.after(afterMs, act)
        this.goOnSoon()
        return stop
      },
      onRewind: (tell) => {
        this.rewinds.add(tell)
        return () => void this.rewinds.delete(tell)
      },
    }
  }

  private goOn(): void {
    this.stopNext?.()
    this.stopNext = undefined
    if (this.isBehind) this.clock.hold()
    else this.clock.catchUp()
    this.move()
    for (const act of this.clock.takeDue()) guarded(act)
    const { state } = this
    for (const tell of [...this.tells]) tell(state)
    this.goOnSoon()
  }

  private move(): void {
    this.isBehind = !this.feeds.moveTo(this.clock.atMs, this.hasTime(foldAtMostMs))
    this.isPrepared = !this.isBehind && this.feeds.prepare(this.hasTime(prepareAtMostMs))
  }

  private hasTime(forMs: number): () => boolean {
    const untilMs = this.doors.now() + forMs
    return () => this.doors.now() < untilMs
  }

  private goOnSoon(): void {
    const { isPlaying, isAwaited } = this.clock
    if (this.hasEnded || this.stopNext) return
    if (!isPlaying && !isAwaited && this.isPrepared && this.isThere) return
    this.stopNext = this.doors.after(this.isBehind ? 0 : goOnEveryMs, () => this.goOn())
  }
}

interface Gap {
  readonly fromMs: number
  readonly toMs: number
}

/** One followed stream of a recording, and those who follow it. */
interface RecordedFeed {
  readonly track: Track<unknown, unknown>
  /** The view for who asked another question than was recorded. */
  answer(view: unknown): unknown
  readonly tells: Set<(followed: Followed<unknown>) => void>
  told: Followed<unknown>
  known: Followed<unknown>
  isThere: boolean
}

/** The streams of a recording that were ever followed; only those that are now are folded. */
class RecordedFeeds {
  private readonly words = new Map<string, StreamWord[]>()
  private readonly tracks = new Map<string, Track<unknown, unknown>>()
  private readonly feeds = new Map<string, RecordedFeed>()

  constructor(words: readonly StreamWord[]) {
    for (const word of words) {
      const known = this.words.get(word.stream)
      if (known) known.push(word)
      else this.words.set(word.stream, [word])
    }
  }

  get streams(): readonly string[] {
    return [...this.words.keys()]
  }

  /** Whether all that are followed have come to the moment that was moved to. */
  get areThere(): boolean {
    return [...this.feeds.values()].every(({ isThere }) => isThere)
  }

  follow<View, Event>(
    stream: string,
    fold: Fold<View, Event>,
    tell: (followed: Followed<View>) => void,
    atMs: number,
    hasTime: () => boolean,
  ): Stop {
    const feed = this.feeds.get(stream) ?? this.open(stream, fold as Fold<unknown, unknown>)
    if (feed.tells.size === 0) moveFeed(feed, atMs, hasTime)
    // Each follower is one, even if several bring the same function.
    const mine = (followed: Followed<unknown>) => tell(followed as Followed<View>)
    feed.tells.add(mine)
    tell(feed.known as Followed<View>)
    return () => {
      feed.tells.delete(mine)
      if (feed.tells.size === 0) this.feeds.delete(stream)
    }
  }

  /** Moves all and tells what changed; false when there was no time for all of it. */
  moveTo(atMs: number, hasTime: () => boolean): boolean {
    for (const feed of [...this.feeds.values()]) {
      if (!moveFeed(feed, atMs, hasTime)) continue
      for (const tell of [...feed.tells]) guarded(() => tell(feed.known))
    }
    return this.areThere
  }

  /** Makes later jumps short; false when there was no time for all of it. */
  prepare(hasTime: () => boolean): boolean {
    return [...this.tracks.values()].every((track) => track.prepare(hasTime))
  }

  private open(stream: string, fold: Fold<unknown, unknown>): RecordedFeed {
    const standIn = this.words.has(stream) ? undefined : tableStandIn(stream, this.words.keys())
    const track = standIn
      ? this.trackOf(standIn.stream, standIn.fold as Fold<unknown, unknown>)
      : this.trackOf(stream, fold)
    const feed: RecordedFeed = {
      track,
      answer: (view) => (standIn ? standIn.answer(view as never) : view),
      tells: new Set(),
      told: { view: undefined, epoch: undefined },
      known: { view: fold.empty, epoch: undefined },
      isThere: false,
    }
    this.feeds.set(stream, feed)
    return feed
  }

  private trackOf(stream: string, fold: Fold<unknown, unknown>): Track<unknown, unknown> {
    const known = this.tracks.get(stream)
    const track = known ?? new Track(fold, this.words.get(stream) ?? [])
    this.tracks.set(stream, track)
    return track
  }
}

/** Whether there is something new to be told. */
function moveFeed(feed: RecordedFeed, atMs: number, hasTime: () => boolean): boolean {
  feed.isThere = feed.track.moveTo(atMs, hasTime)
  const { followed } = feed.track
  if (!feed.isThere || followed === feed.told) return false
  feed.told = followed
  guarded(() => {
    feed.known = { view: feed.answer(followed.view), epoch: followed.epoch }
  })
  return true
}

/** What one page makes of a stranger's recording must not cost the others theirs. */
function guarded(act: () => void): void {
  try {
    act()
  } catch (error) {
    // eslint-disable-next-line no-console -- A page has no other log.
    console.warn('A part of the recording could not be shown:', error)
  }
}
