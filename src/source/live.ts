/*
 * A page's source while the system runs: Socket.IO to the gateway, in the words of envelope.ts. The
 * line may be lost at any time and comes back by itself; on each return every feed asks on from its
 * own place and every unanswered wish is sent again, so a page has nothing to do about it but to
 * say so.
 *
 * It follows `gateway/hosts` for itself too: a host that came back knows none of its followers, so
 * they ask again when it is ready, and the wishes that wait for it go out at once.
 */
import type { Welcome } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import { hostsFold, hostsStream, type HostsView } from '../protocol/hosts'
import { Feed } from './feed'
import { Line, type Wakes } from './line'
import type { Connection, Followed, Source, Stop } from './source'
import { createWishQueue } from './wish-queue'

export interface LiveDoors {
  /** Where the gateway is: the origin of the page. */
  readonly url: string
  readonly wakes: Wakes
}

export interface LiveSource extends Source {
  /** Ends the connection for good; wishes under way are never answered. */
  close(): void
}

const after = (afterMs: number, act: () => void): Stop => {
  const timer = setTimeout(act, afterMs)
  return () => clearTimeout(timer)
}

/** Connects at once, and from then on until closed. */
export function createLiveSource({ url, wakes }: LiveDoors): LiveSource {
  const connection = told<Connection>('connecting')
  const welcome = told<Welcome>()
  const line: Line = new Line(url, wakes, {
    connection(now) {
      if (now === 'live') resume()
      connection.tell(now)
    },
    welcome: welcome.tell,
    snapshot: (snapshot) => feeds.find(snapshot.stream)?.hearSnapshot(snapshot),
    events: (events) => feeds.find(events.stream)?.hearEvents(events),
  })
  const feeds = createFeeds(line)
  const wishes = createWishQueue({
    send: (wish, answered) => line.ask('wish', wish, answered),
    after,
  })

  function resume() {
    feeds.resume()
    wishes.resume()
  }

  const source: LiveSource = {
    onConnection: connection.listen,
    onWelcome: welcome.listen,
    follow: feeds.follow,
    wish: wishes.wish,
    now: () => Date.now(),
    after,
    close() {
      line.close()
      feeds.close()
    },
  }
  whenHostReturns(source, resume)
  return source
}

/** The followed streams by name. */
function createFeeds(line: Line) {
  // What a stream's view is, its followers know by its fold; here it is of no interest.
  const feeds = new Map<string, Feed<unknown, unknown>>()

  function begin(stream: string, fold: Fold<unknown, unknown>) {
    const feed = new Feed(stream, fold, {
      ask: (follow, answered) => line.ask('follow', follow, answered),
      after,
    })
    feeds.set(stream, feed)
    feed.resume()
    return feed
  }

  const follow: Source['follow'] = (stream, fold, tell) => {
    const feed = feeds.get(stream) ?? begin(stream, fold as Fold<unknown, unknown>)
    const stop = feed.listen(tell as (followed: Followed<unknown>) => void)
    return () => {
      stop()
      if (!feed.isIdle() || feeds.get(stream) !== feed) return
      feeds.delete(stream)
      feed.close()
      line.ask('unfollow', { stream }, () => {})
    }
  }

  return {
    follow,
    find: (stream: string) => feeds.get(stream),
    resume: () => feeds.forEach((feed) => feed.resume()),
    close: () => feeds.forEach((feed) => feed.close()),
  }
}

/** Calls `act` each time a host became ready while we watched. */
function whenHostReturns(source: Source, act: () => void) {
  let before: Followed<HostsView> = { view: hostsFold.empty, epoch: undefined }
  source.follow(hostsStream, hostsFold, (now) => {
    const lives = readyLives(before.view)
    const returned = readyLives(now.view).some((life) => !lives.includes(life))
    // Another epoch is another gateway: all was asked again when its welcome came.
    const watched = before.epoch === now.epoch
    before = now
    if (watched && returned) act()
  })
}

/** The lives of all ready hosts: one that was lost and is back between two looks has another. */
const readyLives = ({ hosts }: HostsView): string[] =>
  hosts.filter(({ state }) => state === 'ready').map(({ host, losses }) => `${host} ${losses}`)

/** A value that is told to whoever listens: at once if there is one, and whenever it changes. */
function told<T>(first?: T) {
  let value = first
  const tells = new Set<(value: T) => void>()
  return {
    tell(next: T) {
      value = next
      for (const tell of tells) tell(next)
    },
    listen(tell: (value: T) => void): Stop {
      tells.add(tell)
      if (value !== undefined) tell(value)
      return () => void tells.delete(tell)
    },
  }
}
