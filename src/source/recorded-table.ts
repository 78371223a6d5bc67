/*
 * Process tables in a recording. A table's stream is named by what was asked (processes.ts), and a
 * recording has what was asked then. Who asks something else now is answered from the rows that
 * there are: searched, sorted and cut anew.
 */
import type { Fold } from '../protocol/fold'
import {
  mergeRows,
  processesFold,
  readTableStream,
  type ProcessesView,
  type ShownRow,
  type TableParams,
} from '../protocol/processes'

/** How a stream that was not recorded is answered by one that was. */
export interface StandIn {
  readonly stream: string
  readonly fold: Fold<ProcessesView, never>
  answer(view: ProcessesView): ProcessesView
}

/** What stands in for a table; undefined when it is none, or no table was recorded. */
export function tableStandIn(asked: string, recorded: Iterable<string>): StandIn | undefined {
  const params = readTableStream(asked)
  if (!params) return undefined
  const [best] = [...recorded]
    .flatMap((stream) => {
      const those = readTableStream(stream)
      return those ? [{ stream, worth: worthOf(those, params) }] : []
    })
    .sort((one, other) => other.worth - one.worth)
  if (!best) return undefined
  const { stream } = best
  return { stream, fold: processesFold, answer: (view) => answerFrom(view, params) }
}

/** The more rows the better, and those that come first in the same order are best. */
function worthOf(those: TableParams, asked: TableParams): number {
  const isWhole = those.search === '' || those.search === asked.search
  const isOrdered = those.sortBy === asked.sortBy && those.descending === asked.descending
  return (isWhole ? 10_000 : 0) + (isOrdered ? 1_000 : 0) + those.limit
}

function answerFrom({ table }: ProcessesView, asked: TableParams): ProcessesView {
  if (!Array.isArray(table?.rows)) return processesFold.empty
  const found = table.rows.filter((row) => isFound(row, asked.search))
  const matched = asked.search === '' ? table.matched : found.length
  return { table: { ...table, rows: mergeRows(found, asked), matched } }
}

function isFound({ name, initialCall, pid }: ShownRow, search: string): boolean {
  const wanted = search.toLowerCase()
  return [name, initialCall, pid].some((text) =>
    String(text ?? '')
      .toLowerCase()
      .includes(wanted),
  )
}
