/*
 * A host of the lab: one Web Worker of the page, which becomes the host that the page says. It is
 * what an OS process is in Node: the second wall, which the page can end whatever runs in it.
 */
import declared from 'virtual:declared/let-it-crash'
import type { Leash, LeashOptions } from '../host/leash'
import { plainRecord } from '../host/log-value'
import { Sampler } from '../host/sampler'
import { runBoards, runLoad, runPlay, type HostWorld } from '../host/system-host'
import { problemOf, tryCode } from '../host/try-code'
import { soon } from '../host/turn'
import type { FromCanary, TryWord } from '../protocol/code-words'
import { compileText, fromText, heldByModules } from './hot-text'
import { BoundedQueue } from '../runtime'
import { createKeptLog } from './kept-log'
import { createPortLines, type PortLines } from './port-lines'
import { beatEveryMs, type FromWorker, type ToWorker } from './words'

const say = (word: FromWorker, carried: Transferable[] = []): void => {
  self.postMessage(word, { transfer: carried })
}

/** As much as an OS process may take where there is one. */
const limitMb = 512

let onWord: (word: unknown) => void = () => {}
let lines: PortLines | undefined

// As in Node: what nobody catches ends the host.
self.onunhandledrejection = ({ reason }) => {
  say({ type: 'fail', sentence: `A promise was rejected: ${String(reason).slice(0, 300)}` })
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'begin':
      return begin(data)
    case 'word':
      return onWord(data.word)
    case 'call':
      return lines?.take(data.whom, data.port)
    case 'gone':
      return lines?.drop(data.home)
  }
}

function begin({ host, life, boards, log }: Extract<ToWorker, { type: 'begin' }>): void {
  const own = createPortLines({
    home: `${host}.${life}`,
    carry: (address, port) => say({ type: 'call', address, port }, [port]),
  })
  lines = own
  const world = createWorld(own)
  if (host === 'canary') return tryWhatComes(world)
  if (host === 'load') return void runLoad(world)
  if (host !== 'boards') return void runPlay(world)
  const openLog = () => createKeptLog(log, say)
  void runBoards(world, { declared: { ...declared, boards }, words: declared.words, openLog })
}

function createWorld(own: PortLines): HostWorld {
  /** Time in which the loop was at work. */
  let busyMs = 0
  const worked =
    (act: () => void): (() => void) =>
    () => {
      const begunMs = performance.now()
      act()
      busyMs += performance.now() - begunMs
    }
  const after = (ms: number, act: () => void) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  }
  const sampler = new Sampler({
    pass: (record) => say({ type: 'log', record: plainRecord(record) }),
    after,
  })
  let lives = 0
  return {
    lines: own,
    loop: { soon: (act) => soon(worked(act)), after },
    loader: fromText,
    queue: new BoundedQueue({
      now: () => performance.now(),
      limitMb,
      held: heldByModules,
      onFull: (sentence) => say({ type: 'fail', sentence }),
    }),
    newLife: () => `${Math.random().toString(36).slice(2, 10)}${++lives}`,
    log: (record) => sampler.take(record),
    liveUnderRoot: (options) =>
      live(options, () => {
        const sum = busyMs
        busyMs = 0
        return sum
      }),
  }
}

function live({ onWord: hear, processes }: LeashOptions, takeBusyMs: () => number): Leash {
  if (hear) onWord = hear
  const beat = () => say({ type: 'beat', processes: processes?.() ?? 0, busyMs: takeBusyMs() })
  beat()
  setInterval(beat, beatEveryMs)
  return {
    ready: (details) => say({ type: 'ready', details }),
    say: (word) => say({ type: 'say', word }),
    fail(sentence) {
      say({ type: 'fail', sentence })
      return new Promise(() => {})
    },
  }
}

/** The canary: lives for one upgrade. */
function tryWhatComes(world: HostWorld): void {
  const leash = world.liveUnderRoot({
    onWord(raw) {
      const { sources, current } = raw as TryWord
      tryCode(sources, current, { compile: compileText, ...world }).then(
        ({ tries, files }) => leash.say({ type: 'code_tried', tries, files }),
        (error: unknown) =>
          leash.say({ type: 'code_problem', problem: problemOf(error) } satisfies FromCanary),
      )
    },
  })
  leash.ready()
}
