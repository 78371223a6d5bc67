/* The table's columns, from left to right, and how each is sorted at first. */
import type { SortKey } from '../../protocol/observe'

export interface Column {
  readonly id: string
  readonly title: string
  /** Missing: hosts do not sort by it. */
  readonly sortBy?: SortKey
  /** Largest first, when it is sorted by this column anew. */
  readonly descending?: true
  /** Numbers stand at their cell's end. */
  readonly isNumber?: true
}

export const columns = [
  { id: 'pid', title: 'pid', sortBy: 'pid' },
  { id: 'name', title: 'name or initial call', sortBy: 'name' },
  { id: 'host', title: 'host' },
  {
    ...{ id: 'diff', title: 'reductions/s', sortBy: 'reductions_diff' },
    ...{ descending: true, isNumber: true },
  },
  {
    ...{ id: 'total', title: 'reductions', sortBy: 'reductions' },
    ...{ descending: true, isNumber: true },
  },
  {
    ...{ id: 'mailbox', title: 'mailbox', sortBy: 'message_queue_len' },
    ...{ descending: true, isNumber: true },
  },
  { id: 'status', title: 'status' },
  { id: 'current', title: 'current function' },
  { id: 'age', title: 'age', sortBy: 'age', descending: true, isNumber: true },
] as const satisfies readonly Column[]

export type SortColumn = Extract<(typeof columns)[number], { sortBy: SortKey }>

export const sortColumns: readonly SortColumn[] = columns.filter(
  (column): column is SortColumn => 'sortBy' in column,
)
