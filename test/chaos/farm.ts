/*
 * A farm: some hundred visitors in one OS process, steered by whoever forked it. They come in one
 * after the other, write notes at times that a seed chooses, may be cut off all at once, and settle
 * in the end. It ends with its parent, or when its time is over.
 *
 * Times do not wait: a note that comes late, because this process was busy, counts from when it was
 * to be written, so a slow system cannot hide by slowing the farm down.
 */
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Wakes } from '../../src/source/line'
import { Random } from '../support/random'
import { nowMs, writeHistory, type HistoryWriter } from './history'
import { Visitor } from './visitor'

export interface FarmPlan {
  readonly url: string
  readonly board: string
  /** Where the history goes. */
  readonly file: string
  /** Number of its first visitor, and how many there are. */
  readonly first: number
  readonly clients: number
  /** The first so many of them are walls: it is measured how soon notes arrive. */
  readonly walls: number
  /** Of all of them together; 0 for a farm that only looks on. */
  readonly notesPerSecond: number
  readonly seed: number
  /** Some of those who write second a note too. */
  readonly isSeconding: boolean
  /** After that it ends, whatever it was told. */
  readonly limitMs: number
}

export type FarmOrder =
  | { readonly do: 'join'; readonly plan: FarmPlan }
  | { readonly do: 'post' }
  | { readonly do: 'rest' }
  | { readonly do: 'cut' }
  | { readonly do: 'leave' }

/** How a farm is; told four times a second. */
export interface FarmState {
  /** Visitors that are connected and see the board. */
  readonly there: number
  /** Notes that are not answered yet. */
  readonly waiting: number
  /** The number of the newest note that all of them have seen. */
  readonly seen: number
}

const tellEveryMs = 250
/** So many notes are written for each that is seconded. */
const notesPerVote = 20
/** Between two visitors who come in: a crowd of 500 takes two and a half seconds. */
const joinEveryMs = 5
/** A process that was stopped for so long knows that it slept, as a page does. */
const sleptMs = 1_500

/** Runs a farm in this OS process. */
export function runFarm(): void {
  let farm: Farm | undefined
  process.on('disconnect', () => process.exit())
  process.on('message', (order: FarmOrder) => {
    if (order.do === 'join') {
      setTimeout(() => process.exit(1), order.plan.limitMs).unref()
      farm = new Farm(order.plan)
      void farm.join()
    } else void farm?.obey(order)
  })
}

class Farm {
  private readonly plan: FarmPlan
  private readonly history: HistoryWriter
  private readonly lines = trackLines()
  private readonly wakes = createWakes()
  private readonly random: Random
  private readonly visitors: Visitor[] = []
  private queue: Visitor[] = []
  private arrivals: number[] = []
  private posting: NodeJS.Timeout | undefined
  private written = 0

  constructor(plan: FarmPlan) {
    this.plan = plan
    this.history = writeHistory(plan.file)
    this.random = new Random(plan.seed + plan.first)
  }

  async join(): Promise<void> {
    const { first, clients } = this.plan
    setInterval(() => this.tell(), tellEveryMs)
    for (let client = first; client < first + clients; client++) {
      // It takes its cookie while others come in already.
      void this.welcome(client)
      await pause(joinEveryMs)
    }
  }

  async obey(order: Exclude<FarmOrder, { do: 'join' }>): Promise<void> {
    if (order.do === 'post') this.postFrom(nowMs())
    if (order.do === 'rest' || order.do === 'leave') clearTimeout(this.posting)
    if (order.do === 'cut') this.lines.forEach((line) => line.resetAndDestroy())
    if (order.do === 'leave') await this.leave()
  }

  private async welcome(client: number): Promise<void> {
    const { url, board, walls, first } = this.plan
    const { history, wakes } = this
    const isWall = client < first + walls
    const onArrival = (tookMs: number) => void this.arrivals.push(Math.round(tookMs * 10) / 10)
    const doors = { url, board, wakes, history, ...(isWall && { onArrival }) }
    this.visitors.push(new Visitor(client, await visitorCookie(url), doors))
  }

  /** Does what is due at `dueMs`, however late it is, and waits for what comes next. */
  private postFrom(dueMs: number): void {
    const { notesPerSecond, isSeconding } = this.plan
    if (notesPerSecond === 0) return
    let atMs = dueMs
    while (atMs <= nowMs()) {
      // Everybody in turn, in another order each time: nobody writes faster than people do.
      if (this.queue.length === 0) this.queue = this.random.shuffle(this.visitors)
      const visitor = this.queue.pop()
      void visitor?.post(this.words(), atMs)
      if (isSeconding && ++this.written % notesPerVote === 0) visitor?.second()
      atMs += (-Math.log(1 - this.random.next()) * 1000) / notesPerSecond
    }
    this.posting = setTimeout(() => this.postFrom(atMs), atMs - nowMs())
  }

  private words(): string {
    const count = this.random.between(1, 12)
    return Array.from({ length: count }, () => this.random.pick(vocabulary)).join(' ')
  }

  private tell(): void {
    const { visitors, plan } = this
    if (this.arrivals.length > 0) {
      this.history.write({ type: 'arrivals', at: nowMs(), tookMs: this.arrivals })
      this.arrivals = []
    }
    const isWhole = visitors.length === plan.clients
    say({
      there: visitors.filter(({ isThere }) => isThere).length,
      waiting: visitors.reduce((sum, { waiting }) => sum + waiting, 0),
      seen: isWhole ? Math.min(...visitors.map(({ seen }) => seen)) : 0,
    })
  }

  private async leave(): Promise<void> {
    this.tell()
    for (const visitor of this.visitors) visitor.leave()
    await this.history.end()
    process.exit()
  }
}

const say = (state: FarmState): void => void process.send?.(state)

/** Comes in by the front door, as a browser does. Tries until it is open. */
async function visitorCookie(url: string): Promise<string> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined)
    const [cookie] = response?.headers.getSetCookie() ?? []
    await response?.arrayBuffer().catch(() => undefined)
    if (cookie !== undefined) return cookie.split(';', 1)[0]!
    await pause(200)
  }
}

/** All TCP lines of this process, as they are at any time. */
function trackLines(): Set<Socket> {
  const lines = new Set<Socket>()
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket }
    lines.add(socket)
    socket.once('close', () => lines.delete(socket))
  })
  return lines
}

/** What a page is told by its browser when it comes to the front again. */
function createWakes(): Wakes {
  const wakes = new Set<() => void>()
  let lastMs = performance.now()
  setInterval(() => {
    const gapMs = performance.now() - lastMs
    lastMs = performance.now()
    if (gapMs > sleptMs) wakes.forEach((wake) => wake())
  }, 100)
  return (wake) => {
    wakes.add(wake)
    return () => void wakes.delete(wake)
  }
}

const vocabulary = [
  ...['supervisor', 'mailbox', 'queue', 'a log that is the truth', 'monitor', 'restart', 'timeout'],
  ...['back pressure', 'Prozesse', 'идемпотентность', '監視', '🦆', '👩‍💻', 'naïve', 'λ', 'and then'],
]
