/*
 * The connection to the gateway, which comes back by itself. Each attempt is a Socket.IO client of
 * its own, and what one attempt leaves behind is never heard again. It is live from the gateway's
 * first word, `welcome`, on. Lost, it tries again after a random time (full jitter, the gateway
 * sets the window), so that a crowd that was cut off together does not come back together.
 *
 * A phone that slept may hold a socket that says it is open and is dead. So on each wake (wakes.ts)
 * a live line asks the gateway something trivial, and begins anew at once when that is not
 * answered.
 */
import { io, type Socket } from 'socket.io-client'
import {
  refused,
  type Answer,
  type Events,
  type Snapshot,
  type Welcome,
} from '../protocol/envelope'
import { refuse } from '../protocol/refusals'
import type { Connection, Stop } from './source'

/** Calls `wake` when the page may have slept or the network may have changed. */
export type Wakes = (wake: () => void) => Stop

export interface LineDoors {
  /** Where the gateway is: the origin of the page. */
  readonly url: string
  readonly wakes: Wakes
  /** What a browser would bring by itself; for clients that are none. */
  readonly cookie?: string
}

export interface Hears {
  connection(connection: Connection): void
  welcome(welcome: Welcome): void
  snapshot(snapshot: Snapshot): void
  events(events: Events): void
}

/** The window until the gateway has named one. */
const firstReconnectWithinMs = 2_000
/** From the attempt to the welcome; as long as a crowd of some thousands takes to come in. */
const welcomeWithinMs = 20_000
const answerWithinMs = 5_000
const pingWithinMs = 2_000
/** Nobody writes it: to follow it no longer changes nothing, and the gateway itself answers. */
const pingBody = { stream: 'gateway/ping' }

/** Connects at once, and from then on until closed. */
export class Line {
  private readonly doors: LineDoors
  private readonly hears: Hears
  private readonly stopWakes: Stop
  /** The one of the present attempt; undefined while waiting for the next. */
  private socket: Socket | undefined
  private state: Connection = 'connecting'
  private reconnectWithinMs = firstReconnectWithinMs
  private attemptedAtMs = 0
  /** The last wake that no loss has followed yet. */
  private wokenAtMs = -Infinity
  /** Ends an attempt that takes too long, or begins the next one. */
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(doors: LineDoors, hears: Hears) {
    this.doors = doors
    this.hears = hears
    this.stopWakes = doors.wakes(() => this.wake())
    this.attempt()
  }

  /**
   * Sends a word. `answered` gets the answer, or undefined when none came within 5 s. On a line
   * that is lost, or lost meanwhile, it is never called: whoever asked asks again once the line is
   * live.
   */
  ask(
    word: 'follow' | 'unfollow' | 'wish',
    body: unknown,
    answered: (answer: Answer | undefined) => void,
  ): void {
    const mine = this.socket
    if (this.state !== 'live' || !mine) return
    mine.timeout(answerWithinMs).emit(word, body, (error: unknown, answer: unknown) => {
      if (mine !== this.socket) return
      if (error) this.ping()
      answered(error ? undefined : readAnswer(answer))
    })
  }

  close(): void {
    this.stopWakes()
    this.drop()
  }

  private attempt(): void {
    this.drop()
    this.attemptedAtMs = Date.now()
    const lost = () => this.lose()
    this.timer = setTimeout(lost, welcomeWithinMs)
    const { url, cookie } = this.doors
    this.socket = io(url, {
      forceNew: true,
      reconnection: false,
      transports: ['polling', 'websocket'],
      ...(cookie !== undefined && { extraHeaders: { cookie } }),
    })
    this.socket.on('connect_error', lost)
    this.socket.on('disconnect', lost)
    this.socket.on('welcome', (welcome: Welcome) => this.hearWelcome(welcome))
    this.socket.on('snapshot', (snapshot: Snapshot) => this.hears.snapshot(snapshot))
    this.socket.on('events', (events: Events) => this.hears.events(events))
  }

  private hearWelcome(welcome: Welcome): void {
    clearTimeout(this.timer)
    this.reconnectWithinMs = welcome.reconnectWithinMs
    this.become('live')
    this.hears.welcome(welcome)
  }

  /**
   * Gives the attempt up and plans the next one: at once, when the page has just woken and learns
   * now that its line had died in its sleep. Crowds are cut off together, and do not wake together.
   */
  private lose(): void {
    this.drop()
    const hasJustWoken = Date.now() - this.wokenAtMs < pingWithinMs
    this.wokenAtMs = -Infinity
    const waitMs = hasJustWoken ? 0 : Math.random() * this.reconnectWithinMs
    this.timer = setTimeout(() => this.attempt(), waitMs)
    if (this.state === 'live') this.become('lost')
  }

  private wake(): void {
    this.wokenAtMs = Date.now()
    if (this.state === 'live') return this.ping()
    // A page that was just opened wakes at once (`pageshow`): its first attempt is let be.
    const isUnderWay = this.socket !== undefined && Date.now() - this.attemptedAtMs < pingWithinMs
    if (!isUnderWay) this.attempt()
  }

  private ping(): void {
    const mine = this.socket
    mine?.timeout(pingWithinMs).emit('unfollow', pingBody, (error: unknown) => {
      if (!error || mine !== this.socket) return
      this.become('lost')
      this.attempt()
    })
  }

  private drop(): void {
    clearTimeout(this.timer)
    const old = this.socket
    this.socket = undefined
    old?.off()
    old?.disconnect()
  }

  private become(next: Connection): void {
    if (next === this.state) return
    this.state = next
    this.hears.connection(next)
  }
}

/** Whatever is no answer reads as a refusal: asking again would bring the same. */
function readAnswer(raw: unknown): Answer {
  const answer = raw as Answer | null | undefined
  if (answer?.ok === true || typeof answer?.refusal?.code === 'string') return answer
  return refused(refuse('malformed'))
}
