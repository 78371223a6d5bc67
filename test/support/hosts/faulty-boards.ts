/*
 * The host `boards` with the fault that everything else is there to exclude: its log says that a
 * group is kept, and keeps it a moment later. As long as nobody kills it nobody notices; a checker
 * that finds nothing when it is killed is no checker.
 */
import { join } from 'node:path'
import { osWorld } from '../../../server/os-host'
import { openSqliteLog } from '../../../server/sqlite-log'
import { runBoards } from '../../../src/host/system-host'
import { defaultSettings } from '../../../src/protocol/board'
import type { Entry, Log } from '../../../src/protocol/log'

/** How long what was promised lies in memory only. */
const lateMs = 300

interface Group {
  readonly stream: string
  readonly after: number
  readonly entries: readonly Entry[]
}

function promising(log: Log): Log {
  let promised: Group[] = []
  const keepAll = () => {
    for (const { stream, after, entries } of promised) log.append(stream, after, entries)
    promised = []
  }
  const of = (stream: string) => promised.filter((group) => group.stream === stream)
  return {
    id: log.id,
    last: (stream) =>
      of(stream).reduce((sum, { entries }) => sum + entries.length, log.last(stream)),
    append(stream, after, entries) {
      if (promised.length === 0) setTimeout(keepAll, lateMs)
      promised.push({ stream, after, entries: structuredClone(entries) })
      return true
    },
    read: (stream, after) => log.read(stream, after),
    find: (stream, key) =>
      of(stream)
        .flatMap(({ entries }) => entries)
        .find((entry) => entry.key === key)?.event ?? log.find(stream, key),
    restore: (stream) => log.restore(stream),
    checkpoint: () => {},
    probe: () => log.probe(),
  }
}

const boards = [{ id: 'building-blocks', question: 'Is it kept?', settings: defaultSettings }]

await runBoards(osWorld(), {
  declared: { slides: {}, boards },
  words: [],
  openLog: (onTrouble) =>
    promising(openSqliteLog({ file: join(process.env.DATA_DIR ?? '', 'log.db'), onTrouble })),
})
