/*
 * The pages as an audience gets them: built by Vite, served with the strict policy of the real
 * gateway by the stand-in one, and opened in a real browser under a name that is no secure context,
 * as a laptop's address in a hall is none. Whatever the browser complains about is kept, and no
 * test may leave any.
 */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { toString as qrCode } from 'qrcode'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { sumFold } from '../../src/protocol/sum'
import { violations } from '../support/axe'
import { startBrowser } from '../support/browser'
import { createVisits } from '../support/visits'
import { createStandIn, type StandIn } from '../source/stand-in-gateway'

export const mine = 'play/session/7f3a91c2d4'
export const phone = { width: 390, height: 844 }
export const projector = { width: 1920, height: 1080 }

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

/** Its terminal writes style elements. */
const consolePolicy = `${policy}; style-src-elem 'self' 'unsafe-inline'`

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface ShownPages {
  readonly gateway: StandIn
  readonly folder: string
  /** What the browser complained about: errors, refused styles and scripts, foreign requests. */
  readonly complaints: string[]
  /** Answers `POST /enter`; the body is kept in `entered`. */
  enterStatus: number
  readonly entered: string[]
  /** Opens a page as a new visitor does, on a phone unless told otherwise. */
  open(
    path: string,
    options?: BrowserContextOptions,
    prepare?: (page: Page) => unknown,
  ): Promise<Page>
  /** Ends the visit, with all pages that it had open. */
  leave(page: Page): Promise<void>
  /** Closes all that was opened. */
  close(): Promise<void>
}

const folder = resolve(import.meta.dirname, '../../dist/web')

export async function showPages(): Promise<ShownPages> {
  const browser = await startBrowser(['--host-resolver-rules=MAP talk.test 127.0.0.1'])
  const gateway = await createStandIn((request, response) => void serve(request, response))
  gateway.welcome = { ...gateway.welcome, visitor: '7f3a91c2d4' }
  gateway.keep(hostsStream, hostsFold, 'g1')
  gateway.keep(mine, sumFold, 'h1.1')
  gateway.say(
    hostsStream,
    { type: 'host_ready', host: 'play' },
    { type: 'host_ready', host: 'boards' },
  )

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const path = new URL(request.url ?? '/', 'http://talk.test').pathname
    if (request.method === 'POST') {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      shown.entered.push(body)
      response.writeHead(shown.enterStatus).end()
    } else if (path === '/qr.svg') {
      response.setHeader('content-type', 'image/svg+xml')
      response.end(await qrCode('HTTP://TALK.TEST:4000', { type: 'svg', margin: 4 }))
    } else {
      const file = extname(path) ? path : `/pages${pageOf(path)}/index.html`
      const isConsole = file.startsWith('/pages/console/')
      const content = await readFile(join(folder, file)).catch(() => undefined)
      response.setHeader('content-type', types[extname(file)] ?? 'text/plain')
      response.setHeader('content-security-policy', isConsole ? consolePolicy : policy)
      response.writeHead(content ? 200 : 404).end(content ?? 'nothing here')
    }
  }

  const shown: ShownPages = {
    gateway,
    folder,
    complaints: [],
    enterStatus: 204,
    entered: [],
    async open(path, options = {}, prepare) {
      const page = await visits.begin({ viewport: phone, ...options }, prepare)
      await page.goto(`http://talk.test:${gateway.port}${path}`)
      return page
    },
    leave: (page) => visits.end(page),
    async close() {
      await browser.close()
      await gateway.kill()
    },
  }
  const visits = createVisits(
    browser,
    () => `http://talk.test:${gateway.port}/empty`,
    (page) => watch(page, shown.complaints),
  )
  return shown
}

/** The page's folder: `/board/x/wall` is the wall of a board, `/board/x` the board itself. */
function pageOf(path: string): string {
  if (path === '/') return '/now'
  if (path === '/dashboard/load_control') return '/load'
  if (path === '/dashboard/processes') return '/processes'
  if (path === '/dashboard/tree') return '/tree'
  if (path === '/dashboard/logs') return '/logs'
  if (path === '/dashboard/console') return '/console'
  if (path === '/dashboard/upgrade') return '/upgrade'
  const [, room = '', , part] = path.toLowerCase().split('/')
  return `/${part ?? room}`
}

/** A page whose gateway is away or whose link is refused cannot help that its requests fail. */
const expected = /Failed to load resource|WebSocket connection to .* failed/

function watch(page: Page, complaints: string[]) {
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (!expected.test(message.text())) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol !== 'data:' && hostname !== 'talk.test') complaints.push(`asked ${request.url()}`)
  })
}

/** Of all rules of axe, those that look at colours. */
const colourRules = ['color-contrast', 'link-in-text-block']

/** What axe calls serious or worse on the page as it stands, as one line each. */
export async function seriousFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  return (await violations(page, rules))
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

/**
 * Looks at the page as it stands in light, and then in dark, where those rules of axe that do not
 * look at colours have nothing new to say.
 *
 * @param look gets the serious faults
 */
export async function inLightAndDark(
  page: Page,
  look: (faults: string[]) => unknown,
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(() => {
      for (const animation of document.getAnimations())
        if (animation instanceof CSSTransition) animation.finish()
    })
    await look(await seriousFaults(page, colorScheme === 'dark' ? colourRules : undefined))
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
