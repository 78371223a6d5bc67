/*
 * The gateway's Socket.IO side. Every word of a browser goes through one wrapper: the rate first,
 * then the shape, then who may, then the work; the ack is a function or nothing; an error of ours
 * is logged and answered, and ends no process. Socket.IO's own recovery stays off: it does not
 * survive a gateway that was killed, and numbered streams do (envelope.ts).
 */
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { accepted, refused, type Answer, type Welcome } from '../src/protocol/envelope'
import { refuse } from '../src/protocol/refusals'
import { readFollow, readUnfollow, readWish } from '../src/protocol/wire'
import type { Log } from './log-record'
import { checkWish, mayFollow, type Admitted } from './permission'
import { RateLimit, type Verdict } from './rate'
import { SocketCount, type SocketCap } from './socket-count'
import type { Streams } from './streams'
import { cut, cutUnread, isUnread } from './unread'

export interface SocketSide {
  readonly http: HttpServer
  readonly streams: Streams
  readonly log: Log
  readonly version: string
  readonly audienceAddress: string
  /** Who asks, or undefined for an origin or host that is not ours. */
  admit(request: IncomingMessage): Admitted | undefined
  /** How many sockets may be open; 10,000 in all and 50 of one visitor unless told. */
  readonly cap?: SocketCap
}

/** Everything a browser sends is smaller. */
const maxMessageBytes = 16 * 1024
/** A thumb is slower than this; a script is not. */
const rate = { perSecond: 10, burst: 20, cutAfter: 200 }
/** A page follows a handful of streams when it comes, and again when its line comes back. */
const followRate = { perSecond: 2, burst: 30, cutAfter: 200 }
/** A whole hall is one address: this is for who takes a thousand identities. */
const addressRate = { perSecond: 2_000, burst: 5_000, cutAfter: Infinity }
/** Packets of a line: its words, and what keeps it open. */
const packetRate = { perSecond: 30, burst: 100, cutAfter: 0 }
/** More than a hall holds; more windows than a browser has use for. */
const usualCap = { all: 10_000, ofOne: 50 }
/** Reconnecting clients spread over two seconds, and over a second more for each so many. */
const clientsPerReconnectSecond = 300
const leastReconnectMs = 2_000

type Ack = (answer: Answer) => void
type Act = (raw: unknown) => Answer | Promise<Answer>

export interface Sockets {
  close(): Promise<void>
  count(): number
  /** The ids of those that are open; none is given twice. */
  lines(): Iterable<string>
}

/** Takes in sockets until `close`. */
export function socketSide(side: SocketSide): Sockets {
  const letIn = new WeakMap<IncomingMessage, Admitted>()
  const open = new SocketCount(side.cap ?? usualCap)
  const io = new Server(side.http, {
    serveClient: false,
    maxHttpBufferSize: maxMessageBytes,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    connectTimeout: 5_000,
    allowRequest(request, decide) {
      const admitted = isScript(request) ? undefined : side.admit(request)
      if (!admitted) return decide(null, false)
      if (!open.hasRoom(admitted.visitor)) return decide('There are too many of you.', false)
      letIn.set(request, admitted)
      decide(null, true)
    },
  })
  const now = () => performance.now()
  countLines(io, letIn, open)
  limitPackets(io, now)
  const limits: Limits = {
    words: new RateLimit(rate, now),
    follows: new RateLimit(followRate, now),
    addresses: new RateLimit(addressRate, now),
  }
  side.streams.open((followers, word, body) => io.to([...followers]).emit(word, body))
  const stopLooking = cutUnread(io, (socket) => (socket.data as Admitted).role)
  io.on('connection', (socket) => {
    const admitted = letIn.get(socket.request)
    if (!admitted) return void socket.disconnect(true)
    socket.data = admitted
    take(side, socket, admitted, limits)
    socket.emit('welcome', {
      ...admitted,
      version: side.version,
      address: side.audienceAddress,
      reconnectWithinMs: reconnectWithinMs(io.engine.clientsCount),
    } satisfies Welcome)
  })
  return {
    async close() {
      stopLooking()
      await io.close()
    },
    count: () => io.engine.clientsCount,
    lines: () => io.sockets.sockets.keys(),
  }
}

