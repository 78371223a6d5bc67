/*
 * Visitors of the lab whom nobody has to be: while they are wanted, some of them have numbers added
 * up, now and then one with a planted bug, and write and vote on the board. Each is a client over a
 * line of its own, as a phone would be, so what they do is what an audience does. They are few and
 * act seldom, and none leaves more than one sum that never ends.
 */
import { boardStream, type AudienceCommand } from '../protocol/board'
import { sessionStream } from '../protocol/envelope'
import { sumFold, type StartSum, type SumView } from '../protocol/sum'
import { wallFold, type WallView } from '../protocol/wall'
import type { LineSource } from '../source/over-line'

export interface VisitorsWorld {
  /** A line of that visitor's own. */
  enter(visitor: string): LineSource
  /** A number from 0 up to 1. */
  random(): number
  /** Calls once, so many milliseconds from now; gives what takes that back. */
  after(ms: number, act: () => void): () => void
  /** The board that they write on, if there is one. */
  readonly board: string | undefined
}

export const maxVisitors = 12
/** Between two acts of one visitor. */
const leastMs = 3_000
const mostMs = 9_000

/** To the talk's question: out of what would you build a system that many break at once? */
const notes = [
  'A process for each visitor.',
  'Messages, and nothing shared.',
  'A supervisor that restarts what died.',
  'Limits on everything that can grow.',
  'A queue that says no when it is full.',
  'A log that tells where it crashed.',
  'Timeouts, and somebody who hears of them.',
  'A table of who burns the processor.',
  'Small parts that may fail alone.',
  'Upgrades that nobody notices.',
]

export class Visitors {
  private readonly world: VisitorsWorld
  private stops: (() => void)[] = []

  constructor(world: VisitorsWorld) {
    this.world = world
  }

  /** They come, or all of them go. */
  want(wanted: boolean): void {
    if (wanted === this.stops.length > 0) return
    for (const stop of this.stops) stop()
    this.stops = wanted
      ? Array.from({ length: maxVisitors }, (_, at) => visit(this.world, `visitor-${at + 1}`))
      : []
  }
}

/** One visitor, until stopped. */
function visit(world: VisitorsWorld, name: string): () => void {
  const source = world.enter(name)
  const { random, board } = world
  let list: SumView = sumFold.empty
  let wall: WallView = wallFold.empty
  source.follow(sessionStream(name), sumFold, ({ view }) => (list = view))
  if (board !== undefined) {
    source.follow(boardStream(board), wallFold, ({ view }) => (wall = view))
  }
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)]
  const wish = (stream: string, command: StartSum | AudienceCommand) =>
    void source.wish(stream, command)

  const add = () => {
    const isBusy = list.lines.some(({ state }) => state === 'calculating')
    const bugs = isBusy ? ['13'] : ['13', '-5', '99999999999']
    const text = random() < 0.2 ? pick(bugs)! : String(1 + Math.floor(random() * 1_000))
    wish(sessionStream(name), { type: 'start_sum', text })
  }
  const write = (stream: string) => {
    const said = new Set(wall.notes.map(({ text }) => text))
    const text = pick(notes.filter((note) => !said.has(note)))
    if (text !== undefined) wish(stream, { type: 'post_note', text })
  }
  const second = (stream: string) => {
    const note = pick(wall.notes)
    if (note) wish(stream, { type: 'second_note', note: note.id })
  }

  let stopWaiting = () => {}
  const wait = (ms: number) => {
    stopWaiting = world.after(ms, () => {
      const chance = random()
      const stream = board === undefined ? undefined : boardStream(board)
      if (stream === undefined || chance < 0.6) add()
      else if (chance < 0.75) write(stream)
      else second(stream)
      wait(leastMs + random() * (mostMs - leastMs))
    })
  }
  wait(random() * mostMs)
  return () => {
    stopWaiting()
    source.close()
  }
}
