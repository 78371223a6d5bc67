/*
 * What the deck costs, on the real system in a real browser: how much is loaded before pictures, how
 * long a cold browser waits for the first slide, and how long a slide takes to turn. Prints a line of
 * JSON each.
 *   node test/bench/run.mjs only=deck
 */
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { projector, startBrowser } from '../support/browser'
import buildFixtures from '../support/build'
import { startSystem } from '../support/system'

const coldStarts = 10

await buildFixtures()
const [system, browser] = await Promise.all([startSystem(), startBrowser()])

const say = (measure: string, fields: object) =>
  process.stdout.write(`${JSON.stringify({ measure, ...fields })}\n`)

function spread(tookMs: readonly number[]) {
  const sorted = [...tookMs].sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1]! * 10) / 10
  return { n: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

/** Packs what the deck's page loads; pictures that the build put into the script do not count. */
async function weigh(): Promise<void> {
  const page = await (await fetch(`${system.url}/deck/`)).text()
  const paths = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(js|css))"/g)]
  const gzipBytes = { js: 0, css: 0, all: 0, withPictures: 0 }
  for (const [, path, kind] of paths) {
    const text = await (await fetch(system.url + path)).text()
    const plain = kind === 'js' ? text.replace(/data:image[^"\\]*/g, '') : text
    const bytes = gzipSync(plain, { level: 9 }).length
    gzipBytes[kind as 'js' | 'css'] += bytes
    gzipBytes.all += bytes
    gzipBytes.withPictures += gzipSync(text, { level: 9 }).length
  }
  say('deck, script and style packed', { files: paths.length, gzipBytes })
}

/** Milliseconds from the wish for the page until the first slide stands there with its pictures. */
async function firstSlideMs(cold: Browser): Promise<number> {
  const context = await cold.newContext(projector)
  const page = await context.newPage()
  await page.goto(`${system.url}/deck/`, { waitUntil: 'commit' })
  const tookMs = await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    while (!document.querySelector('.reveal.ready')) await frame()
    const pictures = document.querySelectorAll<HTMLImageElement>('section.present img')
    await Promise.all([...pictures].map((picture) => picture.decode()))
    await frame()
    await frame()
    return performance.now()
  })
  await context.close()
  return tookMs
}

/** Turns every slide and step to the end and back; each ends with the second frame after the key. */
async function turns() {
  const context = await browser.newContext(projector)
  const page = await context.newPage()
  await page.goto(`${system.url}/deck/`)
  await page.locator('.reveal.ready').waitFor()
  const took = await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    const timed = async (act: () => void) => {
      performance.mark('begin')
      act()
      await frame()
      await frame()
      return performance.measure('turn', 'begin').duration
    }
    const press = (keyCode: number) => () =>
      void document.dispatchEvent(new KeyboardEvent('keydown', { keyCode, bubbles: true }))
    const state = () =>
      [...document.querySelectorAll('section.present')].map(({ id }) => id).join() +
      document.querySelectorAll('.fragment.visible').length

    const turnMs: number[] = []
    const restMs: number[] = []
    // N and P, forwards and backwards through slides and their steps.
    for (const key of [78, 80]) {
      for (let before = ''; before !== state();) {
        before = state()
        turnMs.push(await timed(press(key)))
        restMs.push(await timed(() => undefined))
      }
    }
    return { turnMs, restMs }
  })
  await context.close()
  return took
}

try {
  await system.ready()
  await weigh()
  const firstMs: number[] = []
  for (let round = 0; round < coldStarts; round++) firstMs.push(await firstSlideMs(browser))
  say('deck, first slide with a cold cache', spread(firstMs))
  const { turnMs, restMs } = await turns()
  // What is left over two frames of nothing is the turn's own.
  say('deck, a slide turns', { ...spread(turnMs), twoFramesP50Ms: spread(restMs).p50Ms })
} finally {
  await browser.close()
  await system.stop()
}
