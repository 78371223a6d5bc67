/*
 * Somebody in the audience who keeps what every view was, and when: what a replay has to equal.
 */
import { boardStream } from '../../src/protocol/board'
import { consoleFold, consoleStream } from '../../src/protocol/console'
import { deckFold, deckStream } from '../../src/protocol/deck'
import type { Fold } from '../../src/protocol/fold'
import { gaugesFold, gaugesStream } from '../../src/protocol/gauges'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { huntFold, huntStream } from '../../src/protocol/hunt'
import { loadFold, loadStream } from '../../src/protocol/load'
import { logsFold, logsStream } from '../../src/protocol/logs'
import { processesFold, tableStream, usualParams } from '../../src/protocol/processes'
import { treeFold, treeStream } from '../../src/protocol/tree'
import { upgradeFold, upgradeStream } from '../../src/protocol/upgrades'
import { wallFold } from '../../src/protocol/wall'
import { createLiveSource } from '../../src/source/live'

export interface Kind {
  /** As it is recorded. */
  readonly stream: string
  readonly fold: Fold<unknown, unknown>
  /** As it is followed live, where that is another one. */
  readonly live?: string
}

const kind = <View, Event>(stream: string, fold: Fold<View, Event>, live?: string): Kind => ({
  ...{ stream, fold: fold as Fold<unknown, unknown> },
  ...(live !== undefined && { live }),
})

/** All that the recorder writes down and a page shows. */
export const kinds: readonly Kind[] = [
  kind(deckStream, deckFold),
  ...['building-blocks', 'observability', 'feedback'].map((board) =>
    kind(boardStream(board), wallFold),
  ),
  kind(huntStream, huntFold),
  kind(loadStream, loadFold),
  kind(gaugesStream, gaugesFold),
  kind(hostsStream, hostsFold),
  kind(logsStream, logsFold),
  kind(treeStream, treeFold),
  kind(upgradeStream, upgradeFold),
  kind(consoleStream, consoleFold),
  // The recorder asks half as often as the page does.
  kind(tableStream(usualParams), processesFold, tableStream({ ...usualParams, refreshS: 2 })),
]

/** What a view was from a moment on, in milliseconds since the epoch. */
export interface Seen {
  readonly atMs: number
  readonly view: unknown
}

export interface Observer {
  /** All that was seen of a stream, by its name in the recording, oldest first. */
  seen(stream: string): readonly Seen[]
  /** What a view is now. */
  now<View>(stream: string, fold: Fold<View, never>): View
  /** When every stream had told something. */
  sinceMs(): number | undefined
  /** When it left. */
  untilMs(): number | undefined
  leave(): void
}

/** As the recorder's, it goes on evenly, whatever is done to the machine's clock. */
const epochMs = Date.now() - performance.now()
const nowMs = (): number => epochMs + performance.now()

export async function observe(url: string): Promise<Observer> {
  const page = await fetch(url)
  await page.arrayBuffer()
  const cookie = page.headers.getSetCookie()[0]!.split(';', 1)[0]!
  const source = createLiveSource({ url, wakes: () => () => {}, cookie })
  const seen = new Map<string, Seen[]>(kinds.map(({ stream }) => [stream, []]))
  const silent = new Set(seen.keys())
  let [sinceMs, untilMs]: (number | undefined)[] = []
  for (const { stream, fold, live = stream } of kinds) {
    source.follow(live, fold, ({ view, epoch }) => {
      if (epoch === undefined) return
      seen.get(stream)!.push({ atMs: nowMs(), view })
      silent.delete(stream)
      if (silent.size === 0) sinceMs ??= nowMs()
    })
  }
  return {
    seen: (stream) => seen.get(stream)!,
    now: (stream, fold) => (seen.get(stream)!.at(-1)?.view ?? fold.empty) as never,
    sinceMs: () => sinceMs,
    untilMs: () => untilMs,
    leave() {
      untilMs = nowMs()
      source.close()
    },
  }
}
