/*
 * The host `recorder`: follows what everybody may follow, as a page does, and writes it down
 * (recording.ts). Started by the root when a talk is to be recorded. It has an OS process of its
 * own, so that neither its disk nor its death is anybody's trouble: its next life goes on in the
 * same file. It has no token and is told nothing that the audience is not told.
 */
import declared from 'virtual:declared/let-it-crash'
import { boardStream } from '../src/protocol/board'
import { consoleStream } from '../src/protocol/console'
import { deckStream } from '../src/protocol/deck'
import { gaugesStream } from '../src/protocol/gauges'
import { hostsStream } from '../src/protocol/hosts'
import { huntStream } from '../src/protocol/hunt'
import { loadStream } from '../src/protocol/load'
import { logsStream } from '../src/protocol/logs'
import { tableStream, usualParams } from '../src/protocol/processes'
import { maxAtMs, recordingLine, recordingVersion } from '../src/protocol/recording'
import { hallSumsStream } from '../src/protocol/hall-sums'
import { treeStream } from '../src/protocol/tree'
import { upgradeStream } from '../src/protocol/upgrades'
import { Line } from '../src/source/line'
import { createHostLog } from './host-log'
import { liveUnderRoot } from './leash'
import { RecordedStream, type RecordedDoors, type Told } from './recorded-stream'
import { RecordingFile } from './recording-file'

const { RECORDING: path = '', GATEWAY: gateway = '', VERSION: version = '' } = process.env
const beganAtMs = Number(process.env.BEGAN_AT_MS)

let wake = () => {}
const leash = liveUnderRoot({ onWord: () => wake(), onStop: () => file.flush() })
const log = createHostLog()
const host = 'recorder'

const file = new RecordingFile(
  path,
  recordingLine({
    recording: recordingVersion,
    title: declared.title,
    version,
    beganAtMs,
  }),
  {
    onTrouble(reason) {
      if (reason === undefined) log({ level: 'info', event: 'recording_resumed', host })
      else log({ level: 'error', event: 'recording_failed', host, reason })
    },
    onLost() {
      gap()
      for (const stream of streams.values()) stream.beginAnew()
    },
  },
)

const lastAtMs = await file.lastAtMs()
const bornMs = performance.now()
/** Its clock goes on evenly from here, whatever is done to the machine's. */
const bornAtMs = Math.max(Date.now() - beganAtMs, lastAtMs ?? 0)
const nowMs = (): number => Math.round(bornAtMs + performance.now() - bornMs)

function write(told: Told): void {
  // No recording is longer than a day.
  if (nowMs() > maxAtMs) return
  file.write(recordingLine({ atMs: nowMs(), ...told }))
}
const gap = (): void => file.write(recordingLine({ atMs: nowMs(), type: 'gap' }))

const doors: RecordedDoors = {
  ask: (follow, answered) => line.ask('follow', follow, answered),
  write,
}

/** A look at all processes each second would cost a large system as much as it is worth. */
const seldom = { ...usualParams, refreshS: 2 } as const

const streams = new Map(
  [
    ...[deckStream, huntStream, loadStream, hostsStream, gaugesStream, logsStream],
    ...[consoleStream, upgradeStream, treeStream, hallSumsStream],
    ...declared.boards.map(({ id }) => boardStream(id)),
  ].map((name): [string, RecordedStream] => [name, new RecordedStream(name, doors)]),
)
const [asked, shown] = [tableStream(seldom), tableStream(usualParams)]
streams.set(asked, new RecordedStream(asked, doors, shown))

const line: Line = new Line(
  {
    url: gateway,
    wakes(again) {
      wake = again
      return () => {}
    },
  },
  {
    connection(state) {
      if (state === 'lost') gap()
      if (state !== 'live') return
      for (const stream of streams.values()) stream.resume()
    },
    welcome() {},
    snapshot: (snapshot) => streams.get(snapshot.stream)?.hearSnapshot(snapshot),
    events: (events) => streams.get(events.stream)?.hearEvents(events),
  },
)
if (lastAtMs !== undefined) gap()
leash.ready()
