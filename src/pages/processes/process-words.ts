/* Processes in words and figures, as people read them. */
import { hostOfNumber, type HostsView } from '../../protocol/hosts'
import type { TraceSeen } from '../../protocol/observe'
import type { ProcessesView, ProcessName, ShownRow } from '../../protocol/processes'
import { groupDigits } from '../parts/digits'
import { duration } from '../parts/time-of-day'

type Table = NonNullable<ProcessesView['table']>

export const count = (value: number): string => groupDigits(String(Math.round(value)))

/** `0.6 s`, `12 s`, `3 min`, `2.5 h`. */
export const age = (ms: number): string =>
  ms < 100 * 60_000 ? duration(ms) : `${(ms / 3_600_000).toFixed(1)} h`

export const callOf = ({ name, initialCall }: Pick<ShownRow, 'name' | 'initialCall'>): string =>
  name ?? initialCall

/** `50 of 312 found, of 100 342 processes`. */
export function howMany({ rows, matched, processes }: Table): string {
  const found = matched === processes ? '' : ` of ${count(matched)} found,`
  return `${count(rows.length)}${found} of ${count(processes)} processes`
}

/** Function and file of `add (src/system/sum.ts:19)`. */
export function partsOf(place: string): readonly [called: string, where: string] {
  const at = place.indexOf(' (')
  return at < 0 ? [place, ''] : [place.slice(0, at), place.slice(at + 2, -1)]
}

export const busiestOf = (rows: readonly ShownRow[]): ShownRow | undefined =>
  rows.reduce<ShownRow | undefined>(
    (most, row) => (row.reductionsDiff > (most?.reductionsDiff ?? 0) ? row : most),
    undefined,
  )

/** Why a trace is no longer than it is. */
export const traceEnds: Readonly<Record<TraceSeen['limit'], string>> = {
  time: 'A second was over.',
  events: 'Fifty events were seen.',
  ended: 'The process ended.',
}

/** The hosts with processes that are not there now, in one line; undefined when all are. */
export function downHosts({ hosts }: HostsView): string | undefined {
  const down = hosts.filter(
    ({ host, state }) => state !== 'ready' && /^(play-\d+|boards|load)$/.test(host),
  )
  if (down.length === 0) return undefined
  const named = down.map(({ host, state }) => `${host} (${state})`)
  return `Connected, but without the processes of ${named.join(', ')}`
}

/** The state of a process's host, unless it is ready. */
export function hostTrouble({ hosts }: HostsView, { host }: ProcessName): string | undefined {
  const name = hostOfNumber(host)
  const line = hosts.find((each) => each.host === name)
  if (hosts.length === 0 || line?.state === 'ready') return undefined
  return `Its host, ${name}, is ${line?.state ?? 'not there'}.`
}
