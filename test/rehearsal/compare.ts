/*
 * Whether a replay shows what was live: at moments of a seed, the view that a replay has of each
 * stream is one that was live within 0.3 s of it, since a word reaches two listeners some
 * milliseconds apart. Both are first put into the words of a recording: what is rounded there is
 * rounded (thinning.ts), and what is renamed or taken away there has no name here (redaction.ts).
 *
 * Charts are compared by what they count. A recording joins samples of a fifth of a second, so what
 * it counts in five seconds lies between what was counted live in a fifth less and a fifth more.
 */
import { isDeepStrictEqual } from 'node:util'
import { boardOf } from '../../src/protocol/recorded-streams'
import { consoleStream } from '../../src/protocol/console'
import { deckStream } from '../../src/protocol/deck'
import { gaugesStream, type GaugesSample, type GaugesView } from '../../src/protocol/gauges'
import { loadStream, type LoadSample, type LoadView } from '../../src/protocol/load'
import { readTableStream } from '../../src/protocol/processes'
import type { Recording } from '../../src/protocol/recording'
import { treeStream } from '../../src/protocol/tree'
import type { WallView } from '../../src/protocol/wall'
import { Replay } from '../../src/source/replay'
import { createViewerClock } from '../source/viewer-clock'
import { Random } from '../support/random'
import { kinds, type Observer, type Seen } from './observer'
import { hidden } from './words'

export interface Compared {
  readonly recording: Recording
  readonly observer: Observer
  readonly seed: number
  readonly moments: number
}

/** One view of one moment that is another than was live. */
export interface Unequal {
  readonly stream: string
  readonly atMs: number
  /** Where in the view they differ first, and what is there in both. */
  readonly where: string
  readonly replayed: unknown
  readonly live: unknown
}

const withinMs = 300
const chartMs = 5_000
const cellMs = 200
const jumps = 100

export function compare({ recording, observer, seed, moments }: Compared) {
  const random = new Random(seed)
  const { beganAtMs } = recording.head
  const viewer = createViewerClock()
  const replay = new Replay(recording, viewer)
  const known = new Map<string, unknown>()
  for (const { stream, fold } of kinds) {
    replay.source.follow(stream, fold, ({ view }) => known.set(stream, view))
  }
  const fromMs = observer.sinceMs()! - beganAtMs
  const at = () => Math.round(fromMs + random.next() * (replay.lengthMs - fromMs))
  const chosen = Array.from({ length: moments }, at)
  const unequal: Unequal[] = []

  function jump(atMs: number): void {
    replay.seek(atMs)
    while (!replay.isThere) viewer.pass(1)
  }
  const look = (atMs: number) => {
    jump(atMs)
    return new Map(known)
  }

  const looks = chosen.map((atMs) => look(atMs))
  for (const [index, atMs] of chosen.entries()) {
    for (const { stream } of kinds) {
      const replayed = looks[index]!.get(stream)
      const seen = observer.seen(stream)
      const live = liveAbout(seen, beganAtMs + atMs)
      if (isEqual(stream, replayed, live, seen)) continue
      const both = [inWords(stream, replayed), inWords(stream, live.at(-1) ?? null)] as const
      unequal.push({ stream, atMs, ...difference(...both) })
    }
  }
  const unequalViews = unequal.length
  // Whoever scrubs sees the same as whoever came there first.
  for (let turn = 0; turn < jumps; turn++) {
    const index = random.below(chosen.length)
    const again = look(chosen[index]!)
    const before = looks[index]!
    const other = kinds.find(({ stream }) => {
      return !isDeepStrictEqual(again.get(stream), before.get(stream))
    })
    if (!other) continue
    const { stream } = other
    const both = [again.get(stream), before.get(stream)] as const
    unequal.push({ stream, atMs: chosen[index]!, ...difference(...both) })
  }
  const views = moments * kinds.length
  const figure = {
    ...{ measure: 'replay equals live', seed, moments, views, equalViews: views - unequalViews },
    ...{ jumps, equalJumps: jumps - (unequal.length - unequalViews) },
  }
  return { figure, unequal }
}

/** Where two values differ first. */
function difference(
  replayed: unknown,
  live: unknown,
  where = '',
): Omit<Unequal, 'stream' | 'atMs'> {
  const fields = (value: unknown) => Object.entries((value ?? {}) as object)
  const areBoth = [replayed, live].every((value) => typeof value === 'object' && value !== null)
  const names = areBoth ? new Set([...fields(replayed), ...fields(live)].map(([name]) => name)) : []
  for (const name of names) {
    const [one, other] = [replayed, live].map((value) => (value as Record<string, unknown>)[name])
    if (!isDeepStrictEqual(one, other)) return difference(one, other, `${where}/${name}`)
  }
  return { where, replayed, live }
}

/** The views that were live at some time about a moment. */
function liveAbout(seen: readonly Seen[], atMs: number): unknown[] {
  return seen.flatMap(({ atMs: sinceMs, view }, at) => {
    const untilMs = seen[at + 1]?.atMs ?? Infinity
    return sinceMs <= atMs + withinMs && untilMs > atMs - withinMs ? [view] : []
  })
}

function isEqual(
  stream: string,
  replayed: unknown,
  live: readonly unknown[],
  seen: readonly Seen[],
): boolean {
  if (stream === loadStream) return isSameLoad(replayed as LoadView, live as LoadView[], seen)
  if (stream === gaugesStream) return areSameGauges(replayed as GaugesView, live as GaugesView[])
  const wanted = inWords(stream, replayed)
  return live.some((view) => isDeepStrictEqual(inWords(stream, view), wanted))
}

