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
/** Packets of a line: its words, and what keeps it open. */
const packetRate = { perSecond: 30, burst: 100, cutAfter: 0 }
/**
 * Words that may wait for a visitor who does not read. Beyond, the line is cut: it has a cursor.
 */
const maxUnread = 100
/** Reconnecting clients spread over two seconds, and over a second more for each so many. */
const clientsPerReconnectSecond = 300
const leastReconnectMs = 2_000

type Ack = (answer: Answer) => void
type Act = (raw: unknown) => Answer | Promise<Answer>

/** Who was let in, and as what. */
interface Admitted {
  readonly visitor: string
  readonly role: Role
}

/** Takes in sockets until `close`. */
export function socketSide(side: SocketSide): { close(): Promise<void>; count(): number } {
  const letIn = new WeakMap<IncomingMessage, Admitted>()
  const io = new Server(side.http, {
    serveClient: false,
    maxHttpBufferSize: maxMessageBytes,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    connectTimeout: 5_000,
    allowRequest(request, decide) {
      const admitted = side.admit(request)
      if (admitted) letIn.set(request, admitted)
      decide(null, admitted !== undefined)
    },
  })
  const now = () => performance.now()
  limitPackets(io, now)
  const limit = new RateLimit(rate, now)
  io.on('connection', (socket) => {
    const admitted = letIn.get(socket.request)
    if (!admitted) return void socket.disconnect(true)
    take(side, socket, admitted, limit)
    socket.emit('welcome', {
      ...admitted,
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

/**
 * Counts what comes before Socket.IO reads it: connects, acks and pongs cost as much as words do,
 * and one message may carry thousands. A line has one visitor, so it connects once.
 */
function limitPackets(io: Server, now: () => number): void {
  const packets = new RateLimit(packetRate, now)
  let lastLine = 0
  io.engine.on('connection', (line: Engine) => {
    const key = String(++lastLine)
    line.prependListener('packet', () => {
      if (packets.take(key) !== 'pass') line.close(true)
    })
  })
  const connected = new WeakSet<object>()
  io.use((socket, next) => {
    if (connected.has(socket.conn)) return next(new Error('one line, one visitor'))
    connected.add(socket.conn)
    next()
  })
}

/** The part of a line of Engine.IO that is used here. */
interface Engine {
  prependListener(event: 'packet', act: () => void): void
  close(discard: boolean): void
}

const reconnectWithinMs = (clients: number): number =>
  leastReconnectMs + Math.round((clients / clientsPerReconnectSecond) * 1000)

function take(side: SocketSide, socket: Socket, admitted: Admitted, limit: RateLimit): void {
  const follower: Follower = {
    tell(word, body) {
      if (isUnread(socket)) socket.disconnect(true)
      else socket.emit(word, body)
    },
  }
  const acts: Readonly<Record<string, Act>> = {
    follow(raw) {
      const follow = readFollow(raw)
      if (!follow) return refused(refuse('malformed'))
      const refusal = mayFollow(admitted, follow.stream)
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
      const refusal = mayWish(admitted, wish.stream) ?? checkSumCommand(wish.command)
      return refusal ? refused(refusal) : side.streams.wish(wish, admitted.visitor, admitted.role)
    },
  }
  socket.onAny((word: string, ...args: unknown[]) => {
    const last = args.at(-1)
    const ack: Ack = typeof last === 'function' ? (last as Ack) : () => {}
    if (isUnread(socket)) return void socket.disconnect(true)
    const verdict = limit.take(admitted.visitor)
    if (verdict === 'cut') return void socket.disconnect(true)
    if (verdict === 'refuse') return ack(refused(refuse('too_fast')))
    const act = Object.hasOwn(acts, word) ? acts[word] : undefined
    if (!act) return ack(refused(refuse('malformed')))
    void perform(side.log, act, args[0]).then(ack)
  })
  socket.on('disconnect', () => side.streams.forget(follower))
  socket.on('error', () => socket.disconnect(true))
}

/** Whether too much waits for a browser that has stopped reading. */
const isUnread = (socket: Socket): boolean =>
  (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length > maxUnread

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
function mayFollow({ visitor }: Admitted, stream: string): Refusal | undefined {
  if (stream === hostsStream || stream === sessionStream(visitor)) return undefined
  return refuse(stream.startsWith(sessionStream('')) ? 'not_yours' : 'unknown_stream')
}

function mayWish({ visitor }: Admitted, stream: string): Refusal | undefined {
  if (stream === sessionStream(visitor)) return undefined
  return refuse(stream.startsWith(sessionStream('')) ? 'not_yours' : 'unknown_stream')
}
