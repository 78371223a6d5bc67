/*
 * A recording made of a seed, as long and as full as that of a talk, with every kind of stream: for
 * tests that need many, or a large one.
 */
import { deckFold, deckStream } from '../../src/protocol/deck'
import { boardStream } from '../../src/protocol/board'
import { consoleFold } from '../../src/protocol/console'
import type { Fold } from '../../src/protocol/fold'
import { gaugesFold, gaugesStream } from '../../src/protocol/gauges'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { huntFold, huntStream } from '../../src/protocol/hunt'
import { loadFold, loadStream } from '../../src/protocol/load'
import { logsFold, logsStream } from '../../src/protocol/logs'
import { processesFold, processFold, tableStream } from '../../src/protocol/processes'
import type { RecordedWord, Recording } from '../../src/protocol/recording'
import { sumFold } from '../../src/protocol/sum'
import { treeFold, treeStream } from '../../src/protocol/tree'
import { upgradeFold } from '../../src/protocol/upgrades'
import { wallFold } from '../../src/protocol/wall'
import { Random } from '../support/random'

export const beganAtMs = 1_700_000_000_000

export const table = tableStream({
  sortBy: 'reductions_diff',
  descending: true,
  limit: 50,
  refreshS: 2,
  search: '',
})

type Make = (random: Random, atMs: number, serial: number) => unknown

interface Kind {
  readonly stream: string
  readonly fold: Fold<unknown, unknown>
  readonly make: Make
  /** How many of its events there are for one of the deck. */
  readonly often: number
}

const kind = <View, Event>(
  stream: string,
  fold: Fold<View, Event>,
  often: number,
  make: (...from: Parameters<Make>) => Event | Record<string, unknown>,
): Kind => ({ stream, fold: fold as Fold<unknown, unknown>, often, make })

const host = (random: Random) => random.pick(['play-1', 'boards', 'load'])

/** Every kind of stream that a page follows, with the fold that it brings. */
export const kinds: readonly Kind[] = [
  kind(deckStream, deckFold, 1, (random, atMs, serial) => ({
    type: 'slide_shown',
    slide: `slide-${random.below(40)}`,
    fragment: random.between(-1, 2),
    wish: `w${serial}`,
    atMs,
  })),
  kind(boardStream('tools'), wallFold, 4, (random, _, serial) => ({
    type: 'wall_changed',
    put: [{ id: serial, text: `note ${serial}`, votes: random.below(9), pinned: false }],
    ...(random.chance(0.2) && { drop: [random.below(serial + 1)] }),
    ...(random.chance(0.1) && { face: { spotlight: serial } }),
  })),
  kind(huntStream, huntFold, 1, (random, atMs) => ({
    type: 'bug_found',
    bug: random.pick(['negative', 'thirteen', 'huge']),
    isShadow: random.chance(0.3),
    atMs,
  })),
  kind(hostsStream, hostsFold, 1, (random) => ({
    type: random.pick(['host_ready', 'host_lost', 'host_starting']),
    host: host(random),
    reason: 'killed (SIGKILL)',
  })),
  kind(loadStream, loadFold, 100, (random, atMs) => ({
    type: 'load_sampled',
    sample: {
      ...{ atMs, target: 1000, clients: 1000, due: 100, done: random.below(100), failed: {} },
      backsOff: false,
    },
  })),
  kind(gaugesStream, gaugesFold, 100, (random, atMs) => ({
    type: 'gauges_sampled',
    sample: { atMs, hosts: [{ host: 'play-1', busy: random.next(), cores: 1, rssMb: 90 }] },
  })),
  kind(treeStream, treeFold, 10, (random, atMs) =>
    random.pick([
      { type: 'costs_taken', atMs, costs: [{ host: 'play-1', busy: 1, cores: 1, rssMb: 9 }] },
      { type: 'tree_taken', host: host(random), roots: [] },
      { type: 'tree_gone', host: host(random) },
    ]),
  ),
  kind(logsStream, logsFold, 5, (random, atMs, serial) => ({
    type: 'logged',
    records: [
      { number: serial, atMs, level: 'error', event: 'process_crashed', host: host(random) },
    ],
  })),
  kind(table, processesFold, 5, (random, atMs) => ({
    type: 'table_taken',
    table: {
      ...{ atMs, windowMs: 1000, matched: 3, processes: 3, hosts: ['play-1'] },
      rows: ['sum.sum', 'session.session', 'board.board'].map((initialCall, at) => ({
        ...{ serial: at, host: 'play-1', pid: `<0.${at}.0>`, initialCall, reductions: at },
        ...{ reductionsDiff: random.below(1000), mailboxLength: 0, status: 'waiting', ageMs: 9 },
      })),
    },
  })),
  kind('gateway/process/0-1', processFold, 1, (_, atMs) => ({ type: 'process_gone', atMs })),
  kind('gateway/upgrades', upgradeFold, 1, (random) => ({
    type: 'browsers_counted',
    connected: random.below(300),
  })),
  kind('gateway/console', consoleFold, 1, (_, atMs, serial) => ({
    type: 'typed',
    text: `${serial}`,
    atMs,
  })),
  kind('play/session/7f3', sumFold, 1, (random, _, serial) => ({
    type: random.pick(['sum_started', 'sum_finished']),
    id: `s${serial}`,
    typed: '5',
  })),
]

export interface Size {
  readonly words: number
  readonly lengthMs: number
  /** One of so many words is a snapshot or a new life of its writer; none when missing. */
  readonly oneIsSnapshotIn?: number
}

export function makeRecording(seed: number, size: Size): Recording {
  const random = new Random(seed)
  const all = kinds.flatMap((kind) => Array.from({ length: kind.often }, () => kind))
  const places = new Map<string, { epoch: number; seq: number; view: unknown }>()
  const words: RecordedWord[] = []
  const times = Array.from({ length: size.words }, () => Math.floor(random.next() * size.lengthMs))
  for (const atMs of times.sort((one, other) => one - other)) {
    const { stream, fold, make } = random.pick(all)
    const known = places.get(stream)
    const isNew = !known || random.below(size.oneIsSnapshotIn ?? Infinity) === 0
    if (isNew) {
      const epoch = (known?.epoch ?? 0) + (known && random.chance(0.5) ? 0 : 1)
      const view = epoch === known?.epoch ? known.view : fold.empty
      const place = { epoch, seq: known && epoch === known.epoch ? known.seq : 0, view }
      places.set(stream, place)
      const { seq } = place
      words.push({ atMs, type: 'snapshot', stream, epoch: `g.${epoch}`, seq, view })
      continue
    }
    const events = Array.from({ length: random.between(1, 3) }, () => {
      const event = make(random, beganAtMs + atMs, ++known.seq)
      known.view = fold.fold(known.view, event)
      return event
    })
    words.push({
      ...{ atMs, type: 'events', stream, epoch: `g.${known.epoch}` },
      ...{ seq: known.seq, events },
    })
  }
  const head = { recording: 1, title: 'A talk', version: '0.1.0', beganAtMs }
  return { head, words, unreadable: 0, isNewer: false }
}
