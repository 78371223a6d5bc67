/*
 * What a phase asks for beside the checker: that its harm was done, and that what it measures was
 * there to be measured. A phase that did no harm proves nothing, however content the checker is.
 * Each function gives in words for people what did not come to pass.
 */
import { rowsOf } from './checker'
import type { Row } from './history'

/** Every host that was to be killed was. */
export const demandKills = (kills: Readonly<Record<string, number>>): string[] =>
  Object.entries(kills).flatMap(([host, hits]) => (hits > 0 ? [] : [`${host} was never killed`]))

/** A cut tears all lines; a few may have been away by themselves just then. */
const tornShare = 0.9

/** Each cut tore the lines of these visitors; `cutsMs` is when, oldest first. */
export function demandCuts(rows: readonly Row[], cutsMs: readonly number[], all: number): string[] {
  const losses = rowsOf(rows, 'connection').filter(({ state }) => state === 'lost')
  return cutsMs.flatMap((cutMs, nth) => {
    const endMs = cutsMs[nth + 1] ?? Infinity
    const during = losses.filter(({ at }) => at >= cutMs && at < endMs)
    const torn = new Set(during.map(({ client }) => client)).size
    return torn >= all * tornShare ? [] : [`cut ${nth + 1} tore ${torn} of ${all} lines`]
  })
}

/** How long after they woke each of these visitors was in sync, and who never was. */
export function syncAfterWaking(
  rows: readonly Row[],
  sleepers: readonly number[],
  wokenMs: number,
): { readonly syncMs: readonly number[]; readonly wrong: readonly string[] } {
  const firstMs = new Map<number, number>()
  for (const { client, at } of rowsOf(rows, 'synced')) {
    if (at >= wokenMs) firstMs.set(client, Math.min(at, firstMs.get(client) ?? at))
  }
  const synced = sleepers.flatMap((client) => firstMs.get(client) ?? [])
  const missing = sleepers.filter((client) => !firstMs.has(client))
  return {
    syncMs: synced.map((at) => at - wokenMs),
    wrong: missing.map((client) => `visitor ${client} slept and was never in sync again`),
  }
}
