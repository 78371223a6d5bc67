/*
 * The demo system in a simulated world: its own supervision tree, store and hot modules, and in
 * place of the pipe a gateway of the test's, which keeps every word it is told. Followers fold what
 * they hear as a page does, and a gap in the numbers is an error here.
 */
import { supervisor, type Pid } from '../../src/runtime'
import {
  sessionStream,
  type Answer,
  type Follow,
  type FromHost,
  type HandedOver,
} from '../../src/protocol/envelope'
import type { FromJobs } from '../../src/protocol/jobs'
import { sumFold, type SumEvent, type SumView } from '../../src/protocol/sum'
import { application } from '../../src/system/application'
import { loadPort } from '../../src/system/jobs'
import { createMemoryStore } from '../../src/system/memory-store'
import { gatewayPort } from '../../src/system/stream'
import * as sessionModule from '../../src/system/session'
import * as sumModule from '../../src/system/sum'
import type { World } from '../support/simulation'

export type Telling = Extract<FromHost, { epoch: string }>

/** Where a follower stands: what a page would show. */
export interface Seen {
  readonly epoch: string
  readonly seq: number
  readonly view: SumView
}

/** Turns without end mean a hang, not a long test. */
const hangTurns = 200_000

export class Play {
  readonly world: World
  /** All that the gateway was told, in its order. */
  readonly said: FromHost[] = []
  /** All that `load` was told. */
  readonly toLoad: FromJobs[] = []
  private lastRef = 0

  /** @param life which life of its host this is */
  constructor(world: World, life = 'life') {
    this.world = world
    const { runtime } = world
    runtime.code.load('sum', { ...sumModule })
    runtime.code.load('session', { ...sessionModule })
    runtime.openPort(gatewayPort, (word) => this.said.push(word as FromHost))
    runtime.openPort(loadPort, (word) => this.toLoad.push(word as FromJobs))
    const streams = { store: createMemoryStore(), life }
    world.spawn(...supervisor('application', application(streams)).start)
    this.until(() => this.toLoad.length > 0)
  }

  /** Sends a wish for a sum, and gives the ref of its answer. */
  wish(visitor: string, text: string, id = `wish-${this.lastRef + 1}`): number {
    const command = { type: 'start_sum', text }
    const stream = sessionStream(visitor)
    return this.send({ type: 'wish', id, stream, command, visitor, role: 'audience' })
  }

  follow(stream: string, cursor: Omit<Follow, 'stream'> = {}): number {
    return this.send({ type: 'follow', stream, ...cursor })
  }

  /** Tells it that it is one of those hosts: `play-1` by its name. */
  share(hosts: readonly string[], host = 'play-1'): number {
    return this.send({ type: 'share', host, hosts })
  }

  takeOver({ stream, state }: HandedOver): number {
    return this.send({ type: 'take_over', stream, state })
  }

  /** What it has handed over, so far. */
  handedOver(): HandedOver[] {
    return this.said.filter((word) => word.type === 'handed_over')
  }

  /** What came for a ref: its answers, and what was told to that follower alone. */
  answers(ref: number): Answer[] {
    return this.said.flatMap((word) =>
      word.type === 'answer' && word.ref === ref ? [word.answer] : [],
    )
  }

  told(ref: number): Telling[] {
    return this.said.filter((word): word is Telling => 'epoch' in word && word.ref === ref)
  }

  /** Waits for the answer. */
  answer(ref: number): Answer {
    this.until(() => this.answers(ref).length > 0)
    return this.answers(ref)[0]!
  }

  /** Where they stand who followed this visitor's session from the first. */
  seen(visitor: string): Seen {
    const words = this.said.filter(
      (word): word is Telling =>
        'epoch' in word && word.ref === undefined && word.stream === sessionStream(visitor),
    )
    return words.reduce(hear, { epoch: '', seq: 0, view: sumFold.empty })
  }

  /** The visitor's list as `5 finished 15`. */
  list(visitor: string): string[] {
    return this.seen(visitor).view.lines.map(({ number, state, outcome }) =>
      [number, state, ...(outcome === undefined ? [] : [outcome])].join(' '),
    )
  }

  session(visitor: string): Pid | undefined {
    return this.world.runtime.registry.find(sessionStream(visitor))
  }

  /** The processes that calculate. */
  calculating(): Pid[] {
    const { runtime } = this.world
    return runtime.list().filter((pid) => runtime.info(pid)?.initialCall === 'sum.sum')
  }

  /** Runs until it has happened, at this moment of the clock. What counts for ever goes on. */
  until(happened: () => boolean): void {
    for (let turns = 0; !happened(); turns++) {
      const waitMs = this.world.runtime.turn()
      const isOver = waitMs !== 0 || turns > hangTurns
      if (isOver && !happened()) throw new Error('this will never happen')
    }
  }

  /** Runs a few turns, whatever happens in them. */
  turns(count: number): void {
    for (let turn = 0; turn < count; turn++) this.world.runtime.turn()
  }

  private send(word: object): number {
    const ref = ++this.lastRef
    this.world.runtime.send('reception', { ...word, ref })
    return ref
  }
}

/** One word, as a page hears it. */
export function hear(seen: Seen, word: Telling): Seen {
  const { epoch, seq } = word
  if (word.type === 'snapshot') return { epoch, seq, view: word.view as SumView }
  if (epoch !== seen.epoch || seq - word.events.length !== seen.seq) {
    throw new Error(`gap: ${epoch} ${seq} after ${seen.epoch} ${seen.seq}`)
  }
  return { epoch, seq, view: (word.events as SumEvent[]).reduce(sumFold.fold, seen.view) }
}
