/*
 * The host `boards` in a simulated world: its own supervision tree over a log that is handed in,
 * and in place of the pipe a gateway of the test's, which keeps every word it is told.
 */
import { supervisor, type Pid } from '../../src/runtime'
import {
  adminStream,
  boardFold,
  boardStream,
  defaultSettings,
  ownStream,
  type BoardCommand,
  type BoardEvent,
  type BoardView,
} from '../../src/protocol/board'
import { deckStream } from '../../src/protocol/deck'
import type { Answer, Follow, FromHost, Role } from '../../src/protocol/envelope'
import type { Fold } from '../../src/protocol/fold'
import { huntStream, type FindBug, type HuntCommand } from '../../src/protocol/hunt'
import { type OwnView } from '../../src/protocol/own-notes'
import { type WallView } from '../../src/protocol/wall'
import { boardsApplication, type Declared } from '../../src/system/application'
import { checkpointEvery } from '../../src/system/kept-stream'
import type { LogTrouble } from '../../src/system/log-keeper'
import { createMemoryStore } from '../../src/system/memory-store'
import { gatewayPort } from '../../src/system/stream'
import { wordFilter } from '../../src/system/word-filter'
import { MemoryLog } from '../support/memory-log'
import type { World } from '../support/simulation'

export type Telling = Extract<FromHost, { epoch: string }>

export const declared: Declared = {
  boards: [
    { id: 'tools', question: 'What are your tools?', settings: { ...defaultSettings, open: true } },
    { id: 'later', question: 'And then?', settings: defaultSettings },
  ],
  slides: { hello: null, 'your-tools': 'tools', 'and-then': 'later' },
}

const hangTurns = 200_000

export class Boards {
  readonly world: World
  readonly log: MemoryLog
  readonly said: FromHost[] = []
  private lastRef = 0

  /**
   * @param log what a life before has left
   * @param openingNews what was wrong with it when it was opened
   */
  constructor(world: World, log = new MemoryLog(), openingNews?: string) {
    this.world = world
    this.log = log
    const { runtime } = world
    runtime.openPort(gatewayPort, (word) => this.said.push(word as FromHost))
    const boards = {
      ...{ store: createMemoryStore(checkpointEvery), life: 'life', log: log.doors },
      ...{ clock: () => 1_000_000 + world.nowMs, hasListedWord: wordFilter(['blödsinn']) },
      ...(openingNews !== undefined && { openingNews }),
    }
    world.spawn(...supervisor('application', boardsApplication(declared, boards)).start)
    this.until(() => runtime.registry.find('reception') !== undefined)
  }

  /** Sends a wish to a board, and gives the ref of its answer. */
  wish(visitor: string, command: BoardCommand, id?: string, board = 'tools'): number {
    return this.send(boardStream(board), visitor, 'audience', command, id)
  }

  /** The same for the moderator. */
  moderate(command: BoardCommand, id?: string, board = 'tools'): number {
    return this.send(boardStream(board), 'host', 'presenter', command, id)
  }

  showSlide(slide: string, fragment = -1, id?: string): number {
    return this.send(deckStream, 'host', 'presenter', { type: 'show_slide', slide, fragment }, id)
  }

  /** Says something of the hunt: as the gateway that has seen a find, or as the presenter. */
  hunt(command: HuntCommand | FindBug, visitor = 'host', id?: string): number {
    return this.send(huntStream, visitor, 'presenter', command, id)
  }

  follow(stream: string, cursor: Omit<Follow, 'stream'> = {}): number {
    const ref = ++this.lastRef
    this.world.runtime.send('reception', { type: 'follow', ref, stream, ...cursor })
    return ref
  }

  answers(ref: number): Answer[] {
    return this.said.flatMap((word) =>
      word.type === 'answer' && word.ref === ref ? [word.answer] : [],
    )
  }

  answer(ref: number): Answer {
    this.until(() => this.answers(ref).length > 0)
    return this.answers(ref)[0]!
  }

