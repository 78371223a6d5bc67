/*
 * The connection to the gateway, which comes back by itself. Each attempt is a Socket.IO client of its
 * own, and what one attempt leaves behind is never heard again. It is live from the gateway's first word,
 * `welcome`, on. Lost, it tries again after a random time (full jitter, the gateway sets the window), so
 * that a crowd that was cut off together does not come back together.
 *
 * A phone that slept may hold a socket that says it is open and is dead. So on each wake (wakes.ts) a
 * live line asks the gateway something trivial, and begins anew at once when that is not answered.
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

export interface Hears {
  connection(connection: Connection): void
  welcome(welcome: Welcome): void
  snapshot(snapshot: Snapshot): void
  events(events: Events): void
}

export interface Line {
  /**
   * Sends a word. `answered` gets the answer, or undefined when none came within 5 s. On a line that is
   * lost, or lost meanwhile, it is never called: whoever asked asks again once the line is live.
   */
  ask(
    word: 'follow' | 'unfollow' | 'wish',
    body: unknown,
    answered: (answer: Answer | undefined) => void,
  ): void
  close(): void
}

/** The window until the gateway has named one. */
const firstReconnectWithinMs = 2_000
/** From the attempt to the welcome; as long as a crowd of some thousands takes to come in. */
const welcomeWithinMs = 20_000
const answerWithinMs = 5_000
const pingWithinMs = 2_000
/** A stream that nobody writes: no longer following it changes nothing, and the gateway answers that itself. */
const pingBody = { stream: 'gateway/ping' }

export function openLine(url: string, wakes: Wakes, hears: Hears): Line {
  let socket: Socket | undefined
  let state: Connection = 'connecting'
  let reconnectWithinMs = firstReconnectWithinMs
  let attemptedAtMs = 0
  /** Ends the attempt that takes too long, or begins the next one. */
  let timer: ReturnType<typeof setTimeout> | undefined

  function drop() {
    clearTimeout(timer)
    const old = socket
    socket = undefined
    old?.off()
    old?.disconnect()
  }

  function attempt() {
    drop()
    attemptedAtMs = Date.now()
    timer = setTimeout(lost, welcomeWithinMs)
    const mine = io(url, {
      forceNew: true,
      reconnection: false,
      transports: ['polling', 'websocket'],
    })
    socket = mine
    mine.on('connect_error', lost)
    mine.on('disconnect', lost)
    mine.on('welcome', welcomed)
    mine.on('snapshot', hears.snapshot)
    mine.on('events', hears.events)
  }

  function welcomed(welcome: Welcome) {
    clearTimeout(timer)
    reconnectWithinMs = welcome.reconnectWithinMs
    change('live')
    hears.welcome(welcome)
  }

  function lost() {
    drop()
    timer = setTimeout(attempt, Math.random() * reconnectWithinMs)
    if (state === 'live') change('lost')
  }

  function change(next: Connection) {
    if (next === state) return
    state = next
    hears.connection(next)
  }

  function ping() {
    const mine = socket
    mine?.timeout(pingWithinMs).emit('unfollow', pingBody, (error: unknown) => {
      if (!error || mine !== socket) return
      change('lost')
      attempt()
    })
  }

  function wake() {
    if (state === 'live') return ping()
    // A page that was just opened wakes at once (`pageshow`): its first attempt is let be.
    const underWay = socket !== undefined && Date.now() - attemptedAtMs < pingWithinMs
    if (!underWay) attempt()
  }

  const stopWakes = wakes(wake)
  attempt()

  return {
    ask(word, body, answered) {
      const mine = socket
      if (state !== 'live' || !mine) return
      mine.timeout(answerWithinMs).emit(word, body, (error: unknown, answer: unknown) => {
        if (mine !== socket) return
        if (error) ping()
        answered(error ? undefined : readAnswer(answer))
      })
    },
    close() {
      stopWakes()
      drop()
    },
  }
}

/** Whatever is no answer reads as a refusal: asking again would bring the same. */
function readAnswer(raw: unknown): Answer {
  const answer = raw as Answer | null | undefined
  if (answer?.ok === true || typeof answer?.refusal?.code === 'string') return answer
  return refused(refuse('malformed'))
}