/** Polling by script tags is for browsers that none of our pages runs in. */
const isScript = ({ url = '' }: IncomingMessage): boolean =>
  new URL(url, 'http://gateway').searchParams.has('j')

function countLines(
  io: Server,
  letIn: WeakMap<IncomingMessage, Admitted>,
  open: SocketCount,
): void {
  io.engine.on('connection', (line: Engine) => {
    const visitor = letIn.get(line.request)?.visitor ?? ''
    open.add(visitor)
    line.once('close', () => open.remove(visitor))
  })
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
  readonly request: IncomingMessage
  once(event: 'close', act: () => void): void
  prependListener(event: 'packet', act: () => void): void
  close(discard: boolean): void
}

const reconnectWithinMs = (clients: number): number =>
  leastReconnectMs + Math.round((clients / clientsPerReconnectSecond) * 1000)

interface Limits {
  /** By visitor. */
  readonly words: RateLimit
  readonly follows: RateLimit
  /** By address. */
  readonly addresses: RateLimit
}

/** What the limits say to a word. Whoever moderates shares no limit with a crowd. */
function verdictOn(word: string, socket: Socket, admitted: Admitted, limits: Limits): Verdict {
  const verdict = limits.words.take(admitted.visitor)
  if (verdict !== 'pass') return verdict
  if (word === 'follow') {
    const following = limits.follows.take(admitted.visitor)
    if (following !== 'pass') return following
  }
  return admitted.role === 'presenter' ? 'pass' : limits.addresses.take(socket.handshake.address)
}

function take(side: SocketSide, socket: Socket, admitted: Admitted, limits: Limits): void {
  const acts = actsOf(side.streams, socket.id, admitted)
  socket.onAny((word: string, ...args: unknown[]) => {
    const last = args.at(-1)
    const ack: Ack = typeof last === 'function' ? (last as Ack) : () => {}
    if (isUnread(socket, admitted.role)) return cut(socket)
    const verdict = verdictOn(word, socket, admitted, limits)
    if (verdict === 'cut') return void socket.disconnect(true)
    if (verdict === 'refuse') return ack(refused(refuse('too_fast')))
    const act = Object.hasOwn(acts, word) ? acts[word] : undefined
    if (!act) return ack(refused(refuse('malformed')))
    void perform(side.log, act, args[0]).then(ack)
  })
  socket.on('disconnect', () => side.streams.forget(socket.id))
  socket.on('error', () => socket.disconnect(true))
}

/** What a browser may ask, by its word. */
function actsOf(
  streams: Streams,
  follower: string,
  admitted: Admitted,
): Readonly<Record<string, Act>> {
  return {
    follow(raw) {
      const follow = readFollow(raw)
      if (!follow) return refused(refuse('malformed'))
      const refusal = mayFollow(admitted, follow.stream)
      return refusal ? refused(refusal) : streams.follow(follower, follow, admitted.role)
    },
    unfollow(raw) {
      const unfollow = readUnfollow(raw)
      if (!unfollow) return refused(refuse('malformed'))
      streams.unfollow(follower, unfollow.stream)
      return accepted
    },
    wish(raw) {
      const wish = readWish(raw)
      if (!wish) return refused(refuse('malformed'))
      const refusal = checkWish(admitted, wish)
      return refusal ? refused(refusal) : streams.wish(wish, admitted.visitor, admitted.role)
    },
  }
}

/** Does what was asked. An error in our own code is the only thing that can be caught here. */
async function perform(log: Log, act: Act, raw: unknown): Promise<Answer> {
  try {
    return await act(raw)
  } catch (error) {
    log({ level: 'error', event: 'handler_failed', host: 'gateway', reason: error })
    return refused(refuse('malformed'))
  }
}
