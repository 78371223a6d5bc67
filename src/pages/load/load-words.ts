/* The load in words and figures, as people read them. */
import type { HostsView } from '../../protocol/hosts'
import type { JobFailure } from '../../protocol/load'
import { groupDigits } from '../parts/digits'

export const failureWords: Readonly<Record<JobFailure, string>> = {
  held_back: 'held back: too many were open',
  host_away: 'not sent: play was away',
  host_lost: 'lost with play',
  crashed: 'crashed in play',
}

/** `99 871`. */
export const wholeNumber = (value: number): string => groupDigits(String(Math.round(value)))

/** `0.34`, `4.8`, `132`, without a unit; a dash for nothing. */
export function milliseconds(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  return ms < 0.995 ? ms.toFixed(2) : ms < 9.95 ? ms.toFixed(1) : wholeNumber(ms)
}

/** `99.9 %` of what was wanted; never rounded up to all of it. */
export function share(achieved: number, wanted: number): string {
  const percent = Math.min(100, (achieved / wanted) * 100)
  return `${(Math.floor(percent * 10) / 10).toFixed(1)}\u00a0%`
}

/** The number that was typed, with or without spaces and commas between its digits, or NaN. */
export const typedTarget = (text: string): number =>
  /^[\d\s,]*\d[\d\s,]*$/.test(text) ? Number(text.replaceAll(/[\s,]/g, '')) : NaN

/** The hosts that the load lives in and that are down, in one line; undefined when both are up. */
export function downHosts({ hosts }: HostsView): string | undefined {
  const down = hosts.filter(({ host, state }) => concerned.includes(host) && state !== 'ready')
  if (down.length === 0) return undefined
  const named = down.map(({ host, state }) => `${host} (${state})`)
  return `Connected, but not ready: ${named.join(', ')}`
}

const concerned = ['load', 'play']
