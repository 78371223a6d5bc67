/*
 * A page's source while the system runs: Socket.IO to the gateway, in the words of envelope.ts. The line
 * may be lost at any time and comes back by itself; on each return every feed asks on from its own place
 * and every unanswered wish is sent again, so a page has nothing to do about it but to say so.
 *
 * It follows `gateway/hosts` for itself too: a host that came back knows none of its followers, so they
 * ask again when it is ready, and the wishes that wait for it go out at once.
 */
import type { Welcome } from '../protocol/envelope'
import { hostsFold, hostsStream, type HostsView } from '../protocol/hosts'
import { createFeed, type Feed } from './feed'
import { openLine, type Wakes } from './line'
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
  // Feeds of different nouns lie in one map: what a stream's view is, its followers know by its fold.
  const feeds = new Map<string, Feed<unknown>>()
  const connection = told<Connection>('connecting')
  const welcome = told<Welcome>()

  const line = openLine(url, wakes, {
    connection(now) {
      if (now === 'live') resume()
      connection.tell(now)
    },
    welcome: welcome.tell,
    snapshot: (snapshot) => feeds.get(snapshot.stream)?.snapshot(snapshot),
    events: (events) => feeds.get(events.stream)?.events(events),
  })
  const wishes = createWishQueue({
    send: (wish, answered) => line.ask('wish', wish, answered),
    after,
  })

  function resume() {
    for (const feed of feeds.values()) feed.resume()
    wishes.resume()
  }

  function follow(stream: string, fold: Parameters<Source['follow']>[1]): Feed<unknown> {
    const known = feeds.get(stream)
    if (known) return known
    const feed = createFeed(stream, fold, {
      ask: (body, answered) => line.ask('follow', body, answered),
      after,
    })
    feeds.set(stream, feed)
    feed.resume()
    return feed
  }

  const source: LiveSource = {
    onConnection: connection.listen,
    onWelcome: welcome.listen,
    follow(stream, fold, tell) {
      const feed = follow(stream, fold as Parameters<Source['follow']>[1])
      const stop = feed.listen(tell as (followed: Followed<unknown>) => void)
      return () => {
        stop()
        if (!feed.isIdle() || feeds.get(stream) !== feed) return
        feeds.delete(stream)
        feed.close()
        line.ask('unfollow', { stream }, () => {})
      }
    },
    wish: wishes.wish,
    now: () => Date.now(),
    after,
    close() {
      line.close()
      for (const feed of feeds.values()) feed.close()
      feeds.clear()
    },
  }
  whenHostReturns(source, resume)
  return source
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

/** Names of the lives of all hosts that are ready: a host lost and back between two looks has another. */
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
