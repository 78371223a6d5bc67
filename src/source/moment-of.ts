/* The moment at which a replay is, for a system that shall go on from there. */
import { boardStream } from '../protocol/board'
import { deckFold, deckStream } from '../protocol/deck'
import type { Fold } from '../protocol/fold'
import { loadFold, loadStream } from '../protocol/load'
import { upgradeFold, upgradeStream } from '../protocol/upgrades'
import { wallFold } from '../protocol/wall'
import { readMoment, type Moment } from './moment'
import type { Replay } from './replay'
import type { Stop } from './source'

const boards = boardStream('')

/** Resolves once all that it takes is folded, which may be long in a hostile recording. */
export async function momentOf(replay: Replay, title: string): Promise<Moment | undefined> {
  const stops: Stop[] = []
  const follow = <View, Event>(stream: string, fold: Fold<View, Event>): (() => View) => {
    let known = fold.empty
    stops.push(replay.source.follow(stream, fold, ({ view }) => (known = view)))
    return () => known
  }
  const walls = replay.streams
    .filter((stream) => stream.startsWith(boards))
    .map((stream) => ({ id: stream.slice(boards.length), wall: follow(stream, wallFold) }))
  const [deck, load, code] = [
    follow(deckStream, deckFold),
    follow(loadStream, loadFold),
    follow(upgradeStream, upgradeFold),
  ]
  const atMs = await whenThere(replay)
  for (const stop of stops) stop()
  return readMoment({
    ...{ moment: 1, title, atMs },
    boards: walls.map(({ id, wall }) => ({ id, wall: wall() })),
    board: deck().shown?.board,
    load: load(),
    code: code(),
  })
}

/** Gives the place in the recording, in milliseconds. */
const whenThere = (replay: Replay): Promise<number> =>
  new Promise((resolve) => {
    const stop = replay.onChange(({ atMs }) => {
      if (!replay.isThere) return
      resolve(atMs)
      queueMicrotask(() => stop())
    })
  })
