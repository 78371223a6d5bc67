/*
 * What is wrong, in words. Three kinds are told apart: who died, who hung (and so was killed), and
 * who is slow and lives.
 */
import type { HostsView } from '../../protocol/hosts'
import { pidText } from '../../protocol/observe'
import type { Burning, Tombstone, TreeView } from '../../protocol/tree'
import { groupDigits } from '../parts/digits'

/** How somebody died. */
export type Death = 'dead' | 'hung'

export const deathOf = ({ reason = '' }: Tombstone): Death =>
  /^(wedged|unyielding)/.test(reason) ? 'hung' : 'dead'

/** `killed`, `crashed: Error: 13 brings bad luck`, `hung: silent for 512 ms in f (a.ts:12)`. */
function fateOf(stone: Tombstone): string {
  const { what, reason, hasGivenUp } = stone
  if (reason === undefined) return 'ended'
  if (hasGivenUp) return `gave up: ${reason}`
  const [, gaveUp] = /^The supervision tree (gave up: .*)$/s.exec(reason) ?? []
  if (gaveUp !== undefined) return gaveUp
  if (deathOf(stone) === 'hung') return reason.replace(/^(wedged|unyielding)/, 'hung')
  if (/^killed/.test(reason)) return reason
  if (/^memory: /.test(reason)) return `killed for its ${reason}`
  return what === 'host' ? `lost: ${reason}` : `crashed: ${reason}`
}

/** What became of it. */
function sequelOf({ isRestarted, others }: Tombstone): string {
  if (!isRestarted) return ''
  if (others === undefined) return '; started anew'
  return `; started anew, and ${others === 1 ? 'another' : `${others} others`} with it`
}

/** Who it was: `reception <0.7.0>`, `sum.sum (12 times)`. */
export function whoDied({ host, name, serial, count }: Tombstone): string {
  if (count > 1) return `${name} (${groupDigits(String(count))} times)`
  return serial === undefined ? name : `${name} ${pidText(host, serial)}`
}

export const whatBefell = (stone: Tombstone): string => fateOf(stone) + sequelOf(stone)

export const lateWords = (lateMs: number): string =>
  `slow: answers after ${(lateMs / 1000).toFixed(1)} s`

export const burningWords = ({ share }: Burning): string =>
  `slow: takes ${Math.round(100 * share)}\u00a0% of all steps`

export const mailboxWords = (messages: number): string =>
  `slow: ${groupDigits(String(messages))} messages wait`

/** How the whole system is, in one sentence or two. */
export function statusOf({ hosts }: HostsView, { tombstones }: TreeView): string {
  const down = hosts.filter(({ state }) => state !== 'ready' && state !== 'leaving')
  const named = down.map(({ host, state }) => `${host} (${state})`).join(', ')
  const up = down.length === 0 ? `All ${hosts.length} hosts run.` : `Not ready: ${named}.`
  const last = tombstones.at(-1)
  if (!last) return `${up} Nobody died in the last 30 seconds.`
  const deaths = tombstones.reduce((total, { count }) => total + count, 0)
  const story = `${whoDied(last)} ${whatBefell(last)}.`
  if (deaths === 1) return `${up} ${story}`
  return `${up} ${groupDigits(String(deaths))} died lately, the last: ${story}`
}
