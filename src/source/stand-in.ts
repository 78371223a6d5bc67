/*
 * A live source with another that stands in for it: what a page follows is told by the one or the
 * other, and at each change it begins anew, as it does when a replay goes back (onRewind).
 */
import type { Connection, Source, Stop } from './source'
import type { Welcome } from '../protocol/envelope'

export interface StandInDoors {
  /** What is to be shown instead, or undefined while there is nothing; asked until there is. */
  standIn(): Source | undefined
  /** Told at each change. */
  onSwitch(isStoodIn: boolean): void
}

/** A network that is slow or a gateway that is restarted is back by then. */
const lostForMs = 2_000
const askEveryMs = 500

/** Changes over once the live source is lost for two seconds, and back as soon as it is live. */
export function withStandIn(live: Source, doors: StandInDoors): Source {
  let now = live
  let stopWaiting: Stop | undefined
  const rewinds = new Set<() => void>()
  const rewind = () => [...rewinds].forEach((tell) => tell())
  let stopRewinds = now.onRewind(rewind)
  const connections = relayed<Connection>((tell) => now.onConnection(tell))
  const welcomes = relayed<Welcome>((tell) => now.onWelcome(tell))

  function changeTo(source: Source) {
    now = source
    stopRewinds()
    stopRewinds = now.onRewind(rewind)
    connections.move()
    welcomes.move()
    doors.onSwitch(now !== live)
    rewind()
  }

  function wait(ms: number) {
    stopWaiting = live.after(ms, () => {
      const source = doors.standIn()
      if (source) changeTo(source)
      else wait(askEveryMs)
    })
  }

  live.onConnection((connection) => {
    stopWaiting?.()
    if (now !== live) {
      if (connection === 'live') changeTo(live)
    } else if (connection !== 'live') wait(lostForMs)
  })
  return {
    onConnection: connections.listen,
    onWelcome: welcomes.listen,
    follow: (stream, fold, tell) => now.follow(stream, fold, tell),
    wish: (stream, command, id) => now.wish(stream, command, id),
    now: () => now.now(),
    after: (ms, act) => now.after(ms, act),
    onRewind(tell) {
      rewinds.add(tell)
      return () => void rewinds.delete(tell)
    },
  }
}

/** Listeners that outlive a change: each hears the source that is shown. */
function relayed<T>(listenNow: (tell: (value: T) => void) => Stop) {
  const stops = new Map<(value: T) => void, Stop>()
  return {
    listen(tell: (value: T) => void): Stop {
      // Each listener is one, even if several bring the same function.
      const mine = (value: T) => tell(value)
      stops.set(mine, listenNow(mine))
      return () => {
        stops.get(mine)?.()
        stops.delete(mine)
      }
    },
    move() {
      for (const [tell, stop] of [...stops]) {
        stop()
        stops.set(tell, listenNow(tell))
      }
    },
  }
}
