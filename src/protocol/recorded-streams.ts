/*
 * The streams that a recording may hold, and the shape of what each tells. Whoever makes a
 * recording public, or shows one, did not write it: by these shapes it is known what is in it.
 * Fields that are not named here are left out by `parse`; a view or an event that has another shape
 * is none.
 */
import {
  array,
  boolean,
  finite,
  integer,
  literal,
  maxLength,
  minValue,
  nullable,
  number,
  object,
  optional,
  partial,
  picklist,
  pipe,
  record,
  string,
  union,
  variant,
  type GenericSchema,
} from 'valibot'
import { plantedBugs } from '../compile/repairs'
import { boardStream } from './board'
import { consoleStream } from './console'
import { deckStream } from './deck'
import { gaugesStream } from './gauges'
import { hallSumsStream } from './hall-sums'
import { hostsStream } from './hosts'
import { bugs, huntStream } from './hunt'
import { jobFailures, loadStream } from './load'
import { logLevels, logsStream } from './logs'
import { readTableStream } from './processes'
import { rootsSchema, rowFields } from './seen-check'
import { treeStream } from './tree'
import { hotModules, upgradeStream } from './upgrades'

/** What a stream tells. */
export interface RecordedShape {
  readonly view: GenericSchema
  readonly event: GenericSchema
}

/** Far more than any view has. */
const maxItems = 2_000

const text = (most = 300) => pipe(string(), maxLength(most))
const few = <Item extends GenericSchema>(item: Item) => pipe(array(item), maxLength(maxItems))
const value = pipe(number(), finite())
const count = pipe(number(), integer(), minValue(0))
const atMs = pipe(number(), minValue(0))
const flag = boolean()
const kind = <Name extends string>(name: Name) => literal(name)
const yes = optional(literal(true))

const shown = {
  slide: text(100),
  fragment: pipe(number(), integer()),
  board: optional(text(100)),
  wish: text(100),
  atMs,
}
const deck: RecordedShape = {
  view: object({ shown: optional(object(shown)) }),
  event: object({ type: kind('slide_shown'), ...shown }),
}

const note = object({ id: count, text: text(2_000), votes: count, pinned: flag })
const face = {
  question: text(1_000),
  open: flag,
  approveFirst: flag,
  slowSeconds: value,
  wasOpened: flag,
  blank: flag,
  spotlight: nullable(count),
}
const wall: RecordedShape = {
  view: object({ ...face, notes: few(note) }),
  event: object({
    type: kind('wall_changed'),
    put: optional(few(note)),
    drop: optional(few(count)),
    face: optional(partial(object(face))),
    reset: yes,
  }),
}

const bug = picklist(bugs)
const found = object({
  count,
  shadows: count,
  firstAtMs: optional(atMs),
  isRevealed: flag,
})
const hunt: RecordedShape = {
  view: object({
    armed: flag,
    round: count,
    beganMs: optional(atMs),
    found: object({ negative: found, thirteen: found, huge: found }),
  }),
  event: variant('type', [
    object({ type: kind('bug_found'), bug, isShadow: flag, atMs }),
    object({ type: kind('hunt_armed'), armed: flag }),
    object({ type: kind('bug_revealed'), bug }),
    object({ type: kind('hunt_reset'), atMs }),
  ]),
}

const latency = { p50: value, p90: value, p99: value, p999: value, max: value }
const failures = Object.fromEntries(jobFailures.map((why) => [why, optional(count)]))
/** As `load/control` tells it. */
export const loadSampled = object({
  type: kind('load_sampled'),
  sample: object({
    atMs,
    target: count,
    clients: count,
    due: count,
    done: count,
    failed: object(failures),
    latencyMs: optional(object(latency)),
    backsOff: flag,
  }),
})
const load: RecordedShape = {
  view: object({
    target: count,
    playHosts: count,
    mostPlayHosts: count,
    samples: few(loadSampled.entries.sample),
  }),
  event: variant('type', [
    loadSampled,
    object({ type: kind('target_set'), target: count }),
    object({ type: kind('play_hosts_set'), count, most: count }),
  ]),
}

const host = text(40)
const gauge = {
  host,
  busy: value,
  cores: value,
  rssMb: value,
  processes: optional(count),
}
/** As `gateway/gauges` tells it. */
export const gaugesSampled = object({
  type: kind('gauges_sampled'),
  sample: object({
    atMs,
    hosts: few(object(gauge)),
    sums: optional(object({ ...latency, count })),
  }),
})
const gauges: RecordedShape = {
  view: object({ samples: few(gaugesSampled.entries.sample) }),
  event: gaugesSampled,
}

const state = picklist(['starting', 'ready', 'leaving', 'lost', 'quarantined'])
const reason = text(1_000)
const hosts: RecordedShape = {
  view: object({
    hosts: few(object({ host, state, losses: count, reason: optional(reason) })),
  }),
  event: variant('type', [
    object({ type: kind('host_starting'), host }),
    object({ type: kind('host_ready'), host }),
    object({ type: kind('host_leaving'), host }),
    object({ type: kind('host_left'), host }),
    object({ type: kind('host_lost'), host, reason }),
    object({ type: kind('host_quarantined'), host, reason }),
  ]),
}

