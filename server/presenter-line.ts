/*
 * A line to a running system for a program in a terminal, as the presenter's: it brings the token
 * once and gets cookies for it, as a browser does. The token comes from the environment or is asked
 * for, so that neither the list of processes nor a shell's history has it, and it is sent in the
 * open to this machine only.
 */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { createLiveSource, type LiveSource } from '../src/source/live'

/** A sentence for whoever started the program. */
export class NoEntry extends Error {}

const patienceMs = 10_000

export interface Wanted {
  /** Where the system is; the one of `npm start` on this machine when undefined. */
  readonly to: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Asks for the token; undefined where nobody can be asked. */
  readonly askToken: (() => Promise<string>) | undefined
}

export interface PresenterLine {
  readonly source: LiveSource
  /** A text without the token, for whoever puts it where others read it. */
  withoutToken(text: string): string
}

/** Enters and connects. Rejects with NoEntry. */
export async function openPresenterLine({ to, env, askToken }: Wanted): Promise<PresenterLine> {
  const url = readTarget(to ?? `http://localhost:${env.PORT || 4000}`)
  const token = env.PRESENTER_TOKEN || (await askToken?.())
  if (!token) {
    throw new NoEntry('The presenter’s token is missing: put it into PRESENTER_TOKEN.')
  }
  const cookie = await enter(url, token)
  return {
    source: createLiveSource({ url: url.origin, wakes: () => () => {}, cookie }),
    withoutToken: (text) => text.replaceAll(token, '…'),
  }
}

/** Where the system is, if a token may be sent there. Throws NoEntry. */
export function readTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url?.pathname === '/' && !url.search && !url.hash && !url.username
  if (!url || !isPlain || !['http:', 'https:'].includes(url.protocol)) {
    throw new NoEntry(`'${text}' must be like https://talk.example`)
  }
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return url
  throw new NoEntry(
    `The token would go to ${url.host} in the open. It is sent over https, or on this machine.`,
  )
}

const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name)

/** Exchanges the token; gives the cookies of the visitor and of the presenter. */
async function enter(url: URL, token: string): Promise<string> {
  const page = new URL('/enter', url)
  const visitor = cookiesOf(await ask(page, {}))
  const response = await ask(page, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url.origin, cookie: visitor },
    body: JSON.stringify({ token }),
  })
  if (response.status === 204) return [visitor, cookiesOf(response)].join('; ')
  throw new NoEntry(
    response.status === 404
      ? `${url.origin} does not know that token.`
      : `${url.origin} answered ${response.status}: that is no system of ours.`,
  )
}

/** Follows nobody elsewhere, least of all with a token. */
async function ask(page: URL, request: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(patienceMs)
  try {
    return await fetch(page, { ...request, redirect: 'error', signal })
  } catch {
    throw new NoEntry(`Nothing answers at ${page.origin}.`)
  }
}

const cookiesOf = ({ headers }: Response): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')

/** Asks for the token, or the link that has it, in the terminal; what is typed is not shown. */
export async function askToken(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  // From here on the terminal shows nothing of what is typed: first this, then the question.
  const asking = createInterface({ input: process.stdin, output: silent, terminal: true })
  process.stderr.write('The presenter’s token, or link: ')
  const ended = new Promise<string>((resolve) => asking.once('close', () => resolve('')))
  const answer = await Promise.race([asking.question(''), ended])
  asking.close()
  process.stderr.write('\n')
  return answer.trim().replace(/^.*#/, '')
}
