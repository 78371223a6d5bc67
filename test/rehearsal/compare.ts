/*
 * Whether a replay shows what was live: at moments of a seed, the view that a replay has of each
 * stream is one that was live within 0.3 s of it, since a word reaches two listeners some
 * milliseconds apart. Both are first put into the words of a recording: what is rounded there is
 * rounded (thinning.ts), and what is renamed or taken away there has no name here (redaction.ts).
 *
 * Charts are compared by their last five seconds. A recording joins samples of a fifth of a second:
 * what it counts lies between what was counted live in a fifth less at both ends and in a fifth more.
 */
import { isDeepStrictEqual } from 'node:util'
import { boardOf } from '../../src/protocol/recorded-streams'
import { consoleStream } from '../../src/protocol/console'
import { deckStream } from '../../src/protocol/deck'
import {
  gaugesStream,
  type GaugesSample,
  type GaugesView,
  type HostGauge,
} from '../../src/protocol/gauges'
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
  const untilMs = Math.min(observer.untilMs()! - beganAtMs, replay.lengthMs) - withinMs
  const at = () => Math.round(fromMs + random.next() * (untilMs - fromMs))
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
      if (isEqual(stream, replayed, live, { seen, atMs: beganAtMs + atMs })) continue
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
  { seen, atMs }: { readonly seen: readonly Seen[]; readonly atMs: number },
): boolean {
  if (stream === loadStream) return isSameLoad(replayed as LoadView, live as LoadView[], seen)
  if (stream === gaugesStream) return areSameGauges(replayed as GaugesView, seen, atMs)
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
  const all = samplesOf<LoadSample>(seen, toMs)
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

/** What a view with samples had a while after a moment. */
function samplesOf<Sample>(seen: readonly Seen[], atMs: number): readonly Sample[] {
  const later = seen.find((one) => one.atMs > atMs + 2 * withinMs) ?? seen.at(-1)!
  return (later.view as { samples: readonly Sample[] }).samples
}

/**
 * Each fifth of a second is there, and says of each host what lies between what was live within it.
 */
function areSameGauges({ samples }: GaugesView, seen: readonly Seen[], atMs: number): boolean {
  const all = samplesOf<GaugesSample>(seen, atMs)
  const isLate = (sample: GaugesSample) =>
    sample.atMs > atMs - chartMs && sample.atMs <= atMs - withinMs - cellMs
  const cellOf = (sample: GaugesSample) => Math.ceil(sample.atMs / cellMs) * cellMs
  const told = samples.filter((sample) => sample.atMs > atMs - chartMs)
  const isWhole = all.filter(isLate).every((sample) => {
    return told.some((one) => one.atMs === cellOf(sample))
  })
  return (
    isWhole &&
    told.every((sample) => {
      const live = all.filter((one) => cellOf(one) === sample.atMs)
      return sample.hosts.every((gauge) => isBetween(gauge, live))
    })
  )
}

function isBetween({ host, busy, rssMb }: HostGauge, live: readonly GaugesSample[]): boolean {
  const those = live.flatMap(({ hosts }) => hosts.filter((gauge) => gauge.host === host))
  const shares = those.map((gauge) => gauge.busy)
  const isBusy = busy >= Math.min(...shares) - 0.026 && busy <= Math.max(...shares) + 0.026
  return isBusy && those.some((gauge) => Math.abs(gauge.rssMb - rssMb) <= 1.01)
}