const entry = object({
  number: count,
  atMs,
  level: picklist(logLevels),
  event: text(),
  host,
  pid: optional(text()),
  name: optional(text()),
  call: optional(text()),
  supervisor: optional(text()),
  child: optional(text()),
  reason: optional(reason),
  stack: optional(few(text(1_000))),
  ancestors: optional(few(object({ pid: text(), call: optional(text()) }))),
  text: optional(text(1_000)),
  count: optional(count),
  of: optional(text()),
  details: optional(record(text(100), union([text(), value, flag]))),
})
const logs: RecordedShape = {
  view: object({ records: few(entry), leftOut: count }),
  event: object({ type: kind('logged'), records: few(entry) }),
}

const line = text(1_000)
const terminal: RecordedShape = {
  view: object({
    lines: few(object({ kind: picklist(['typed', 'printed', 'error']), text: line })),
    count,
    clears: count,
    typed: few(line),
    typedCount: count,
    isBusy: flag,
  }),
  event: variant('type', [
    object({ type: kind('typed'), text: line, atMs }),
    object({ type: kind('printed'), lines: few(line), isError: yes }),
    object({ type: kind('cleared') }),
  ]),
}

const modules = few(picklist(hotModules))
const browsers = optional(object({ before: count, still: count }))
const repairs = optional(object({ repaired: few(picklist(plantedBugs)), hasMore: flag }))
const turn = { from: count, to: count, tookMs: value, atMs, repairs }
const upgraded = object({ type: kind('upgraded'), browsers, ...turn })
const rolledBack = object({ type: kind('rolled_back'), browsers, ...turn })
const purged = object({ type: kind('purged'), count, atMs })
const problem = object({
  sentence: text(2_000),
  module: optional(picklist(hotModules)),
  line: optional(count),
  column: optional(count),
  excerpt: optional(text(4_000)),
})
const code = { host, lingering: count, running: count, lost: count }
const tries = few(text())
const upgrade: RecordedShape = {
  view: object({
    version: count,
    repairs,
    before: few(count),
    underWay: optional(object({ to: count, modules, tries: optional(tries), loaded: few(host) })),
    problem: optional(problem),
    last: optional(object(turn)),
    hosts: few(object(code)),
    connected: count,
    browsers,
    history: few(
      variant('type', [
        upgraded,
        rolledBack,
        purged,
        object({ type: kind('upgrade_refused'), sentence: text(2_000), atMs }),
      ]),
    ),
  }),
  event: variant('type', [
    object({ type: kind('upgrade_began'), to: count, modules }),
    object({ type: kind('upgrade_tried'), tries }),
    object({ type: kind('code_loaded'), host }),
    upgraded,
    rolledBack,
    purged,
    object({ type: kind('upgrade_refused'), problem, atMs }),
    object({ type: kind('host_code'), ...code }),
    object({ type: kind('host_code_left'), host }),
    object({ type: kind('browsers_counted'), connected: count, last: browsers }),
  ]),
}

const costs = few(object({ ...gauge, lateMs: optional(value) }))
const burning = few(object({ serial: count, initialCall: text(), share: value }))
const tombstones = few(
  object({
    id: count,
    host,
    what: picklist(['host', 'process']),
    name: text(),
    serial: optional(count),
    under: few(count),
    reason: optional(reason),
    isRestarted: flag,
    others: optional(count),
    hasGivenUp: yes,
    count,
    atMs,
  }),
)
const roots = rootsSchema
const tree: RecordedShape = {
  view: object({ atMs, costs, trees: few(object({ host, roots, burning })), tombstones }),
  event: variant('type', [
    object({ type: kind('costs_taken'), atMs, costs }),
    object({ type: kind('tree_taken'), host, roots }),
    object({ type: kind('burning_seen'), host, burning }),
    object({ type: kind('buried'), tombstones }),
    object({ type: kind('tree_gone'), host }),
  ]),
}

const table = object({
  atMs,
  windowMs: optional(value),
  rows: few(object({ ...rowFields, host, pid: text(40) })),
  matched: count,
  processes: count,
  hosts: few(host),
})
const processes: RecordedShape = {
  view: object({ table: optional(table) }),
  event: object({ type: kind('table_taken'), table }),
}

const typed = text(50)
const outcome = text(10_000)
const sums: RecordedShape = {
  view: object({
    lines: few(
      object({
        id: text(100),
        number: typed,
        state: picklist(['calculating', 'finished', 'failed']),
        outcome: optional(outcome),
      }),
    ),
  }),
  event: variant('type', [
    object({ type: kind('sum_started'), id: text(100), number: typed }),
    object({ type: kind('sum_finished'), id: text(100), result: outcome }),
    object({ type: kind('sum_failed'), id: text(100), reason: outcome }),
  ]),
}

const byName: Readonly<Record<string, RecordedShape>> = {
  [deckStream]: deck,
  [huntStream]: hunt,
  [loadStream]: load,
  [hostsStream]: hosts,
  [gaugesStream]: gauges,
  [logsStream]: logs,
  [consoleStream]: terminal,
  [upgradeStream]: upgrade,
  [treeStream]: tree,
  [hallSumsStream]: sums,
}
const boards = boardStream('')

/** The board whose wall a stream tells; undefined when it is none of these. */
export function boardOf(stream: string): string | undefined {
  const board = stream.startsWith(boards) ? stream.slice(boards.length) : ''
  return /^[\w-]+$/.test(board) ? board : undefined
}

/** What a recorded stream tells; undefined when it is none that is recorded. */
export function recordedShape(stream: string): RecordedShape | undefined {
  if (boardOf(stream) !== undefined) return wall
  if (readTableStream(stream)) return processes
  return Object.hasOwn(byName, stream) ? byName[stream] : undefined
}
