/* How a host is, as its root sees it. */
import type { HostState } from './hosts'

export interface HostHealth {
  readonly name: string
  readonly pid: number | undefined
  readonly state: HostState
  /** How often it was started again. */
  readonly restarts: number
  /** Memory at the last look, in MB. */
  readonly rssMb: number | undefined
  /** Why it was lost the last time. */
  readonly reason: string | undefined
  /** What it said of itself when it became ready. */
  readonly details: unknown
}
