/*
 * The deck as its audience gets it, without the system behind it: built as in production, and
 * served on loopback under the gateway's own policy, with stand-ins for what the deck asks of a
 * gateway. Those are the welcome with the audience's address, the talk's place (stand-in-talk.ts),
 * `/qr.svg`, no recordings, and pages for the live frames that count their loads.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { extname, join, resolve } from 'node:path'
import type { AddressInfo } from 'node:net'
import qrcode from 'qrcode'
import { Server } from 'socket.io'
import { build } from 'vite'
import { slidesPlugin } from '../../src/compile/slides-plugin'
import { speakerCspPlugin, type DeckCsp } from '../../src/deck/speaker-csp-plugin'
import type { Welcome } from '../../src/protocol/envelope'
import { StandInTalk } from './stand-in-talk'

const root = resolve(import.meta.dirname, '../..')

/** Where the stand-in tells the audience to go. */
export const audienceAddress = 'http://talk.test:4000'

/** The deck's talk here is one of the tests' own: the real one is free to change. */
const talk = join(import.meta.dirname, 'slides')

/** Builds the deck alone, unless that was done from the same files before, and gives the folder. */
export async function buildDeck(): Promise<string> {
  const outDir = join(root, 'dist/test-deck')
  const stamp = join(outDir, 'built-from')
  const sources = [join(root, 'src'), import.meta.dirname, join(root, 'package-lock.json')]
  const state = `${Math.max(...sources.map(newestChangeMs))}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return outDir
  await build({
    configFile: false,
    root: join(root, 'src'),
    logLevel: 'error',
    plugins: [slidesPlugin({ folder: talk }), speakerCspPlugin()],
    build: {
      outDir,
      emptyOutDir: true,
      rollupOptions: { input: { deck: join(root, 'src/deck/index.html') } },
    },
  })
  writeFileSync(stamp, state)
  return outDir
}

/** When a file, or anything in a folder, was last changed. A folder changes by what leaves it. */
function newestChangeMs(path: string): number {
  const stat = statSync(path)
  const inside = stat.isDirectory() ? readdirSync(path) : []
  return Math.max(stat.mtimeMs, ...inside.map((name) => newestChangeMs(join(path, name))))
}

export interface ServedDeck {
  /** The deck's address; append `?…` or `#/slide-name`. */
  readonly url: string
  /** Paths of all requests so far, in order, without their query. */
  readonly requests: readonly string[]
  readonly talk: StandInTalk
  /** How many sockets were opened so far. */
  socketsOpened(): number
  /** Cuts every connection, as a lost network does. */
  cutSockets(): void
  close(): Promise<void>
}

/** Serves a built deck. `welcomes: false` is a gateway that never tells an address. */
export async function serveDeck(folder: string, { welcomes = true } = {}): Promise<ServedDeck> {
  const policy = policyFor(
    JSON.parse(readFileSync(join(folder, 'deck-csp.json'), 'utf8')) as DeckCsp,
  )
  const requests: string[] = []

  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://deck.test')
    requests.push(url.pathname)
    response.setHeader('content-security-policy', policy)
    void answer(folder, url, response)
  })
  const io = new Server(http, { serveClient: false })
  const talk = new StandInTalk(io)
  let socketsOpened = 0
  io.on('connection', (socket) => {
    socketsOpened++
    const welcome: Welcome = {
      visitor: 'v1',
      role: talk.role,
      version: 'test',
      address: audienceAddress,
      reconnectWithinMs: 100,
    }
    if (!welcomes) return
    talk.attend(socket)
    socket.emit('welcome', welcome)
  })
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/deck/`,
    requests,
    talk,
    socketsOpened: () => socketsOpened,
    cutSockets: () => io.sockets.sockets.forEach((socket) => socket.conn.close()),
    close: () => io.close(),
  }
}

const policyFor = ({ scriptHashes }: DeckCsp): string =>
  [
    "default-src 'self'",
    `script-src 'self' ${scriptHashes.map((hash) => `'${hash}'`).join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ')

/** A page for a frame: it takes the focus when it loads, as a phone page may. */
const page = `<!doctype html><html lang="en"><title>Sum</title><link rel="icon" href="data:,">
<h1>Sum</h1><input aria-label="Number"><select><option>a<option>b</select>
<script src="/page.js"></script></html>`
const pageScript = `document.querySelector('input').focus()`

async function answer(folder: string, url: URL, response: ServerResponse): Promise<void> {
  const say = (type: string, body: string | Buffer) =>
    response.setHeader('content-type', type).end(body)
  if (url.pathname === '/qr.svg') {
    const text = (audienceAddress + url.searchParams.get('to')).toUpperCase()
    return void say(
      'image/svg+xml',
      await qrcode.toString(text, { type: 'svg', margin: 4, errorCorrectionLevel: 'M' }),
    )
  }
  if (/^\/(sum|board\/[\w-]+\/wall)$/.test(url.pathname)) return void say('text/html', page)
  if (url.pathname === '/recordings/index.json') return void say('application/json', '[]')
  if (url.pathname === '/page.js') return void say('text/javascript', pageScript)
  const file = url.pathname === '/deck/' ? '/deck/index.html' : url.pathname
  const type = types[extname(file)]
  if (type === undefined) return void response.writeHead(404).end()
  say(type, readFileSync(join(folder, file)))
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