  /** What was told under a ref. */
  told(ref: number): Telling[] {
    return this.said.filter((word): word is Telling => 'epoch' in word && word.ref === ref)
  }

  /** Posts a note, and gives its number once it is kept. */
  post(visitor: string, text: string): number {
    this.answer(this.wish(visitor, { type: 'post_note', text }))
    return this.events().findLast((event) => event.type === 'note_posted')!.id
  }

  /** The board's log. */
  events(board = 'tools'): BoardEvent[] {
    return this.log.read(boardStream(board), 0) as BoardEvent[]
  }

  /** The view that the log adds up to. */
  view(board = 'tools'): BoardView {
    return this.events(board).reduce(boardFold.fold, boardFold.empty)
  }

  /** What somebody sees who asks now. */
  seen<View>(stream: string): View {
    const ref = this.follow(stream)
    this.until(() => this.told(ref).length > 0)
    const [word] = this.told(ref)
    if (word?.type !== 'snapshot') throw new Error(`no snapshot of ${stream}`)
    return word.view as View
  }

  wall = (board = 'tools'): WallView => this.seen(boardStream(board))
  admin = (board = 'tools'): BoardView => this.seen(adminStream(board))
  own = (visitor: string, board = 'tools'): OwnView => this.seen(ownStream(board, visitor))

  /** The log tells its trouble, as the one on a disk does. */
  tellTrouble(reason?: string): void {
    const trouble: LogTrouble = { type: 'log_trouble', ...(reason !== undefined && { reason }) }
    this.world.runtime.send('boards/log', trouble)
  }

  process(board = 'tools'): Pid | undefined {
    return this.world.runtime.registry.find(boardStream(board))
  }

  until(happened: () => boolean): void {
    for (let turns = 0; !happened(); turns++) {
      const waitMs = this.world.runtime.turn()
      const isOver = waitMs !== 0 || turns > hangTurns
      if (isOver && !happened()) throw new Error('this will never happen')
    }
  }

  private send(
    stream: string,
    visitor: string,
    role: Role,
    command: object,
    id = `wish-${this.lastRef + 1}`,
  ): number {
    const ref = ++this.lastRef
    const word = { type: 'wish', ref, id, stream, command, visitor, role }
    this.world.runtime.send('reception', word)
    return ref
  }
}

/** A follower as a page is one: folds what is new to it, asks again where something is missing. */
export class Follower<View, Event> {
  readonly stream: string
  view: View
  seq = 0
  private epoch: string | undefined
  private read = 0
  private readonly boards: Boards
  private readonly fold: Fold<View, Event>
  private readonly refs = new Set<number>()

  constructor(boards: Boards, stream: string, fold: Fold<View, Event>) {
    this.boards = boards
    this.stream = stream
    this.fold = fold
    this.view = fold.empty
    this.ask()
  }

  /** Hears what was said since the last time. */
  listen(): void {
    const words = this.boards.said.slice(this.read)
    this.read = this.boards.said.length
    for (const word of words) {
      if (!('epoch' in word) || word.stream !== this.stream) continue
      if (word.ref === undefined || this.refs.has(word.ref)) this.hear(word)
    }
  }

  ask(): void {
    const cursor = this.epoch === undefined ? {} : { epoch: this.epoch, after: this.seq }
    this.refs.add(this.boards.follow(this.stream, cursor))
  }

  private hear(word: Telling): void {
    if (word.type === 'snapshot') {
      this.view = word.view as View
      this.epoch = word.epoch
      this.seq = word.seq
      return
    }
    const first = word.seq - word.events.length + 1
    if (word.epoch !== this.epoch || first > this.seq + 1) return this.ask()
    const fresh = word.events.slice(this.seq + 1 - first) as Event[]
    this.view = fresh.reduce((view, event) => this.fold.fold(view, event), this.view)
    this.seq = Math.max(this.seq, word.seq)
  }
}
