/*
 * A gateway of the tests' own: a real Socket.IO server that speaks the words of envelope.ts, holds
 * a few streams in memory, and can be told to behave badly: to die, to fall silent, to skip events,
 * to begin a new epoch. It keeps what it heard. It is no imitation of the system: nothing in it
 * sums or restarts.
 */
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import {
  accepted,
  type Answer,
  type Follow,
  type Welcome,
  type Wish,
} from '../../src/protocol/envelope'
import type { Fold } from '../../src/protocol/fold'

type Ack = (answer: unknown) => void

interface Kept {
  readonly fold: Fold<unknown, unknown>
  epoch: string
  view: unknown
  readonly events: unknown[]
}

export interface StandIn {
  readonly port: number
  readonly url: string
  /** Everything heard since the start, oldest first: `['wish', { id, … }]`. */
  readonly heard: [word: string, body: unknown][]
  /** How many sockets have been welcomed, over all lives. */
  readonly welcomed: () => number
  welcome: Welcome
  /** Answers a wish; undefined lets it hang. */
  onWish: (wish: Wish) => Answer | undefined
  onFollow: (follow: Follow) => Answer | undefined
  /** True: takes every word and answers none, as a socket does that died in its sleep. */
  deaf: boolean
  keep<View, Event>(stream: string, fold: Fold<View, Event>, epoch: string): void
  /** Extends a stream and tells its followers. */
  say(stream: string, ...events: unknown[]): void
  /** Extends a stream and tells nobody: the followers now have a gap. */
  swallow(stream: string, ...events: unknown[]): void
  /** Tells followers the last `count` events again. */
  repeat(stream: string, count: number): void
  /** The writer's next life: an empty view, told to its followers as a snapshot. */
  restart(stream: string, epoch: string): void
  /** Tells the whole view anew, as a writer does whose view is short. */
  show(stream: string, view: unknown): void
  /** Ends every connection from this side, as Socket.IO's `disconnectSockets` does. */
  sendAway(): void
  kill(): Promise<void>
  /** Listens again on the same port, with the same streams. */
  live(): Promise<void>
}

export async function createStandIn(serve: RequestListener = (_, response) => void response.end()) {
  const streams = new Map<string, Kept>()
  let http: HttpServer | undefined
  let server: Server | undefined
  let port = 0
  let welcomed = 0

  function attend(socket: Socket) {
    welcomed++
    socket.emit('welcome', standIn.welcome)
    hear(socket, 'follow', (follow: Follow) => {
      void socket.join(follow.stream)
      const kept = streams.get(follow.stream)
      const answer = standIn.onFollow(follow)
      if (kept && answer?.ok) catchUp(socket, follow, kept)
      return answer
    })
    hear(socket, 'unfollow', ({ stream }: { stream: string }) => {
      void socket.leave(stream)
      return accepted
    })
    hear(socket, 'wish', (wish: Wish) => standIn.onWish(wish))
  }

  function hear<Body>(socket: Socket, word: string, act: (body: Body) => Answer | undefined) {
    socket.on(word, (body: Body, ack: Ack) => {
      standIn.heard.push([word, body])
      if (standIn.deaf) return
      const answer = act(body)
      if (answer) ack(answer)
    })
  }

  function tell(stream: string, count: number) {
    const { epoch, events } = get(stream)
    const told = events.slice(events.length - count)
    server?.to(stream).emit('events', { stream, epoch, seq: events.length, events: told })
  }

  function get(stream: string): Kept {
    const kept = streams.get(stream)
    if (!kept) throw new Error(`no stream ${stream}`)
    return kept
  }

  const standIn: StandIn = {
    get port() {
      return port
    },
    get url() {
      return `http://127.0.0.1:${port}`
    },
    heard: [],
    welcomed: () => welcomed,
    welcome: {
      visitor: '7f3a',
      role: 'audience',
      version: '1',
      address: 'http://192.168.1.5:4000',
      reconnectWithinMs: 50,
    },
    onWish: () => accepted,
    onFollow: () => accepted,
    deaf: false,
    keep(stream, fold, epoch) {
      streams.set(stream, {
        fold: fold as Fold<unknown, unknown>,
        epoch,
        view: fold.empty,
        events: [],
      })
    },
    say(stream, ...events) {
      standIn.swallow(stream, ...events)
      tell(stream, events.length)
    },
    swallow(stream, ...events) {
      const kept = get(stream)
      for (const event of events) kept.view = kept.fold.fold(kept.view, event)
      kept.events.push(...events)
    },
    repeat: tell,
    restart(stream, epoch) {
      const kept = get(stream)
      Object.assign(kept, { epoch, view: kept.fold.empty })
      kept.events.length = 0
      server?.to(stream).emit('snapshot', { stream, epoch, seq: 0, view: kept.view })
    },
    show(stream, view) {
      const kept = get(stream)
      kept.view = view
      kept.events.push(undefined)
      const { epoch, events } = kept
      server?.to(stream).emit('snapshot', { stream, epoch, seq: events.length, view })
    },
    sendAway() {
      server?.disconnectSockets(true)
    },
    async kill() {
      const dying = http
      await server?.close()
      dying?.closeAllConnections()
      server = http = undefined
    },
    async live() {
      http = createServer(serve)
      server = new Server(http, { serveClient: false })
      server.on('connection', attend)
      const listening = http
      await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve))
      port = (listening.address() as AddressInfo).port
    },
  }
  await standIn.live()
  return standIn
}

function catchUp(socket: Socket, follow: Follow, kept: Kept) {
  const { stream } = follow
  const { epoch, events, view } = kept
  const seq = events.length
  if (follow.epoch !== epoch || follow.after === undefined)
    socket.emit('snapshot', { stream, epoch, seq, view })
  else socket.emit('events', { stream, epoch, seq, events: events.slice(follow.after) })
}
