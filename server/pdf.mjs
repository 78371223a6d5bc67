/*
 * `npm run pdf`: prints the deck to let-it-crash.pdf, one page a slide, with live pages as stills.
 *   npm run pdf -- --from https://talk.example    prints what a running system shows
 *   npm run pdf -- --to /tmp/talk.pdf             writes elsewhere
 * Without a running one it starts the system on a free port and ends it afterwards; the codes in
 * the document lead to where `npm start` would serve.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findChromium } from '../test/support/chromium.mjs'
import { setUp } from './set-up.mjs'

const root = join(import.meta.dirname, '..')
const { values: words } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string', default: join(root, 'let-it-crash.pdf') },
  },
})
const file = resolve(words.to)
/** Long enough for a busy machine. */
const patienceMs = 60_000

setUp()
const executablePath = findChromium()
if (!executablePath) giveUp('This needs Chromium or Chrome: install one, or name it in CHROMIUM.')
const system = words.from ? undefined : await startSystem()
try {
  const pages = await print(words.from ?? system.url)
  process.stdout.write(`${file}: ${pages} pages\n`)
} finally {
  await system?.stop()
}

/** Prints the deck of the system at `from`, and gives the number of pages. */
async function print(from) {
  const { chromium } = await import('playwright-core')
  // Chromium's own walls do not work for root.
  const args = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(patienceMs)
    await page.goto(new URL('/deck/?print-pdf', from).href)
    await page.locator('.pdf-page').first().waitFor()
    await page.waitForFunction(isWhole)
    await page.pdf({ path: file, preferCSSPageSize: true, printBackground: true, outline: true })
    return await page.locator('.pdf-page').count()
  } finally {
    await browser.close()
  }
}

/** Runs in the page: whether every code and every picture is there. */
function isWhole() {
  const isDrawn = (code) => code.querySelector('img')
  const isLoaded = (image) => image.complete && image.naturalWidth > 0
  return (
    [...document.querySelectorAll('.slides qr-code')].every(isDrawn) &&
    [...document.querySelectorAll('.slides img')].every(isLoaded)
  )
}

/** Starts the built system on a free port of this machine alone. */
async function startSystem() {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(root, 'dist/server/main.js')], {
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: await audience(),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  }
  const endMs = performance.now() + patienceMs
  while (!(await isReady(url))) {
    if (child.exitCode !== null) giveUp('The system could not be started.')
    if (performance.now() < endMs) continue
    await stop()
    giveUp('The system did not become ready.')
  }
  return { url, stop }
}

/** Where `npm start` on this machine, with this environment, is found by its audience. */
async function audience() {
  const { runnerImport } = await import('vite')
  const importFrom = async (name) => (await runnerImport(join(root, 'server', name))).module
  const { readConfig } = await importFrom('config.ts')
  const { audienceAddress } = await importFrom('address.ts')
  return audienceAddress(readConfig(process.env))
}

async function isReady(url) {
  const answer = await fetch(`${url}/health`).catch(() => undefined)
  if (!answer?.ok) await new Promise((again) => setTimeout(again, 100))
  return answer?.ok ?? false
}

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

function giveUp(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
