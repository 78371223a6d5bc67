/*
 * The host `gateway`: HTTP and Socket.IO for every browser. It runs no code that the audience can
 * reach deeper than a shape check, keeps nothing that a restart would lose, and writes one stream:
 * how the hosts are.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import declared from 'virtual:declared/let-it-crash'
import { createHub } from '../src/gateway/hub'
import type { GatewayWord } from '../src/protocol/host-words'
import { audienceAddress, ownHosts } from './address'
import { readFiles } from './files'
import { createHostLog } from './host-log'
import { httpSide, isOwnOrigin, type HttpSide } from './http'
import { Identity, type Asking, type Secrets } from './identity'
import { liveUnderRoot } from './leash'
import { localLines } from './local-lines'
import { createPages } from './pages'
import { RateLimit } from './rate'
import { socketSide } from './sockets'

const port = Number(process.env.PORT)
const publicUrl = process.env.PUBLIC_URL || undefined
const reach = { publicUrl, host: process.env.HOST ?? '', port }
const isSecure = publicUrl?.startsWith('https:') ?? false
const webFolder = join(import.meta.dirname, '../web')
const version = process.env.VERSION ?? ''

const now = () => performance.now()
const log = createHostLog()
let stop = async () => {}
const leash = liveUnderRoot({ onWord: hear, onStop: () => stop() })
const life = `${randomBytes(6).toString('hex')}.1`
let withoutToken = (line: string): string => line
const hub = createHub({
  life,
  lines: localLines,
  log,
  say: (word) => leash.say(word),
  withoutSecrets: (line) => withoutToken(line),
})

function hear(raw: unknown): void {
  const word = raw as GatewayWord
  if (word.type === 'secrets') serve(word)
  else hub.hear(word)
}

/** A client that drips its headers or its body holds a descriptor for no more than some seconds. */
const patience = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
}

/** Opens the doors, once the root has said by what a presenter is known. */
function serve(secrets: Secrets): void {
  const identity = new Identity(secrets, isSecure)
  withoutToken = (line) => line.replaceAll(secrets.token, '…')
  const side: HttpSide = {
    files: readFiles(webFolder),
    pages: createPages(declared.boards.map(({ id }) => id)),
    identity,
    ownHosts: ownHosts(reach),
    audienceAddress: audienceAddress(reach),
    arrivals: new RateLimit({ perSecond: 10, burst: 3_000, cutAfter: Infinity }, now),
    scriptHashes: readScriptHashes(),
    asking,
    health: () => ({
      ...hub.watch.health(),
      uptimeS: process.uptime(),
      version,
      sockets: sockets.count(),
    }),
  }
  const http = createServer(patience, httpSide(side))
  const sockets = socketSide({
    http,
    streams: hub.streams,
    log,
    version,
    audienceAddress: side.audienceAddress,
    admit: (request) => admit(side, request),
  })
  http.once('error', (error: NodeJS.ErrnoException) => void leash.fail(whyNot(error)))
  http.listen({ port, host: reach.host || undefined, backlog: 4096 }, () => leash.ready())
  hub.open(sockets.lines)
  stop = async () => {
    await sockets.close()
  }
}

/**
 * Loopback and TLS keep a cookie from a room of listeners. A proxy on this machine is not its user.
 */
function asking(request: IncomingMessage): Asking {
  const { headers, socket } = request
  const isLocal = isLoopback(socket.remoteAddress) && headers['x-forwarded-for'] === undefined
  const isTls = isSecure && headers['x-forwarded-proto'] === 'https'
  return { cookie: headers.cookie, isPrivate: isLocal || isTls }
}

/** Browsers bring the cookie of their page. Whoever comes without one is let in while few do. */
const strangers = new RateLimit({ perSecond: 50, burst: 300, cutAfter: Infinity }, now)

const isLoopback = (address = ''): boolean => address === '::1' || /^(::ffff:)?127\./.test(address)

/**
 * Who opens a socket. An origin is missing where a page asks its own server, and for what is no
 * browser.
 */
function admit(side: HttpSide, request: IncomingMessage) {
  const { host, origin, cookie } = request.headers
  if (!side.ownHosts.has((host ?? '').toLowerCase())) return undefined
  if (origin !== undefined && !isOwnOrigin(side, request)) return undefined
  const { identity } = side
  const known = identity.visitorId(cookie)
  if (known === undefined && strangers.take('strangers') !== 'pass') return undefined
  const id = known ?? identity.newVisitorId()
  const admitted = { visitor: identity.publicName(id), role: identity.role(asking(request)) }
  if (admitted.role === 'presenter') hub.hallSums.add(admitted.visitor)
  return admitted
}

function readScriptHashes(): readonly string[] {
  const file = readFileSync(join(webFolder, 'deck-csp.json'), 'utf8')
  return (JSON.parse(file) as { scriptHashes: string[] }).scriptHashes
}

function whyNot(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} is in use. End what uses it, or choose: PORT=${port + 1} npm start`
  }
  if (error.code === 'EACCES') return `This user may not use port ${port}. Choose one above 1023.`
  return `The gateway cannot listen on port ${port}: ${error.message}`
}
