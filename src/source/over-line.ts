/*
 * A source over a line to a gateway, wherever that is, in the words of envelope.ts. The line may be
 * lost at any time and comes back by itself; on each return every feed asks on from its own place
 * and every unanswered wish is sent again, so a page has nothing to do about it but to say so.
 *
 * It follows `gateway/hosts` for itself too: when a host came back, what waits for it goes out at
 * once. Streams that are followed need not be asked for again: the gateway does so for all.
 */
import { groupOf, type Answer, type Welcome } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import { groupOfHost, hostsFold, hostsStream, type HostsView } from '../protocol/hosts'
import { browserClock } from './browser-clock'
import { Feed } from './feed'
import type { Hears } from './line'
import type { Connection, Followed, Source, Stop } from './source'
import { createWishQueue, type WishQueue } from './wish-queue'

export interface LineSource extends Source {
  /** Ends the connection for good; wishes under way are never answered. */
  close(): void
}

/** A page's end of the line. */
export interface PageLine {
  /**
   * Sends a word. `answered` gets the answer, or undefined when none came in time; on a line that
   * is lost, or lost meanwhile, it is never called.
   */
  ask(
    word: 'follow' | 'unfollow' | 'wish',
    body: unknown,
    answered: (answer: Answer | undefined) => void,
  ): void
  close(): void
}

/** Opens a line at once, and speaks over it until closed. */
export function createSourceOver(openLine: (hears: Hears) => PageLine): LineSource {
  const connection = told<Connection>('connecting')
  const welcome = told<Welcome>()
  const line: PageLine = openLine({
    connection(now) {
      if (now === 'live') {
        feeds.resume()
        wishes.resume()
      }
      connection.tell(now)
    },
    welcome: welcome.tell,
    snapshot: (snapshot) => feeds.find(snapshot.stream)?.hearSnapshot(snapshot),
    events: (events) => feeds.find(events.stream)?.hearEvents(events),
  })
  const feeds = createFeeds(line)
  const wishes = createWishes(line)

  const source: LineSource = {
    onConnection: connection.listen,
    onWelcome: welcome.listen,
    follow: feeds.follow,
    wish: wishes.wish,
    now: () => Date.now(),
    after: browserClock.after,
    onRewind: () => () => {},
    close() {
      line.close()
      feeds.close()
    },
  }
  whenHostReturns(source, (host) => {
    feeds.retry(groupOfHost(host))
    wishes.resume(groupOfHost(host))
  })
  return source
}

/** The followed streams by name. */
function createFeeds(line: PageLine) {
  // What a stream's view is, its followers know by its fold; here it is of no interest.
  const feeds = new Map<string, Feed<unknown, unknown>>()

  function begin(stream: string, fold: Fold<unknown, unknown>) {
    const feed = new Feed(stream, fold, {
      ask: (follow, answered) => line.ask('follow', follow, answered),
      after: browserClock.after,
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
    /** What a host group refused is asked for again. */
    retry(group: string) {
      for (const [stream, feed] of feeds) if (groupOf(stream) === group) feed.retry()
    },
    close: () => feeds.forEach((feed) => feed.close()),
  }
}

/** The wishes on their way: a queue for each host group, so that those to one can go out again. */
function createWishes(line: PageLine) {
  const queues = new Map<string, WishQueue>()

  function queueOf(group: string): WishQueue {
    const known = queues.get(group)
    const queue =
      known ??
      createWishQueue({
        send: (wish, answered) => line.ask('wish', wish, answered),
        ...browserClock,
      })
    queues.set(group, queue)
    return queue
  }

  const wish: Source['wish'] = (stream, ...rest) => queueOf(groupOf(stream)).wish(stream, ...rest)
  return {
    wish,
    /** Sends again what waits for an answer, of one group or of all. */
    resume(group?: string) {
      for (const [name, queue] of queues) if (name === (group ?? name)) queue.resume()
    },
  }
}

/** Calls `act` with each host that became ready while we watched. */
function whenHostReturns(source: Source, act: (host: string) => void) {
  let before: Followed<HostsView> = { view: hostsFold.empty, epoch: undefined }
  source.follow(hostsStream, hostsFold, (now) => {
    const known = readyLives(before.view)
    const returned = [...readyLives(now.view)].filter(([host, life]) => known.get(host) !== life)
    // Another epoch is another gateway: all was asked again when its welcome came.
    const watched = before.epoch === now.epoch
    before = now
    if (watched) for (const [host] of returned) act(host)
  })
}

/** The lives of all ready hosts: one that was lost and is back between two looks has another. */
const readyLives = ({ hosts }: HostsView) =>
  new Map(hosts.filter(({ state }) => state === 'ready').map(({ host, losses }) => [host, losses]))

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
