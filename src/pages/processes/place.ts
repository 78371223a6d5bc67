/*
 * Where one is on the page, as its address says it: which table, and whose details are open. What
 * the address leaves out or says wrongly is as usual, without a word: a link that was typed off a
 * slide shall lead somewhere.
 */
import { hostOfNumber } from '../../protocol/hosts'
import { pidText, sortKeys } from '../../protocol/observe'
import {
  readPid,
  refreshSeconds,
  rowLimits,
  searchedText,
  usualParams,
  type ProcessName,
  type TableParams,
} from '../../protocol/processes'

export interface Place {
  readonly params: TableParams
  /** Whose details are open. */
  readonly info?: ProcessName
}

/** Never fails. */
export function readPlace(query: string): Place {
  const given = new URLSearchParams(query)
  const info = readPid(given.get('info') ?? '')
  const params = {
    limit: rowLimits.find((rows) => String(rows) === given.get('limit')) ?? usualParams.limit,
    search: searchedText(given.get('search') ?? ''),
    sortBy: sortKeys.find((key) => key === given.get('sort_by')) ?? usualParams.sortBy,
    descending: given.get('sort_dir') !== 'asc',
    refreshS:
      refreshSeconds.find((seconds) => String(seconds) === given.get('refresh')) ??
      usualParams.refreshS,
  }
  return { params, ...(info && { info }) }
}

/** `?limit=50&search=&sort_by=reductions_diff&sort_dir=desc`, and what is not as usual. */
export function queryOf({ params, info }: Place): string {
  const { limit, search, sortBy, descending, refreshS } = params
  const query = new URLSearchParams({
    limit: String(limit),
    search,
    sort_by: sortBy,
    sort_dir: descending ? 'desc' : 'asc',
  })
  if (refreshS !== usualParams.refreshS) query.set('refresh', String(refreshS))
  if (info) query.set('info', pidOf(info))
  return `?${query}`
}

export const pidOf = ({ host, serial }: ProcessName): string => pidText(hostOfNumber(host), serial)
