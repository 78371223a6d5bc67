/*
 * The load's control: takes the presenter's wishes for a number of virtual clients and of play
 * hosts, and says each tenth of a second what came of it. The clients live here; play hosts are the
 * root's, which is told by what is remembered.
 */
import { now, receiveWithin, send, setPriority, timeout, type Body } from '../runtime'
import {
  isHostCount,
  loadFold,
  loadStream,
  sampleEveryMs,
  type JobCount,
  type LoadCommand,
  type LoadEvent,
  type LoadView,
  type Wanted,
} from '../protocol/load'
import type { JobDoor, Living, Want } from './load-clients'
import { announce, openStream, say, show, type Stream, type Streams } from './stream'
import { accept, decline, noneGranted, type Follow, type Granted, type Wish } from './wish'

/** What the load is given from outside. */
export interface LoadWorld extends Streams {
  /** Where the clients bring their jobs, and what became of those since the last count. */
  readonly jobs: { readonly door: JobDoor; count(): JobCount }
  /** Milliseconds since the epoch: for what is shown, never subtracted. */
  readonly clock: () => number
  readonly mostPlayHosts: number
  /** What was remembered last, by an earlier life of this host too. */
  readonly wanted: () => Wanted
  /** Keeps for the next life what is wanted, and has the root see to the play hosts. */
  readonly remember: (wanted: Wanted) => void
}

interface State {
  readonly world: LoadWorld
  readonly stream: Stream<LoadView, LoadEvent>
  readonly granted: Granted
  clients: number
}

export function* loadControl(world: LoadWorld): Body {
  // A sample that waited for a million clients would come when it is too late to tell of them.
  setPriority('high')
  const stream = openStream(world, loadStream, loadFold)
  announce(stream)
  const state: State = { world, stream, granted: noneGranted(), clients: 0 }
  sayWanted(state)
  let sampleAtMs = now() + sampleEveryMs
  for (;;) {
    const message = yield* receiveWithin<Wish<LoadCommand> | Follow | Living>(sampleAtMs - now())
    if (message === timeout) {
      sample(state)
      sampleAtMs = Math.max(sampleAtMs + sampleEveryMs, now())
    } else if (message.type === 'wish') grant(state, message)
    else if (message.type === 'follow') show(stream, message)
    else state.clients = message.clients
  }
}

function grant(state: State, wish: Wish<LoadCommand>): void {
  const { world, granted } = state
  if (granted.has(wish.id)) return accept(wish, granted)
  const { command } = wish
  if (command.type === 'set_play_hosts' && !isHostCount(command.count, world.mostPlayHosts)) {
    return decline(wish, 'not_a_host_count')
  }
  // Remembered before it is answered: whatever dies now, it holds.
  world.remember(
    command.type === 'set_target'
      ? { ...world.wanted(), target: command.target }
      : { ...world.wanted(), playHosts: command.count },
  )
  sayWanted(state)
  accept(wish, granted)
}

function sayWanted({ stream, world }: State): void {
  const { target, playHosts } = world.wanted()
  say(stream, { type: 'target_set', target })
  say(stream, { type: 'play_hosts_set', count: playHosts, most: world.mostPlayHosts })
  send('clients', { type: 'want', target } satisfies Want)
}

function sample({ world, stream, clients }: State): void {
  const { target } = stream.view
  const counted = world.jobs.count()
  say(stream, {
    type: 'load_sampled',
    sample: { atMs: world.clock(), target, clients, ...counted },
  })
}
