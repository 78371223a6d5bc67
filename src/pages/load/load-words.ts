/* The load in words and figures, as people read them. */
import { groupOfHost, numberOfHost, type HostsView } from '../../protocol/hosts'
import type { JobFailure } from '../../protocol/load'
import { groupDigits } from '../parts/digits'
import { isPlayHost } from './gauges-history'

export const failureWords: Readonly<Record<JobFailure, string>> = {
  held_back: 'held back: too many were open',
  host_away: 'not sent: play was away',
  host_lost: 'lost with play',
  crashed: 'crashed in play',
}

type Figure = number | null | undefined

/** `99 871`; a dash for nothing. */
export const wholeNumber = (value: Figure): string =>
  value === null || value === undefined ? '–' : groupDigits(String(Math.round(value)))

/** `0.07`, `1.93`: processor time, in cores. */
export const cores = (value: Figure): string => value?.toFixed(2) ?? '–'

/** `87 %` of a core. */
export const percent = (value: Figure): string =>
  value === null || value === undefined ? '–' : `${Math.round(value)}\u00a0%`

/** `0.34`, `4.8`, `132`, without a unit; a dash for nothing. */
export function milliseconds(ms: Figure): string {
  if (ms === null || ms === undefined) return '–'
  return ms < 0.995 ? ms.toFixed(2) : ms < 9.95 ? ms.toFixed(1) : wholeNumber(ms)
}

/** `99.9 %` of what was wanted; never rounded up to all of it. */
export function share(achieved: number, wanted: number): string {
  const percent = Math.min(100, (achieved / wanted) * 100)
  return `${(Math.floor(percent * 10) / 10).toFixed(1)}\u00a0%`
}

/** The number that was typed, with or without spaces and commas between its digits, or NaN. */
export const typedNumber = (text: string): number =>
  /^[\d\s,]*\d[\d\s,]*$/.test(text) ? Number(text.replaceAll(/[\s,]/g, '')) : NaN

/**
 * The hosts that the load lives in and that are down, in one line; undefined when all are up. Play
 * hosts beyond those that are wanted are not missed.
 */
export function downHosts({ hosts }: HostsView, playHosts = Infinity): string | undefined {
  const down = hosts.filter(
    ({ host, state }) =>
      state !== 'ready' &&
      (isPlayHost(host) ? numberOfHost(host) <= playHosts : groupOfHost(host) === 'load'),
  )
  if (down.length === 0) return undefined
  const named = down.map(({ host, state }) => `${host} (${state})`)
  return `Connected, but not ready: ${named.join(', ')}`
}
