/*
 * What a note costs that comes to a full wall: script, style and layout in a real browser, as the
 * browser itself counts them, for 500 notes on a projector. Every arrival takes an old note's place,
 * as it does on a board at its bound; a turned page is measured beside it. Prints a line of JSON
 * each.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build } from 'vite'
import { boardStream } from '../../src/protocol/board'
import { wallFold, type WallNote, type WallView } from '../../src/protocol/wall'
import { createStandIn } from '../source/stand-in-gateway'
import { projector, startBrowser } from '../support/browser'
import { Random } from '../support/random'

const rounds = 200
const bound = 500
const stream = boardStream('tools')
const random = new Random(1)
const words = ['tail', 'Grafana', 'traces', 'a colleague', 'logs', 'flame graphs', 'patience', '🔥']

const say = (measure: string, fields: object) =>
  process.stdout.write(`${JSON.stringify({ measure, ...fields })}\n`)

function spread(tookMs: readonly number[]) {
  const sorted = [...tookMs].sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1]! * 10) / 10
  return { n: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

let lastId = 0
function newNote(): WallNote {
  const text = Array.from({ length: random.between(1, 9) }, () => random.pick(words)).join(' ')
  const votes = random.chance(0.2) ? random.below(20) : 0
  return { id: ++lastId, text, votes, pinned: false }
}

const folder = await mkdtemp(join(tmpdir(), 'wall-'))
await build({
  root: resolve(import.meta.dirname, '../../src'),
  configFile: false,
  logLevel: 'warn',
  plugins: [svelte()],
  build: {
    outDir: folder,
    emptyOutDir: true,
    rollupOptions: { input: resolve(import.meta.dirname, '../../src/pages/wall/index.html') },
  },
})

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}
const gateway = await createStandIn(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://wall.test').pathname
  const file = extname(path) ? path : '/pages/wall/index.html'
  const content = await readFile(join(folder, file)).catch(() => 'nothing here')
  response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
  response.end(content)
})
const browser = await startBrowser()

try {
  const notes = Array.from({ length: bound }, newNote)
  const question = 'What are your tools?'
  const view: WallView = { ...wallFold.empty, question, open: true, wasOpened: true, notes }
  gateway.keep(stream, wallFold, 'log1')
  gateway.show(stream, view)
  const page = await (await browser.newContext(projector)).newPage()
  await page.addInitScript(() => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    const Socket = window.WebSocket
    window.WebSocket = class extends Socket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        this.addEventListener('message', () => window.dispatchEvent(new Event('heard')))
      }
    }
    Object.assign(window, {
      drawn,
      heard: () =>
        new Promise((done) => window.addEventListener('heard', done, { once: true })).then(drawn),
    })
  })
  await page.goto(`${gateway.url}/board/tools/wall`)
  await page.getByText('page 1 of').waitFor()
  const devtools = await page.context().newCDPSession(page)
  // What the page's own thread burned: others on the machine do not count.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })

  /** Milliseconds of script, style and layout in the page so far. */
  async function spentMs(): Promise<number> {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const counted = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration']
    const each = metrics.filter(({ name }) => counted.includes(name)).map(({ value }) => value)
    return each.reduce((sum, seconds) => sum + seconds, 0) * 1_000
  }

  async function costMs(act: () => Promise<unknown>): Promise<number> {
    const before = await spentMs()
    await act()
    return (await spentMs()) - before
  }

  async function arrivals(count: number): Promise<number[]> {
    const costs: number[] = []
    for (let round = 0; round < rounds; round++) {
      const came = Array.from({ length: count }, newNote)
      const gone = notes.splice(0, count).map(({ id }) => id)
      notes.push(...came)
      costs.push(
        await costMs(async () => {
          const heard = page.evaluate('heard()')
          await page.evaluate('0')
          gateway.say(stream, { type: 'wall_changed', put: came, drop: gone })
          await heard
        }),
      )
    }
    return costs
  }

  await arrivals(1)
  for (const count of [1, 40]) {
    say('wall, notes arrive among 500', { count, ...spread(await arrivals(count)) })
  }
  const turns: number[] = []
  for (let round = 0; round < rounds; round++) {
    turns.push(
      await costMs(async () => {
        await page.keyboard.press('ArrowRight')
        await page.evaluate('drawn()')
      }),
    )
  }
  say('wall, a page turns among 500 notes', spread(turns))
} finally {
  await browser.close()
  await gateway.kill()
  await rm(folder, { recursive: true })
}
