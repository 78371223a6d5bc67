/*
 * All that a gateway is but its doors: the streams of the hosts, and its own beside them, put
 * together. Who listens at a port, or lends a page its source, opens them.
 */
import type { Lines } from '../host/lines'
import type { EmptiedWord, GatewayWord, StartWord, UpgradeWord } from '../protocol/host-words'
import type { Log } from '../protocol/log-record'
import { Console } from './console'
import { consoleHands } from './console-hands'
import { HallSums } from './hall-sums'
import { HostWatch, type HostWatchHears } from './host-watch'
import { watchHunt } from './hunt-watch'
import { Observing } from './observing'
import { ProcessStreams } from './process-streams'
import type { Streams } from './streams'
import { TreeStream } from './tree-stream'
import { UpgradeStream } from './upgrade-stream'

export interface HubDoors {
  /** Which life of the gateway this is: the epoch of its own streams. */
  readonly life: string
  /** On which the hosts are reached. */
  readonly lines: Lines
  readonly log: Log
  /** To the root. */
  say(word: EmptiedWord | StartWord | UpgradeWord): void
  /** A line of the console without what nobody may read in it. */
  withoutSecrets(line: string): string
}

export interface Hub {
  readonly watch: HostWatch
  readonly streams: Streams
  readonly hallSums: HallSums
  /** The root's word, but for its secrets. */
  hear(word: Exclude<GatewayWord, { type: 'secrets' }>): void
  /** The doors are open: `lines` are those of pages that stand. */
  open(lines: () => Iterable<string>): void
}

export function createHub({ life, lines, log, say, withoutSecrets }: HubDoors): Hub {
  const hears: HostWatchHears = {
    onEmptied: (host) => say({ type: 'emptied', host }),
    onStartHost: (host) => say({ type: 'start_host', host }),
    onEvents(told) {
      hunt.hear(told.stream, told.events)
      hallSums.hear(told)
    },
  }
  const watch = new HostWatch(['play-1', 'boards', 'load'], life, hears, lines)
  const { streams } = watch
  const hunt = watchHunt(streams)
  const hallSums = new HallSums(life, (events) => streams.publish(events))
  streams.addLocal(hallSums.stream)
  const observing = new Observing(streams, () => watch.serving())
  new ProcessStreams(streams, observing, life)
  const tree = new TreeStream(streams, observing, life)
  const typed = new Console(life, {
    hands: consoleHands(streams, observing, () => upgrades),
    log,
    publish: (events) => streams.publish(events),
    now: Date.now,
    withoutSecrets,
  })
  streams.addLocal(typed.stream, typed.grant)
  let upgrades: UpgradeStream | undefined

  return {
    watch,
    streams,
    hallSums,
    hear(word) {
      switch (word.type) {
        case 'hosts':
          watch.hear(word.event, word.health)
          return tree.hearHost(word.event)
        case 'gauges':
          watch.gauge(word.hosts, Date.now())
          return tree.hearCosts(word.hosts)
        case 'log':
          watch.log(word.records)
          return tree.hearRecords(word.records)
        case 'upgrades':
          upgrades = new UpgradeStream(streams, life, word.view, say)
          return
        case 'upgrade_event':
          return upgrades?.hear(word.event)
        case 'upgrade_answer':
          return upgrades?.hearAnswer(word.ref, word.answer)
      }
    },
    open: (lines) => upgrades?.open(lines),
  }
}
