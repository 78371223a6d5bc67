/*
 * The gateway's HTTP side: pages, QR codes, health, and the exchange of the presenter's token.
 * Pages come from memory. What is the presenter's alone answers anybody else exactly as a path that
 * does not exist.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ServedFile } from './files'
import type { Asking, Identity } from './identity'
import { isPresenters, kindOf, type Pages } from './pages'
import { safetyHeaders, type PageKind } from './policy'
import { qrSvg, qrText } from './qr'
import type { RateLimit } from './rate'

export interface HttpSide {
  readonly files: ReadonlyMap<string, ServedFile>
  readonly pages: Pages
  readonly identity: Identity
  /** Hosts that a request may name, with their ports. */
  readonly ownHosts: ReadonlySet<string>
  readonly audienceAddress: string
  /** How many new visitors an address may bring. */
  readonly arrivals: RateLimit
  readonly scriptHashes: readonly string[]
  asking(request: IncomingMessage): Asking
  health(): { readonly ready: boolean }
}

const maxBodyBytes = 1_000

/**
 * Requests under way on each line. No browser asks again before it is answered; one that does is
 * cut.
 */
const openOn = new WeakMap<Socket, number>()
const maxOpen = 4

/** Whether a line may ask one more thing; when not, it is ended. */
function mayAsk({ socket }: IncomingMessage, response: ServerResponse): boolean {
  const open = (openOn.get(socket) ?? 0) + 1
  openOn.set(socket, open)
  response.once('close', () => openOn.set(socket, (openOn.get(socket) ?? 1) - 1))
  if (open > maxOpen) socket.destroy()
  return open <= maxOpen
}

/** Answers every request; never throws. */
export function httpSide(side: HttpSide): RequestListener {
  return (request, response) => {
    if (!mayAsk(request, response)) return
    answer(side, request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else say(side, response, 500, 'That went wrong here, and not with you.')
    })
  }
}

async function answer(side: HttpSide, request: IncomingMessage, response: ServerResponse) {
  if (!side.ownHosts.has((request.headers.host ?? '').toLowerCase())) {
    return say(side, response, 421, 'This system is not known by that name.')
  }
  const target = `http://here${request.url ?? '/'}`
  if (!URL.canParse(target)) return say(side, response, 404, 'There is nothing here.')
  const url = new URL(target)
  // A QR code is in capitals; so are the paths of those who type it from the projector.
  const path = url.pathname.toLowerCase().replace(/(.)\/$/, '$1')
  if (path === '/enter' && request.method === 'POST') return await enter(side, request, response)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return say(side, response, 405, 'Only reading is possible here.')
  }
  if (path === '/health') return sayHealth(side, response)
  if (path === '/qr.svg') return await sayQr(side, response, url.searchParams.get('to') ?? '/')
  const elsewhere =
    path === '/deck' && !url.pathname.endsWith('/') ? '/deck/' : side.pages.longAddress(path)
  if (elsewhere !== undefined) {
    const headers = safetyHeaders(kindOf(path), side.scriptHashes)
    return response.writeHead(302, { ...headers, location: `${elsewhere}${url.search}` }).end()
  }
  const isHidden = isPresenters(path) && side.identity.role(side.asking(request)) !== 'presenter'
  const page = isHidden ? undefined : side.pages.pageAt(path)
  const file = side.files.get(page ?? url.pathname.slice(1))
  const isOurs = page !== undefined || file?.immutable || isRecording(url.pathname)
  if (!file || !isOurs) return say(side, response, 404, 'There is nothing here.')
  sendFile(side, request, response, file, kindOf(path))
}

/** What the replay asks for, and not a visitor's first page. */
const isRecording = (path: string): boolean => path.startsWith('/recordings/')

function sendFile(
  side: HttpSide,
  request: IncomingMessage,
  response: ServerResponse,
  file: ServedFile,
  kind: PageKind,
): void {
  const packs = !file.isPacked && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const body = packs ? file.gzip : file.plain
  response.writeHead(200, {
    ...safetyHeaders(kind, side.scriptHashes),
    'content-type': file.type,
    'content-length': body.length,
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(packs ? { 'content-encoding': 'gzip' } : {}),
    vary: 'accept-encoding',
    ...(file.immutable ? {} : greeting(side, request)),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/**
 * Gives a browser its visitor id with the first page, so that its socket brings it along. A hall is
 * one address and gets an id for each phone; who asks for thousands goes without, and votes less.
 */
function greeting({ identity, arrivals }: HttpSide, request: IncomingMessage) {
  if (identity.visitorId(request.headers.cookie) !== undefined) return {}
  if (arrivals.take(request.socket.remoteAddress ?? '') !== 'pass') return {}
  return { 'set-cookie': identity.visitorHeader(identity.newVisitorId()) }
}

function say(side: HttpSide, response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    ...safetyHeaders('plain', side.scriptHashes),
    'content-type': 'text/plain; charset=utf-8',
  })
  response.end(`${sentence}\n`)
}

function sayHealth(side: HttpSide, response: ServerResponse): void {
  const health = side.health()
  response.writeHead(health.ready ? 200 : 503, {
    ...safetyHeaders('plain', side.scriptHashes),
    'content-type': 'application/json',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(health))
}

async function sayQr(side: HttpSide, response: ServerResponse, to: string): Promise<void> {
  if (!/^\/[a-z0-9/_-]{0,60}$/i.test(to)) {
    return say(side, response, 404, 'A QR code leads to a path of this system.')
  }
  const svg = await qrSvg(qrText(side.audienceAddress, to))
  response.writeHead(200, {
    ...safetyHeaders('plain', side.scriptHashes),
    'content-type': 'image/svg+xml',
    'cache-control': 'no-cache',
  })
  response.end(svg)
}

/**
 * Exchanges the token for the presenter's cookie. Whatever is wrong with it reads the same from
 * outside.
 */
async function enter(side: HttpSide, request: IncomingMessage, response: ServerResponse) {
  const token = tokenIn(await readBody(request))
  const mayEnter = side.asking(request).isPrivate && isOwnOrigin(side, request)
  if (!mayEnter || token === undefined || !side.identity.isToken(token)) {
    return say(side, response, 404, 'There is nothing here.')
  }
  response.writeHead(204, {
    ...safetyHeaders('plain', side.scriptHashes),
    'set-cookie': side.identity.presenterHeader(),
  })
  response.end()
}

/** Whether a page of ours asks: another origin's must not make anybody a presenter. */
export function isOwnOrigin(
  { ownHosts }: Pick<HttpSide, 'ownHosts'>,
  request: IncomingMessage,
): boolean {
  const { origin } = request.headers
  return origin !== undefined && URL.canParse(origin) && ownHosts.has(new URL(origin).host)
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  // Given up early, the rest is left unread and not destroyed: an answer shall still go out.
  const chunks = request.setEncoding('utf8').iterator({ destroyOnReturn: false })
  for await (const chunk of chunks) {
    body += chunk
    if (body.length > maxBodyBytes) return ''
  }
  return body
}

function tokenIn(body: string): string | undefined {
  try {
    const { token } = JSON.parse(body) as { token?: unknown }
    return typeof token === 'string' ? token : undefined
  } catch {
    // Not JSON, or nothing that has fields: no token is in it.
    return undefined
  }
}