/** A view as a recording for everybody has it. Both sides are put so. */
function inWords(stream: string, view: unknown): unknown {
  const plain = JSON.parse(JSON.stringify(view)) as never
  if (stream === deckStream) return eachField(plain, ['wish'], () => undefined)
  if (boardOf(stream) !== undefined) return withoutHidden(plain)
  const named = eachText(plain, stream === consoleStream ? withoutNumbers : withoutNames)
  if (readTableStream(stream)) return eachField(named, ['ageMs'], (age) => rounded(age, 1_000))
  if (stream !== treeStream) return named
  const coarse = eachField(named, ['busy', 'cores'], (share) => rounded(share, 0.05))
  return eachField(coarse, ['rssMb'], (size) => rounded(size, 2))
}

function withoutHidden({ notes, spotlight, ...face }: WallView): object {
  const isHidden = (id: number | null) => notes.some((one) => one.id === id && one.text === hidden)
  return {
    ...face,
    spotlight: isHidden(spotlight) ? null : spotlight,
    notes: notes.filter(({ text }) => text !== hidden),
  }
}

const rounded = (value: unknown, step: number): unknown =>
  typeof value === 'number' ? Number((Math.round(value / step) * step).toFixed(2)) : value

/** Visitors, ids and addresses have other names in a recording, or none. */
const withoutNames = (text: string): string =>
  text
    .replaceAll(/\b(session|own)\/[\w-]+/g, '$1/…')
    .replaceAll(/\b(?:https?|wss?):\/\/[^\s)'"]+/gi, '…')
    .replaceAll(/\b(?=\d*[a-f])[0-9a-f]{10,}\b/gi, '…')

/** Numbers that somebody may have typed are others of their class in a recording. */
const withoutNumbers = (text: string): string =>
  withoutNames(/\.ts:\d/.test(text) ? text.replaceAll(/(\w+): \S+?(?=[,)}\s]|$)/g, '$1: …') : text)

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => eachText(item, change))
  const fields = Object.entries(value).map(([name, field]) => [name, eachText(field, change)])
  return Object.fromEntries(fields)
}

function eachField(
  value: unknown,
  names: readonly string[],
  change: (field: unknown) => unknown,
): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => eachField(item, names, change))
  const fields = Object.entries(value).map(([name, field]) => {
    return [name, names.includes(name) ? change(field) : eachField(field, names, change)]
  })
  return Object.fromEntries(fields)
}

const counts = {
  due: ({ due }: LoadSample) => due,
  done: ({ done }: LoadSample) => done,
  failed: ({ failed }: LoadSample) => Object.values(failed).reduce((all, each) => all + each, 0),
}

function isSameLoad(
  { samples, ...wanted }: LoadView,
  live: readonly LoadView[],
  seen: readonly Seen[],
): boolean {
  const isWanted = live.some(({ samples: _, ...face }) => isDeepStrictEqual(face, wanted))
  const last = samples.at(-1)
  if (!last) return isWanted && live.some((view) => view.samples.length === 0)
  const toMs = last.atMs
  const isIn = (fromMs: number, untilMs: number) => (sample: LoadSample) =>
    sample.atMs > fromMs && sample.atMs <= untilMs
  const told = samples.filter(isIn(toMs - chartMs, toMs))
  const all = samplesOf(seen, toMs)
  const fewest = all.filter(isIn(toMs - chartMs + cellMs, toMs - cellMs))
  const most = all.filter(isIn(toMs - chartMs - cellMs, toMs + cellMs))
  const total = (those: readonly LoadSample[], of: (sample: LoadSample) => number) =>
    those.reduce((sum, sample) => sum + of(sample), 0)
  const isCounted = Object.values(counts).every((of) => {
    const count = total(told, of)
    return count >= total(fewest, of) && count <= total(most, of)
  })
  return isWanted && isCounted && most.some(({ clients }) => clients === last.clients)
}

/** All samples that were live until a while after a moment, each once. */
function samplesOf(seen: readonly Seen[], atMs: number): LoadSample[] {
  const later = seen.find((one) => one.atMs > atMs + 2 * withinMs) ?? seen.at(-1)!
  return [...(later.view as LoadView).samples]
}

/** Of each host that is told, how busy it was in five seconds, and how large it is. */
function areSameGauges({ samples }: GaugesView, live: readonly GaugesView[]): boolean {
  const last = samples.at(-1)
  const lately = live.at(-1)?.samples ?? []
  if (!last) return lately.length === 0
  const near = lately.filter(({ atMs }) => Math.abs(atMs - last.atMs) <= 2 * cellMs)
  const isShown = near.some(({ hosts }) => {
    return isDeepStrictEqual(
      hosts.map(({ host }) => host),
      last.hosts.map(({ host }) => host),
    )
  })
  const spare = 0.05 / 2 + (4 * cellMs) / chartMs
  return (
    isShown &&
    last.hosts.every(({ host, rssMb }) => {
      const [told, was] = [busyOf(samples, host, last.atMs), busyOf(lately, host, last.atMs)]
      const sizes = near.flatMap(({ hosts }) => hosts.filter((each) => each.host === host))
      return (
        Math.abs(told - was) <= spare && sizes.some((size) => Math.abs(size.rssMb - rssMb) <= 1.01)
      )
    })
  )
}

function busyOf(samples: readonly GaugesSample[], host: string, toMs: number): number {
  const those = samples
    .filter(({ atMs }) => atMs > toMs - chartMs && atMs <= toMs)
    .flatMap(({ hosts }) => hosts.filter((gauge) => gauge.host === host))
  return those.reduce((sum, { busy }) => sum + busy, 0) / (those.length || 1)
}
