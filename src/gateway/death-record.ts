/*
 * What a record of the log tells about a death. The record was judged by whoever told it; a kind of
 * record that is not known here tells nothing.
 */
import type { LogEntry } from '../protocol/logs'
import { readPid } from '../protocol/processes'
import type { Death } from './graveyard'

/** The death in a record; undefined when it tells of none. */
export function deathIn(record: LogEntry): Death | undefined {
  const { event, host, pid, call, child, reason, count = 1, details = {} } = record
  const supervisor = serialIn(record.supervisor)
  const about = { host, what: 'process', count: 1, isRestarted: false } as const
  const named = (name: string | undefined, serial: number | undefined) => ({
    ...(serial !== undefined && { serial }),
    name: name ?? 'a process',
  })
  const why = reason === undefined ? {} : { reason }
  const above = supervisor === undefined ? [] : [supervisor]
  switch (event) {
    case 'process_crashed':
      return { ...about, ...named(call, serialIn(pid)), ...why, under: ancestorsIn(record) }
    case 'mailbox_full':
      return { ...about, ...named(call, serialIn(pid)), under: [], reason: 'its mailbox was full' }
    case 'child_ended': {
      const isRestarted = details['isRestarted'] === true
      return { ...about, ...named(child, serialIn(pid)), ...why, under: above, isRestarted }
    }
    case 'gave_up': {
      const { intensity, periodSeconds } = details
      const limit = `more than ${String(intensity)} restarts in ${String(periodSeconds)} s`
      const name = record.supervisor?.split(' <')[0]
      const stone = { ...about, ...named(name, supervisor), under: [], hasGivenUp: true } as const
      return { ...stone, reason: limit }
    }
    case 'host_lost':
      // One that ended as it was told to did not die.
      return record.level === 'info'
        ? undefined
        : { ...about, what: 'host', name: host, ...why, under: [] }
    case 'left_out':
      return record.of === 'process_crashed'
        ? { ...about, ...named(call, undefined), ...why, under: [], count }
        : undefined
    default:
      return undefined
  }
}

const ancestorsIn = ({ ancestors = [] }: LogEntry): number[] =>
  ancestors.flatMap(({ pid }) => serialIn(pid) ?? [])

/** The serial in a pid, which may stand behind a name. */
const serialIn = (text = ''): number | undefined => readPid(text.slice(text.indexOf('<')))?.serial
