/*
 * The load's control: takes the presenter's wish for a number of virtual clients, and says each
 * tenth of a second what came of it.
 */
import { now, receiveWithin, send, setPriority, timeout, type Body } from '../runtime'
import {
  loadFold,
  loadStream,
  sampleEveryMs,
  type JobCount,
  type LoadEvent,
  type LoadView,
  type SetTarget,
} from '../protocol/load'
import type { JobDoor, Living, Want } from './load-clients'
import { announce, openStream, say, show, type Stream, type Streams } from './stream'
import { accept, noneGranted, type Follow, type Granted, type Wish } from './wish'

/** What the load is given from outside. */
export interface LoadWorld extends Streams {
  /** Where the clients bring their jobs, and what became of those since the last count. */
  readonly jobs: { readonly door: JobDoor; count(): JobCount }
  /** Milliseconds since the epoch: for what is shown, never subtracted. */
  readonly clock: () => number
  /** The last target that was remembered, by an earlier life of this host too. */
  readonly lastTarget: () => number
  /** Keeps a target for the next life. */
  readonly remember: (target: number) => void
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
  turnTo(state, world.lastTarget())
  let sampleAtMs = now() + sampleEveryMs
  for (;;) {
    const message = yield* receiveWithin<Wish<SetTarget> | Follow | Living>(sampleAtMs - now())
    if (message === timeout) {
      sample(state)
      sampleAtMs = Math.max(sampleAtMs + sampleEveryMs, now())
    } else if (message.type === 'wish') grant(state, message)
    else if (message.type === 'follow') show(stream, message)
    else state.clients = message.clients
  }
}

function grant(state: State, wish: Wish<SetTarget>): void {
  const { world, granted } = state
  if (!granted.has(wish.id)) {
    // Remembered before it is answered: whatever dies now, it holds.
    world.remember(wish.command.target)
    turnTo(state, wish.command.target)
  }
  accept(wish, granted)
}

function turnTo({ stream }: State, target: number): void {
  say(stream, { type: 'target_set', target })
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
