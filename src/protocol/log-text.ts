/*
 * A record of the log in one sentence for people, on the page and in a terminal alike.
 */
import type { LogEntry } from './logs'

/** `sum <0.12.0> crashed: Error: 13 brings bad luck`. */
export function logText(entry: LogEntry): string {
  const { event, reason, child = '', supervisor = '', text, details = {} } = entry
  const why = reason === undefined ? '' : `: ${reason}`
  switch (event) {
    case 'process_crashed':
      return `${processIn(entry)} crashed${why}`
    case 'mailbox_full':
      return `${processIn(entry)} was ended: its mailbox was full`
    case 'handler_failed':
      return `a word of a browser could not be handled${why}`
    case 'child_ended': {
      const then = details['isRestarted'] === true ? '; it is started again' : ''
      return `${child} ended${why}${then} (supervisor ${supervisor})`
    }
    case 'gave_up': {
      const { intensity, periodSeconds } = details
      const limit = `more than ${counted(intensity, 'restart')} in ${String(periodSeconds)} s`
      return `supervisor ${supervisor} gave up on ${child}: ${limit}`
    }
    case 'restart_failed':
      return `${child} could not be started again${why} (supervisor ${supervisor})`
    case 'stopped_otherwise':
      return `${child} was stopped, and ended otherwise${why} (supervisor ${supervisor})`
    case 'left_out':
      return leftOut(entry)
    case 'host_output':
      return text === undefined
        ? `wrote ${counted(details['length'], 'character')} to ${String(details['stream'])}`
        : `wrote: ${text}`
    default:
      return hostText(entry) ?? `${event.replaceAll('_', ' ')}${why}`
  }
}

/** What happens to a host. */
function hostText({ event, reason = '', pid, details = {} }: LogEntry): string | undefined {
  const megabytes = (name: string) => `${String(details[name])} MB`
  const osProcess = pid === undefined ? '' : ` as OS process ${pid}`
  switch (event) {
    case 'host_starting':
      return `is starting${osProcess}`
    case 'host_ready':
      return `is ready${osProcess}`
    case 'host_leaving':
      return 'is to leave: one host less is wanted'
    case 'host_lost':
      return `is lost: ${reason}`
    case 'host_wedged':
      return `does not answer: silent for ${milliseconds(details['silentMs'])}`
    case 'host_overgrown':
      return `takes too much memory: ${megabytes('rssMb')} of ${megabytes('limitMb')}`
    case 'host_quarantined':
      return `is in quarantine: ${reason}`
    case 'host_waits':
      return `waits ${milliseconds(details['waitMs'])} before it starts again`
    case 'spare_lost':
      return `the spare is lost: ${reason}`
    case 'report_malformed':
      return 'said something to the root that is no report'
    default:
      return undefined
  }
}

function leftOut({ count = 0, of, call, reason }: LogEntry): string {
  const number = groups(count)
  if (of === undefined) return `… and ${number} of other kinds in the last second`
  const what = [call, reason].filter((part) => part !== undefined).join(': ')
  return `… and ${number} more like this in the last second${what === '' ? '' : ` (${what})`}`
}

const processIn = ({ name, call, pid = '' }: LogEntry): string =>
  `${name ?? call ?? 'a process'} ${pid}`.trim()

const counted = (count: unknown, noun: string): string =>
  `${String(count)} ${noun}${count === 1 ? '' : 's'}`

const milliseconds = (ms: unknown): string => `${Math.round(Number(ms))} ms`

/** `99,980`. */
const groups = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
