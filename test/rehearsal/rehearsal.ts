/*
 * A rehearsal from its beginning to its file: the system with its recorder, the talk before a hall
 * of visitors, the recording made for everybody, and its replay compared with what was live.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readRecording, type Recording } from '../../src/protocol/recording'
import { startBrowser } from '../support/browser'
import { hotSources } from '../support/hot-sources'
import { startSystem } from '../support/system'
import { until } from '../support/until'
import { compare, type Unequal } from './compare'
import { observe, type Observer } from './observer'
import { Talk } from './talk'
import { openVisitor, type Visitor } from './visitor'

export interface RehearsalWords {
  /** Where the recording for everybody is written. */
  readonly out: string
  readonly visitors: number
  /** How long all takes, in what is usual: 1 gives five minutes. */
  readonly pace: number
  /** Only these slides, rather than all. */
  readonly slides?: readonly string[]
  readonly seed: number
  /** At how many moments the replay is compared with what was live. */
  readonly moments: number
}

export interface Rehearsed {
  /** What was measured, a line each. */
  readonly figures: readonly object[]
  /** Where the replay shows something else than was live. */
  readonly unequal: readonly Unequal[]
  readonly recording: Recording
}

export async function rehearse(words: RehearsalWords): Promise<Rehearsed> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'))
  try {
    const observer = await give(words, folder)
    exportTo(words.out, join(folder, 'recordings'))
    const recording = readRecording(gunzipSync(readFileSync(words.out)).toString().split('\n'))!
    const { seed, moments } = words
    const compared = compare({ recording, observer, seed, moments })
    const minutes = Math.round(recording.words.at(-1)!.atMs / 600) / 100
    const file = { measure: 'recording', minutes, bytes: statSync(words.out).size }
    const figures = [file, perStream(recording), compared.figure]
    return { figures, unequal: compared.unequal, recording }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Gives the talk; what was seen of it stays with the observer. */
async function give(words: RehearsalWords, folder: string): Promise<Observer> {
  const sources = hotSources()
  const env = () => ({ RECORD: 'yes', DATA_DIR: folder, HOT_SOURCES: sources.folder })
  const [system, browser] = await Promise.all([startSystem(env), startBrowser()])
  try {
    await system.ready()
    const observer = await observe(system.url)
    const visitors: Visitor[] = []
    const { pace, slides } = words
    const talk = await Talk.prepare({
      ...{ system, browser, sources, visitors, observer, pace, slides },
    })
    while (visitors.length < words.visitors) {
      visitors.push(await openVisitor(browser, system.url))
    }
    await until(() => {
      if (observer.sinceMs() === undefined) throw new Error('not all streams have told something')
    })
    await talk.give()
    talk.leave()
    observer.leave()
    return observer
  } finally {
    await browser.close()
    await system.stop()
    sources.remove()
  }
}

function exportTo(out: string, recordings: string): void {
  const [name = ''] = readdirSync(recordings)
  const program = resolve(import.meta.dirname, '../../server/recording.mjs')
  const args = [program, join(recordings, name), '--out', out]
  const { status, stderr } = spawnSync('node', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The recording was not exported: ${stderr}`)
}

/** Lines of each stream, and how large they are before they are packed. */
function perStream({ words }: Recording): object {
  const streams: Record<string, { words: number; kB: number }> = {}
  for (const word of words) {
    const name = word.type === 'gap' ? 'gap' : word.stream
    const stream = (streams[name] ??= { words: 0, kB: 0 })
    stream.words++
    stream.kB += JSON.stringify(word).length / 1000
  }
  const rounded = Object.entries(streams).map(([name, { words, kB }]) => {
    return [name, { words, kB: Math.round(kB) }]
  })
  return { measure: 'words', streams: Object.fromEntries(rounded) }
}
