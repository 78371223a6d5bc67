/*
 * The gateway's Socket.IO side. Every word of a browser goes through one wrapper: the rate first,
 * then the shape, then the work; the ack is a function or nothing; an error of ours is logged and
 * answered, and ends no process. Socket.IO's own recovery stays off: it does not survive a gateway
 * that was killed, and numbered streams do (envelope.ts).
 */
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { accepted, refused, sessionStream, type Answer, type Role } from '../src/protocol/envelope'
import type { Welcome } from '../src/protocol/envelope'
import { hostsStream } from '../src/protocol/hosts'
import { refuse, type Refusal } from '../src/protocol/refusals'
import { checkSumCommand } from '../src/protocol/sum'
import { readFollow, readUnfollow, readWish } from '../src/protocol/wire'
import type { Log } from './log-record'
import { RateLimit } from './rate'
import type { Follower, Streams } from './streams'

export interface SocketSide {
  readonly http: HttpServer
  readonly streams: Streams
  readonly log: Log
  readonly version: string
  readonly audienceAddress: string
  /** Who asks, or undefined for an origin or host that is not ours. */
  admit(request: IncomingMessage): { visitor: string; role: Role } | undefined
}

/** Everything a browser sends is smaller. */
const maxMessageBytes = 16 * 1024
/** A thumb is slower than this; a script is not. */
const rate = { perSecond: 10, burst: 20, cutAfter: 200 }
/** Reconnecting clients spread over two seconds, and over a second more for each so many. */
const clientsPerReconnectSecond = 300
const leastReconnectMs = 2_000

type Ack = (answer: Answer) => void
type Act = (raw: unknown) => Answer | Promise<Answer>

interface Visitor {
  readonly visitor: string
  readonly role: Role
}

/** Takes in sockets until `close`. */
export function socketSide(side: SocketSide): { close(): Promise<void>; count(): number } {
  const io = new Server(side.http, {
    serveClient: false,
    maxHttpBufferSize: maxMessageBytes,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    connectTimeout: 5_000,
    allowRequest: (request, decide) => decide(null, side.admit(request) !== undefined),
  })
  const limit = new RateLimit(rate, () => performance.now())
  io.on('connection', (socket) => {
    const visitor = side.admit(socket.request)
    if (!visitor) return void socket.disconnect(true)
    take(side, socket, visitor, limit)
    socket.emit('welcome', {
      ...visitor,
      version: side.version,
      address: side.audienceAddress,
      reconnectWithinMs: reconnectWithinMs(io.engine.clientsCount),
    } satisfies Welcome)
  })
  return {
    close: () => io.close(),
    count: () => io.engine.clientsCount,
  }
}

const reconnectWithinMs = (clients: number): number =>
  leastReconnectMs + Math.round((clients / clientsPerReconnectSecond) * 1000)

function take(side: SocketSide, socket: Socket, visitor: Visitor, limit: RateLimit): void {
  const follower: Follower = { tell: (word, body) => void socket.emit(word, body) }
  const acts: Readonly<Record<string, Act>> = {
    follow(raw) {
      const follow = readFollow(raw)
      if (!follow) return refused(refuse('malformed'))
      const refusal = mayFollow(visitor, follow.stream)
      return refusal ? refused(refusal) : side.streams.follow(follower, follow)
    },
    unfollow(raw) {
      const unfollow = readUnfollow(raw)
      if (!unfollow) return refused(refuse('malformed'))
      side.streams.unfollow(follower, unfollow.stream)
      return accepted
    },
    wish(raw) {
      const wish = readWish(raw)
      if (!wish) return refused(refuse('malformed'))
      const refusal = mayWish(visitor, wish.stream) ?? checkSumCommand(wish.command)
      return refusal ? refused(refusal) : side.streams.wish(wish, visitor.visitor, visitor.role)
    },
  }
  socket.onAny((word: string, ...args: unknown[]) => {
    const last = args.at(-1)
    const ack: Ack = typeof last === 'function' ? (last as Ack) : () => {}
    const verdict = limit.take(visitor.visitor)
    if (verdict === 'cut') return void socket.disconnect(true)
    if (verdict === 'refuse') return ack(refused(refuse('too_fast')))
    const act = Object.hasOwn(acts, word) ? acts[word] : undefined
    if (!act) return ack(refused(refuse('malformed')))
    void perform(side.log, act, args[0]).then(ack)
  })
  socket.on('disconnect', () => side.streams.forget(follower))
  socket.on('error', () => socket.disconnect(true))
}

/** Does what was asked. An error in our own code is the only thing that can be caught here. */
async function perform(log: Log, act: Act, raw: unknown): Promise<Answer> {
  try {
    return await act(raw)
  } catch (error) {
    log({ level: 'error', event: 'handler_failed', host: 'gateway', error })
    return refused(refuse('malformed'))
  }
}

/** Sessions are their visitors' own; how the hosts are is for everybody. */
function mayFollow({ visitor }: Visitor, stream: string): Refusal | undefined {
  if (stream === hostsStream || stream === sessionStream(visitor)) return undefined
  return refuse(stream.startsWith(sessionStream('')) ? 'not_yours' : 'unknown_stream')
}

function mayWish({ visitor }: Visitor, stream: string): Refusal | undefined {
  if (stream === sessionStream(visitor)) return undefined
  return refuse(stream.startsWith(sessionStream('')) ? 'not_yours' : 'unknown_stream')
}
